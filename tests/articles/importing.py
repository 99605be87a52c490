"""Files of JSON lines for the tests of the import, and what an import may leave behind."""

import io
import json
from datetime import UTC, datetime
from typing import Any

from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from articles.importers.items import Report
from articles.importers.run import import_jsonl

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


def make_line(external_id: str = "1", /, **values: Any) -> dict[str, Any]:
    """A line that can be imported; a value of None takes its key away."""
    line = {
        "external_id": external_id,
        "title": f"Title {external_id}",
        "body_html": f"<p>Body {external_id}.</p>",
        "status": "published",
        "published_at": "2026-02-20T06:15:00Z",
        **values,
    }
    return {key: value for key, value in line.items() if value is not None}


def as_file(*lines: Any) -> io.BytesIO:
    """Dictionaries become JSON; bytes and strings stand as they are."""
    written = [
        line
        if isinstance(line, bytes)
        else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return io.BytesIO(b"\n".join(written))


def run_import(*lines: Any, **options: Any) -> Report:
    return import_jsonl(as_file(*lines), **{"now": NOW, **options})


def refusals(*lines: Any, **options: Any) -> list[tuple[int, str]]:
    """The errors of an import that is refused; asserts that it left everything as it was."""
    before = everything()
    report = run_import(*lines, **options)
    assert report.errors
    assert everything() == before
    return report.errors


def everything() -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the tables that an import writes, the change log's included."""
    found = {}
    for app in ("articles", "changes"):
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT * FROM "{model._meta.db_table}" ORDER BY 1, 2')
                found[model._meta.db_table] = cursor.fetchall()
    return found


def run_command(*arguments: str) -> tuple[int, str, str]:
    """``manage.py import_articles …``: exit code, standard output, standard error."""
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_articles", *arguments, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()
