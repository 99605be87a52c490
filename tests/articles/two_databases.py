"""Two databases whose public content is one and the same, and of which one holds drafts too."""

import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connections
from django.utils.connection import ConnectionProxy

from articles.merging import merge
from articles.models import (
    Article,
    Author,
    Byline,
    Collection,
    FormerUrl,
    Image,
    PublishedArticle,
    Redirect,
    Region,
    Revision,
    Slot,
    Slug,
    Tag,
)
from articles.preview import make_preview
from articles.publishing import embargo, publish, trash, unpublish
from articles.saving import save
from cms.changes.models import Change
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

connection: Any = ConnectionProxy(connections, "default")
GROUP = uuid.UUID(int=1)

PUBLIC_SLUGS = [
    *("kazakhstan", "almaty", "osh", "listed", "empty", "energy", "water", "asel", "zarina"),
    *("report-0", "report-7", "report-13", "russian", "former", "killed", "unpublished"),
]
HIDDEN_SLUGS = [
    *("hidden-parent", "hidden-child", "draft-tag", "former-tag", "desk-tag", "draft-author"),
    *("a-draft", "a-translation", "scheduled", "was-public", "was-public-too", "desk-slug"),
    *("merged-tag", "in-the-trash", "embargoed"),
]
HIDDEN_NAMES = ["Hidden parent", "Draft tag", "Draft author", "Former tag"]


