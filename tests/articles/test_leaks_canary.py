"""A word that stands in every text that is not public, and in no answer."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote, unquote

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.api.serializers import (
    ArticleCardSerializer,
    ArticleSerializer,
    AuthorSerializer,
    RegionSerializer,
    TagSerializer,
)
from articles.merging import merge
from articles.models import (
    Article,
    AuditEntry,
    Byline,
    Collection,
    Comment,
    FormerName,
    FormerUrl,
    Image,
    Origin,
    PublishedArticle,
    Region,
    Revision,
    SavedFilter,
    Slot,
    Slug,
    Tag,
)
from articles.preview import make_preview
from articles.publishing import publish, unpublish
from articles.saving import note_presence
from tests.articles import canary
from tests.factories import (
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db

BASE = "/api/v1"
FEEDS = ("rss.xml", "atom.xml", "feed.json", "ninjs.json")
SERIALIZERS = {
    "regions": RegionSerializer,
    "tags": TagSerializer,
    "authors": AuthorSerializer,
    "articles": ArticleSerializer,
}


def hide_everything() -> None:
    """All that is not public, with the word in each column: drafts, desk copies that were saved
    since, unpublished and killed articles, what only they carry, revisions, users."""
    shown: dict[str, Any] = {"regions": [make_region("Shown")], "tags": [make_tag("Shown")]}
    picture = make_image()
    author = make_author("Shown", picture=picture)
    hidden_parent = make_region("Hidden", parent=make_region("Above"))
    make_region("Listed by hand", parent=hidden_parent, is_listed=True)
    hidden: dict[str, Any] = {"regions": [hidden_parent], "tags": [make_tag("Hidden")]}
    hidden_author = make_author("Hidden", picture=make_image())
    user = get_user_model().objects.create_superuser(f"{canary.WORD}-user", first_name=canary.WORD)

    edited = make_published(slug="edited", authors=[author], lead_image=make_image(), **shown)
    renamed = make_published(slug="renamed", authors=[author], **shown)
    draft = make_draft(authors=[author, hidden_author], lead_image=make_image(), **hidden)
    make_draft(**shown, state="scheduled", publish_at=datetime(2099, 1, 1, tzinfo=UTC))
    for slug in ("unpublished", "killed"):
        article = make_published(slug=slug, authors=[hidden_author], **hidden).article
        for number, word in enumerate((f"{canary.WORD}-title", "Title")):
            # It was public under the word once, and under another slug.
            article.title, article.slug = word, f"{slug}-{number}"
            article.save()
            publish(article, by=user)
        unpublish(article)

    publics = [edited.article_id, renamed.article_id]
    for article in Article.objects.all():
        article.created_by = user
        article.save()
        # Slugs by the model's own way, so that they are reserved.
        article.slug = f"{canary.WORD}-{article.pk}"
        if article.pk != edited.article_id:
            article.save()
        canary.fill(article, keeping=("slug",) if article.pk != edited.article_id else ())
        if article.pk in publics:
            article.tags.add(*hidden["tags"])
            Byline.objects.get_or_create(article=article, author=hidden_author, position=9)
            Article.objects.filter(pk=article.pk).update(lead_image=make_image())
    Revision.objects.create(
        article=draft, kind="autosave", content={}, created_at=datetime(2026, 1, 1, tzinfo=UTC)
    )
    for revision in Revision.objects.all():
        canary.fill(revision)
    hide_what_the_desk_did(draft, user)
    for thing in (*hidden["regions"], hidden_parent.parent, *hidden["tags"], hidden_author):
        assert thing is not None
        canary.fill(thing)
    carried = PublishedArticle.objects.exclude(lead_image=None).values("lead_image")
    for image in Image.objects.exclude(pk__in=carried).exclude(pk=picture.pk):
        canary.fill(image)
    Slug.objects.filter(public_since=None).update(gone_reason=canary.WORD)
    Slug.objects.filter(text__startswith="unpublished").update(gone_reason=None)
    Slug.objects.filter(text__startswith="killed").update(gone_reason="Withdrawn.")


def hide_what_the_desk_did(draft: Article, user: User) -> None:
    """The audit, presence, previews, comments, saved filters, a former address, a tag of drafts
    only that was merged, and what stands in collections."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    former = make_tag("Former")
    draft.tags.add(former)
    merge(former, into=Tag.objects.get(name="Hidden"), by=None)
    canary.fill(FormerName.objects.get())
    FormerUrl.objects.create(path=f"/old/{draft.slug}", article=draft)
    hidden: dict[str, Any] = {"rule": "newest", "region": Region.objects.get(name="Hidden")}
    make_collection(draft, dict(hidden, tag=Tag.objects.get(name="Hidden")), slug="front")
    canary.fill(make_collection(hidden, title="Planned", is_public=False))
    for slot in Slot.objects.all():
        canary.fill(slot)
    note_presence(draft, by=user, at=now)
    make_preview(draft, by=None)
    word = canary.WORD
    entry = AuditEntry.objects.entry(
        word, by=user, at=now, origin=Origin(word, word), details={word: word}, subject=word
    )
    entry.save()
    canary.fill(Comment.objects.create(article=draft, created_at=now, created_by=user))
    canary.fill(SavedFilter.objects.create(user=user))


