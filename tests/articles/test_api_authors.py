"""What authors have beside what regions and tags have too."""

import pytest
from django.test import Client

from articles.models import Byline
from articles.publishing import publish
from tests.factories import make_author, make_image, make_published

pytestmark = pytest.mark.django_db

URL = "/api/v1/authors"


def test_it_works(client: Client) -> None:
    picture = make_image(alt="Asel", caption="In Almaty.", credit="Dastan", width=400, height=300)
    asel = make_author("Asel Tokmurat", role="Editor", bio="Writes.", picture=picture)
    make_published(authors=[asel])

    answer = client.get(f"{URL}/asel-tokmurat").json()

    assert answer == {
        "slug": "asel-tokmurat",
        "name": "Asel Tokmurat",
        "role": "Editor",
        "bio": "Writes.",
        "picture": {
            "url": picture.url,
            "alt": "Asel",
            "caption": "In Almaty.",
            "credit": "Dastan",
            "width": 400,
            "height": 300,
        },
        "article_count": 1,
    }
    assert client.get(URL).json()["results"] == [answer]


def test_it_says_null_for_what_is_not_known(client: Client) -> None:
    make_published(authors=[make_author("Asel")])

    answer = client.get(f"{URL}/asel").json()

    assert (answer["role"], answer["bio"], answer["picture"]) == (None, None, None)


def test_a_byline_keeps_its_order_and_its_changes_wait_for_publication(client: Client) -> None:
    zarina, aybek = make_author("Zarina"), make_author("Aybek")
    public = make_published(slug="byline", authors=[zarina, aybek])

    def names() -> list[str]:
        answer = client.get("/api/v1/articles/byline?fields=authors").json()
        return [author["name"] for author in answer["authors"]]

    Byline.objects.filter(author=aybek).update(position=0)
    Byline.objects.filter(author=zarina).update(position=1)
    Byline.objects.create(article=public.article, author=make_author("Bota"), position=2)
    assert names() == ["Zarina", "Aybek"]
    assert client.get(f"{URL}/bota").status_code == 404

    publish(public.article)
    assert names() == ["Aybek", "Zarina", "Bota"]
    assert client.get(f"{URL}/bota").status_code == 200
