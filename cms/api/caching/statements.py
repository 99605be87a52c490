"""The statements of lists, kept by their addresses.

After a publication the same lists are asked for again, and writing their SQL is half of what such
a list costs when its cards are in memory. A statement tells what the database is to do: it is not
older than the database's answer to it.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from cms.api.caching.memory import Memory


@dataclass(frozen=True, slots=True)
class Statement:
    """The SQL of a queryset of named tuples."""

    sql: str
    parameters: Any
    row: Any

    def rows(self) -> list[Any]:
        with connection.cursor() as cursor:
            cursor.execute(self.sql, self.parameters)
            return [self.row._make(values) for values in cursor.fetchall()]


statements: Memory[Hashable, Statement] = Memory(megabytes=4)


def fetched(address: Hashable, build: Callable[[], QuerySet[Any, Any]]) -> list[Any]:
    """The rows of ``build()``, a queryset of named tuples of plain columns, which is built only
    where ``address`` is new. The address names all that the queryset depends on."""
    statement = statements.get(address)
    if statement is None:
        queryset = build()
        try:
            sql, parameters = queryset.query.sql_with_params()
        except EmptyResultSet:
            return []
        names = queryset.query.values_select
        statement = Statement(sql, parameters, namedtuple("Row", names))  # noqa: PYI024 -- the names are the queryset's
        statements.put(address, statement, len(sql) + 1_000)
    return statement.rows()


def is_kept(address: Hashable) -> bool:
    """Whether the statement of this address is here, so that its parameters were right."""
    return statements.get(address) is not None
