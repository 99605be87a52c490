"""Nothing that WordPress kept from readers can be read after an import."""

from typing import Any

import pytest
from django.test import Client

from tests.articles.wordpress.exports import (
    SITE,
    make_author,
    make_export,
    make_post,
    run_wordpress,
)

pytestmark = pytest.mark.django_db

WORD = "zugzwang"  # in every text of what nobody may read
HIDDEN: list[dict[str, Any]] = [
    {"status": "draft"},
    {"status": "pending"},
    {"status": "private"},
    {"status": "future"},
    {"status": "future", "post_date_gmt": "2030-01-01 00:00:00"},
    {"status": "publish", "post_date_gmt": "2030-01-01 00:00:00"},
    {"status": "publish", "post_password": WORD},
    {"status": "private", "post_password": WORD},
    {"status": "trash"},
    {"status": "auto-draft"},
    {"status": "unheard-of"},
    {"status": ""},
    {"status": None},
    {"status": "publish", "post_type": "page"},
    {"status": "publish", "post_type": "acme_secret"},
]
ADDRESSES = [
    "/api/v1/articles?q=zugzwang",
    "/api/v1/articles?page_size=100&include=body_html",
    "/api/v1/articles?fields=slug,title,excerpt,body_html",
    "/api/v1/tags",
    "/api/v1/regions",
    "/api/v1/authors",
    *(f"/api/v1/articles/{WORD}-{number}" for number in range(100, 100 + len(HIDDEN))),
    *(f"/api/v1/{kind}/{WORD}" for kind in ("tags", "regions", "authors")),
]


def test_it_works(client: Client) -> None:
    """What is hidden is imported, nothing of it is answered, and the canary would be noticed."""
    hidden = [
        make_post(
            100 + number,
            f"<p>{WORD}</p>",
            title=WORD,
            excerpt=WORD,
            post_name=f"{WORD}-{100 + number}",
            link=f"{SITE}/{WORD}",
            creator=WORD,
            terms=[("category", WORD, WORD), ("post_tag", WORD, WORD)],
            more=f"<wp:comment><wp:comment_content>{WORD}</wp:comment_content></wp:comment>",
            **values,
        )
        for number, values in enumerate(HIDDEN)
    ]
    report = run_wordpress(
        make_export(make_author(WORD, WORD), make_post(1), *hidden), region_categories=[WORD]
    )
    assert (report.found["posts"], report.errors) == (9, [])

    answers = {address: client.get(address).content.decode() for address in ADDRESSES}

    assert client.get("/api/v1/articles").json()["count"] == 1
    found = {address for address, answer in answers.items() if WORD in answer.replace(address, "")}
    # A refusal repeats what was asked for.
    assert {address for address in found if client.get(address).status_code == 200} == set()


def test_the_canary_would_be_noticed(client: Client) -> None:
    run_wordpress(make_export(make_post(100, f"<p>{WORD}</p>", post_name=f"{WORD}-100")))

    assert WORD in client.get(f"/api/v1/articles/{WORD}-100").content.decode()
