"""What an editor would want to know before an article is published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles import body
from articles.models import Article, PublishedArticle, Slug

LONGEST_TITLE = 110
_HREF = re.compile(r'<a href="([^"]+)"')
_SHOWN = 3
_SHAPES = {"slug": "[^/]+", "language": "[A-Za-z-]+", "year": "[0-9]+", "month": "[0-9]+"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: ``field`` is the form's field that it is about."""

    field: str
    text: str


def check_before_publishing(article: Article, *, regions: int) -> list[Finding]:
    """What is missing or wrong in the article as it is in memory, in the order of its form;
    ``regions`` is how many it has. One statement, for the links."""
    parsed = body.parse(article.body_html)
    return list(_findings(article, parsed, regions))


def _findings(article: Article, parsed: body.Body, regions: int) -> Iterator[Finding]:
    if not article.title.strip():
        yield Finding("title", _("It has no title."))
    if len(article.title) > LONGEST_TITLE:
        yield Finding(
            "title",
            _(
                "Its title has {number} characters: over {most}, search engines and phones cut it."
            ).format(number=len(article.title), most=LONGEST_TITLE),
        )
    if not article.summary.strip():
        yield Finding("summary", _("It has no summary: readers get its first 60 words."))
    if not parsed.blocks:
        yield Finding("body_html", _("It has no text."))
    if article.lead_image is not None and not article.lead_image.alt.strip():
        yield Finding("lead_image", _("Its lead picture has no alternative text."))
    if without := sum(not image["alt"].strip() for image in _pictures(parsed.blocks)):
        yield Finding(
            "body_html",
            ngettext(
                "{number} picture has no alternative text.",
                "{number} pictures have no alternative text.",
                without,
            ).format(number=without),
        )
    if not regions:
        yield Finding("regions", _("It has no region."))
    if broken := broken_links(parsed.html):
        listed = ", ".join(broken[:_SHOWN])
        if len(broken) > _SHOWN:
            more = len(broken) - _SHOWN
            listed = _("{listed} and {number} more").format(listed=listed, number=more)
        said = _("Nothing public stands at: {links}.").format(links=listed)
        yield Finding("body_html", said)


def _pictures(blocks: list[Any]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["type"] == "image":
            yield block["image"]
        elif block["type"] == "gallery":
            yield from (each["image"] for each in block["images"])


def broken_links(html: str) -> list[str]:
    """The links of a body to articles of our own (by ARTICLE_URL_TEMPLATE) that no reader can
    open, each once, in their order."""
    ours = {link: slug for link in _HREF.findall(html) if (slug := _slug_of(link))}
    if not ours:
        return []
    public = PublishedArticle.objects.values("article")
    opening = Slug.objects.filter(
        text__in=ours.values(), public_since__isnull=False, article__in=public
    )
    there = set(opening.values_list("text", flat=True))
    return [link for link, slug in ours.items() if slug not in there]


def _slug_of(link: str) -> str | None:
    template = urlsplit(settings.ARTICLE_URL_TEMPLATE)
    parts = urlsplit(link.replace("&amp;", "&"))
    if parts.netloc and parts.netloc != template.netloc:
        return None
    pattern = re.escape(template.path)
    for name, shape in _SHAPES.items():
        field = re.escape(f"{{{name}}}")
        pattern = pattern.replace(field, f"(?P<{name}>{shape})", 1).replace(field, f"(?P={name})")
    found = re.fullmatch(pattern + "/?", unquote(parts.path))
    return found["slug"] if found and "slug" in found.groupdict() else None
