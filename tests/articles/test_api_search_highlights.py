"""What of a search's articles is shown and marked."""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from tests.articles.searching import URL, answer
from tests.factories import make_published

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def walk(client: Client, **values: Any) -> Iterator[str]:
    url: str | None = f"{URL}?{urlencode(values)}"
    while url is not None:
        page = client.get(url).json()
        yield from (each["slug"] for each in page["results"])
        url = page["next"]


def test_highlights_are_marked_and_safe(client: Client) -> None:
    make_published(
        'Water & <b>rivers</b> "rise"',
        body_html="<p>" + "other words " * 30 + "1 &lt; 2 &amp; water &lt;script&gt; rises</p>",
    )
    make_published("Other")

    [found] = answer(client, "water", fields="highlights")["results"]

    marked = found["highlights"]
    assert marked["title"] == (
        "<mark>Water</mark> &amp; &lt;b&gt;rivers&lt;/b&gt; &quot;rise&quot;"
    )
    assert "&lt; 2 &amp; <mark>water</mark> &lt;script&gt; rises" in marked["passage"]
    assert set(re.findall("<[^>]*>", marked["passage"])) == {"<mark>", "</mark>"}
    assert len(marked["passage"]) < 500


def test_highlights_follow_the_articles_language_and_respelling(client: Client) -> None:
    make_published("Ёлки и реки", language="ru", body_html="<p>У реки.</p>")

    [found] = answer(client, "елка рекки", include="highlights")["results"]

    assert found["highlights"]["title"] == "<mark>Ёлки</mark> и <mark>реки</mark>"


def test_highlights_of_many_long_articles_look_through_less_of_each(client: Client) -> None:
    long = f"<p>{'other words ' * 1000}water rises</p>"  # at the letter 12,000
    for number in range(40):
        make_published(f"Dams {number}", body_html=long)

    for size, are_marked in ((20, True), (40, False)):
        found = answer(client, "water", fields="highlights", page_size=size)["results"]
        assert ["<mark>" in each["highlights"]["passage"] for each in found] == [are_marked] * size


def test_without_a_search_there_are_no_highlights(client: Client) -> None:
    make_published("Water")

    response = client.get(f"{URL}?fields=highlights")

    assert response.json()["results"] == [{"highlights": None}]
