"""Regions, tags, authors and pictures at the desk."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Author, Listing, Region, Tag
from articles.publishing import unpublish
from tests.articles.desk import errors, make_user, signed_in, url
from tests.articles.importing import everything
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Any] = {
    "region": make_region,
    "tag": make_tag,
    "author": make_author,
    "image": make_image,
}


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


def region_form(**values: Any) -> dict[str, Any]:
    form = {"name": "Osh", "slug": "osh", "names": "{}", "code": "", "parent": "", "order": 0}
    return {**form, "description": "", **values}


def test_it_works(desk: Client, client: Client) -> None:
    kyrgyzstan = make_region("Kyrgyzstan", is_listed=True)

    response = desk.post(
        url("region", "add"),
        region_form(parent=kyrgyzstan.pk, names='{"ru": "Ош"}', code="KG", is_listed="on"),
    )

    assert response.status_code == 302
    answer = client.get("/api/v1/regions/osh?locale=ru").json()
    assert (answer["name"], answer["parent"], answer["code"]) == ("Ош", "kyrgyzstan", "KG")


@pytest.mark.parametrize("model", list(MAKERS))
def test_each_has_a_list_a_form_and_a_search(desk: Client, model: str) -> None:
    row = MAKERS[model]()

    assert desk.get(url(model)).status_code == 200
    assert desk.get(f"{url(model)}?q=nothing").context["cl"].result_count == 0
    assert desk.get(url(model, "change", row.pk)).status_code == 200
    assert desk.get(url(model, "add")).status_code == 200


@pytest.mark.parametrize("model", list(MAKERS))
@pytest.mark.parametrize("number", [1, 100])
def test_each_list_needs_the_same_statements_for_any_number(
    desk: Client, model: str, number: int
) -> None:
    for _ in range(number):
        values = {"parent": make_region()} if model == "region" else {}
        MAKERS[model](**values)
    desk.get(url(model))

    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url(model)).status_code == 200

    # Session, user; count of all and of the found ones, rows.
    assert len(queries) <= 5, [query["sql"][:150] for query in queries]


def test_lists_count_what_is_public(desk: Client) -> None:
    tag = make_tag("Water")
    make_published(tags=[tag])
    make_draft(tags=[tag])

    [row] = desk.get(url("tag")).context["cl"].result_list

    assert row.article_count == 1


@pytest.mark.parametrize(
    ("values", "field", "message"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"slug": ""}, "slug", "This field is required."),
        ({"slug": "taken"}, "slug", "Region with this Slug already exists."),
        ({"slug": "a b"}, "slug", "is not a slug"),
        ({"code": "K1"}, "code", "Use two letters of ISO 3166-1, such as KZ."),
        ({"names": "[]"}, "names", 'Write {"ru": "…"}: a name for each language.'),
        ({"names": '{"ru": 7}'}, "names", 'Write {"ru": "…"}: a name for each language.'),
        ({"names": "{"}, "names", "Enter a valid JSON."),
        ({"names": '{"ru": "a\\u0000"}'}, "names", "a character that cannot be stored"),
        ({"names": '{"ru": "\\ud800"}'}, "names", "a character that cannot be stored"),
        ({"names": '{"\\udfff": "a"}'}, "names", "a character that cannot be stored"),
        ({"order": "x"}, "order", "Enter a whole number."),
        ({"order": "99999999999"}, "order", "Ensure this value is less than or equal to"),
        ({"parent": "999"}, "parent", "Select a valid choice."),
    ],
)
def test_its_form_says_what_is_wrong(
    desk: Client, values: dict[str, Any], field: str, message: str
) -> None:
    make_region(slug="taken")
    before = everything()

    found = errors(desk.post(url("region", "add"), region_form(**values)))

    assert list(found) == [field]
    assert message in " ".join(found[field])
    assert everything() == before


def test_a_region_does_not_stand_below_itself(desk: Client) -> None:
    top = make_region("Top")
    middle = make_region("Middle", parent=top)
    bottom = make_region("Bottom", parent=middle)
    before = everything()

    for parent in (top, middle, bottom):
        form = region_form(name="Top", slug="top", parent=parent.pk)
        found = errors(desk.post(url("region", "change", top.pk), form))
        assert found == {"parent": ["A region cannot stand below itself."]}
    assert everything() == before


def test_a_region_moves_with_its_articles(desk: Client, client: Client) -> None:
    asia, osh = make_region("Asia"), make_region("Osh")
    make_published(regions=[osh])

    response = desk.post(url("region", "change", osh.pk), region_form(parent=asia.pk))

    assert response.status_code == 302
    assert client.get("/api/v1/articles?region=asia").json()["count"] == 1


@pytest.mark.django_db(transaction=True)
def test_a_region_that_cannot_move_now_says_so(desk: Client) -> None:
    asia, osh = make_region("Asia"), make_region("Osh")
    holds, ended = threading.Event(), threading.Event()

    def publish_for_long() -> None:
        try:
            with transaction.atomic():
                Listing.objects.share_tree()
                holds.set()
                ended.wait(30)
        finally:
            connection.close()

    thread = threading.Thread(target=publish_for_long)
    thread.start()
    assert holds.wait(10)
    try:
        response = desk.post(
            url("region", "change", osh.pk), region_form(parent=asia.pk), follow=True
        )
    finally:
        ended.set()
        thread.join()

    [message] = errors(response)["__all__"]
    assert message.startswith("A region cannot be moved while articles are being published")
    assert Region.objects.get(slug="osh").parent is None


@pytest.mark.parametrize("model", ["region", "tag", "author"])
def test_what_is_public_cannot_be_deleted(desk: Client, model: str) -> None:
    row = MAKERS[model]()
    carried: dict[str, Any] = {f"{model}s": [row]}
    public = make_published(**carried)
    before = everything()

    for response in (
        desk.get(url(model, "delete", row.pk)),
        desk.post(url(model, "delete", row.pk), {"post": "yes"}),
    ):
        assert response.status_code == 403
    desk.post(
        url(model), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    )
    assert everything() == before

    unpublish(public.article)
    public.article.delete()
    assert desk.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 302
    assert everything()[f"articles_{model}"] == []


def test_what_something_stands_on_cannot_be_deleted(desk: Client) -> None:
    parent = make_region()
    make_region(parent=parent)
    author, image = make_author(), make_image()
    make_draft(authors=[author], lead_image=image)
    before = everything()

    for model, row in (("region", parent), ("author", author), ("image", image)):
        response = desk.post(url(model, "delete", row.pk), {"post": "yes"})
        assert response.status_code == 200
        assert "would require deleting the following protected" in response.content.decode()
    assert everything() == before


def test_what_only_drafts_carry_can_be_deleted(desk: Client) -> None:
    tag = make_tag()
    article = make_draft(tags=[tag])

    assert desk.post(url("tag", "delete", tag.pk), {"post": "yes"}).status_code == 302

    assert Tag.objects.count() == article.tags.count() == 0


def test_a_new_name_is_out_at_once(desk: Client, client: Client) -> None:
    author = make_author("Zarina")
    make_published(slug="a", authors=[author])

    form = {"name": "Zarina A.", "slug": "zarina", "names": "{}", "role": "", "bio": ""}
    desk.post(url("author", "change", author.pk), {**form, "picture": ""})

    assert client.get("/api/v1/articles/a").json()["authors"][0]["name"] == "Zarina A."
    assert Author.objects.get().slug == "zarina"
