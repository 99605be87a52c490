"""The demo newsroom: regions, authors, tags and articles, the same at every run.

People, firms' figures and events are invented; places are real. Nothing here needs Django, a
database, the network or the clock, so that an importer can read it as it reads any file.
"""

from collections.abc import Iterator

from articles.demo.handwritten import handwritten
from articles.demo.reports import reports
from articles.demo.taxonomy import AUTHORS, REGIONS, TAGS

__all__ = ["AUTHORS", "REGIONS", "TAGS", "lines"]


def lines(*, pictures_at: str) -> Iterator[dict[str, object]]:
    """Yield the articles in the format of the JSON-lines import, oldest first.

    An original comes before its translations. Times are UTC, in the form of RFC 3339.
    `pictures_at` is the http or https address under which the files of `articles/static/demo` are
    served, without a slash at the end.
    """
    articles = [*handwritten(pictures_at), *reports()]
    yield from sorted(articles, key=lambda article: str(article["published_at"]))
