"""`python -m cms.embedded_postgres status|start|stop`: the embedded server by hand."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from cms.embedded_postgres.errors import ServerError
from cms.embedded_postgres.server import Postmaster, Server


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code: 0, or 1 when it failed or when `status` finds no server."""
    options = _parser().parse_args(arguments)
    server = Server(options.project)
    try:
        text, code = {"status": _status, "start": _start, "stop": _stop}[options.action](server)
    except (ServerError, ImproperlyConfigured) as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(f"{text}\n")
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m cms.embedded_postgres",
        description="The development database: a private PostgreSQL that is started by the first "
        "command that needs it, unless DATABASE_URL is set. It stops when the project's folder is "
        "deleted. `stop` keeps the data.",
    )
    parser.add_argument("action", choices=["status", "start", "stop"])
    parser.add_argument(
        "--project",
        type=Path,
        default=Path(__file__).resolve().parents[2],
        help="the project's folder (default: %(default)s)",
    )
    return parser


def _status(server: Server) -> tuple[str, int]:
    if not server.is_accepting():
        return f"not running\n{_data(server)}", 1
    postmaster = Postmaster.of(server.places.data)
    lines = [
        f"running, process {postmaster.pid if postmaster else 'unknown'}",
        f"socket: {server.places.socket}",
        _data(server),
        f"log: {server.places.log}",
    ]
    return "\n".join(lines), 0


def _start(server: Server) -> tuple[str, int]:
    started = server.ensure_running()
    return ("started" if started else "already running") + f"\n{_data(server)}", 0


def _stop(server: Server) -> tuple[str, int]:
    stopped = server.stop()
    return ("stopped" if stopped else "was not running") + f"\n{_data(server)}", 0


def _data(server: Server) -> str:
    data = server.places.data
    return f"data: {data}" if data.exists() else f"data: none yet (will be in {data})"


if __name__ == "__main__":
    sys.exit(main())
