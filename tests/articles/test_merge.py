"""Merging regions, tags and authors that are the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from articles import merging
from articles.importers.taxonomy import TaxonomyResolver
from articles.merging import merge
from articles.models import (
    Article,
    AuditEntry,
    Author,
    FormerName,
    Listing,
    PublishedArticle,
    Region,
    Tag,
)
from articles.publishing import publish, restore_revision
from articles.revisions import relations_of
from articles.workflow import NotAllowed, Role
from cms.changes.models import Change
from tests.articles.importing import everything, make_line, run_import
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft, make_published, make_region, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

BASE = "/api/v1"


def slugs(client: Client, query: str) -> list[str]:
    return [each["slug"] for each in client.get(f"{BASE}/articles?{query}").json()["results"]]


def test_it_works(client: Client) -> None:
    water, waters, other = make_tag("Water"), make_tag("Waters"), make_tag("Other")
    make_published(slug="one", tags=[waters, other])
    make_published(slug="both", tags=[water, other, waters])
    draft = make_draft(tags=[waters])
    assert client.get(f"{BASE}/tags/waters").status_code == 200
    editor = make_login(Role.EDITOR)

    assert merge(waters, into=water, by=editor) == water

    assert slugs(client, "tag=water") == ["both", "one"]
    tags = client.get(f"{BASE}/articles/one").json()["tags"]
    assert tags == [{"slug": "water", "name": "Water"}, {"slug": "other", "name": "Other"}]
    tags = client.get(f"{BASE}/articles/both").json()["tags"]
    assert [tag["slug"] for tag in tags] == ["water", "other"]
    assert client.get(f"{BASE}/tags/water").json()["article_count"] == 2
    assert relations_of([draft])[draft.pk].tag_ids == [water.pk]
    assert not Tag.objects.filter(name="Waters").exists()
    entry = AuditEntry.objects.latest("pk")
    assert (entry.verb, entry.by_name, entry.subject) == ("merge", "editor", "tag Waters → Water")


def test_its_slug_redirects_and_filters_as_before(client: Client) -> None:
    water, waters = make_tag("Water"), make_tag("Waters")
    make_published(slug="one", tags=[waters])

    merge(waters, into=water, by=None)

    response = client.get(f"{BASE}/tags/waters?locale=ru")
    assert (response.status_code, response["Location"]) == (301, f"{BASE}/tags/water?locale=ru")
    assert slugs(client, "tag=waters") == ["one"]


def test_searches_find_it_by_the_name_that_stays(client: Client) -> None:
    water, waters = make_tag("Water"), make_tag("Wasser")
    make_published(slug="one", title="Talks", tags=[waters])
    assert slugs(client, "q=wasser") == ["one"]

    merge(waters, into=water, by=None)

    assert slugs(client, "q=water&tag=water") == ["one"]
    assert client.get(f"{BASE}/articles?q=wasser").json()["did_you_mean"] == "water"
    [hint] = client.get(f"{BASE}/search/suggestions?q=wa").json()["results"]
    assert (hint["type"], hint["slug"]) == ("tag", "water")


def test_what_only_drafts_carried_does_not_redirect(client: Client) -> None:
    public, secret = make_tag("Public"), make_tag("Secret")
    make_published(slug="one", tags=[public])
    make_draft(tags=[secret])

    merge(secret, into=public, by=None)

    assert client.get(f"{BASE}/tags/secret").status_code == 404
    assert slugs(client, "tag=secret") == []


def test_a_redirect_leads_to_what_is_public_only(client: Client) -> None:
    water, waters = make_tag("Water"), make_tag("Waters")
    article = make_published(tags=[waters]).article
    merge(waters, into=water, by=None)
    article.tags.clear()
    publish(article)

    assert client.get(f"{BASE}/tags/waters").status_code == 404


def test_what_was_merged_twice_leads_to_the_end(client: Client) -> None:
    first, second, third = make_tag("First"), make_tag("Second"), make_tag("Third")
    article = make_published(slug="one", tags=[first]).article

    merge(first, into=second, by=None)
    merge(second, into=third, by=None)

    for slug in ("first", "second"):
        assert client.get(f"{BASE}/tags/{slug}")["Location"] == f"{BASE}/tags/third"
    restore_revision(article, by=None, revision=article.revisions.latest("pk"))
    assert relations_of([article])[article.pk].tag_ids == [third.pk]


def test_a_new_one_may_take_the_old_slug(client: Client) -> None:
    water, waters = make_tag("Water"), make_tag("Waters")
    make_published(slug="one", tags=[waters])
    merge(waters, into=water, by=None)

    make_published(slug="two", tags=[make_tag("Waters")])

    assert client.get(f"{BASE}/tags/waters").status_code == 200
    assert slugs(client, "tag=waters") == ["two"]


def test_authors_keep_the_order_of_the_byline(client: Client) -> None:
    asel, assel, zarina = make_author("Asel"), make_author("Assel"), make_author("Zarina")
    make_published(slug="one", authors=[zarina, assel])
    make_published(slug="both", authors=[assel, zarina, asel])

    merge(assel, into=asel, by=None)

    for slug, names in (("one", ["Zarina", "Asel"]), ("both", ["Asel", "Zarina"])):
        authors = client.get(f"{BASE}/articles/{slug}").json()["authors"]
        assert [author["name"] for author in authors] == names
    assert client.get(f"{BASE}/authors/assel").status_code == 301
    assert not Author.objects.filter(slug="assel").exists()


def test_what_stands_below_a_region_moves_with_it(client: Client) -> None:
    country, same = make_region("Kyrgyzstan"), make_region("Kirgizia")
    city = make_region("Osh", parent=same)
    make_published(slug="city", regions=[city])
    make_published(slug="country", regions=[same])

    merge(same, into=country, by=None)

    assert slugs(client, "region=kyrgyzstan") == ["country", "city"]
    assert Region.objects.get(slug="osh").parent == country
    assert set(Listing.objects.values_list("key", flat=True)) == {country.pk, city.pk}


def test_it_is_logged_like_any_change() -> None:
    water, waters = make_tag("Water"), make_tag("Waters")
    published = make_published(tags=[waters])
    last = Change.objects.order_by("-number").values_list("number", flat=True)[0]

    merge(waters, into=water, by=None)

    logged = Change.objects.filter(number__gt=last).order_by("number")
    assert set(logged.values_list("action", "type", "slug")) >= {
        ("upsert", "article", published.slug),
        ("delete", "tag", "waters"),
    }
    stored = PublishedArticle.objects.get()
    assert stored.version > published.version
    assert Article.objects.get().version == stored.version


def test_importers_find_it_by_its_old_name() -> None:
    water, waters = make_tag("Water"), make_tag("Waters", slug="the-waters")
    merge(waters, into=water, by=None)

    run_import(make_line(tags=["Waters"]), make_line("2", tags=["the-waters"]))

    assert list(Tag.objects.values_list("name", flat=True)) == ["Water"]
    assert TaxonomyResolver(Tag).ids(["WATERS"]) == [water.pk]


def test_a_region_that_is_moved_below_meanwhile_is_no_place_for_the_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    former, into = make_region("Kazakhstan"), make_region("Qazaqstan")
    lock_both = merging._lock_both

    def moved_meanwhile(*things: Any) -> Any:
        Region.objects.filter(pk=into.pk).update(parent=former.pk)
        return lock_both(*things)

    monkeypatch.setattr(merging, "_lock_both", moved_meanwhile)

    with pytest.raises(ValidationError, match="stands below"):
        merge(former, into=into, by=None)

    assert Region.objects.filter(pk=former.pk).exists()


@pytest.mark.parametrize("case", ["itself", "another kind", "its own ancestor", "gone"])
def test_what_cannot_be_merged_is_told_and_nothing_changes(case: str) -> None:
    country = make_region("Kazakhstan")
    city, tag = make_region("Almaty", parent=country), make_tag("Almaty")
    make_published(regions=[city, country], tags=[tag])
    gone = make_tag("Gone")
    Tag.objects.filter(pk=gone.pk).delete()
    former: Any
    former, into, sentence = {
        "itself": (tag, tag, "Choose another one of the same kind"),
        "another kind": (tag, city, "Choose another one of the same kind"),
        "its own ancestor": (country, city, "“Almaty” stands below “Kazakhstan”"),
        "gone": (tag, gone, "Somebody else has merged or deleted one of them"),
    }[case]
    before = everything()

    with pytest.raises(ValidationError, match=sentence):
        merge(former, into=into, by=None)

    assert everything() == before


@pytest.mark.parametrize("roles", [(), (Role.WRITER,), (Role.RATES_EDITOR,)])
def test_only_editors_and_publishers_merge(roles: Any) -> None:
    water, waters = make_tag("Water"), make_tag("Waters")
    clerk = make_login(*roles)
    before = everything()

    with pytest.raises(NotAllowed, match="an editor or a publisher can"):
        merge(waters, into=water, by=clerk)

    assert everything() == before
    assert not FormerName.objects.exists()


@pytest.mark.parametrize("kind", [make_author, make_tag])
@pytest.mark.parametrize(
    ("order", "stays"), [("FXI", "IX"), ("IXF", "IX"), ("XIF", "XI"), ("XFI", "XI")]
)
def test_what_carried_both_keeps_the_first_place(kind: Any, order: str, stays: str) -> None:
    things = {letter: kind(f"{letter} {kind.__name__}") for letter in "XIF"}
    name = "author_ids" if kind is make_author else "tag_ids"
    field = name.replace("_ids", "s")
    carried: dict[str, Any] = {field: [things[letter] for letter in order]}
    public = make_published(**carried)

    merge(things["F"], into=things["I"], by=None)

    expected = [things[letter].pk for letter in stays]
    assert getattr(relations_of([public.article])[public.article_id], name) == expected
    public.refresh_from_db()
    assert getattr(public, name) == expected
