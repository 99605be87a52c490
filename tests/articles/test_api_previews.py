"""GET /previews/{token}: what is not public, for who has the token."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Preview, PublishedArticle
from articles.preview import make_preview, revoke_preview, token_of
from articles.publishing import delete_for_good, kill, publish, trash, untrash
from articles.saving import save
from articles.workflow import NotAllowed, Role
from cms.api.entry import openapi_document
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.cms.test_openapi import assert_fits
from tests.factories import (
    make_author,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.problems import assert_problem

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
ARTICLES = "/api/v1/articles"


def url(preview: Preview, token: str = "") -> str:
    return f"/api/v1/previews/{token or token_of(preview)}"


def saved(article: Article, **values: Any) -> Any:
    for name, value in values.items():
        setattr(article, name, value)
    return save(article, by=None, based_on=article.save_number)


def test_it_works(client: Client) -> None:
    article = make_draft(
        "Secret",
        slug="secret",
        body_html="<p>Not yet.</p>",
        regions=[make_region("Osh")],
        tags=[make_tag("Water")],
        authors=[make_author("Asel")],
        lead_image=make_image(),
    )

    response = client.get(url(make_preview(article, by=make_login(Role.EDITOR))))

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"] == "noindex"
    shown = response.json()
    assert (shown["title"], shown["slug"], shown["body_html"]) == (
        "Secret",
        "secret",
        "<p>Not yet.</p>",
    )
    assert shown["tags"] == [{"slug": "water", "name": "Water"}]
    assert shown["lead_image"]["alt"] == "A hill"
    assert client.get(f"{ARTICLES}/secret").status_code == 404
    assert client.get("/api/v1/tags/water").status_code == 404


def test_it_has_the_shape_of_the_article(client: Client) -> None:
    published = make_published("Wind", tags=[make_tag()], authors=[make_author()])
    preview = make_preview(published.article, by=None)

    assert client.get(url(preview)).json() == client.get(f"{ARTICLES}/wind").json()
    document = openapi_document()
    operation = document["paths"]["/api/v1/previews/{token}"]["get"]
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]
    draft = make_preview(make_draft(), by=None)
    for query in ("", "?fields=title,blocks", "?include=body_text"):
        answer = client.get(url(draft) + query)
        assert answer.status_code == 200
        assert_fits(answer.json(), schema, document["components"], query)
    assert_problem(client.get(url(draft) + "?x=1"), "unknown-parameter", parameter="x")


def test_one_of_a_revision_stays_and_one_of_the_latest_moves_on(client: Client) -> None:
    article = make_draft("First")
    revision = saved(article, title="Second")
    bound = make_preview(article, by=None, revision=revision)
    latest = make_preview(article, by=None)
    saved(article, title="Third")

    assert client.get(url(bound)).json()["title"] == "Second"
    assert client.get(url(latest)).json()["title"] == "Third"
    publish(article)
    assert client.get(url(bound)).json()["title"] == "Second"
    assert Article.objects.get().title == "Third"


def test_it_stores_nothing_and_needs_few_statements(client: Client) -> None:
    preview = make_preview(make_draft(tags=[make_tag() for _ in range(50)]), by=None)
    client.get(url(preview))
    before = everything()

    with CaptureQueriesContext(connection) as queries:
        client.get(url(preview))

    assert everything() == before
    assert not PublishedArticle.objects.exists()
    # The version; the preview with its article; relations (three); a lead picture.
    statements = [q["sql"] for q in queries if "SAVEPOINT" not in q["sql"]]
    assert len(statements) <= 6, [statement[:80] for statement in statements]


def test_whatever_is_wrong_with_a_token_it_is_the_same_404(client: Client) -> None:
    article, other = make_draft(), make_draft()
    preview = make_preview(article, by=None)
    token = token_of(preview)
    revoked, trashed = make_preview(article, by=None), make_preview(other, by=None)
    revoke_preview(revoked, by=None)
    trash(other, by=None)
    forged = signing.dumps([preview.pk, other.pk, None], salt="articles.preview")
    other_salt = signing.dumps([preview.pk, article.pk, None], salt="another")
    nonsense: list[Any] = [[1], "x", {}, None, [1, 2, 3]]
    odd = [signing.dumps(each, salt="articles.preview") for each in nonsense]
    tokens = [
        *(token[:-1], token[1:], token.upper(), f"{token}x", "x", "0", "a:b:c", "%00", "é"),
        *(token_of(revoked), token_of(trashed), forged, other_salt, *odd),
    ]
    never = client.get("/api/v1/previews/never")
    assert_problem(never, "not-found")

    for each in tokens:
        response = client.get(f"/api/v1/previews/{each}")
        problem = assert_problem(response, "not-found")
        known = never.json()
        assert {**problem, "instance": ""} == {**known, "instance": ""}, each
        assert response["X-Robots-Tag"] == never["X-Robots-Tag"]
    assert client.get(url(preview)).status_code == 200


def test_it_ends_at_its_time(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        week = make_preview(make_draft(), by=None)
        hour = make_preview(make_draft(), by=None, expires_at=NOON + timedelta(hours=1))

    for moment, statuses in (
        (NOON + timedelta(minutes=59), (200, 200)),
        (NOON + timedelta(hours=1), (200, 404)),
        (NOON + timedelta(days=7), (404, 404)),
    ):
        with time_machine.travel(moment, tick=False):
            found = (client.get(url(week)).status_code, client.get(url(hour)).status_code)
        assert found == statuses


def test_who_has_no_leave_makes_none() -> None:
    writer = make_login(Role.WRITER)
    own, other = make_draft(created_by=writer), make_draft()
    revision = saved(other, title="Changed")
    make_preview(own, by=writer)
    before = everything()

    with pytest.raises(NotAllowed, match="a writer's own articles only"):
        make_preview(other, by=writer)
    with pytest.raises(NotAllowed, match="it is of another article"):
        make_preview(own, by=writer, revision=revision)
    for moment in (timezone.now(), timezone.now() + timedelta(days=400)):
        with pytest.raises(ValidationError, match="ends within a year"):
            make_preview(own, by=writer, expires_at=moment)
    with pytest.raises(NotAllowed):
        revoke_preview(Preview.objects.get(), by=make_login())

    assert everything() == before


def test_what_never_was_public_takes_no_id() -> None:
    make_preview(make_draft(), by=None)

    first, second = make_published(), make_published()

    assert second.pk == first.pk + 1


def test_a_killed_or_trashed_article_has_no_previews_any_more(client: Client) -> None:
    publisher = make_login(Role.PUBLISHER)
    killed, trashed = make_published("Wrong").article, make_draft("Old")
    first = make_preview(killed, by=None, revision=killed.revisions.get())
    tokens = [
        token_of(preview)
        for preview in (first, make_preview(killed, by=None), make_preview(trashed, by=None))
    ]
    revoke_preview(first, by=None)
    first.refresh_from_db()

    kill(killed, by=publisher, reason="It was not true.")
    trash(trashed, by=publisher)
    untrash(trashed, by=publisher)

    for token in tokens:
        assert_problem(client.get(f"/api/v1/previews/{token}"), "not-found")
    # Whoever looks at it on purpose from now on can be shown it.
    token = token_of(make_preview(killed, by=publisher))
    assert client.get(f"/api/v1/previews/{token}").status_code == 200
    # When it was revoked by hand stands as it was.
    assert Preview.objects.get(pk=first.pk).revoked_at == first.revoked_at


def test_with_a_deleted_article_go_its_previews(client: Client) -> None:
    publisher, article = make_login(Role.PUBLISHER), make_draft("Old")
    token = token_of(make_preview(article, by=None))

    trash(article, by=publisher)
    delete_for_good(article, by=publisher)

    assert_problem(client.get(f"/api/v1/previews/{token}"), "not-found")
    assert not Preview.objects.exists()
