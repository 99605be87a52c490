"""What is typed into a search of the desk, as a query of PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib.postgres.search import SearchQuery
from django.db import connection, transaction

_SETTINGS = {
    "enable_seqscan": "off",
    "work_mem": "64MB",
}
_READ = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
_SET = "SELECT set_config(name, value, true) FROM unnest(%s::text[], %s::text[]) AS s(name, value)"


def beginnings(typed: str) -> SearchQuery:
    """All the words, each of them as the beginning of one; quoted, so that no sign commands.

    For ``to_tsvector('dastan_simple', …)``: lower case, without accents."""
    words = (word.replace("\\", "\\\\").replace("'", "''") for word in typed.split())
    query = " & ".join(f"'{word}':*" for word in words)
    return SearchQuery(query, config="dastan_simple", search_type="raw")


@contextmanager
def by_index_of_words(*, wanted: bool) -> Iterator[None]:
    """Within it, if ``wanted``, PostgreSQL counts what a search finds by the index of words alone.

    For a word that every second article has it would rather read all of them, which takes a
    hundred times as long: it takes their words apart again. Settings of the transaction, put back
    at the end."""
    if not wanted:
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_READ, [list(_SETTINGS)])
        before = dict(cursor.fetchall())
        cursor.execute(_SET, [list(_SETTINGS), list(_SETTINGS.values())])
        yield
        cursor.execute(_SET, [list(before), list(before.values())])
