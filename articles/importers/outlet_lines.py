"""What lines about collections and redirects say. Reading and checking only."""

from __future__ import annotations

from datetime import UTC, datetime

from django.core.exceptions import ValidationError

from articles.importers.items import CollectionItem, RedirectItem, SlotItem
from articles.importers.values import Reader, check_external_id, check_language
from articles.models import Kind, Slot
from articles.models.collection import MAX_ARTICLES, MAX_SLOTS, MOST_IN_A_SLOT
from articles.models.former_url import MAX_LENGTH, site_path
from articles.models.redirect import refuse_a_circle
from articles.slugs import validate_slug
from cms import languages

REDIRECT_KEYS = {"from", "to"}
COLLECTION_KEYS = {"slug", "title", "description", "language", "is_public", "slots"}
SLOT_KEYS = {"article", "pinned_until", "rule", "region", "tag", "kind", "number"}


def read_redirect(reader: Reader, line: int) -> RedirectItem:
    """Two paths, spelt as ``site_path`` does; ``reader.errors`` tell what is wrong."""
    reader.refuse_unknown(REDIRECT_KEYS)
    path, target = _path(reader, "from"), _path(reader, "to")
    if path and target:
        try:
            refuse_a_circle(path, target, lambda step: None)
        except ValidationError as error:
            reader.refuse("to", " ".join(error.messages))
    return RedirectItem(line, path, target)


def _path(reader: Reader, key: str) -> str:
    path = ""

    def check(text: str) -> None:
        nonlocal path
        try:
            path = site_path(text)
        except ValueError as error:
            raise ValidationError(str(error)) from None
        if len(path) > MAX_LENGTH:
            raise ValidationError(
                f"A path has at most {MAX_LENGTH} characters, as a URL spells it."
            )

    reader.checked(key, check, required=True)
    return path


def read_collection(reader: Reader, line: int) -> CollectionItem:
    """A collection with all that stands in it; ``reader.errors`` tell what is wrong."""
    reader.refuse_unknown(COLLECTION_KEYS)
    item = CollectionItem(
        line=line,
        slug=reader.checked("slug", validate_slug, required=True),
        title=reader.text("title", required=True),
        description=reader.lines("description"),
        language=languages.canonical(reader.checked("language", check_language)),
        is_public=reader.flag("is_public"),
        slots=reader.mappings("slots", _slot),
    )
    if len(item.slots) > MAX_SLOTS:
        reader.refuse("slots", f"It must have at most {MAX_SLOTS} entries.")
    pinned = [slot.article for slot in item.slots if slot.article]
    if twice := [each for each in dict.fromkeys(pinned) if pinned.count(each) > 1]:
        reader.refuse("slots", f"“{twice[0]}” stands in two slots. Keep it in one.")
    number = sum(slot.number for slot in item.slots)
    if number > MAX_ARTICLES:
        reader.refuse(
            "slots", f"They hold {number} articles together. Let it be at most {MAX_ARTICLES}."
        )
    return item


def _slot(reader: Reader) -> SlotItem:
    reader.refuse_unknown(SLOT_KEYS)
    slot = SlotItem(
        article=reader.checked("article", check_external_id),
        pinned_until=_in_utc(reader.moment("pinned_until", latest=None)),
        rule=reader.choice("rule", Slot.Rule.values),
        region=reader.checked("region", validate_slug),
        tag=reader.checked("tag", validate_slug),
        kind=reader.choice("kind", Kind.values),
        number=reader.whole_number("number", range(1, MOST_IN_A_SLOT + 1)) or 1,
    )
    if not reader.errors:
        _refuse_what_the_desk_refuses(slot, reader)
    return slot


def _in_utc(moment: datetime | None) -> datetime | None:
    return moment.astimezone(UTC) if moment is not None else None


def _refuse_what_the_desk_refuses(slot: SlotItem, reader: Reader) -> None:
    any_key = 1
    try:
        Slot(
            article_id=any_key if slot.article else None,
            pinned_until=slot.pinned_until,
            rule=slot.rule,
            region_id=any_key if slot.region else None,
            tag_id=any_key if slot.tag else None,
            kind=slot.kind,
            number=slot.number,
        ).clean()
    except ValidationError as error:
        for key, reasons in error.message_dict.items():
            reader.refuse(key, " ".join(reasons))
