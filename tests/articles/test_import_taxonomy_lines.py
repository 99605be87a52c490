"""Lines about regions, tags and authors."""

from typing import Any

import pytest
from django.test import Client

from articles.models import Author, FormerName, Image, Region, Tag
from cms.changes.models import Change
from tests.articles.importing import everything, make_line, refusals, run_import
from tests.factories import make_published, make_region, make_tag

pytestmark = pytest.mark.django_db

PICTURE = {"url": "https://media.example.org/asel.jpg", "alt": "Asel"}


def region(slug: str, /, **values: Any) -> dict[str, Any]:
    return {"region": {"slug": slug, "name": slug.title(), **values}}


def tag(slug: str, /, **values: Any) -> dict[str, Any]:
    return {"tag": {"slug": slug, "name": slug.title(), **values}}


def author(slug: str, /, **values: Any) -> dict[str, Any]:
    return {"author": {"slug": slug, "name": slug.title(), **values}}


def test_it_works(client: Client) -> None:
    report = run_import(
        region("zhambyl", parent="kazakhstan", order=-2),
        region("kazakhstan", names={"ru": "Казахстан", "KK": "Қазақстан"}, code="kz"),
        tag("wind", name="Wind power"),
        author("asel", role="Editor", bio="Writes.\r\nReads.", picture=PICTURE),
        make_line(regions=["zhambyl"], tags=["Wind power"], authors=["asel"]),
    )

    assert (report.created, report.errors) == (5, [])
    article = client.get("/api/v1/articles/title-1").json()
    assert article["tags"] == [{"slug": "wind", "name": "Wind power"}]
    found = client.get("/api/v1/regions/zhambyl").json()
    assert (found["parent"], found["order"]) == ("kazakhstan", -2)
    assert client.get("/api/v1/regions/kazakhstan?locale=kk").json()["name"] == "Қазақстан"
    assert client.get("/api/v1/regions/kazakhstan").json()["code"] == "KZ"
    shown = client.get("/api/v1/authors/asel").json()
    assert (shown["role"], shown["bio"]) == ("Editor", "Writes.\nReads.")
    assert shown["picture"]["alt"] == "Asel"


def test_the_same_lines_again_change_nothing() -> None:
    lines = [region("a", parent="b"), region("b"), tag("t"), author("x", picture=PICTURE)]
    run_import(*lines)
    before = everything()

    report = run_import(*lines)

    assert (report.unchanged, report.created, report.updated) == (4, 0, 0)
    assert everything() == before


def test_what_the_desk_changed_since_stays_until_the_line_says_something_else() -> None:
    run_import(tag("wind"))
    row = Tag.objects.get()
    row.name = "Renamed"
    row.save()

    assert run_import(tag("wind")).unchanged == 1
    assert Tag.objects.get().name == "Renamed"
    assert run_import(tag("wind", names={"ru": "Ветер"})).updated == 1
    assert (Tag.objects.get().name, Tag.objects.get().names) == ("Wind", {"ru": "Ветер"})


def test_what_a_line_leaves_out_stays() -> None:
    parent = make_region("P")
    make_region("A", description="Kept", parent=parent, code="KZ", is_listed=True, order=4)

    assert run_import(region("a", name="B")).updated == 1

    row = Region.objects.get(slug="a")
    assert (row.name, row.description, row.parent, row.code) == ("B", "Kept", parent, "KZ")
    assert (row.is_listed, row.order) == (True, 4)


def test_a_region_that_moves_takes_its_articles_along(client: Client) -> None:
    child = make_region("Child")
    make_published(regions=[child])
    assert client.get("/api/v1/articles?region=parent").json()["count"] == 0

    run_import(region("parent"), region("child", parent="parent"))

    assert client.get("/api/v1/articles?region=parent").json()["count"] == 1


def test_regions_may_change_places() -> None:
    upper = make_region("Upper")
    make_region("Lower", parent=upper)
    make_region("Top")

    assert run_import(region("upper", parent="lower"), region("lower", parent="top")).updated == 2

    assert Region.objects.get(slug="upper").parent == Region.objects.get(slug="lower")


def test_each_change_is_in_the_log() -> None:
    run_import(region("a"), tag("b"), author("c"))

    logged = Change.objects.filter(topic="taxonomy").values_list("type", flat=True)
    assert sorted(logged) == ["author", "region", "tag"]


def test_names_take_the_place_of_those_that_were_there() -> None:
    make_tag("Wind", names={"ru": "Ветер", "kk": "Жел"})

    run_import(tag("wind", names={"ru": "Ветры"}))

    assert Tag.objects.get().names == {"ru": "Ветры"}


def test_a_picture_that_is_there_is_used() -> None:
    run_import(author("a", picture=PICTURE), author("b", picture=PICTURE))

    assert Image.objects.count() == 1
    assert {row.picture for row in Author.objects.all()} == {Image.objects.get()}


