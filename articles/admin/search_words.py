"""What is typed into a search of the desk, as a query of PostgreSQL."""

from django.contrib.postgres.search import SearchQuery


def beginnings(typed: str) -> SearchQuery:
    """All the words, each of them as the beginning of one; quoted, so that no sign commands.

    For ``to_tsvector('dastan_simple', …)``: lower case, without accents."""
    words = (word.replace("\\", "\\\\").replace("'", "''") for word in typed.split())
    query = " & ".join(f"'{word}':*" for word in words)
    return SearchQuery(query, config="dastan_simple", search_type="raw")
