"""What Prometheus is told, and who may ask."""

import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPConnection

import pytest
from django.db import connection
from django.test import Client, override_settings
from django.utils import timezone

from rates.models import Source
from tests.factories import make_published
from tests.problems import assert_problem
from tests.serving import Server, serving

URL = "/metrics"
TOKEN = "a-token-of-this-test"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.mark.django_db
def test_it_is_not_there_until_a_token_is_set(client: Client) -> None:
    assert_problem(client.get(URL), "not-found")
    assert_problem(client.get(URL, headers={"Authorization": "Bearer "}), "not-found")


@pytest.mark.django_db
@override_settings(METRICS_TOKEN=TOKEN)
@pytest.mark.parametrize("sent", [None, "", "Bearer", "Bearer wrong", f"Basic {TOKEN}", TOKEN])
def test_it_asks_for_the_token(client: Client, sent: str | None) -> None:
    response = client.get(URL, headers={} if sent is None else {"Authorization": sent})

    assert_problem(response, "unauthenticated")
    assert response["WWW-Authenticate"] == "Bearer"
    assert b"dastan_" not in response.content


@pytest.mark.django_db
@override_settings(METRICS_TOKEN=TOKEN)
def test_it_tells_what_the_database_knows(client: Client) -> None:
    response = client.get(URL, headers=BEARER)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response["Content-Type"].startswith("text/plain")
    assert b"dastan_database_up 1.0" in response.content
    assert b"dastan_clock_lag_seconds 0.0" in response.content
    assert b'dastan_jobs{state="todo"} 0.0' in response.content
    assert b"dastan_jobs_late_seconds 0.0" in response.content


@pytest.mark.django_db
@override_settings(METRICS_TOKEN=TOKEN)
def test_it_tells_which_rates_are_stale(client: Client) -> None:
    three_days_ago = timezone.now() - timedelta(days=3)
    Source.objects.filter(slug="nbkr").update(is_stale=True, stale_from=three_days_ago)
    body = client.get(URL, headers=BEARER).content.decode()

    assert 'dastan_rates_stale{source="nbkr"} 1.0' in body
    assert 'dastan_rates_stale{source="nbk"} 0.0' in body
    [late] = re.findall(r'dastan_rates_stale_seconds\{source="nbkr"\} (\S+)', body)
    assert 3 * 86400 <= float(late) < 3 * 86400 + 60


@pytest.mark.django_db
@override_settings(METRICS_TOKEN=TOKEN)
def test_it_tells_what_is_queued(client: Client) -> None:
    an_hour_ago = timezone.now() - timedelta(hours=1)
    with connection.cursor() as cursor:
        for status, moment in (("todo", None), ("todo", an_hour_ago), ("failed", None)):
            cursor.execute(
                "INSERT INTO procrastinate_jobs (queue_name, task_name, status, scheduled_at)"
                " VALUES ('default', 'tests', %s, %s)",
                [status, moment],
            )
    body = client.get(URL, headers=BEARER).content.decode()

    assert 'dastan_jobs{state="todo"} 2.0' in body
    assert 'dastan_jobs{state="failed"} 1.0' in body
    [late] = re.findall(r"(?m)^dastan_jobs_late_seconds (\S+)", body)
    assert 3600 <= float(late) < 3660


@pytest.mark.django_db
@override_settings(METRICS_TOKEN=TOKEN)
def test_addresses_that_nobody_made_are_one() -> None:
    client = Client()  # with the middleware that counts
    for number in range(9):
        client.get(f"/api/v1/made-up-{number}")
        client.get(f"/api/v1/made-up-{number}/more")
        client.get(f"/made-up-{number}")
    client.get("/api/v1/articles")
    client.get("/api/v1/rates/ticker")
    text = client.get(URL, headers=BEARER).content.decode()

    assert "made-up" not in text
    assert counted(text, 'endpoint="other",status="404"') >= 27
    assert counted(text, 'endpoint="articles",status="200"') >= 1
    assert counted(text, 'endpoint="rates/…",status="200"') >= 1


@pytest.mark.django_db(transaction=True)
@override_settings(METRICS_TOKEN=TOKEN)
def test_a_database_that_fails_in_between_is_told_to_be_down_only(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE procrastinate_jobs RENAME TO away")
    try:
        body = client.get(URL, headers=BEARER).content.decode()
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE away RENAME TO procrastinate_jobs")

    assert re.findall(r"(?m)^dastan_database_up (\S+)", body) == ["0.0"]


@pytest.fixture
def server(transactional_db: None) -> Iterator[Server]:
    make_published("Wind")
    with serving(WEB_WORKERS="2", METRICS_TOKEN=TOKEN) as running:
        yield running


def told(server: Server) -> str:
    request = urllib.request.Request(f"{server.url}{URL}", headers=BEARER)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(answer.read().decode())


def counted(text: str, pattern: str) -> float:
    return sum(
        float(line.rsplit(" ", 1)[1])
        for line in text.splitlines()
        if re.match(r"dastan_requests_total\{.*" + pattern, line)
    )


def test_it_works(server: Server) -> None:
    """All processes of the server are summed up, whichever is asked."""
    for _ in range(60):
        assert server.get("/api/v1/articles").status == 200
    for _ in range(5):
        assert server.get("/api/v1/articles/nothing").status == 404

    text = told(server)
    assert counted(text, 'endpoint="articles".*status="200"') == 60
    assert counted(text, 'endpoint="articles/…".*status="404"') == 5
    assert counted(text, 'cache="hit".*endpoint="articles"') >= 50
    assert "wind" not in text
    assert 'dastan_request_seconds_bucket{le="+Inf"}' in text


def test_a_reload_loses_no_request(server: Server) -> None:
    """SIGHUP: new processes take over, the old ones end what they are at."""
    before = set(server.workers())
    failed, deadline = [], time.monotonic() + 20
    os.kill(server.pid, signal.SIGHUP)
    while time.monotonic() < deadline and (set(server.workers()) & before or not server.workers()):
        connection = HTTPConnection("127.0.0.1", server.port, timeout=10)
        try:
            connection.request("GET", "/api/v1/articles", headers={"Host": "localhost"})
            if connection.getresponse().status != 200:
                failed.append("status")
        except OSError as error:
            failed.append(repr(error))
        finally:
            connection.close()

    assert not set(server.workers()) & before, "the old processes are still there"
    assert len(server.workers()) >= 2
    assert failed == []
