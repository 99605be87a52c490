"""The tags of one article, changed from the list."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Tag
from articles.publishing import submit
from articles.tagging import tags_named, tags_of
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft, make_region, make_tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


def send(client: Client, article: Any, tags: str, based_on: Any = None) -> Any:
    number = article.save_number if based_on is None else based_on
    form = {"tags": tags, "based_on": number}
    return client.post(url("article", "tags", article.pk), form, follow=True)


def test_it_works(desk: Client) -> None:
    osh, asel = make_region("Osh"), make_author("Asel")
    article = make_draft(
        "One", tags=[make_tag("Water"), make_tag("Almaty, city")], regions=[osh], authors=[asel]
    )
    field = desk.get(url("article", "tags", article.pk)).context["form"]["tags"]
    assert field.value() == "Water, almaty-city"

    response = send(desk, article, "almaty-city, New,  new")

    assert told(response) == ["Tags changed: “One”."]
    assert list(article.tags.values_list("name", flat=True)) == ["Almaty, city", "New"]
    assert list(article.regions.all()) == [osh]
    assert list(article.authors.all()) == [asel]
    assert article.revisions.get(kind="save", created_by__username="chief").content[
        "tag_ids"
    ] == list(article.tags.values_list("pk", flat=True))
    article.refresh_from_db()
    assert told(send(desk, article, "almaty-city, NEW")) == ["Nothing was changed: “One”."]


def test_one_of_two_tags_of_a_name_stays_the_one_it_is(desk: Client) -> None:
    make_tag("Water", slug="first")
    second = make_tag("Water", slug="second")
    article = make_draft("One", tags=[second])

    send(desk, article, "Water, New")

    assert list(article.tags.values_list("slug", flat=True)) == ["new", "second"]


def test_a_stale_form_is_told_and_nothing_is_lost(desk: Client) -> None:
    article = make_draft("One", tags=[make_tag("Water")])
    article.title = "Saved by a colleague"
    article.save()
    before = everything()

    response = send(desk, article, "Water", based_on=article.save_number)
    assert told(response) == ["Nothing was changed: “Saved by a colleague”."]
    response = send(desk, article, "", based_on=0)

    assert response.status_code == 422
    assert "saved this article since you opened it" in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("based_on", ["", "x", "-1", "9" * 30])
def test_a_made_up_version_is_refused(desk: Client, based_on: str) -> None:
    article = make_draft("One")
    before = everything()

    assert send(desk, article, "", based_on=based_on).status_code in (200, 422)

    assert everything() == before


def test_who_may_not_make_tags_chooses_among_those_there_are() -> None:
    """A newsroom that keeps its tags to itself takes the right from the group."""
    writer = make_login(Role.WRITER)
    group = writer.groups.get()
    group.permissions.remove(group.permissions.get(codename="add_tag"))
    article = make_draft("Mine", created_by=writer)
    before = everything()

    response = send(signed_in(writer), article, "New")

    assert "There is no tag “New”. Choose one that there is." in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_changes_what_it_may_and_no_more(role: Role | None) -> None:
    login = make_login(*([role] if role else []))
    client = signed_in(login)
    mine, theirs = make_draft("Mine", created_by=login), make_draft("Theirs")
    submitted = make_draft("Submitted", created_by=login)
    submit(submitted, by=None)
    expected = {
        Role.WRITER: ["Mine"],
        Role.EDITOR: ["Mine", "Submitted", "Theirs"],
        Role.PUBLISHER: ["Mine", "Submitted", "Theirs"],
    }.get(role or Role.RATES_EDITOR, [])

    changed = []
    for article in (mine, submitted, theirs):
        before = everything()
        if send(client, article, "New").status_code == 200:
            changed.append(article.title)
        else:
            assert everything() == before

    assert changed == expected


def test_nobody_is_told_of_tags_who_may_not_see_them(client: Client) -> None:
    make_tag("Water")

    assert signed_in(make_login(Role.RATES_EDITOR)).get(url("tag", "suggest")).status_code == 403
    assert client.get(url("tag", "suggest")).status_code == 302


def test_it_suggests_what_begins_so_first(desk: Client) -> None:
    for name in (
        "Water",
        "Underwater",
        "Waterways",
        "Tashkent, city",
        *(f"N{n}" for n in range(20)),
    ):
        make_tag(name)

    def suggested(query: str) -> Any:
        return desk.get(f"{url('tag', 'suggest')}?q={query}").json()["names"]

    assert suggested("wat") == ["Water", "Waterways", "Underwater"]
    assert suggested("tash") == ["tashkent-city"]
    assert len(suggested("")) == 10
    assert suggested("%00%25") == []


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_any_number(desk: Client, number: int) -> None:
    article = make_draft("One", tags=[make_tag() for _ in range(number)])

    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url("article", "tags", article.pk)).status_code == 200

    # Session, user, the article, how it stands (twice), its relations and tags.
    assert len(queries) <= 10, [query["sql"][:150] for query in queries]
    assert Tag.objects.count() == number


def test_a_refused_change_makes_no_tag(desk: Client) -> None:
    article = make_draft("One")
    before = everything()

    response = send(desk, article, "New", based_on=77)

    assert response.status_code == 422
    assert everything() == before


def test_tags_keep_their_order_and_one_whose_slug_is_not_lower_case_stays(desk: Client) -> None:
    odd = make_tag("Wind, sun", slug="Wind-Sun")
    article = make_draft("One", tags=[odd])
    field = desk.get(url("article", "tags", article.pk)).context["form"]["tags"]

    send(desk, article, f"{field.value()}, Water, Air, water")

    assert [tag.name for tag in tags_of(article)] == ["Wind, sun", "Water", "Air"]
    assert [tag.name for tag in tags_named("Water, Air, water", by=None)] == ["Water", "Air"]
    assert Tag.objects.count() == 3
