"""Making one of two regions, tags or authors that are the same."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, TypeVar

import psycopg
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext

from articles.models import (
    Article,
    AuditEntry,
    Author,
    Byline,
    FormerName,
    Listing,
    Origin,
    PublishedArticle,
    SearchEntry,
    Slot,
)
from articles.models.audit import NOWHERE
from articles.models.taxonomy import Named, Region, Tag
from articles.publishing.allowed import actor_of, lock
from articles.workflow import NotAllowed

Thing = TypeVar("Thing", Region, Tag, Author)


class _Carried(NamedTuple):
    """Where articles carry it: the desk's rows with their order, and the column of the public
    ones."""

    through: type[models.Model]
    name: str
    column: str
    order: tuple[str, ...] = ("pk",)


_CARRIED: dict[type[Named], _Carried] = {
    Region: _Carried(Article.regions.through, "region", "region_ids"),
    Tag: _Carried(Article.tags.through, "tag", "tag_ids"),
    Author: _Carried(Byline, "author", "author_ids", ("position", "pk")),
}

_PATIENCE = "200ms"
_TRIES = 15

# Each id once, at its first place.
_REPLACE = """
UPDATE articles_publishedarticle p SET {column} = (
    SELECT array_agg(id ORDER BY place) FROM (
        SELECT CASE WHEN u.id = %(former)s THEN %(into)s ELSE u.id END AS id, min(u.place) AS place
        FROM unnest(p.{column}) WITH ORDINALITY AS u(id, place) GROUP BY 1
    ) AS kept
) WHERE {column} @> ARRAY[%(former)s]::bigint[] RETURNING p.id
"""
_TELL_VERSIONS = """
UPDATE articles_article a SET version = p.version
FROM articles_publishedarticle p WHERE p.article_id = a.id AND p.id = ANY(%s)
"""


def merge(
    former: Thing,
    *,
    into: Thing,
    by: AbstractBaseUser | None,
    at: datetime | None = None,
    origin: Origin = NOWHERE,
) -> Thing:
    """Let every article that carries ``former`` carry ``into`` instead, on the desk and for the
    public, and return that, refreshed. ``former`` is deleted.

    From the next request on, its slug redirects if readers knew it; revisions that name it are
    read as naming ``into``, and importers find that by the old name. Regions below ``former``
    stand below ``into``. Raises NotAllowed for anybody but editors and publishers;
    ValidationError for two that are no pair, for a region that stands below the one that it would
    take the place of, and while an import keeps the tree of regions. Then nothing has changed.
    """
    moment = at or timezone.now()
    _check(former, into, by)
    with transaction.atomic():
        locked = _lock_both(former, into)
        _refuse_below(former, into)  # the tree is held from here on
        carried = _CARRIED[type(former)]
        affected = _public_articles(former, into)
        was_public = former.is_public()
        _merge_on_the_desk(former, into, carried)
        changed = _merge_for_the_public(former, into, carried)
        _merge_in_rules(former, into)
        if isinstance(former, Region):
            Region.objects.filter(parent=former.pk).update(parent=into.pk)
        _keep_name(former, into, was_public=was_public, at=moment)
        details = {"slug": former.slug, "into": into.slug, "articles": len(locked)}
        kind = Listing.Kind(former.listing_kind).name.lower()
        subject = f"{kind} {former.name} → {into.name}"
        AuditEntry.objects.entry(
            "merge", by=by, at=moment, origin=origin, details=details, subject=subject
        ).save()
        type(former)._default_manager.filter(pk=former.pk).delete()
        Listing.objects.rewrite(sorted(affected | changed))
        SearchEntry.objects.rewrite(sorted(changed))
    into.refresh_from_db()
    return into


def may_merge(by: AbstractBaseUser | None) -> bool:
    """Whether ``by`` merges things: editors and publishers do, and the system."""
    actor = actor_of(by)
    return actor is None or actor.is_editor


def _check(former: Named, into: Named, by: AbstractBaseUser | None) -> None:
    if not may_merge(by):
        raise NotAllowed(gettext("You cannot merge them: an editor or a publisher can."))
    if type(former) is not type(into) or former.pk == into.pk:
        raise ValidationError(gettext("Choose another one of the same kind to merge it into."))


def _refuse_below(former: Named, into: Named) -> None:
    if isinstance(into, Region) and former.pk in _ancestors(into):
        raise ValidationError(
            gettext(
                "“{into}” stands below “{former}”. Move it to another place first, or merge the"
                " other way round."
            ).format(into=into, former=former)
        )


def _ancestors(region: Region) -> set[int]:
    parents = dict(Region.objects.values_list("pk", "parent_id"))
    found: set[int] = set()
    ancestor = parents.get(region.pk)
    while ancestor is not None and ancestor not in found:
        found.add(ancestor)
        ancestor = parents.get(ancestor)
    return found


def _lock_both(former: Named, into: Named) -> list[Article]:
    """Lock the articles, keep publications out, lock the two; ValidationError when one of them has
    gone meanwhile, or after three seconds in which others were always at it.

    Others lock these in other orders: an import one article after the other, with the tree held
    since the first. So nothing is waited for as long as PostgreSQL takes to find a deadlock (one
    second); instead all is let go and begun anew.
    """
    for _ in range(_TRIES):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = %s", [_PATIENCE])
                locked = _locked(former, into)
                cursor.execute("SET LOCAL lock_timeout = DEFAULT")
                return locked
        except OperationalError as error:
            if not isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
                raise
    raise ValidationError(
        gettext(
            "Nothing can be merged while articles are being published or imported. Try again when"
            " that is done."
        )
    )


def _locked(former: Named, into: Named) -> list[Article]:
    keys = _articles_with(former)
    locked = lock(keys)
    Listing.objects.take_tree()
    # Those that were published with it while the tree was waited for.
    locked += lock(_articles_with(former) - keys)
    things = type(former)._default_manager.filter(pk__in=[former.pk, into.pk])
    if len(things.order_by("pk").select_for_update()) != 2:
        raise ValidationError(
            gettext("Somebody else has merged or deleted one of them. Look again.")
        )
    return locked


def _articles_with(former: Named) -> set[int]:
    """Of the desk or the public: the keys of the articles that carry it."""
    carried = _CARRIED[type(former)]
    rows = carried.through._default_manager.filter(**{carried.name: former.pk})
    public = PublishedArticle.objects.filter(**{f"{carried.column}__contains": [former.pk]})
    return {
        *rows.values_list("article_id", flat=True),
        *public.values_list("article_id", flat=True),
    }


def _public_articles(former: Named, into: Named) -> set[int]:
    """The public articles whose lists may change: of a region, all below both."""
    kind = former.listing_kind
    found = Listing.objects.filter(kind=kind, key__in=[former.pk, into.pk])
    return set(found.values_list("article_id", flat=True))


def _merge_on_the_desk(former: Named, into: Named, carried: _Carried) -> None:
    """Where articles carry both, at the first of the two places, as for the public."""
    rows = carried.through._default_manager.all()
    both = rows.filter(**{f"{carried.name}__in": [former.pk, into.pk]})
    found = list(both.order_by(*carried.order).values_list("article_id", "pk"))
    first = dict(reversed(found))  # of each article the last one that is put in, the first found
    rows.filter(pk__in={key for _, key in found} - set(first.values())).delete()
    rows.filter(**{carried.name: former.pk}).update(**{carried.name: into.pk})


def _merge_for_the_public(former: Named, into: Named, carried: _Carried) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            _REPLACE.format(column=carried.column), {"former": former.pk, "into": into.pk}
        )
        changed = [row[0] for row in cursor.fetchall()]
        cursor.execute(_TELL_VERSIONS, [changed])
    return set(changed)


def _merge_in_rules(former: Named, into: Named) -> None:
    """Of collections: what found the one finds the other."""
    if isinstance(former, Region):
        Slot.objects.filter(region=former.pk).update(region=into.pk)
    elif isinstance(former, Tag):
        Slot.objects.filter(tag=former.pk).update(tag=into.pk)


def _keep_name(former: Named, into: Named, *, was_public: bool, at: datetime) -> None:
    kind = former.listing_kind
    FormerName.objects.filter(kind=kind, key=former.pk).update(key=into.pk)
    FormerName.objects.create(
        kind=kind,
        former_key=former.pk,
        slug=former.slug,
        name=former.name,
        key=into.pk,
        was_public=was_public,
        merged_at=at,
    )
