"""Where the public pages of articles, regions, tags and authors stand, by the settings' templates.

They are written by a template, and read by it: what an old path of the site named.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from string import Formatter
from typing import NamedTuple
from urllib.parse import quote, urljoin, urlsplit

from django.conf import settings
from django.utils.timezone import get_default_timezone

from articles.models.former_url import UNESCAPED
from articles.slugs import PATTERN as SLUG
from cms import languages

ARTICLE = "article"
KINDS = ("region", "tag", "author")
_FIELDS = {"slug": SLUG, "language": languages.PATTERN, "year": "[0-9]{4}", "month": "[0-9]{2}"}


class Named(NamedTuple):
    """What a path of the site names: ``kind`` is ``article``, ``region``, ``tag`` or ``author``;
    ``language`` is "" where the path has none."""

    kind: str
    slug: str
    language: str


def page_address(*, slug: str, language: str, published_at: datetime) -> str:
    """ARTICLE_URL_TEMPLATE filled in; year and month are those of the newsroom's time zone."""
    published = published_at.astimezone(get_default_timezone())
    template: str = settings.ARTICLE_URL_TEMPLATE
    return template.format(
        slug=slug,
        language=language,
        year=f"{published.year:04}",
        month=f"{published.month:02}",
    )


def named_address(kind: str, *, slug: str, language: str) -> str:
    """The page of a region, tag or author, by REGION_URL_TEMPLATE and its like; in the newsroom's
    first language where ``language`` is ""."""
    return _template(kind).format(slug=slug, language=language or settings.NEWSROOM_LANGUAGES[0])


def on_site(path: str) -> str:
    """A path of the site as articles' addresses are: absolute if ARTICLE_URL_TEMPLATE has a host.
    The path begins with one slash (``former_url.site_path``)."""
    parts = urlsplit(settings.ARTICLE_URL_TEMPLATE.partition("{")[0])
    return urljoin(f"{parts.scheme}://{parts.netloc}/", path) if parts.netloc else path


def named_by(path: str) -> list[Named]:
    """What a path, in the spelling of ``path_of``, can be the page of; what is usually one thing
    or none. Whether that exists, others know."""
    found = []
    for kind in (ARTICLE, *KINDS):
        pattern = _pattern(_template(kind))
        match = pattern.fullmatch(path) or pattern.fullmatch(path.partition("?")[0])
        if match:
            fields = match.groupdict()
            language = languages.canonical(fields["language"]) if "language" in fields else ""
            found.append(Named(kind, fields["slug"], language))
    return found


def _template(kind: str) -> str:
    template: str = getattr(settings, f"{kind.upper()}_URL_TEMPLATE")
    return template


@lru_cache(maxsize=32)
def _pattern(template: str) -> re.Pattern[str]:
    """The paths of a template's addresses, in the spelling of ``path_of``; a group each field."""
    start = template.find("/", template.index("://") + 3) if "://" in template else 0
    seen: set[str] = set()
    pattern = ""
    for literal, field, _, _ in Formatter().parse(template[start:] if start >= 0 else ""):
        pattern += re.escape(quote(literal, safe=f"%?{UNESCAPED}"))
        if field:
            pattern += f"(?P={field})" if field in seen else f"(?P<{field}>{_FIELDS[field]})"
            seen.add(field)
    if "slug" not in seen:  # no page of its own: no path is one
        return re.compile(r"(?!)")
    return re.compile(pattern.removesuffix("/"))