def test_what_was_merged_leads_to_it(client: Client) -> None:
    wind = {"slug": "wind-farms", "name": "Wind farms", "was_public": True}
    breeze = {"slug": "breeze", "name": "Breeze"}
    lines = [
        make_line(tags=["Wind farms"], regions=["uralsk"], authors=["asya"]),
        tag("wind", former=[wind, breeze]),
        region("oral", former=[{"slug": "uralsk", "name": "Uralsk", "was_public": True}]),
        author("asel", former=[{"slug": "asya", "name": "Asya", "was_public": True}]),
    ]
    run_import(*lines)

    for former, present in (
        ("tags/wind-farms", "tags/wind"),
        ("regions/uralsk", "regions/oral"),
        ("authors/asya", "authors/asel"),
    ):
        response = client.get(f"/api/v1/{former}")
        assert (response.status_code, response["Location"]) == (301, f"/api/v1/{present}")
    assert client.get("/api/v1/tags/breeze").status_code == 404
    assert Tag.objects.count() == 1
    before = everything()
    assert run_import(*lines).unchanged == 4
    assert everything() == before


def test_what_led_to_it_before_still_does_and_readers_do_not_unlearn_it() -> None:
    wind = {"slug": "wind-farms", "name": "Wind farms"}
    run_import(tag("wind", former=[wind]))
    run_import(tag("wind", former=[{**wind, "was_public": True}]))
    [row] = FormerName.objects.all()
    assert row.was_public

    run_import(tag("wind", former=[wind, {"slug": "breeze", "name": "Breeze"}]))
    run_import(tag("wind", name="Winds"))

    assert [each.slug for each in FormerName.objects.order_by("pk")] == ["wind-farms", "breeze"]
    assert FormerName.objects.get(pk=row.pk).was_public
    make_tag("Another")
    assert not Tag.objects.filter(pk__in=FormerName.objects.values("former_key")).exists()


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ([tag("a", former=["b"])], "tag.former: It must be a list of objects."),
        ([tag("a", former=[{"slug": "b"}])], "tag.former[0].name: It is missing."),
        ([tag("a", former=[{"slug": "b c", "name": "B"}])], "tag.former[0].slug: “b c” is not a s"),
        (
            [tag("a", former=[{"slug": "b", "name": "B", "at": 1}])],
            "tag.former[0].at: There is no such key. These exist: name, slug, was_public.",
        ),
        ([tag("a"), tag("a", name="B")], "tag: “a” stands on line 1 already. Keep one."),
        ([region("a", parent="b")], "region.parent: There is no region “b”. Put it into this"),
        ([region("a", parent="a")], "region.parent: A region cannot stand below itself."),
        (
            [region("a", parent="b"), region("b", parent="c"), region("c", parent="a")],
            "region.parent: A region cannot stand below itself.",
        ),
        ([region("a", colour=1)], "region.colour: There is no such key. These exist: code, desc"),
        ([{**region("a"), "title": "x"}], "title: There is no such key. These exist: region."),
        ([{"tag": None}], "tag: It must be an object."),
        ([{"tag": "wind"}], "tag: It must be an object."),
        ([{"tag": {"name": "Wind"}}], "tag.slug: It is missing."),
        ([{"tag": {"slug": "wind"}}], "tag.name: It is missing."),
        ([tag("a b")], "tag.slug: “a b” is not a slug: use 1 to 200 ASCII letters"),
        ([tag("a", name=" ")], "tag.name: It must not be empty."),
        ([tag("a", names={"ru": ""})], "tag.names.ru: It must not be empty."),
        ([tag("a", names={"?": "x"})], "tag.names.?: It must be a language tag (BCP 47)"),
        ([tag("a", names=["x"])], "tag.names: It must be an object."),
        ([region("a", code="KAZ")], "region.code: Use two letters of ISO 3166-1, such as KZ."),
        ([region("a", order="1")], "region.order: It must be a whole number from -2147483648"),
        ([region("a", order=2**31)], "region.order: It must be a whole number"),
        ([region("a", is_listed="yes")], "region.is_listed: It must be true or false."),
        ([author("a", bio=7)], "author.bio: It must be a string."),
        ([author("a", picture={"url": "x"})], "author.picture.url: It must be an http or https"),
        ([author("a", bio="\0")], "author.bio: It has a control character"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_is_written(lines: list[Any], reason: str) -> None:
    make_published()

    errors = refusals(*lines, make_line())

    assert errors[-1][1].startswith(reason)


def test_a_bad_parent_takes_only_what_needs_it_along() -> None:
    lines = [region("a", parent="b"), region("b", parent="nowhere"), region("c")]

    report = run_import(*lines, skip_bad=True)

    assert (report.created, [line for line, _ in report.errors]) == (1, [1, 2])
    assert Region.objects.get().slug == "c"


def test_a_circle_is_cut_where_it_closes() -> None:
    report = run_import(region("a"), region("b", parent="a"), region("c", parent="b"))
    assert report.errors == []

    report = run_import(region("a", parent="c"), skip_bad=True)

    assert [line for line, _ in report.errors] == [1]
    assert Region.objects.get(slug="a").parent is None
