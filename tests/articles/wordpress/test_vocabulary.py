"""Categories, tags and authors: what becomes a region, a tag, an author."""

import pytest
from django.test import Client

from articles.models import Article, Author, Region, Tag
from tests.articles.wordpress.exports import (
    make_author,
    make_category,
    make_export,
    make_post,
    make_tag,
    refusal,
    run_wordpress,
)

pytestmark = pytest.mark.django_db


def category(slug: str, name: str = "") -> tuple[str, str, str]:
    return ("category", slug, name or slug.title())


def test_it_works() -> None:
    Region.objects.create(slug="kazakhstan", name="Казахстан")
    run_wordpress(
        make_export(
            make_category("kazakhstan", "Kazakhstan"),
            make_category("almaty", "Almaty", parent="kazakhstan"),
            make_category("medeu", "Medeu", parent="almaty", description="A <b>district</b>"),
            make_category("sport", "Sport"),
            make_tag("football", "Football"),
            make_tag("unused", "Unused"),
            make_post(
                1, terms=[category("medeu"), category("sport"), ("post_tag", "football", "F")]
            ),
        )
    )

    article = Article.objects.get()
    assert [region.slug for region in article.regions.all()] == ["medeu"]
    assert {tag.slug: tag.name for tag in Tag.objects.all()} == {
        "sport": "Sport",
        "football": "Football",
    }
    regions = Region.objects.select_related("parent").order_by("pk")
    assert [(each.slug, each.name, each.parent and each.parent.slug) for each in regions] == [
        ("kazakhstan", "Казахстан", None),
        ("almaty", "Almaty", "kazakhstan"),
        ("medeu", "Medeu", "almaty"),
    ]
    assert Region.objects.get(slug="medeu").description == "A district"


def test_categories_that_are_named_become_regions() -> None:
    file = make_export(
        make_category("world", "World"),
        make_category("asia", "Asia", parent="world"),
        make_post(1, terms=[category("asia"), category("world")]),
    )

    run_wordpress(file, region_categories=["asia"])

    assert [region.slug for region in Region.objects.all()] == ["asia"]
    assert [tag.slug for tag in Tag.objects.all()] == ["world"]


def test_naming_a_category_that_is_not_there_is_refused() -> None:
    file = make_export(make_category("asia", "Asia"), make_post(1))

    assert refusal(file, region_categories=["aisa"]) == (
        "It has no category “aisa”. It has these: asia."
    )


def test_a_circle_of_categories_is_cut_and_told() -> None:
    file = make_export(
        make_category("a", "A", parent="b"),
        make_category("b", "B", parent="c"),
        make_category("c", "C", parent="b"),
        make_category("d", "D", parent="d"),
        make_post(1, terms=[category("a"), category("d")]),
    )

    report = run_wordpress(file, region_categories=["b", "d"])

    parents = Region.objects.values_list("slug", "parent__slug")
    assert dict(parents) == {"a": "b", "b": None, "c": "b", "d": None}
    assert report.warnings == [
        (13, "Categories stand below each other (c → b): “b” has no parent."),
        (15, "Categories stand below each other (d): “d” has no parent."),
    ]
    assert run_wordpress(file, region_categories=["b", "d"]).created == 0


def test_a_category_that_only_a_post_names_is_taken_from_it() -> None:
    run_wordpress(make_export(make_post(1, terms=[category("sport", "Sport &amp; games")])))

    assert Tag.objects.get().name == "Sport & games"


def test_a_category_and_a_tag_of_one_slug_are_one_tag() -> None:
    terms = [category("sport", "Sport"), ("post_tag", "sport", "sport")]

    run_wordpress(make_export(make_post(1, terms=terms)))

    assert [(tag.slug, tag.name) for tag in Tag.objects.all()] == [("sport", "Sport")]


def test_uncategorized_formats_and_other_taxonomies_are_no_tags() -> None:
    terms = [
        category("uncategorized"),
        category("%D0%B1%D0%B5%D0%B7-%D1%80%D1%83%D0%B1%D1%80%D0%B8%D0%BA%D0%B8", "Без рубрики"),
        ("post_format", "post-format-aside", "Aside"),
        ("acme_series", "one", "One"),
    ]

    run_wordpress(make_export(make_post(1, terms=terms)))

    assert Tag.objects.count() == 0


