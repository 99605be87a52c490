"""What is done to many articles at once: confirmed by name, done one by one, refused one by one."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, AuditEntry, Tag
from articles.publishing import kill, publish, schedule, submit, trash
from articles.workflow import Role
from tests.articles.desk import choose, confirm, make_user, signed_in, told, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft, make_published, make_tag

pytestmark = pytest.mark.django_db

ACTIONS = ("publish", "unpublish", "retag", "trash", "untrash")


@pytest.fixture
def desk() -> Client:
    return signed_in(make_user("chief", is_superuser=True))


def asked(response: Any) -> tuple[list[str], list[str]]:
    """What the confirmation says: of those that it will be done to, and of those that stay."""
    context = response.context
    return (
        [f"{article.title}: {happens}" for article, happens in context["allowed"]],
        [f"{each.article.title}: {each.refusal}" for each in context["refused"]],
    )


def test_it_works(desk: Client, client: Client) -> None:
    new, public = make_draft("New"), make_published("Public").article
    in_review = make_draft("In review")
    submit(in_review, by=None)
    before = everything()

    response = choose(desk, "publish", new, public, in_review)

    assert asked(response) == (
        [
            "New: Readers get it now.",
            "Public: Readers have this version already; its time of update moves.",
        ],
        ["In review: Cannot publish: it is in review: approve it or send it back first."],
    )
    assert everything() == before

    response = confirm(desk, "publish", new, public, in_review)

    assert told(response) == [
        "“In review”: Cannot publish: it is in review: approve it or send it back first.",
        "Published: “New”, “Public”.",
    ]
    assert client.get("/api/v1/articles").json()["count"] == 2
    assert Article.objects.get(title="In review").state == "in_review"
    entry = AuditEntry.objects.filter(verb="publish", subject="New").get()
    assert (entry.by_name, entry.address) == ("chief", "127.0.0.1")


def test_each_action_says_what_it_does(desk: Client) -> None:
    draft, public = make_draft("Draft"), make_published("Public").article
    changed = make_published("Changed").article
    changed.title = "Changed since"
    changed.save()
    killed = make_published("Killed").article
    kill(killed, by=None, reason="Wrong.")
    due = make_draft("Due")
    schedule(due, by=None, at=timezone.now() + timedelta(days=1))

    allowed, refused = asked(choose(desk, "publish", changed, killed))
    assert allowed == [
        "Changed since: Readers get this version instead of the one they have.",
        "Killed: It was killed. Readers get it again.",
    ]
    allowed, refused = asked(choose(desk, "unpublish", draft, public))
    assert allowed == ["Public: Readers get 404 until it is published again."]
    assert refused == ["Draft: Cannot unpublish: it is not public. Publish it first."]
    allowed, refused = asked(choose(desk, "trash", draft, public))
    assert allowed == ["Draft: It leaves the lists; a publisher can restore it."]
    assert refused[0].startswith("Public: Cannot trash: readers have it.")
    allowed, refused = asked(choose(desk, "retag", draft, public, due))
    assert allowed == [
        "Draft: Readers do not have it yet.",
        "Public: Readers see it when the article is published again.",
        "Due: Readers see it with the scheduled publication.",
    ]
    trash(draft, by=None)
    allowed, refused = asked(choose(desk, "untrash", draft, query="trash=yes"))
    assert allowed == ["Draft: It is a draft again."]


def test_what_the_clock_forbids_is_told_before(desk: Client) -> None:
    embargoed, expired, untitled = make_draft("Embargoed"), make_draft("Expired"), make_draft()
    Article.objects.filter(pk=embargoed.pk).update(embargo_until=timezone.now() + timedelta(days=1))
    Article.objects.filter(pk=expired.pk).update(expires_at=timezone.now() - timedelta(days=1))
    Article.objects.filter(pk=untitled.pk).update(title="")

    allowed, refused = asked(choose(desk, "publish", embargoed, expired, untitled))

    assert allowed == []
    assert "under embargo until then" in refused[0]
    assert "before it would be public" in refused[1]
    assert "without a title cannot be published" in refused[2]


def test_it_unpublishes_trashes_and_restores(desk: Client, client: Client) -> None:
    public = make_published("Public").article

    assert told(confirm(desk, "unpublish", public)) == ["Unpublished: “Public”."]
    assert client.get("/api/v1/articles").json()["count"] == 0
    assert told(confirm(desk, "unpublish", public)) == ["“Public”: Readers did not have it."]
    assert told(confirm(desk, "trash", public)) == ["In the trash: “Public”."]
    assert Article.objects.get().trashed_at is not None
    assert told(confirm(desk, "untrash", public, query="trash=yes")) == ["Drafts again: “Public”."]
    assert Article.objects.get().trashed_at is None


def test_it_changes_tags(desk: Client, client: Client) -> None:
    water, energy = make_tag("Water"), make_tag("Energy")
    one, two = make_draft("One", tags=[energy]), make_published("Two", tags=[water]).article

    response = confirm(desk, "retag", one, two, add="water, Новое ", remove="ENERGY")

    assert told(response) == ["Tags changed: “One”, “Two”."]
    assert list(one.tags.values_list("name", flat=True)) == ["Water", "Новое"]
    assert list(two.tags.values_list("name", flat=True)) == ["Water", "Новое"]
    two.refresh_from_db()
    assert (two.state, two.revisions.first().kind) == ("draft", "save")  # type: ignore[union-attr]  # it has one
    assert Tag.objects.get(name="Новое").slug == "novoe"
    # Readers see it with the next publication.
    answer = client.get(f"/api/v1/articles/{two.slug}").json()
    assert [tag["name"] for tag in answer["tags"]] == ["Water"]
    publish(two)
    answer = client.get(f"/api/v1/articles/{two.slug}").json()
    assert [tag["name"] for tag in answer["tags"]] == ["Water", "Новое"]

    one.refresh_from_db()
    assert told(confirm(desk, "retag", one, add="water")) == ["Nothing was changed: “One”."]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"add": "", "remove": ""}, "Name a tag to add, or one to take away."),
        ({"add": " , ", "remove": ","}, "Name a tag to add, or one to take away."),
        ({"remove": "Unknown, Water"}, "There is no tag “Unknown”. Choose one that there is."),
        ({"add": "x" * 2001}, "Ensure this value has at most 2000 characters"),
        ({"add": "New", "remove": "Unknown"}, "There is no tag “Unknown”."),
    ],
)
def test_wrong_tags_are_told_and_nothing_changes(
    desk: Client, values: dict[str, str], sentence: str
) -> None:
    make_tag("Water")
    article = make_draft("One")
    before = everything()

    response = confirm(desk, "retag", article, **values)

    assert sentence in response.content.decode()
    assert everything() == before


def test_a_stale_confirmation_is_told_and_nothing_changes(desk: Client) -> None:
    article = make_draft("As seen")
    seen = article.save_number
    article.title = "Saved by a colleague"
    article.save()
    before = everything()

    for action in ("publish", "retag", "trash"):
        values: dict[str, Any] = {f"seen-{article.pk}": seen, "add": "New"}
        response = confirm(desk, action, article, **values)
        assert told(response) == [
            "“Saved by a colleague”: Somebody saved it meanwhile. Look at it, and choose it again."
        ]
    assert everything() == before


def test_what_left_the_list_meanwhile_is_told(desk: Client) -> None:
    article = make_draft("One")
    submit(article, by=None)
    before = everything()

    response = confirm(desk, "publish", article, query="state__exact=draft")

    assert told(response) == [
        "One of the chosen articles is not in this list any more, and was left alone."
    ]
    assert everything() == before


@pytest.mark.parametrize("chosen", ["x", "-1", "9" * 30, "1 OR 1=1", "٣"])
def test_a_made_up_choice_is_told_and_nothing_changes(desk: Client, chosen: str) -> None:
    make_draft()
    before = everything()

    response = desk.post(
        url("article"),
        {"action": "publish", "_selected_action": [chosen], "confirmed": "yes"},
        follow=True,
    )

    assert told(response) == ["That is no choice of articles. Choose them in the list."]
    assert everything() == before


def test_more_than_can_be_done_at_once_is_told(desk: Client) -> None:
    for _ in range(101):
        make_draft()
    article = Article.objects.all()[0]
    before = everything()

    response = choose(desk, "publish", article, index=0, select_across=1)
    assert told(response) == ["Those are more than 100 articles. Choose fewer at once."]
    assert everything() == before
    Article.objects.filter(pk=article.pk).delete()
    other = Article.objects.all()[0]
    response = choose(desk, "publish", other, index=0, select_across=1)
    assert len(asked(response)[0]) == 100


@pytest.mark.parametrize("number", [1, 100])
def test_the_confirmation_needs_the_same_statements_for_any_number(
    desk: Client, number: int
) -> None:
    articles = [make_draft() for _ in range(number)]
    choose(desk, "publish", articles[0])

    with CaptureQueriesContext(connection) as queries:
        assert len(asked(choose(desk, "publish", *articles))[0]) == number

    # Session, user; the list's own count, rows, tags, translations; the articles, how they stand,
    # the roles.
    assert len(queries) <= 11, [query["sql"][:150] for query in queries]


@pytest.mark.parametrize("role", [None, *Role])
@pytest.mark.parametrize("action", ACTIONS)
def test_each_role_does_what_it_may_and_no_more(role: Role | None, action: str) -> None:
    """Hand-made posts of every action, on others' articles and on one's own."""
    login = make_login(*([role] if role else []))
    client = signed_in(login)
    mine = make_draft("Mine", created_by=login)
    theirs, public = make_draft("Theirs"), make_published("Public").article
    trashed = make_draft("Trashed")
    trash(trashed, by=None)
    articles = [trashed] if action == "untrash" else [mine, theirs, public]
    allowed = {
        "publish": {Role.EDITOR: {"Mine", "Theirs", "Public"}},
        "unpublish": {Role.EDITOR: {"Public"}},
        "retag": {Role.EDITOR: {"Mine", "Theirs", "Public"}, Role.WRITER: {"Mine"}},
        "trash": {Role.EDITOR: {"Mine", "Theirs"}, Role.WRITER: {"Mine"}},
        "untrash": {Role.PUBLISHER: {"Trashed"}},
    }[action]
    allowed.setdefault(Role.PUBLISHER, allowed.get(Role.EDITOR, set()))
    expected = allowed.get(role, set()) if role else set()
    before = everything()
    recorded = AuditEntry.objects.count()

    query = "trash=yes" if action == "untrash" else ""
    confirm(client, action, *articles, query=query, add="New" if action == "retag" else "")

    verb = "save" if action == "retag" else action
    entries = AuditEntry.objects.order_by("-pk")[: AuditEntry.objects.count() - recorded]
    assert {entry.subject for entry in entries if entry.verb == verb} == expected
    if not expected:
        assert everything() == before