def slugs() -> Iterator[str]:
    """Every slug there is, public or not, of whatever."""
    for model in (Slug, Article, PublishedArticle, FormerName, Collection):
        field = "text" if model is Slug else "slug"
        yield from model._base_manager.values_list(field, flat=True)
    for plural in ("region", "tag", "author"):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT slug FROM articles_{plural}")
            yield from (row[0] for row in cursor.fetchall())


def searches(card: str) -> Iterator[str]:
    """Searches and suggestions for the word, facets, and what is related to every slug."""
    for word in (canary.WORD, canary.WORD[:-1], f"{canary.WORD}a", f'"{canary.WORD}" or title'):
        for query in ("", "&cursor=", "&facets=region,tag,author,language", "&language=en"):
            yield f"{BASE}/articles?q={quote(word)}&fields={card}{query}"
        yield f"{BASE}/search/suggestions?q={quote(word)}"
        yield f"{BASE}/search/suggestions?q={quote(word)}&language={canary.WORD[:3]}"
    yield f"{BASE}/articles?facets=region,tag,author,language"
    for slug in slugs():
        yield f"{BASE}/articles/{slug}/related?fields={card}&limit=20"


def addresses() -> Iterator[str]:
    """Every endpoint with all it can show, in every order and language, for every slug."""
    card = ",".join(ArticleCardSerializer.field_names())
    yield from (f"{BASE}/newsroom", BASE, f"{BASE}/openapi.json")
    for query in ("", "&cursor=", "&ordering=published_at", "&ordering=-updated_at"):
        yield f"{BASE}/articles?page_size=100&fields={card}{query}"
    for plural, serializer in SERIALIZERS.items():
        fields = ",".join(serializer.field_names())
        if plural != "articles":
            for query in ("", "&cursor=", "&locale=ru", f"&locale={canary.WORD[:3]}", "&q=zq"):
                yield f"{BASE}/{plural}?fields={fields}{query}"
            yield f"{BASE}/{plural}?ordering=-article_count"
        for slug in slugs():
            yield f"{BASE}/{plural}/{slug}?fields={fields}"
    for slug in slugs():
        yield f"{BASE}/regions?parent={slug}"
        yield f"{BASE}/collections/{slug}?fields={card}"
        for name in ("region", "tag", "author", "tag_all"):
            yield f"{BASE}/articles?fields={card}&{name}={slug}"
    yield from addresses_of_outlets()
    yield from searches(card)
    for language in ("en", canary.WORD[:3]):
        yield f"{BASE}/articles?fields={card}&language={language}"
        yield f"{BASE}/articles?fields={card}&language=kk&fallback={language}"