def test_slugs_of_other_alphabets_are_written_in_ours_each_its_own() -> None:
    run_wordpress(
        make_export(
            make_post(
                1,
                terms=[
                    ("post_tag", "%d0%b2%d0%be%d0%b4%d0%b0", "Вода"),
                    ("post_tag", "voda", "Voda"),
                    ("post_tag", "", "C++"),
                ],
            )
        )
    )

    assert dict(Tag.objects.values_list("name", "slug")) == {
        "Voda": "voda",
        "Вода": "voda-2",
        "C++": "c",
    }


def test_tags_of_the_newsroom_stay_as_the_desk_wrote_them() -> None:
    Tag.objects.create(slug="sport", name="Спорт", names={"en": "Sport"})

    run_wordpress(make_export(make_post(1, terms=[category("sport")])))

    assert Tag.objects.get().name == "Спорт"


def test_more_than_a_hundred_tags_are_cut_and_told() -> None:
    terms = [("post_tag", f"t{number}", f"T{number}") for number in range(120)]

    report = run_wordpress(make_export(make_post(1, terms=terms)))

    assert Article.objects.get().tags.count() == 100
    assert report.warnings == [(12, "It has 120 tags; the first 100 are taken.")]


# Authors


def authors_of(number: int = 1) -> list[tuple[str, str]]:
    article = Article.objects.get(external_id=f"wordpress:old.example.org:{number}")
    return [(line.author.slug, line.author.name) for line in article.bylines.all()]


def test_an_author_has_the_name_that_is_shown_and_neither_login_nor_address() -> None:
    run_wordpress(
        make_export(make_author("asel91", "Асель Токмурат"), make_post(1, creator="asel91"))
    )

    assert authors_of() == [("asel-tokmurat", "Асель Токмурат")]
    assert "asel91" not in str(Author.objects.values())
    assert "secret@example.org" not in str(Author.objects.values())


@pytest.mark.parametrize(
    ("author", "creator", "name"),
    [
        (make_author("asel", "", first="Asel", last="Tokmurat"), "asel", "Asel Tokmurat"),
        (make_author("asel", ""), "asel", "asel"),
        ("", "asel", "asel"),
        ("", "asel@example.org", "asel"),
        (make_author("asel@example.org", ""), "asel@example.org", "asel"),
        (make_author("Asel", "Asel T."), ">asel", "Asel T."),
        (make_author("asel", "Asel &amp; <b>co</b>"), "asel", "Asel & co"),
    ],
)
def test_who_wrote_a_post(author: str, creator: str, name: str) -> None:
    run_wordpress(make_export(author, make_post(1, creator=creator)))

    assert [shown for _, shown in authors_of()] == [name]


def test_two_authors_of_one_name_are_two() -> None:
    file = make_export(
        make_author("a", "Newsroom"), make_author("b", "Newsroom"),
        make_post(1, creator="a"), make_post(2, creator="b"),
    )  # fmt: skip

    run_wordpress(file)
    again = run_wordpress(file)

    assert authors_of(1) == [("newsroom", "Newsroom")]
    assert authors_of(2) == [("newsroom-2", "Newsroom")]
    assert (again.created, again.updated) == (0, 0)


def test_authors_without_posts_are_nobody_and_one_without_a_login_is_told() -> None:
    file = make_export(
        make_author("idle", "Idle"), make_author("", "Nameless"), make_post(1, creator="")
    )

    report = run_wordpress(file)

    assert Author.objects.count() == 0
    assert report.warnings == [
        (13, "The author “Nameless” has no login, so no post can be theirs.")
    ]


def test_the_authors_of_co_authors_plus_stand_in_their_order(client: Client) -> None:
    run_wordpress(
        make_export(
            make_author("asel", "Asel"),
            make_author("timur", "Timur"),
            make_post(
                1,
                creator="asel",
                terms=[("author", "cap-timur", "timur"), ("author", "cap-asel", "asel"),
                       ("author", "cap-guest", "guest")],
            ),
        )
    )  # fmt: skip

    answer = client.get("/api/v1/articles/title-1").json()
    assert [author["name"] for author in answer["authors"]] == ["Timur", "Asel", "guest"]
