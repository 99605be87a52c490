"""Merging regions, tags and authors at the desk."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Author, Region, Tag
from articles.publishing import trash
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft, make_published, make_region, make_tag

pytestmark = pytest.mark.django_db

MAKERS: dict[str, Any] = {"region": make_region, "tag": make_tag, "author": make_author}
MODELS: dict[str, Any] = {"region": Region, "tag": Tag, "author": Author}


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


@pytest.mark.parametrize("model", list(MAKERS))
def test_it_works(desk: Client, client: Client, model: str) -> None:
    former, into = MAKERS[model]("Waters"), MAKERS[model]("Water")
    carried: dict[str, Any] = {f"{model}s": [former]}
    make_published(slug="one", **carried)
    make_draft("Draft", **carried)
    page = url(model, "merge", former.pk)

    similar = desk.get(page)
    assert [each.name for each in similar.context["candidates"]] == ["Water"]
    asked = desk.get(f"{page}?into={into.pk}").content.decode()
    assert "2 articles of the desk carry “Water” instead." in asked
    assert "the slug waters leads to water from then on" in asked
    assert MODELS[model].objects.count() == 2

    response = desk.post(page, {"into": into.pk}, follow=True)

    assert told(response) == ["Merged: “Waters” is “Water” now."]
    assert [each.slug for each in MODELS[model].objects.all()] == ["water"]
    assert client.get(f"/api/v1/{model}s/waters").status_code == 301
    [named] = client.get("/api/v1/articles/one").json()[f"{model}s"]
    assert named["name"] == "Water"


def test_it_finds_what_to_merge_into(desk: Client) -> None:
    former = make_tag("Something")
    for name in ("Water", "Underwater", "Energy"):
        make_tag(name)

    def found(query: str) -> list[str]:
        page = desk.get(f"{url('tag', 'merge', former.pk)}?q={query}")
        return [each.name for each in page.context["candidates"]]

    assert found("water") == ["Water", "Underwater"]
    assert found("ENERGY") == ["Energy"]
    assert found("something") == []
    assert found("") == []
    assert found("%00%25") == []


def test_lists_say_how_many_articles_carry_it(desk: Client) -> None:
    water, asel = make_tag("Water"), make_author("Asel")
    make_published(tags=[water], authors=[asel])
    make_draft(tags=[water])
    trash(make_draft(tags=[water]), by=None)
    make_tag("Unused")

    page = desk.get(url("tag")).content.decode()

    assert '<a href="/admin/articles/article/?tag=water">2</a>' in page
    assert '<td class="field-desk_count">0</td>' in page
    assert '<a href="/admin/articles/article/?author=asel">1</a>' in (
        desk.get(url("author")).content.decode()
    )
    assert len(desk.get("/admin/articles/article/?tag=water").context["cl"].result_list) == 2


@pytest.mark.parametrize("into", ["", "x", "0", "9" * 30, "itself", "another kind"])
def test_what_cannot_be_merged_is_told_and_nothing_changes(desk: Client, into: str) -> None:
    former = make_tag("Waters")
    others = {"itself": former.pk, "another kind": make_region("Water").pk + 10**6}
    before = everything()

    page = url("tag", "merge", former.pk)
    response = desk.post(page, {"into": others.get(into, into)}, follow=True)

    assert told(response) == ["Choose another one of the same kind to merge it into."]
    assert everything() == before


def test_a_region_is_not_merged_into_one_below_it(desk: Client) -> None:
    country = make_region("Kazakhstan")
    city = make_region("Almaty", parent=country)
    before = everything()

    response = desk.post(url("region", "merge", country.pk), {"into": city.pk}, follow=True)

    assert told(response)[0].startswith("“Almaty” stands below “Kazakhstan”")
    assert everything() == before


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_merges_if_it_may(role: Role | None) -> None:
    client = signed_in(make_login(*([role] if role else [])))
    former, into = make_tag("Waters"), make_tag("Water")
    page = url("tag", "merge", former.pk)
    may = role in (Role.EDITOR, Role.PUBLISHER)
    before = everything()

    assert client.get(page).status_code == (200 if may else 403)
    assert client.post(page, {"into": into.pk}).status_code == (302 if may else 403)

    assert (everything() == before) is not may
    assert (Tag.objects.count() == 1) is may


def test_who_only_looks_is_offered_no_merge() -> None:
    make_tag("Water")
    writer, editor = signed_in(make_login(Role.WRITER)), signed_in(make_login(Role.EDITOR))

    assert "Merge…" not in writer.get(url("tag")).content.decode()
    assert "Merge…" in editor.get(url("tag")).content.decode()
    form = url("tag", "change", Tag.objects.get().pk)
    assert "Merge…" not in writer.get(form).content.decode()
    assert "Merge…" in editor.get(form).content.decode()


@pytest.mark.parametrize("model", list(MAKERS))
@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_any_number(desk: Client, model: str, number: int) -> None:
    former = MAKERS[model]("Water")
    for each in range(number):
        MAKERS[model](f"Waters {each}")

    with CaptureQueriesContext(connection) as queries:
        assert desk.get(url(model, "merge", former.pk)).status_code == 200

    # Session, user; it, what is similar, whether it is public, the desk's count.
    assert len(queries) <= 6, [query["sql"][:150] for query in queries]
