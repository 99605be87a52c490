"""The migration of search makes the extensions that it needs, or says who has to."""

from collections.abc import Iterator
from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connection, connections

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

create_extensions = import_module("articles.migrations.0004_search").create_extensions


@pytest.fixture
def empty(db: None) -> Iterator[Any]:
    """A connection to a database without extensions."""
    name = f"{connection.settings_dict['NAME']}_empty"
    database = connections.create_connection("default")
    database.settings_dict = {**database.settings_dict, "NAME": name}
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    try:
        yield database
    finally:
        database.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def extensions(database: Any) -> set[str]:
    with database.cursor() as cursor:
        cursor.execute("SELECT extname FROM pg_extension")
        return {row[0] for row in cursor.fetchall()}


def take_rights_away(database: Any) -> None:
    with database.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        if cursor.fetchone()[0]:
            cursor.execute("SET ROLE pg_monitor")  # a role of PostgreSQL's that may not create
        else:
            cursor.execute(f'REVOKE CREATE ON DATABASE "{database.settings_dict["NAME"]}"'
                           " FROM current_user")  # fmt: skip


def test_it_works(empty: Any) -> None:
    assert not extensions(empty) & {"pg_trgm", "unaccent"}

    for _ in range(2):
        create_extensions(None, SimpleNamespace(connection=empty))

    assert extensions(empty) >= {"pg_trgm", "unaccent"}


def test_who_may_not_is_told_who_has_to(empty: Any) -> None:
    take_rights_away(empty)

    with pytest.raises(CommandError) as told:
        create_extensions(None, SimpleNamespace(connection=empty))

    assert "CREATE EXTENSION pg_trgm" in str(told.value)
    assert "superuser" in str(told.value)
    assert not extensions(empty) & {"pg_trgm", "unaccent"}


def test_where_they_are_there_no_right_is_needed(empty: Any) -> None:
    create_extensions(None, SimpleNamespace(connection=empty))
    take_rights_away(empty)

    create_extensions(None, SimpleNamespace(connection=empty))
