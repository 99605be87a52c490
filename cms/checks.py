"""Mistakes in the environment, told in a sentence before anything starts."""

import re
import sys
from collections.abc import Sequence
from ipaddress import ip_network
from typing import Any, TextIO
from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, Tags, register, run_checks
from django.db import DatabaseError, OperationalError, connection
from django.http.request import validate_host

from cms import languages
from cms.changes import epoch

MINIMUM_POSTGRESQL = 150000
_NAMED = {"slug": "s", "language": "en"}
_TEMPLATES = {
    "ARTICLE_URL_TEMPLATE": {**_NAMED, "year": "2026", "month": "01"},
    "REGION_URL_TEMPLATE": _NAMED,
    "TAG_URL_TEMPLATE": _NAMED,
    "AUTHOR_URL_TEMPLATE": _NAMED,
}


@register()
def environment(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """What cms/settings.py could not read."""
    return [
        Error(f"{mistake}.", hint="docs/settings.md says what it takes.", id="dastan.E011")
        for mistake in settings.ENVIRONMENT_MISTAKES
    ]


@register(Tags.security)
def production_settings(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """With DATABASE_URL and without DEBUG, what has no safe default must be set."""
    if not settings.PRODUCTION:
        return []
    messages: list[CheckMessage] = []
    if not settings.SECRET_KEY_IS_SET:
        messages.append(
            Error(
                "SECRET_KEY is not set.",
                hint="Set it to 50 random characters or more, the same for every process.",
                id="dastan.E001",
            )
        )
    if not settings.ALLOWED_HOSTS:
        messages.append(
            Error(
                "ALLOWED_HOSTS is not set.",
                hint="Name the hosts that the API answers for, such as api.example.org.",
                id="dastan.E002",
            )
        )
    if not settings.PUBLIC_URL:
        messages.append(
            Error(
                "PUBLIC_URL is not set.",
                hint="Set it to where readers reach the API, such as https://api.example.org.",
                id="dastan.E003",
            )
        )
    return messages


@register(Tags.urls)
def urls(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """PUBLIC_URL is a URL, and the templates of pages' addresses can be filled in."""
    messages: list[CheckMessage] = []
    public = urlsplit(settings.PUBLIC_URL)
    if settings.PUBLIC_URL and (
        public.scheme not in ("http", "https")
        or not public.hostname
        or public.path
        or public.query
        or public.fragment
    ):
        messages.append(
            Error(
                f"PUBLIC_URL is not the http or https address of a host: {settings.PUBLIC_URL}",
                hint="Write it like https://api.example.org, without a path.",
                id="dastan.E004",
            )
        )
    elif settings.ALLOWED_HOSTS and not validate_host(
        public.hostname or "localhost", ["localhost", *settings.ALLOWED_HOSTS]
    ):
        messages.append(
            checks.Warning(
                f"ALLOWED_HOSTS does not name the host of PUBLIC_URL: {public.hostname}",
                hint="Add it, unless a proxy asks by another one: links in answers lead there.",
                id="dastan.W002",
            )
        )
    for name, takes in _TEMPLATES.items():
        try:
            getattr(settings, name).format(**takes)
        except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
            fields = ", ".join(f"{{{each}}}" for each in takes)
            messages.append(
                Error(
                    f"{name} cannot be filled in: {error!r}",
                    hint=f"It takes {fields}, and nothing else.",
                    id="dastan.E005",
                )
            )
    return messages


@register(Tags.urls)
def previews(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """PREVIEW_URL_TEMPLATE, where it is set, can be filled in and leads somewhere."""
    template = settings.PREVIEW_URL_TEMPLATE
    if not template:
        return []
    try:
        filled = template.format(token="t:t:t", slug="s", language="en")  # noqa: S106 -- an example
        is_address = urlsplit(filled).scheme in ("http", "https") and "t:t:t" in filled
    except (AttributeError, KeyError, IndexError, TypeError, ValueError):
        is_address = False
    if is_address:
        return []
    return [
        Error(
            f"PREVIEW_URL_TEMPLATE is not the address of a page with a token: {template}",
            hint="Write it like https://www.example.org/preview/{token}; {slug} and {language} may"
            " stand in it too.",
            id="dastan.E020",
        )
    ]


@register(Tags.security)
def proxies(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """TRUSTED_PROXIES are addresses or networks."""
    messages: list[CheckMessage] = []
    for each in settings.TRUSTED_PROXIES:
        try:
            ip_network(each, strict=False)
        except ValueError:
            messages.append(
                Error(
                    f"TRUSTED_PROXIES names what is neither an address nor a network: {each}",
                    hint="Write addresses and networks, parted by commas: 10.0.0.0/8,192.0.2.7.",
                    id="dastan.E012",
                )
            )
    return messages


@register(Tags.database)
def database(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """PostgreSQL of a version and a locale that Dastan can work with."""
    if not databases:
        return []
    if connection.vendor != "postgresql":
        return [Error("Dastan needs PostgreSQL.", id="dastan.E006")]
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_setting('server_version_num')::int, lower('Ж') = 'ж'")
            version, knows_cyrillic = cursor.fetchone()
    except OperationalError as error:
        reason = " ".join(str(error).split())
        return [
            Error(
                "The database does not answer.",
                hint=f"Start it, or correct DATABASE_URL. ({reason})",
                id="dastan.E013",
            )
        ]
    messages: list[CheckMessage] = []
    if version < MINIMUM_POSTGRESQL:
        messages.append(Error("Dastan needs PostgreSQL 15 or newer.", id="dastan.E007"))
    if not knows_cyrillic:
        messages.append(
            Error(
                "This database cannot lower Cyrillic letters: lower('Ж') is not 'ж'.",
                hint="Create it with a UTF-8 locale: createdb -T template0 --locale=C.UTF-8 NAME.",
                id="dastan.E008",
            )
        )
    return messages


@register()
def newsroom(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """The newsroom writes in languages, and throttling has a rate that can be read."""
    messages: list[CheckMessage] = [
        Error(
            f"NEWSROOM_LANGUAGES names what is not a language tag: {each}",
            hint="Write tags of BCP 47, parted by commas: en,ru,kk-Latn.",
            id="dastan.E009",
        )
        for each in settings.NEWSROOM_LANGUAGES
        if not re.fullmatch(languages.PATTERN, each)
    ]
    rate = settings.THROTTLE_RATE
    if rate and not re.fullmatch(r"[1-9][0-9]*/(s|sec|second|m|min|minute|h|hour|d|day)", rate):
        messages.append(
            Error(
                f"THROTTLE_RATE cannot be read: {rate}",
                hint="Write a number and a period, such as 600/min.",
                id="dastan.E010",
            )
        )
    if not settings.DEBUG and settings.HOST == "0.0.0.0" and not settings.PRODUCTION:  # noqa: S104
        messages.append(
            checks.Warning(
                "The development server is open to the network (HOST=0.0.0.0).",
                hint="Set DATABASE_URL and the production settings, or HOST=127.0.0.1.",
                id="dastan.W001",
            )
        )
    return messages


@register()
def purging(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """A CDN that answers are taken back from can be told to."""
    if not settings.PURGE_BACKEND:
        return []
    told = None
    if settings.PURGE_BACKEND not in ("varnish", "http"):
        told = f"PURGE_BACKEND is neither varnish nor http: {settings.PURGE_BACKEND}"
    elif not settings.PURGE_URL:
        told = "PURGE_BACKEND is set, but PURGE_URL is not"
    elif not all(each.startswith(("http://", "https://")) for each in settings.PURGE_URL):
        told = f"PURGE_URL names what is no http or https address: {', '.join(settings.PURGE_URL)}"
    elif settings.PURGE_BACKEND == "http" and not any(
        "{keys}" in each for each in (*settings.PURGE_URL, *settings.PURGE_HEADERS.values())
    ):
        told = "Neither PURGE_URL nor PURGE_HEADERS says where the {keys} go"
    if told is None:
        return []
    hint = "Set PURGE_BACKEND=varnish and PURGE_URL=http://varnish:6081, for instance."
    return [Error(f"{told}.", hint=hint, id="dastan.E014")]


@register(Tags.database)
def change_log(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """The change log is where it was begun, and not restored from a backup."""
    if not databases:
        return []
    try:
        if epoch.is_at_home():
            return []
    except DatabaseError:  # away, which another check tells; or not migrated yet
        return []
    return [
        checks.Warning(
            "The change log is not where it was begun: the database was restored or moved.",
            hint="Run manage.py renew_epoch, so that phones and caches start again.",
            id="dastan.W003",
        )
    ]


def refuse_broken_settings(stderr: TextIO = sys.stderr) -> None:
    """Exit with the errors' sentences when a check fails; for a server, which runs no command."""
    found = [*run_checks(), *run_checks(tags=[Tags.database], databases=["default"])]
    connection.close()
    # (The server may be up before its database is.)
    errors = [each for each in found if each.is_serious() and each.id != "dastan.E013"]
    if errors:
        print(*errors, sep="\n", file=stderr)
        raise SystemExit(1)
