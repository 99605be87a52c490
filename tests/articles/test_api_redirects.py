"""/api/v1/redirects."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from articles.merging import merge
from articles.models import Article, FormerUrl, Redirect
from articles.models.former_url import site_path
from articles.publishing import kill, publish, unpublish
from articles.workflow import Role
from cms.api.caching import forget_all
from cms.changes.models import Change
from tests.articles.roles import make_login
from tests.factories import make_author, make_draft, make_published, make_region, make_tag
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

URL = "/api/v1/redirects"


def ask(client: Client, path: str) -> Any:
    return client.get(URL, {"path": path})


def leads(client: Client, path: str) -> str | None:
    """Where a path leads; None where it is not known."""
    response = ask(client, path)
    if response.status_code == 404:
        assert_problem(response, "not-found")
        return None
    assert response.status_code == 200, response.content
    answer = response.json()
    assert (answer["status"], answer["path"]) == (301, site_path(path))
    location: str = answer["location"]
    return location


def renamed(former: str, present: str, **values: Any) -> Article:
    article = make_published(slug=former, **values).article
    article.slug = present
    article.save()
    publish(article)
    return article


def lead(path: str, target: str) -> Redirect:
    redirect = Redirect(path=path, target=target)
    redirect.full_clean()
    redirect.save()
    return redirect


def test_it_works(client: Client) -> None:
    renamed("former", "present")

    answer = ask(client, "/en/former").json()

    assert answer == {"path": "/en/former", "location": "/en/present", "status": 301}


def test_it_leads_to_the_newsrooms_site(client: Client, settings: Any) -> None:
    settings.ARTICLE_URL_TEMPLATE = "https://www.example.org/{year}/{slug}.html"
    renamed("former", "present")
    lead("/contact", "/about")

    assert leads(client, "/2026/former.html") == "https://www.example.org/2026/present.html"
    assert leads(client, "/contact") == "https://www.example.org/about"
    assert leads(client, "/2026/former") is None


@pytest.mark.parametrize(
    ("template", "path"),
    [
        ("https://{language}.example.org/news/{slug}/", "/news/former/"),
        ("/?article={slug}", "/?article=former"),
        ("/{slug}-{month}-{slug}", "/former-01-former"),
        ("/новости/{slug}", "/новости/former"),
        ("/новости/{slug}", "/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/former"),
    ],
)
def test_it_knows_the_sites_addresses(
    client: Client, settings: Any, template: str, path: str
) -> None:
    settings.ARTICLE_URL_TEMPLATE = template
    renamed("former", "present")

    assert "present" in str(leads(client, path))


def test_what_follows_a_link_does_not_matter(client: Client) -> None:
    renamed("former", "present")
    lead("/contact", "/about")

    for path in ("/en/former/", "/en/former?utm_source=mail", "/en/former#comments"):
        assert leads(client, path) == "/en/present"
    assert leads(client, "/contact?utm_source=mail") == "/about"


def test_the_address_in_another_language_leads_to_the_right_one(client: Client) -> None:
    make_published(slug="water", language="ru")

    assert leads(client, "/en/water") == "/ru/water"


def test_imported_addresses_lead_to_the_article(client: Client) -> None:
    article = make_published(slug="water")
    draft = make_draft(slug="draft")
    FormerUrl.objects.replace(
        [
            (article.article_id, "https://old.example.org/2019/05/voda/"),
            (draft.pk, "https://old.example.org/?p=17"),
        ]
    )

    assert leads(client, "/2019/05/voda") == leads(client, "/2019/05/voda/") == "/en/water"
    assert leads(client, "/?p=17") is None
    publish(draft)
    assert leads(client, "/?p=17") == "/en/draft"
    assert leads(client, "/?p=18") is None


@pytest.mark.parametrize(
    ("make", "kind", "plural"),
    [(make_region, "regions", "r"), (make_tag, "tags", "t"), (make_author, "authors", "a")],
)
def test_what_was_merged_leads_on(
    client: Client, settings: Any, make: Any, kind: str, plural: str
) -> None:
    water, waters, hidden, draft = make("Water"), make("Waters"), make("Hidden"), make("Draft")
    public: dict[str, Any] = {kind: [waters]}
    drafts: dict[str, Any] = {kind: [hidden, draft]}
    make_published(**public)
    make_draft(**drafts)
    merge(waters, into=water, by=None)
    merge(hidden, into=water, by=None)

    assert leads(client, f"/{kind}/waters") == f"/{kind}/water"
    for slug in ("water", "hidden", "draft", "never"):
        assert leads(client, f"/{kind}/{slug}") is None
    settings.REGION_URL_TEMPLATE = "https://www.example.org/{language}/r/{slug}"
    settings.TAG_URL_TEMPLATE = "https://www.example.org/{language}/t/{slug}"
    settings.AUTHOR_URL_TEMPLATE = "https://www.example.org/{language}/a/{slug}"
    assert leads(client, f"/ru/{plural}/waters") == f"https://www.example.org/ru/{plural}/water"


def test_a_killed_article_is_gone_at_all_its_addresses(client: Client) -> None:
    article = renamed("former", "present")
    FormerUrl.objects.replace([(article.pk, "/old")])
    lead("/short", "/en/former")

    kill(article, by=make_login(Role.PUBLISHER), reason="A court said so.")

    for path in ("/en/former", "/en/present", "/old", "/short"):
        assert assert_problem(ask(client, path), "gone")["detail"] == "A court said so."


def test_what_is_not_public_is_not_known(client: Client) -> None:
    make_draft(slug="draft")
    unpublish(renamed("former", "unpublished"))

    for path in ("/en/draft", "/en/former", "/en/unpublished", "/en/never", "/"):
        assert leads(client, path) is None


def test_an_editor_can_add_one(client: Client) -> None:
    lead("/promo/", "/en/about?from=promo")

    assert leads(client, "/promo") == "/en/about?from=promo"


def test_chains_are_flattened(client: Client) -> None:
    renamed("former", "present")
    for path, target in (("/a", "/b"), ("/b", "/c"), ("/c", "/en/former"), ("/x", "/y")):
        lead(path, target)

    assert leads(client, "/a") == leads(client, "/b") == leads(client, "/c") == "/en/present"
    assert leads(client, "/x") == "/y"


def test_a_live_address_wins(client: Client) -> None:
    lead("/en/water", "/elsewhere")
    lead("/start", "/en/water")
    lead("/tags/water", "/elsewhere")
    assert leads(client, "/start") == "/elsewhere"

    make_published(slug="water", tags=[make_tag("Water")])

    assert leads(client, "/en/water") is None
    assert leads(client, "/en/water?utm_source=mail") is None
    assert leads(client, "/tags/water") is None
    assert leads(client, "/start") == "/en/water"


def test_a_new_article_may_take_an_imported_address(client: Client) -> None:
    FormerUrl.objects.replace([(make_published(slug="old").article_id, "/en/new")])
    assert leads(client, "/en/new") == "/en/old"

    make_published(slug="new")

    assert leads(client, "/en/new") is None


def test_loops_are_refused(client: Client) -> None:
    lead("/a", "/b")
    lead("/b", "/c")

    for path, target, sentence in (
        ("/c", "/a", "That would go round in a circle: /c → /a → /b → /c."),
        ("/d", "/d/", "It would lead to itself."),
    ):
        with pytest.raises(ValidationError, match=sentence):
            lead(path, target)
        with pytest.raises(ValidationError, match=r"circle|itself"):
            Redirect(path=path, target=site_path(target)).save()
    assert Redirect.objects.count() == 2


def test_a_loop_made_past_the_desk_ends_all_the_same(client: Client) -> None:
    Redirect.objects.bulk_create(
        [Redirect(path="/a", target="/b"), Redirect(path="/b", target="/a")]
    )

    assert leads(client, "/a") is None  # better than sending readers round


ELSEWHERE = [
    *(
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "evil.example",
        "javascript:a",
    ),
    *(
        "/\\evil.example",
        "\\\\evil.example",
        "/%2Fevil.example",
        "/%5Cevil.example",
        "/a%0d%0aB: c",
    ),
    *("/a\tb", "/a\nb", "/\r/evil.example", "/%09/evil.example", "\x01/a", " /a", "/a\x7f"),
    "/" + "a" * 2000,
    "/" + "a" * 4000,
]


@pytest.mark.parametrize("path", ELSEWHERE)
def test_what_is_no_path_of_the_site_is_refused(client: Client, path: str) -> None:
    problem = assert_problem(ask(client, path), "invalid-parameter", parameter="path")

    assert "evil" not in problem["detail"]
    with pytest.raises(ValidationError):
        lead("/a", path)
    with pytest.raises(ValidationError):
        lead(path, "/a")
    assert not Redirect.objects.exists()


def test_a_path_of_ten_thousand_letters_is_refused(client: Client) -> None:
    assert_problem(ask(client, "/" + "a" * 10_000), "uri-too-long")


def test_the_path_is_needed_and_nothing_else_is_taken(client: Client) -> None:
    assert_problem(client.get(URL), "invalid-parameter", parameter="path")
    assert_problem(client.get(f"{URL}?path="), "invalid-parameter", parameter="path")
    assert_problem(client.get(f"{URL}?path=/a&path=/b"), "repeated-parameter", parameter="path")
    assert_problem(client.get(f"{URL}?path=/a&to=/b"), "unknown-parameter", parameter="to")


@given(st.text(max_size=30).map("/".__add__) | st.text("/\\%25cCfF.:@?#\t", max_size=12))
def test_it_never_leads_to_another_site(path: str) -> None:
    try:
        found = site_path(path)
    except ValueError:
        return

    assert found.startswith("/")
    assert not found.startswith(("//", "/\\"))
    assert found.isascii()
    assert site_path(found) == found


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_any_number(client: Client, number: int) -> None:
    for each in range(number):
        renamed(f"former-{each}", f"present-{each}")
        lead(f"/short-{each}", f"/en/former-{each}")
    leads(client, "/short-0")
    forget_all()

    with CaptureQueriesContext(connection) as queries:
        assert leads(client, "/short-0") == "/en/present-0"

    # The version; redirects, slugs, imported addresses.
    assert len(queries) == 4


def test_each_change_of_one_is_logged() -> None:
    redirect = lead("/a", "/b")
    version = Redirect.objects.get().version
    redirect.target = "/c"
    redirect.save()
    Redirect.objects.all().delete()

    logged = Change.objects.order_by("id").values_list("topic", "type", "action", "slug")
    assert list(logged) == [
        ("articles", "redirect", action, "/a") for action in ("upsert", "upsert", "delete")
    ]
    assert version > 0


def test_the_answer_is_made_stale_by_what_it_shows(client: Client) -> None:
    lead("/a", "/b")
    before = ask(client, "/a")["ETag"]
    make_published()
    assert ask(client, "/a")["ETag"] == before

    Redirect.objects.update(target="/c")

    assert ask(client, "/a")["ETag"] != before


def test_a_query_makes_no_circle_and_breaks_no_chain(client: Client) -> None:
    for path, target in (("/a", "/a?x=1"), ("/b", "/c?x=1")):
        redirect = Redirect(path=path, target=target)
        if path == "/a":
            with pytest.raises(ValidationError, match="lead to itself"):
                redirect.full_clean()
        else:
            redirect.full_clean()
            redirect.save()
    with pytest.raises(ValidationError, match="round in a circle: /c → /b → /c"):
        Redirect(path="/c", target="/b").full_clean()

    Redirect.objects.create(path="/c", target="/d")
    assert str(leads(client, "/b")).endswith("/d")

    # Whoever writes past the form does not send readers round either.
    Redirect.objects.bulk_create([Redirect(path="/e", target="/e?x=1")])
    assert leads(client, "/e?x=1") is None
