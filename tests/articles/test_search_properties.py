"""Searches in general: filters, facets and walks agree, and no text breaks anything."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_author, make_published, make_region, make_tag

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("search_properties")]

URL = "/api/v1/articles"
NUMBER = 40
WORDS = ["water", "snow", "dam", "train", "вода", "снег"]
client = Client(raise_request_exception=False)


@pytest.fixture(scope="module", autouse=True)
def _newsroom(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Forty articles of six words; loaded once, and rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():  # type: ignore[attr-defined]
        assert str(connection.settings_dict["NAME"]).startswith("test_")
        country = make_region("Kazakhstan")
        regions = [country, make_region("Almaty", parent=country), make_region("Osh")]
        tags, authors = [make_tag(name) for name in "ABC"], [make_author(name) for name in "DE"]
        for number in range(NUMBER):
            make_published(
                " ".join(word for each, word in enumerate(WORDS) if number >> each & 1) or "None",
                slug=f"article-{number}",
                body_html=f"<p>{WORDS[number % 6]} {WORDS[number % 5]}</p>",
                regions=regions[number % 4 :],
                tags=tags[number % 3 :],
                authors=authors[: number % 3],
                language=("en", "ru", "uz")[number % 3],
                kind=("news", "opinion")[number % 2],
            )
        yield
        transaction.set_rollback(True)


words = st.lists(st.sampled_from([*WORDS, "-dam", "or", '"water snow"']), min_size=1, max_size=4)
searches = words.map(" ".join)
filters = st.fixed_dictionaries(
    {},
    optional={
        "region": st.sampled_from(["kazakhstan", "almaty", "osh", "almaty,osh"]),
        "tag": st.sampled_from(["a", "b,c"]),
        "tag_all": st.sampled_from(["a,b", "c"]),
        "author": st.sampled_from(["d", "e"]),
        "language": st.sampled_from(["en", "ru", "uz"]),
        "kind": st.sampled_from(["news", "opinion"]),
    },
)
orderings = st.sampled_from(["relevance", "-published_at", "published_at", "-updated_at"])
quietly = settings(
    max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


def walk(**values: Any) -> list[str]:
    found, url = [], f"{URL}?{urlencode({'fields': 'slug', 'page_size': 7, **values})}"
    while url:
        response = client.get(url)
        assert response.status_code == 200, (url, response.content)
        found += [each["slug"] for each in response.json()["results"]]
        url = response.json()["next"]
    return found


@quietly
@given(searches, filters, orderings)
def test_filters_of_a_search_are_filters_of_what_it_finds(
    q: str, values: dict[str, str], ordering: str
) -> None:
    found = walk(q=q, ordering=ordering)
    let_through = set(walk(**values))

    # A language reads the search in its own way only; there is none here in which that differs.
    assert walk(q=q, ordering=ordering, **values) == [s for s in found if s in let_through]


@quietly
@given(searches, filters, orderings)
def test_both_walks_give_the_same_sequence(q: str, values: dict[str, str], ordering: str) -> None:
    by_page = walk(q=q, ordering=ordering, **values)

    assert walk(q=q, ordering=ordering, cursor="", **values) == by_page
    assert len(set(by_page)) == len(by_page)


@quietly
@given(st.none() | searches, filters)
def test_facets_add_up(q: str | None, values: dict[str, str]) -> None:
    asked = {**values, **({"q": q} if q else {})}
    answer = client.get(URL, {**asked, "facets": "region,tag,author,language", "fields": "id"})
    for name, found in answer.json()["facets"].items():
        for each in found:
            listed = client.get(URL, {**asked, name: each["slug"], "fields": "id"}).json()
            assert listed["count"] == each["count"], (name, each)
    languages = answer.json()["facets"]["language"]
    without = {key: value for key, value in asked.items() if key != "language"}
    total = client.get(URL, {**without, "fields": "id"}).json()["count"]
    assert sum(each["count"] for each in languages) == total


@settings(quietly, max_examples=300)
@given(
    st.text(max_size=60)
    | st.text("ab -\"'\\()|&!:*<>@or\n\t", max_size=200)
    | st.lists(
        st.sampled_from(["-", '"', "or", "water", "(", ")", "--", "- ", "<->", ":*"]), max_size=60
    ).map("".join)
)
def test_any_text_is_answered_or_refused(q: str) -> None:
    for path in (URL, "/api/v1/search/suggestions"):
        response = client.get(path, {"q": q})
        assert response.status_code in (200, 400), (q, response.content)
