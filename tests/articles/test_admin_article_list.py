"""The list of articles at the desk: what a line says, what is found and narrowed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.admin import site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from articles.publishing import kill, schedule, submit, trash, unpublish
from articles.workflow import Role
from tests.articles.desk import make_user, signed_in, url
from tests.articles.roles import make_login
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


def titles(desk: Client, query: str = "") -> list[str]:
    response = desk.get(f"{url('article')}?{query}")
    assert response.status_code == 200
    return [article.title for article in response.context["cl"].result_list]


def test_it_works(desk: Client) -> None:
    public = make_published("Public", slug="public", tags=[make_tag("Water")]).article
    public.slug = "changed-since"
    public.save()
    draft = make_draft("Draft")
    moment = datetime(2030, 3, 1, 13, 30, tzinfo=UTC)
    schedule(draft, by=None, at=moment)

    page = desk.get(url("article")).content.decode()

    assert '<a href="/api/v1/articles/public">have it</a>' in page
    assert page.count("do not have it</td>") == 1
    assert '<span class="desk-badge is-scheduled">Scheduled</span>' in page
    assert '<span class="desk-badge is-draft">Draft</span>' in page
    # The newsroom's clock is five hours ahead.
    assert '?day=2030-03-01">Fri 2030-03-01 18:30</a>' in page
    assert ">Water</a>" in page


def test_badges_say_what_is_out_of_the_way_or_failed(desk: Client) -> None:
    killed = make_published("Killed").article
    kill(killed, by=None, reason="Wrong.")
    late = make_draft("Late")
    Article.objects.filter(pk=late.pk).update(
        state="scheduled", publish_at=timezone.now(), clock_error="Another article holds the slug"
    )

    page = desk.get(url("article")).content.decode()

    assert '<span class="desk-badge is-killed">Killed</span>' in page
    assert '<span class="desk-badge is-killed">Clock failed</span>' in page
    assert titles(desk, "clock=failed") == ["Late"]


def test_it_finds_words_and_their_beginnings(desk: Client) -> None:
    make_draft(
        "Water levels", slug="w", external_id="news-7", body_html="<p>A <b>reservoir</b></p>"
    )
    make_draft("Энергия", slug="e", summary="Ёлки и пруды", kicker="Power")

    for found in ("q=water", "q=lev", "q=level+WAT", "q=reserv", "q=news-7", "q=w"):
        assert titles(desk, found) == ["Water levels"], found
    for found in ("q=энерг", "q=елки", "q=пруд+power", "q=https://example.org/en/e/", "q=e"):
        assert titles(desk, found) == ["Энергия"], found
    # Not what stands within a word, nor the tags of a body's HTML.
    for nothing in ("q=ater", "q=strong", "q=water+power"):
        assert titles(desk, nothing) == [], nothing
    assert len(titles(desk, "q=+++")) == 2


def test_articles_are_picked_by_a_part_of_their_title(desk: Client) -> None:
    """Where another page asks for one: a word of a body would find too many."""
    make_draft("Water levels", slug="w", body_html="<p>dam</p>")
    make_draft("Dams of the south", slug="d")
    asked = {"app_label": "articles", "model_name": "relatedchoice", "field_name": "other"}

    for term in ("dam", "SOUTH", "d"):
        answer = desk.get("/admin/autocomplete/", {**asked, "term": term}).json()
        assert [each["text"] for each in answer["results"]] == ["Dams of the south"], term


@pytest.mark.parametrize(
    "query", ["q='", "q=\\", "q=a'b+%26+!c", "q=%7C", "q=:*", "q=%00", "q=" + "x" * 3000]
)
def test_signs_in_a_search_command_nothing(desk: Client, query: str) -> None:
    make_draft("Water")

    assert desk.get(f"{url('article')}?{query}").status_code == 200


def test_a_body_of_any_length_is_saved(desk: Client) -> None:
    words = " ".join(f"word{number}" for number in range(90_000))
    article = make_draft("Long", body_html=f"<p>{words}</p>")

    assert len(article.body_html) > 800_000
    assert titles(desk, "q=word77") == ["Long"]


def test_it_filters(desk: Client) -> None:
    osh, almaty, water = make_region("Osh"), make_region("Almaty"), make_tag("Water")
    asel = make_author("Asel")
    make_published("Public", regions=[osh], language="ru", kind="opinion", is_breaking=True)
    make_draft("Draft", regions=[almaty], tags=[water], authors=[asel])
    gone = make_published("Gone")
    unpublish(gone.article)
    submit(make_draft("Mine", created_by=make_user("other")), by=None)

    assert titles(desk, "public=yes") == ["Public"]
    assert sorted(titles(desk, "public=no")) == ["Draft", "Gone", "Mine"]
    assert titles(desk, "state__exact=published") == ["Public"]
    assert titles(desk, "state__exact=in_review") == ["Mine"]
    assert titles(desk, "language=ru") == ["Public"]
    assert titles(desk, "kind__exact=opinion") == ["Public"]
    assert titles(desk, "is_breaking__exact=1") == ["Public"]
    assert titles(desk, f"regions__id__exact={almaty.pk}") == ["Draft"]
    assert titles(desk, "region=osh") == ["Public"]
    assert titles(desk, "tag=water") == titles(desk, "author=asel") == ["Draft"]
    assert titles(desk, "tag=no-such") == []
    assert titles(desk, "mine=yes") == []
    mine = signed_in(make_login(Role.WRITER))
    Article.objects.filter(title="Mine").update(created_by=int(mine.session["_auth_user_id"]))
    assert titles(mine, "mine=yes") == ["Mine"]


@pytest.mark.parametrize(
    "query",
    ["public=maybe", "kind__exact=nope", "regions__id__exact=x", "p=x", "p=9999", "o=99", "q=%00",
     "password=1", "created_by__password=x", "regions__id__exact=" + "9" * 30, "tag=%00",
     "state__exact=nope", "language=%00", "trash=no", "mine=7", "kind__exact=%00"],
)  # fmt: skip
def test_it_survives_addresses_that_were_made_up(desk: Client, query: str) -> None:
    make_draft()

    response = desk.get(f"{url('article')}?{query}")

    assert response.status_code in (200, 302, 400)


def test_the_trash_is_a_list_of_its_own(desk: Client) -> None:
    make_draft("Here")
    trash(make_draft("Thrown away"), by=None)

    assert titles(desk) == ["Here"]
    assert titles(desk, "trash=yes") == ["Thrown away"]
    page = desk.get(f"{url('article')}?trash=yes").content.decode()
    assert "<h1>Trash</h1>" in page
    assert "Restore from the trash…" in page
    assert "Publish…" not in page
    assert "Restore from the trash…" not in desk.get(url("article")).content.decode()


@pytest.mark.parametrize("number", [1, 100])
@pytest.mark.parametrize("query", ["", "trash=yes", "q=article&tag=water&mine=yes&language=kk"])
def test_its_list_needs_the_same_statements_for_any_number(
    desk: Client, number: int, query: str
) -> None:
    water = make_tag("Water")
    for _ in range(number):
        make_published(
            regions=[make_region()],
            tags=[water, make_tag()],
            authors=[make_author()],
            lead_image=make_image(),
        )
    if query:
        chief = int(desk.session["_auth_user_id"])
        Article.objects.update(language="kk", created_by=chief)
    if query == "trash=yes":
        Article.objects.update(trashed_at=timezone.now() - timedelta(days=1))
    desk.get(url("article"))

    with CaptureQueriesContext(connection) as queries:
        assert len(titles(desk, query)) == min(number, 50)

    # Session, user; filters of one's own; regions; count, rows, their tags, what readers have.
    # A search asks twice
    # more for an address, and sets how it is done; a filter by tag asks once for its name.
    assert len(queries) <= (16 if "q=" in query else 8), [each["sql"][:150] for each in queries]
    assert not any('"body_html"' in each["sql"].partition("FROM")[0] for each in queries)


@pytest.mark.parametrize(
    ("login", "narrowed", "number"),
    [
        (Role.PUBLISHER, "", 10),
        (Role.PUBLISHER, "q=water&", 10),
        (Role.PUBLISHER, "q=water&public=no&o=1&", 5),
        (Role.WRITER, "", 5),
        (Role.WRITER, "q=wat&", 5),
    ],
)
def test_its_pages_together_are_all_of_it(
    login: Role, narrowed: str, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = signed_in(make_login(login))
    monkeypatch.setattr(site.get_model_admin(Article), "list_per_page", 2)
    for each in range(5):
        make_draft(f"Water {each}")
        make_published(f"Water for readers {each}")

    whole = titles(desk, f"{narrowed}all=1")
    pages = range(1, (number + 1) // 2 + 1)

    assert [each for page in pages for each in titles(desk, f"{narrowed}p={page}")] == whole
    assert len(whole) == len(set(whole)) == number
    past_the_end = desk.get(f"{url('article')}?{narrowed}p=99")
    assert past_the_end.status_code == 302
