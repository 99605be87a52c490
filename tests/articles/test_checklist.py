"""What an editor is told before an article is published."""

from typing import Any

import pytest
from django.utils import translation

from articles.checklist import broken_links, check_before_publishing
from articles.models import Article
from articles.publishing import kill, unpublish
from tests.factories import make_draft, make_image, make_published

pytestmark = pytest.mark.django_db

FINE = '<p>Text</p><figure><img src="https://example.org/a.jpg" alt="A hill"></figure>'


def texts(article: Article, regions: int = 1) -> list[str]:
    return [finding.text for finding in check_before_publishing(article, regions=regions)]


def test_it_works() -> None:
    assert texts(make_draft("Fine", summary="Short", body_html=FINE)) == []

    article = make_draft(
        "x" * 111,
        body_html=FINE.replace("A hill", "") + '<p><a href="/en/nowhere">There</a></p>',
        lead_image=make_image(alt=""),
    )

    assert texts(article, regions=0) == [
        "Its title has 111 characters: over 110, search engines and phones cut it.",
        "It has no summary: readers get its first 60 words.",
        "Its lead picture has no alternative text.",
        "1 picture has no alternative text.",
        "It has no region.",
        "Nothing public stands at: /en/nowhere.",
    ]
    assert texts(make_draft("Empty", summary="Short", body_html="")) == ["It has no text."]


def test_pictures_of_galleries_count_too() -> None:
    picture = '<figure><img src="https://example.org/a.jpg" alt=""></figure>'
    article = make_draft("A", summary="S", body_html=f'<div class="gallery">{picture * 2}</div>')

    assert texts(article) == ["2 pictures have no alternative text."]


def test_links_lead_to_what_readers_have(settings: Any) -> None:
    public = make_published("Public", slug="public").article
    public.slug = "changed"
    public.save()
    make_draft("Draft", slug="draft")
    gone, killed = make_published(slug="gone").article, make_published(slug="killed").article
    unpublish(gone)
    kill(killed, by=None, reason="Wrong")
    html = "".join(
        f'<p><a href="{link}">x</a></p>'
        for link in ("/en/public", "/ru/public/", "/en/changed", "/en/draft", "/en/gone",
                     "/en/killed", "https://other.org/en/nowhere", "/tags/water/x", "mailto:a@b.c")
    )  # fmt: skip

    assert broken_links(html) == ["/en/changed", "/en/draft", "/en/gone", "/en/killed"]

    settings.ARTICLE_URL_TEMPLATE = "https://www.example.org/{language}/{year}/{month}/{slug}"
    html = (
        '<p><a href="https://www.example.org/en/2026/01/public">a</a>'
        '<a href="https://www.example.org/en/2026/01/none">b</a><a href="/en/none">c</a></p>'
    )
    assert broken_links(html) == ["https://www.example.org/en/2026/01/none"]


def test_it_is_told_in_the_language_of_the_page() -> None:
    article = make_draft(summary="", body_html="<p><img src='/a.jpg' alt=''></p>")

    with translation.override("ru"):
        assert "Не указан регион." in texts(article, regions=0)
    assert "It has no region." in texts(article, regions=0)