def fill_with_public_content() -> None:
    country = make_region("Kazakhstan", code="KZ", order=1, names={"ru": "Казахстан"})
    almaty, osh = make_region("Almaty", parent=country), make_region("Osh", order=-1)
    make_region("Listed", is_listed=True)
    make_region("Empty", is_listed=True, parent=country)
    energy, water = make_tag("Energy", names={"ru": "Энергия"}), make_tag("Water")
    asel = make_author("Asel", role="Editor", picture=make_image())
    zarina, image = make_author("Zarina"), make_image()
    for number in range(24):
        make_published(
            f"Report {number}",
            slug=f"report-{number}",
            regions=[almaty, osh, country][number % 3 :],
            tags=[[energy], [water], [water, energy], []][number % 4],
            authors=[[asel], [zarina, asel]][number % 2],
            lead_image=image if number % 5 == 0 else None,
            kind=("news", "opinion", "analysis")[number % 3],
            is_breaking=number % 9 == 0,
            published_at=datetime(2026, 1, 1 + number // 3, tzinfo=UTC),
            translation_group=GROUP if number == 7 else None,
        )
    make_published("По-русски", slug="russian", language="ru", translation_group=GROUP)
    renamed = make_published("Renamed", slug="former").article
    renamed.slug = "present"
    renamed.save()
    publish(renamed)
    for slug in ("killed", "unpublished"):
        unpublish(make_published(slug=slug, tags=[energy]).article)
    Slug.objects.filter(text="killed").update(gone_reason="Withdrawn.")
    FormerUrl.objects.replace([(renamed.pk, "/old/present")])
    report = PublishedArticle.objects.get(slug="report-3")
    rules: list[dict[str, Any]] = [
        {"rule": "breaking_first", "number": 3},
        {"rule": "newest", "tag": water, "region": country, "number": 4},
        {"rule": "newest", "number": 2},
    ]
    make_collection(report, *rules, slug="front")
    for path, target in (("/en/short", "/old/present"), ("/en/soon", "/en/a-draft")):
        Redirect.objects.create(path=path, target=target)


def add_what_is_not_public() -> None:
    """Drafts of every kind, what only they use, and what was saved since it was published."""
    user = get_user_model().objects.create_user("editor")
    energy, almaty = Tag.objects.get(slug="energy"), Region.objects.get(slug="almaty")
    asel = Author.objects.get(slug="asel")
    parent = make_region("Hidden parent", code="XX", order=-5)
    child = make_region("Hidden child", parent=almaty)
    tag, author = make_tag("Draft tag"), make_author("Draft author", picture=make_image())
    listed = Region.objects.get(slug="listed")
    listed.parent = parent
    listed.save()
    for number in range(8):
        make_draft(
            f"Draft {number}",
            slug="a-draft" if number == 0 else "",
            regions=[parent, child, almaty],
            tags=[tag, energy],
            authors=[author, asel],
            lead_image=make_image(),
            created_by=user,
            published_at=datetime(2026, 1, 2, tzinfo=UTC),
        )
    make_draft(slug="a-translation", language="kk", translation_group=GROUP)
    make_draft(slug="scheduled", state="scheduled", publish_at=datetime(2099, 1, 1, tzinfo=UTC))
    gone = make_published(slug="was-public", tags=[make_tag("Former tag"), energy], regions=[child])
    gone.article.slug = "was-public-too"
    gone.article.save()
    publish(gone.article)
    unpublish(gone.article)
    # When something was withdrawn is public (a sitemap's lastmod says it): this was long ago.
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    Change.objects.filter(type="article", object_id=gone.pk, action="delete").update(at=long_ago)
    Slug.objects.filter(text="a-draft").update(gone_reason="A secret.")
    for number in (0, 7, 13):
        _edit_without_publishing(Article.objects.get(slug=f"report-{number}"), number)
    Image.objects.create(url="https://media.example.org/unused.jpg", alt="Unused")
    _work_at_the_desk(Article.objects.get(slug="a-draft"), tag)


def _work_at_the_desk(draft: Article, tag: Tag) -> None:
    """Saved, previewed, under embargo, in the trash; and a tag of drafts that was merged."""
    merged = make_tag("Merged tag", slug="merged-tag")
    draft.tags.add(merged)
    merge(merged, into=tag, by=None)
    save(draft, by=None, based_on=draft.save_number)
    make_preview(draft, by=None)
    FormerUrl.objects.replace([(draft.pk, "/old/a-draft")])
    front = Collection.objects.get(slug="front")
    Slot.objects.create(
        collection=front, article=draft, pinned_until=datetime(2099, 1, 1, tzinfo=UTC)
    )
    Slot.objects.create(collection=front, rule="newest", tag=tag, number=5)
    make_collection(draft, {"rule": "newest"}, slug="planned", is_public=False)
    embargo(make_draft(slug="embargoed"), by=None, until=datetime(2099, 1, 1, tzinfo=UTC))
    trash(make_draft(slug="in-the-trash", tags=[tag]), by=None)


def _edit_without_publishing(article: Article, number: int) -> None:
    article.title = "Edited on the desk"
    article.body_html = "<p>Edited on the desk</p>"
    article.language = "uz"
    article.lead_image = make_image()
    article.published_at = datetime(2026, 2, 1, tzinfo=UTC)
    article.translation_group = GROUP if number == 0 else None
    article.expires_at = article.breaking_until = datetime(2026, 1, 5, tzinfo=UTC)
    if number == 13:
        article.slug = "desk-slug"
    article.save()
    article.tags.set([make_tag(f"Desk tag {number}", slug=f"desk-tag{number or ''}")])
    article.regions.clear()
    Byline.objects.filter(article=article).delete()
    now = datetime(2026, 1, 5, tzinfo=UTC)
    Revision.objects.create(article=article, kind="autosave", content={}, created_at=now)


@contextmanager
def two_databases() -> Iterator[tuple[Any, Any]]:
    """Connections to a database with public content only, and to one with all of it.

    Both are made of the test database, whose own connection is closed meanwhile.
    """
    connection.close()
    template = connection.settings_dict["NAME"]
    assert template.startswith("test_")
    with ExitStack() as stack:
        without = stack.enter_context(_copy_of(template, f"{template}_without"))
        with using(without):
            fill_with_public_content()
        without.close()
        drafts = stack.enter_context(_copy_of(without.settings_dict["NAME"], f"{template}_drafts"))
        with using(drafts):
            add_what_is_not_public()
        yield without, drafts


@contextmanager
def using(database: Any) -> Iterator[None]:
    """Let ``database`` be the default one."""
    before = connections["default"]
    connections["default"] = database
    try:
        yield
    finally:
        connections["default"] = before


@contextmanager
def _copy_of(template: str, name: str) -> Iterator[Any]:
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    copy = connections.create_connection("default")
    copy.settings_dict = {**copy.settings_dict, "NAME": name}
    try:
        yield copy
    finally:
        copy.close()
        _administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)
