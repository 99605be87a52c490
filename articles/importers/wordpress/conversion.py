"""A post of an export to an item of the import."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from django.core.exceptions import ValidationError

from articles import body
from articles.importers.items import Item, ItemError, LeadImage
from articles.importers.values import MAX_NAMES, check_http_url, check_old_address
from articles.importers.wordpress.content import converted
from articles.importers.wordpress.dates import parse_feed_time, parse_time
from articles.importers.wordpress.export import Post
from articles.importers.wordpress.media import Library
from articles.importers.wordpress.notes import Notes
from articles.importers.wordpress.plain import plain_text
from articles.importers.wordpress.shortcodes import TOO_LONG
from articles.importers.wordpress.slugs import wanted_slug
from articles.importers.wordpress.vocabulary import Vocabulary
from articles.models.former_url import path_of

MAX_TITLE = 1000
MAX_SUMMARY = 10_000
TITLE_WORDS = 8
"""Words of the body that make up a title where a post has none."""

_SHORT_LINK = re.compile(r"[?&]p=([0-9]+)")


@dataclass(frozen=True, slots=True)
class Conversion:
    """Turns posts into items, all with the same ``site`` (its name), ``language``, and ``slugs``
    by post id. ``now`` parts past from future; ``zone`` is that of times without one."""

    site: str
    library: Library
    vocabulary: Vocabulary
    slugs: dict[str, str]
    language: str
    now: datetime
    zone: tzinfo

    def item(self, post: Post) -> Item:
        """The article that a post is. Raises ItemError when it cannot be one."""
        if not re.fullmatch("[0-9]{1,20}", post.id, re.ASCII):
            raise ItemError("wp:post_id: It must be a number.")
        warnings: list[str] = []
        html = self._body(post, warnings)
        published_at, is_published = self._presence(post, warnings)
        regions = self.vocabulary.regions_of(post)
        item = Item(
            line=post.line,
            external_id=f"wordpress:{self.site}:{post.id}",
            title=self._title(post, html, warnings),
            body_html=html,
            is_empty=not html,
            is_published=is_published,
            slug=self._slug(post, warnings),
            summary=self._summary(post, warnings),
            language=self.language,
            published_at=published_at,
            updated_at=self._updated_at(post) if published_at else None,
            regions=_first(regions, "categories", warnings),
            tags=_first(self.vocabulary.tags_of(post), "tags", warnings),
            authors=_first(self.vocabulary.authors_of(post), "authors", warnings),
            lead_image=self._lead_image(post, warnings),
            former_urls=_former_urls(post),
            warnings=tuple(warnings),
        )
        if len(item.external_id) > 255:
            raise ItemError("The address of the site is too long for an external_id.")
        return item

    def _body(self, post: Post, warnings: list[str]) -> str:
        if post.repaired:
            lines = ", ".join(map(str, post.repaired[:20]))
            warnings.append(f"Characters that XML does not allow were mended, on line {lines}.")
        notes = Notes()
        html = ""
        if not post.is_too_long:
            html = converted(post.content, library=self.library, post_id=post.id, notes=notes)
        if post.is_too_long or len(html) > body.MAX_LENGTH:
            raise ItemError(TOO_LONG)
        warnings.extend(notes.sentences())
        # Clean here already, so that a later version of the conversion, which may write a space
        # more or less, does not take the post for a changed one.
        if not (html := body.clean(html)):
            warnings.append("It has no body.")
        return html

    def _presence(self, post: Post, warnings: list[str]) -> tuple[datetime | None, bool]:
        """When the post was published, and whether readers may have it."""
        if post.status in ("draft", "pending"):
            return None, False
        moment = self._published_at(post, warnings)
        if post.status == "future" or (moment is not None and moment > self.now):
            when = f" for {moment:%Y-%m-%d %H:%M} UTC" if moment else ""
            warnings.append(f"It was scheduled{when}. It is a draft: schedule it here.")
            return None, False
        if post.password.strip():
            warnings.append("It was protected by a password. It is a draft: nobody can read it.")
            return moment, False
        if post.status == "private":
            return moment, False
        if moment is None:
            warnings.append("It has no date, so it has the time of the import.")
        return moment, True

    def _published_at(self, post: Post, warnings: list[str]) -> datetime | None:
        if moment := parse_time(post.date_gmt):
            return moment
        if moment := parse_time(post.date, zone=self.zone):
            warnings.append(f"It has no date in UTC: {post.date} is taken to be in {self.zone}.")
            return moment
        if moment := parse_feed_time(post.pub_date):
            warnings.append("It has no date of its own: that of the feed is taken.")
        return moment

    def _updated_at(self, post: Post) -> datetime | None:
        moment = parse_time(post.modified_gmt) or parse_time(post.modified, zone=self.zone)
        return moment if moment and moment <= self.now else None

    def _title(self, post: Post, html: str, warnings: list[str]) -> str:
        title = plain_text(post.title)
        if not title:
            title = body.first_words(body.parse(html).text, TITLE_WORDS) or f"Untitled {post.id}"
            warnings.append(f"It has no title: “{title[:100]}” is taken.")
        if len(title) > MAX_TITLE:
            title = title[:MAX_TITLE].rstrip()
            warnings.append(f"Its title was cut at {MAX_TITLE} characters.")
        return title

    def _summary(self, post: Post, warnings: list[str]) -> str:
        if not post.excerpt.strip():
            return ""
        html = converted(post.excerpt, library=self.library, post_id=post.id, notes=Notes())
        summary = " ".join(body.parse(html).text.split())
        if len(summary) > MAX_SUMMARY:
            summary = summary[:MAX_SUMMARY].rstrip()
            warnings.append(f"Its excerpt was cut at {MAX_SUMMARY} characters.")
        return summary

    def _slug(self, post: Post, warnings: list[str]) -> str:
        slug = self.slugs.get(post.id, "")
        if slug != wanted_slug(post.name):
            warnings.append(
                f"Another article has the slug “{wanted_slug(post.name)}”, so it gets “{slug}”."
            )
        return slug

    def _lead_image(self, post: Post, warnings: list[str]) -> LeadImage | None:
        attachment_id = post.meta.get("_thumbnail_id", "").strip()
        if attachment_id in ("", "0", "-1"):
            return None
        found = self.library.attachments.get(attachment_id)
        if found is None:
            warnings.append(f"Its featured image ({attachment_id}) is not in the file.")
            return None
        try:
            check_http_url(found.url)
        except ValidationError:
            warnings.append(f"Its featured image has no web address: {found.url[:100]}")
            return None
        caption = plain_text(found.caption)
        return LeadImage(found.url, found.alt, caption, "", found.width, found.height)


def _former_urls(post: Post) -> tuple[str, ...]:
    """The post's addresses on its site: its permanent one and the short one with its id."""
    short = _SHORT_LINK.search(post.guid)
    written = [post.link, post.guid if short and short[1] == post.id else ""]
    return tuple(dict.fromkeys(each for each in written if each and _is_old_address(each)))


def _is_old_address(address: str) -> bool:
    """Whether it can be kept for a redirect; the site's front page is nobody's."""
    try:
        check_old_address(address)
    except (ValidationError, ValueError):
        return False
    return path_of(address) != "/"


def _first(names: list[str], kind: str, warnings: list[str]) -> tuple[str, ...]:
    if len(names) > MAX_NAMES:
        warnings.append(f"It has {len(names)} {kind}; the first {MAX_NAMES} are taken.")
    return tuple(names[:MAX_NAMES])