def addresses_of_outlets() -> Iterator[str]:
    """The same of what stands beside the API."""
    for slug in slugs():
        for form in ("ninjs", "json-ld"):
            yield f"{BASE}/articles/{slug}/{form}"
        for number, name in enumerate(("region", "tag", "author")):
            yield f"/feeds/{FEEDS[number]}?{name}={slug}"
        for template in ("/en/{}", "/ru/{}", "/regions/{}", "/tags/{}", "/authors/{}", "/old/{}"):
            yield f"{BASE}/redirects?path={template.format(slug)}"
    for feed in FEEDS:
        yield from (f"/feeds/{feed}", f"/feeds/{feed}?language=en")
    yield from ("/sitemap.xml", "/sitemap-1.xml", "/news-sitemap.xml")


def test_no_answer_holds_the_word(client: Client) -> None:
    hide_everything()
    seen = set()

    for url in addresses():
        response = client.get(url)
        assert response.status_code < 500, url
        seen.add(response.status_code)
        # What the reader wrote comes back in `instance`, in the links and in `detail`.
        path, _, query = url.partition("?")
        told = unquote(response.getvalue().decode() + str(response.headers))
        for own in (query, path, *re.findall(r"[\w-]+", query)):
            if canary.WORD in own:
                told = told.replace(own, "")
        assert canary.WORD not in told, url

    assert {200, 404, 410} <= seen


def test_the_word_finds_nothing_and_is_not_told_as_what_was_meant(client: Client) -> None:
    hide_everything()

    for word in (canary.WORD, canary.WORD[:-1], f"{canary.WORD}a", f"{canary.WORD}-title"):
        answer = client.get(f"{BASE}/articles?q={word}&facets=region,tag,author,language").json()
        assert answer == {
            **dict.fromkeys(("count", "first", "last"), 0),
            **dict.fromkeys(("next", "previous")),
            "results": [],
            "facets": {"region": [], "tag": [], "author": [], "language": []},
        }
        assert client.get(f"{BASE}/search/suggestions?q={word}").json() == {"results": []}


def test_the_word_stands_in_every_column_that_could_leak() -> None:
    hide_everything()

    # Their columns are public, or told apart above; a tally has the language of public articles.
    public = ("PublishedArticle.", "Slug.", "SearchEntry.", "SearchWord.", "Tally.", "Redirect.")
    missing = [name for name in canary.columns_without_the_word() if not name.startswith(public)]
    assert missing == []
    assert {model.__name__ for model in canary.models_with_text()} >= {
        *("Article", "Author", "Image", "PublishedArticle", "Region", "Revision", "Tag"),
        *("AuditEntry", "Comment", "FormerName", "SavedFilter"),
    }
    assert Slug.objects.filter(gone_reason=canary.WORD).exists()
    assert Slug.objects.filter(text__contains=canary.WORD).exists()


def test_the_word_is_found_where_it_is_public(client: Client) -> None:
    tag, author = make_tag(), make_author(picture=make_image())
    public = make_published(tags=[tag], authors=[author], lead_image=make_image())
    for thing in (tag, author, author.picture, public.lead_image):
        assert thing is not None
        canary.fill(thing)
    canary.fill(public)

    for url in (f"{BASE}/tags", f"{BASE}/authors", f"{BASE}/articles"):
        assert canary.WORD in client.get(url).content.decode()


def test_no_public_endpoint_reads_a_table_of_the_desk(client: Client) -> None:
    hide_everything()
    public = {"articles_publishedarticle", "articles_listing", "articles_slug", "articles_image"}
    public |= {"articles_region", "articles_tag", "articles_author", "articles_formername"}
    public |= {"articles_formerurl", "articles_redirect", "articles_collection", "articles_slot"}
    public |= {"articles_searchentry", "articles_searchword", "articles_suggestion"}
    public |= {"articles_tally"}

    for url in addresses():
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        # But the version's query, which asks when the desk's clock is next due.
        read = [q["sql"] for q in queries if "changes_loghead" not in q["sql"]]
        tables = {table for sql in read for table in re.findall(r"\barticles_[a-z_]+", sql)}
        assert tables <= public, url
