"""What an article carries, held while it is saved: nobody merges or deletes it meanwhile."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection, models

from articles.models import Article, Author, FormerName, Image, Region, RelatedChoice, Tag


def hold(model: type[Region | Tag | Author], ids: Sequence[int]) -> list[int]:
    """What these ids are now, once each and in their order, locked until the end of the
    transaction; of what was merged, what it is now, and not those of what was deleted."""
    wanted = list(dict.fromkeys(ids))
    while True:
        there = _locked(model, wanted)
        gone = [each for each in wanted if each not in there]
        # Read after the lock: who merged them has committed by then.
        moved = FormerName.objects.present_keys(model.listing_kind, gone) if gone else {}
        if not moved:
            return [each for each in wanted if each in there]
        wanted = list(dict.fromkeys(moved.get(each, each) for each in wanted))


def hold_picture(key: int | None) -> int | None:
    """The key of an image, locked as ``hold`` does; None where it was deleted."""
    return key if key is not None and _locked(Image, [key]) else None


def hold_articles(keys: Sequence[int]) -> list[int]:
    """Those of these articles of the desk that are there, once each and in their order, locked so
    that nobody deletes them."""
    there = _locked(Article, keys)
    return [key for key in dict.fromkeys(keys) if key in there]


def write_choices(article: Article, chosen: Sequence[tuple[int, bool]]) -> None:
    """Let these be the related choices for the article, in this order: each the key of another
    one, and whether it is excluded."""
    kept = RelatedChoice.objects.filter(article=article)
    kept.exclude(other__in=[key for key, _ in chosen]).delete()
    RelatedChoice.objects.bulk_create(
        [
            RelatedChoice(article=article, other_id=key, is_excluded=is_excluded, position=position)
            for position, (key, is_excluded) in enumerate(chosen)
        ],
        update_conflicts=True,
        unique_fields=["article", "other"],
        update_fields=["is_excluded", "position"],
    )


def _locked(model: type[models.Model], keys: Sequence[int]) -> set[int]:
    if not keys:
        return set()
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        # Against deletion alone: who changes a name need not wait.
        cursor.execute(
            f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE",  # noqa: S608 -- a table of ours
            [list(keys)],
        )
        return {row[0] for row in cursor.fetchall()}
