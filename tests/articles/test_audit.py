"""The audit: written with what it tells, append-only in the database, exported as CSV."""

import csv
import io
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from articles.models import Article, AuditEntry, Origin
from articles.publishing import kill, publish, submit
from articles.workflow import NotAllowed, Role
from tests.articles.desk import make_user, signed_in
from tests.articles.roles import make_login
from tests.factories import make_draft

pytestmark = [pytest.mark.django_db, pytest.mark.sql]

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def export(*arguments: str) -> list[dict[str, str]]:
    out = io.StringIO()
    call_command("export_audit", *arguments, stdout=out)
    return list(csv.DictReader(io.StringIO(out.getvalue())))


def test_it_works() -> None:
    article, editor = make_draft("Wind"), make_login(Role.EDITOR)

    publish(article, by=editor, at=NOON, origin=Origin("192.0.2.1", "Firefox"))

    entry = AuditEntry.objects.get()
    assert (entry.verb, entry.by_key, entry.by_name) == ("publish", editor.pk, "editor")
    assert (entry.article_key, entry.subject, entry.at) == (article.pk, "Wind", NOON)
    assert (entry.address, entry.agent) == ("192.0.2.1", "Firefox")


def test_what_is_refused_or_undone_leaves_no_entry() -> None:
    article = make_draft()
    with pytest.raises(NotAllowed):
        publish(article, by=make_login(Role.WRITER))

    with transaction.atomic():
        submit(article, by=None)
        transaction.set_rollback(True)

    assert not AuditEntry.objects.exists()


def test_it_outlives_its_login_and_its_article() -> None:
    article, editor = make_draft("Wind"), make_login(Role.EDITOR)
    submit(article, by=editor)

    editor.delete()
    Article.objects.all().delete()

    entry = AuditEntry.objects.get()
    assert (entry.by_name, entry.subject) == ("editor", "Wind")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE articles_auditentry SET by_name = 'somebody else'",
        "DELETE FROM articles_auditentry",
        "TRUNCATE articles_auditentry",
    ],
)
def test_the_database_refuses_to_change_or_remove_an_entry(statement: str) -> None:
    submit(make_draft(), by=None)
    before = list(AuditEntry.objects.values())

    with connection.cursor() as cursor:
        # Off in tests that commit, whose flush it would refuse.
        cursor.execute("ALTER TABLE articles_auditentry ENABLE TRIGGER USER")
        with (
            pytest.raises(Error, match=r"The audit is append-only: (UPDATE|DELETE|TRUNCATE) of"),
            transaction.atomic(),
        ):
            cursor.execute(statement)

    assert list(AuditEntry.objects.values()) == before


def test_it_is_exported_as_csv() -> None:
    article, publisher = make_draft("Wind, “strong”\nwind"), make_login(Role.PUBLISHER)
    publish(article, by=publisher, at=NOON)
    kill(article, by=publisher, reason="Wrong.", at=datetime(2026, 3, 2, tzinfo=UTC))
    submit(make_draft("Other"), by=None)

    first, second, third = export()

    assert (first["at"], first["by"], first["verb"]) == (
        "2026-03-01T12:00:00Z",
        "publisher",
        "publish",
    )
    assert first["subject"] == "Wind, “strong”\nwind"
    assert second["details"] == '{"reason": "Wrong."}'
    assert (third["by"], third["by_key"]) == ("", "")
    assert [each["verb"] for each in export("--article", str(article.pk))] == ["publish", "kill"]
    assert [each["verb"] for each in export("--since", "2026-03-02", "--until", "2026-03-03")] == [
        "kill"
    ]
    with pytest.raises(CommandError, match="--since: It takes a date such as"):
        export("--since", "yesterday")


@pytest.mark.parametrize("title", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\ttext"])
def test_no_cell_is_a_formula_to_a_spreadsheet(title: str) -> None:
    article = make_draft("Title")
    Article.objects.update(title=title)
    article.refresh_from_db()
    submit(article, by=None)

    [row] = export()

    assert row["subject"] == f"'{title}"


def test_the_desk_reads_and_exports_it_and_changes_nothing(client: Client) -> None:
    submit(make_draft("Wind"), by=None)
    entry = AuditEntry.objects.get()
    page = reverse("admin:articles_auditentry_changelist")
    one = reverse("admin:articles_auditentry_change", args=[entry.pk])
    file = reverse("admin:articles_auditentry_export")
    editor = signed_in(make_login(Role.EDITOR))

    assert "the system" in editor.get(page).content.decode()
    assert file in editor.get(page).content.decode()
    assert editor.get(one).status_code == 200
    response: Any = editor.get(file)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert b"Wind" in b"".join(response.streaming_content)
    for attempt in (
        editor.post(one, {"verb": "other"}),
        editor.post(reverse("admin:articles_auditentry_add"), {"verb": "other"}),
        editor.post(reverse("admin:articles_auditentry_delete", args=[entry.pk]), {"post": "yes"}),
    ):
        assert attempt.status_code == 403
    assert AuditEntry.objects.get().verb == "submit"
    for stranger in (signed_in(make_login(Role.WRITER)), signed_in(make_user("clerk"))):
        assert stranger.get(page).status_code == 403
        assert stranger.get(file).status_code == 403
    assert client.get(file).status_code == 302
