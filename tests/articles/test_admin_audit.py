"""The audit at the desk: found, narrowed, exported."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import AuditEntry, Origin
from articles.publishing import publish, submit
from articles.workflow import Role
from tests.articles.desk import signed_in, url
from tests.articles.importing import everything
from tests.articles.roles import make_login
from tests.factories import make_draft

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> Client:
    return signed_in(make_login(Role.EDITOR))


def make_entry(subject: str = "Wind", verb: str = "publish", **values: Any) -> AuditEntry:
    at = values.pop("at", datetime(2026, 3, 1, 12, tzinfo=UTC))
    entry = AuditEntry(at=at, verb=verb, subject=subject, **values)
    entry.save()
    return entry


def found(client: Client, query: str = "") -> list[str]:
    response = client.get(f"{url('auditentry')}?{query}")
    assert response.status_code == 200
    return [entry.subject for entry in response.context["cl"].result_list]


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    response: Any = client.get(f"{url('auditentry', 'export')}?{query}")
    assert response.status_code == 200
    return list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))


def test_it_works(editor: Client) -> None:
    article, chief = make_draft("Wind"), make_login(Role.PUBLISHER)
    submit(article, by=None, note="Please look at it")
    article.state = "draft"
    publish(make_draft("Water"), by=chief, origin=Origin("192.0.2.1", "Firefox"))

    page = editor.get(url("auditentry")).content.decode()

    assert found(editor) == ["Water", "Wind"]
    assert '<a href="/admin/articles/auditentry/?by=publisher">publisher</a>' in page
    assert "note: Please look at it" in page
    assert f'<a href="/admin/articles/article/{article.pk}/change/">Wind</a>' in page


def test_it_searches(editor: Client) -> None:
    make_entry("Strong wind over Балхаш", by_name="asel", address="192.0.2.1", article_key=7)
    make_entry("Water", by_name="zarina", address="2001:db8::1", article_key=8)
    make_entry("Чёрный хлеб", article_key=77)

    for query in ("wind", "WIN+str", "балх", "asel", "192.0.2.1", "192.0.2", "7"):
        assert found(editor, f"q={query}") == ["Strong wind over Балхаш"], query
    assert found(editor, "q=2001:db8::1") == found(editor, "q=zar") == ["Water"]
    assert found(editor, "q=черный") == ["Чёрный хлеб"]
    assert found(editor, "q=wind+water") == []
    assert len(found(editor, "q=%20")) == 3


def test_it_narrows(editor: Client) -> None:
    make_entry("Early", at=datetime(2026, 2, 28, 18, 59, tzinfo=UTC))
    # Midnight in Almaty is 19:00 UTC.
    make_entry("First", at=datetime(2026, 2, 28, 19, 0, tzinfo=UTC), by_name="asel")
    make_entry("Last", verb="kill", at=datetime(2026, 3, 1, 18, 59, tzinfo=UTC))
    make_entry("Late", at=datetime(2026, 3, 1, 19, 0, tzinfo=UTC))

    assert found(editor, "since=2026-03-01&until=2026-03-01") == ["Last", "First"]
    assert found(editor, "since=2026-03-02") == ["Late"]
    assert found(editor, "until=2026-02-28") == ["Early"]
    assert found(editor, "verb=kill") == ["Last"]
    assert found(editor, "by=asel") == ["First"]
    assert found(editor, "by=asel&verb=kill") == []
    assert found(editor, "verb=publish&since=2026-03-01&q=fir") == ["First"]
    page = editor.get(f"{url('auditentry')}?verb=kill&q=last&since=2026-03-01").content.decode()
    assert '<input type="hidden" name="verb" value="kill">' in page
    assert '<input type="hidden" name="q" value="last">' in page
    assert '<input type="date" name="since" value="2026-03-01">' in page


def test_it_exports_what_the_list_shows(editor: Client) -> None:
    for number in range(60):
        make_entry(f"Wind {number}", verb="publish" if number % 2 else "kill")

    link = f"{url('auditentry', 'export')}?verb=kill&amp;q=wind"
    assert link in editor.get(f"{url('auditentry')}?verb=kill&q=wind").content.decode()
    assert [row["subject"] for row in exported(editor, "verb=kill&q=wind")] == [
        f"Wind {number}" for number in range(0, 60, 2)
    ]
    assert len(exported(editor)) == 60


@pytest.mark.parametrize(
    "query",
    ["since=2026-13-01", "until=x", "since=9999-12-31", "verb=%00", "verb=nope", "by=%00", "q='",
     "password=1", "at__gte=x", "o=99", "q=" + "9" * 30],
)  # fmt: skip
def test_it_survives_addresses_that_were_made_up(editor: Client, query: str) -> None:
    make_entry()

    assert editor.get(f"{url('auditentry')}?{query}").status_code in (200, 302, 400)
    assert editor.get(f"{url('auditentry', 'export')}?{query}").status_code in (200, 302, 400)


@pytest.mark.parametrize("role", [None, *Role])
def test_editors_and_publishers_read_it_and_nobody_writes(role: Role | None) -> None:
    client = signed_in(make_login(*([role] if role else [])))
    entry = make_entry()
    before = everything()
    may = role in (Role.EDITOR, Role.PUBLISHER)

    for page in (
        url("auditentry"),
        url("auditentry", "change", entry.pk),
        url("auditentry", "export"),
    ):
        assert client.get(page).status_code == (200 if may else 403)
    for page in (
        url("auditentry", "add"),
        url("auditentry", "change", entry.pk),
        url("auditentry", "delete", entry.pk),
    ):
        assert client.post(page, {"verb": "other", "post": "yes"}).status_code == 403
    assert everything() == before


@pytest.mark.parametrize("number", [1, 100])
def test_it_needs_the_same_statements_for_any_number(editor: Client, number: int) -> None:
    for each in range(number):
        make_entry(f"Wind {each}", article_key=each, by_name="asel", details={"note": "x"})

    with CaptureQueriesContext(connection) as queries:
        assert len(found(editor, "q=wind&verb=publish&by=asel")) == min(number, 50)

    # Session, user, permissions (two), roles; how to search (five); count and rows.
    assert len(queries) <= 12, [query["sql"][:150] for query in queries]


def test_each_verb_that_is_written_can_be_picked(editor: Client) -> None:
    page = editor.get(url("auditentry")).content.decode()
    for verb in ("publish", "merge", "comment", "preview", "revoke_preview"):
        assert f"?verb={verb}" in page, verb
