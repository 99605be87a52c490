"""Mistakes in the environment: told in a sentence, by every command and by the server."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.conf import settings
from django.core import checks
from django.db import connection
from django.test import override_settings

from cms import checks as ours

NOWHERE = "postgres://nobody@127.0.0.1:1/none"
GOOD = {
    "DATABASE_URL": NOWHERE,
    "SECRET_KEY": "k" * 50,
    "ALLOWED_HOSTS": "api.example.org",
    "PUBLIC_URL": "https://api.example.org",
}
GOOD_SETTINGS = {
    "PRODUCTION": True,
    "SECRET_KEY_IS_SET": True,
    "ALLOWED_HOSTS": ["api.example.org"],
    "PUBLIC_URL": "https://api.example.org",
}


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """``python`` with these arguments and nothing in the environment but this."""
    inherited = {name: os.environ[name] for name in ("HOME", "PATH") if name in os.environ}
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=settings.BASE_DIR,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def found() -> list[str | None]:
    return [each.id for each in checks.run_checks() if each.id and each.id.startswith("dastan.")]


def test_it_works() -> None:
    result = run("manage.py", "check", **GOOD)

    assert (result.returncode, result.stderr) == (0, "")


def test_a_development_machine_needs_nothing() -> None:
    result = run("manage.py", "check")

    assert (result.returncode, result.stderr) == (0, "")


def test_a_server_is_not_started_until_all_is_set() -> None:
    result = run("manage.py", "serve", DATABASE_URL=NOWHERE)

    assert result.returncode == 1
    for number, name in enumerate(("SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL"), start=1):
        assert f"(dastan.E00{number}) {name} is not set." in result.stderr
    assert "Dastan is on" not in result.stdout
    assert "Traceback" not in result.stderr


def test_a_command_tells_all_mistakes_at_once() -> None:
    result = run(
        "manage.py",
        "check",
        PUBLIC_URL="api.example.org",
        ARTICLE_URL_TEMPLATE="/{id}",
        NEWSROOM_LANGUAGES="english!",
        THROTTLE_RATE="many",
        TRUSTED_PROXIES="proxy",
        PORT="many",
        HOST="0.0.0.0",
        RATES_SOURCE_URLS="nbk=https://mirror.example.org,ecb=https://ecb.example.org,cbu=ftp://a",
        OPEN_EXCHANGE_RATES_URL="http://:80/latest",
    )

    assert result.returncode == 1
    for sentence in (
        "(dastan.E004) PUBLIC_URL is not the http or https address of a host: api.example.org",
        "(dastan.E005) ARTICLE_URL_TEMPLATE cannot be filled in: KeyError('id')",
        "(dastan.E009) NEWSROOM_LANGUAGES names what is not a language tag: english!",
        "(dastan.E010) THROTTLE_RATE cannot be read: many",
        "(dastan.E011) PORT is not a whole number from 1 to 65535: many.",
        "nbkr_weekly, cbu, nbt, cbt, then = and an http or https address: ecb=https://ecb.example",
        "nbkr_weekly, cbu, nbt, cbt, then = and an http or https address: cbu=ftp://a.",
        "(dastan.E011) OPEN_EXCHANGE_RATES_URL is not an http or https address: http://:80/latest.",
        "(dastan.E012) TRUSTED_PROXIES names what is neither an address nor a network: proxy",
        "(dastan.W001) The development server is open to the network (HOST=0.0.0.0).",
    ):
        assert sentence in result.stderr
    assert "Traceback" not in result.stderr


def test_the_server_itself_refuses_too() -> None:
    result = run(
        "-m", "granian", "--interface", "wsgi", "--port", "0", "cms.wsgi:application",
        **{**GOOD, "ALLOWED_HOSTS": ""},
    )  # fmt: skip

    assert result.returncode != 0
    assert "ALLOWED_HOSTS is not set." in result.stderr


def test_the_application_does_not_load_with_what_is_refused() -> None:
    program = "import cms.wsgi; print('started')"

    refused = run("-c", program, **{**GOOD, "SECRET_KEY": ""})
    accepted = run("-c", program, **GOOD)

    assert (refused.returncode, refused.stdout) == (1, "")
    assert "SECRET_KEY is not set." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert (accepted.returncode, accepted.stdout) == (0, "started\n")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"SECRET_KEY_IS_SET": False}, ["dastan.E001"]),
        ({"ALLOWED_HOSTS": []}, ["dastan.E002"]),
        ({"PUBLIC_URL": ""}, ["dastan.E003"]),
        ({"PUBLIC_URL": "", "PRODUCTION": False}, []),
        ({"PUBLIC_URL": "http://localhost:8000"}, []),
        ({"PUBLIC_URL": "https://api.example.org/v1"}, ["dastan.E004"]),
        ({"PUBLIC_URL": "https://other.example.org"}, ["dastan.W002"]),
        ({"PUBLIC_URL": "ftp://api.example.org"}, ["dastan.E004"]),
        ({"PUBLIC_URL": "//api.example.org"}, ["dastan.E004"]),
        ({"PUBLIC_URL": "https://"}, ["dastan.E004"]),
        ({"ARTICLE_URL_TEMPLATE": "https://a.example/{language}/{year}/{month}/{slug}"}, []),
        ({"ARTICLE_URL_TEMPLATE": "/{slug"}, ["dastan.E005"]),
        ({"ARTICLE_URL_TEMPLATE": "/{}"}, ["dastan.E005"]),
        ({"ARTICLE_URL_TEMPLATE": "/{slug.password}"}, ["dastan.E005"]),
        ({"ARTICLE_URL_TEMPLATE": "/{slug:d}"}, ["dastan.E005"]),
        ({"PREVIEW_URL_TEMPLATE": "https://a.example/{language}/{slug}?token={token}"}, []),
        ({"PREVIEW_URL_TEMPLATE": "https://a.example/preview"}, ["dastan.E020"]),
        ({"PREVIEW_URL_TEMPLATE": "https://a.example/{token"}, ["dastan.E020"]),
        ({"PREVIEW_URL_TEMPLATE": "https://a.example/{token}/{id}"}, ["dastan.E020"]),
        ({"PREVIEW_URL_TEMPLATE": "/preview/{token}"}, ["dastan.E020"]),
        ({"TAG_URL_TEMPLATE": "https://a.example/{language}/topics/{slug}"}, []),
        ({"REGION_URL_TEMPLATE": "/{year}/{slug}"}, ["dastan.E005"]),
        ({"TAG_URL_TEMPLATE": "/{id}"}, ["dastan.E005"]),
        ({"AUTHOR_URL_TEMPLATE": "/{slug"}, ["dastan.E005"]),
        ({"NEWSROOM_LANGUAGES": ["en", "kk-Latn", "zh-Hant-TW"]}, []),
        ({"NEWSROOM_LANGUAGES": ["en", "r u"]}, ["dastan.E009"]),
        ({"THROTTLE_RATE": "600/min"}, []),
        ({"THROTTLE_RATE": "10/s"}, []),
        ({"THROTTLE_RATE": "600"}, ["dastan.E010"]),
        ({"THROTTLE_RATE": "600/"}, ["dastan.E010"]),
        ({"THROTTLE_RATE": "0/min"}, ["dastan.E010"]),
        ({"THROTTLE_RATE": "600/month"}, ["dastan.E010"]),
        ({"THROTTLE_RATE": "6/min/x"}, ["dastan.E010"]),
        ({"THROTTLE_RATE": "6/year"}, ["dastan.E010"]),
        ({"THROTTLE_RATE": "٦/min"}, ["dastan.E010"]),
        ({"ENVIRONMENT_MISTAKES": ("A is wrong", "B too")}, ["dastan.E011", "dastan.E011"]),
        ({"PURGE_BACKEND": "varnish", "PURGE_URL": ["http://varnish:6081"]}, []),
        ({"PURGE_BACKEND": "http", "PURGE_URL": ["https://cdn.example/{keys}"]}, []),
        ({"PURGE_BACKEND": "fastly", "PURGE_URL": ["http://varnish:6081"]}, ["dastan.E014"]),
        ({"PURGE_BACKEND": "varnish"}, ["dastan.E014"]),
        ({"PURGE_BACKEND": "varnish", "PURGE_URL": ["varnish:6081"]}, ["dastan.E014"]),
        ({"PURGE_BACKEND": "http", "PURGE_URL": ["https://cdn.example/"]}, ["dastan.E014"]),
        ({"TRUSTED_PROXIES": ["10.0.0.1", "10.0.0.0/8", "2001:db8::/32"]}, []),
        ({"TRUSTED_PROXIES": ["10.0.0.0/33"]}, ["dastan.E012"]),
        ({"HOST": "0.0.0.0"}, []),
        ({"HOST": "0.0.0.0", "PRODUCTION": False}, ["dastan.W001"]),
    ],
)
def test_each_mistake_has_its_check(changes: dict[str, Any], expected: list[str]) -> None:
    with override_settings(**{**GOOD_SETTINGS, **changes}):
        assert found() == expected


@pytest.mark.django_db
def test_a_database_that_serves_is_accepted_and_one_that_is_not_asked_for_not_looked_at() -> None:
    assert ours.database(None, databases=["default"]) == []
    assert ours.database(None, databases=[]) == []


@pytest.mark.django_db
def test_a_database_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ours, "MINIMUM_POSTGRESQL", 990000)

    assert [each.id for each in ours.database(None, databases=["default"])] == ["dastan.E007"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.sql
def test_a_database_that_cannot_lower_cyrillic_is_refused() -> None:
    usual = connection.settings_dict["NAME"]
    name = f"{usual}_c"
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {name}")
        cursor.execute(
            f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
    try:
        connection.close()
        connection.settings_dict["NAME"] = name
        messages = ours.database(None, databases=["default"])
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")

    assert [each.id for each in messages] == ["dastan.E008"]
    assert "createdb" in str(messages[0].hint)
