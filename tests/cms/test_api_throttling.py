"""Throttling: off until a setting names a rate; then by the address that really asks."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.cache import caches
from django.test import Client, override_settings

from cms.api import throttling
from cms.api.throttling import AddressThrottle
from tests.problems import assert_problem

URL = "/api/v1"
PROXY = "10.0.0.1"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

throttled = override_settings(THROTTLE_RATE="2/min")


def ask(client: Client, address: str = "192.0.2.1", forwarded: str | None = None) -> Any:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return client.get(URL, REMOTE_ADDR=address, headers=headers)


def is_new(client: Client, address: str, forwarded: str | None = None) -> bool:
    """Whether this is an address that has not asked yet."""
    response = ask(client, address, forwarded)
    return response.status_code == 200 and "r=1;" in response["RateLimit"]


def test_it_works(client: Client) -> None:
    with throttled, time_machine.travel(NOW, tick=False) as clock:
        first = ask(client)
        clock.shift(20)
        second = ask(client)
        clock.shift(10)
        third = ask(client)

        assert (first.status_code, second.status_code) == (200, 200)
        assert first["RateLimit"] == '"address";r=1;t=60'
        assert second["RateLimit"] == '"address";r=0;t=40'
        assert first["RateLimit-Policy"] == '"address";q=2;w=60'
        problem = assert_problem(third, "throttled")
        assert third["Retry-After"] == "30"
        assert "30 seconds" in problem["detail"]
        assert third["RateLimit"] == '"address";r=0;t=30'
        assert third["RateLimit-Policy"] == '"address";q=2;w=60'
        clock.shift(30)
        assert ask(client).status_code == 200


def test_it_is_off_until_a_rate_is_named(client: Client) -> None:
    for _ in range(50):
        response = ask(client)
        assert response.status_code == 200
        assert "RateLimit" not in response


@throttled
def test_errors_count_and_tell_too(client: Client) -> None:
    for _ in range(2):
        response = client.get(f"{URL}?nope=1")
        assert_problem(response, "unknown-parameter")
        assert "RateLimit" in response
    assert_problem(client.get(f"{URL}?nope=1"), "throttled")


@throttled
def test_what_is_known_already_tells_where_the_client_stands(client: Client) -> None:
    response = client.get(URL, headers={"If-None-Match": client.get(URL)["ETag"]})

    assert response.status_code == 304
    assert response["RateLimit"].startswith('"address";r=0;')
    assert response["RateLimit-Policy"] == '"address";q=2;w=60'


@throttled
def test_each_address_has_its_own_count(client: Client) -> None:
    for _ in range(3):
        ask(client, "192.0.2.1")

    assert ask(client, "192.0.2.1").status_code == 429
    assert ask(client, "192.0.2.2").status_code == 200
    assert ask(client, "2001:db8::1").status_code == 200


@throttled
def test_nobody_gets_a_new_count_by_claiming_an_address(client: Client) -> None:
    assert is_new(client, "192.0.2.1", "198.51.100.1")
    assert not is_new(client, "192.0.2.1", "198.51.100.2")
    assert ask(client, "192.0.2.1", "198.51.100.3").status_code == 429


@override_settings(THROTTLE_RATE="2/min", TRUSTED_PROXIES=[PROXY, "10.1.0.0/16", "2001:db8::/32"])
@pytest.mark.parametrize(
    ("address", "forwarded", "client_address"),
    [
        (PROXY, "192.0.2.1", "192.0.2.1"),
        (PROXY, "198.51.100.1, 192.0.2.1", "192.0.2.1"),
        (PROXY, "198.51.100.1,192.0.2.1,10.1.2.3", "192.0.2.1"),
        (PROXY, f"{PROXY}, 192.0.2.1", "192.0.2.1"),
        (f"::ffff:{PROXY}", "192.0.2.1", "192.0.2.1"),
        ("2001:db8::7", "::ffff:192.0.2.1", "192.0.2.1"),
        (PROXY, "", PROXY),
        (PROXY, None, PROXY),
        (PROXY, "garbage", PROXY),
        (PROXY, "192.0.2.1, unknown", PROXY),
        (PROXY, "192.0.2.1, ", PROXY),
        (PROXY, "x" * 5000, PROXY),
        (PROXY, "192.0.2.1, 10.1.2.3", "192.0.2.1"),
        (PROXY, "10.1.2.4, 10.1.2.3", "10.1.2.4"),
        ("192.0.2.1", "198.51.100.1", "192.0.2.1"),
        ("192.0.2.1", PROXY, "192.0.2.1"),
    ],
)
def test_trusted_proxies_are_seen_through_and_no_farther(
    client: Client, address: str, forwarded: str | None, client_address: str
) -> None:
    ask(client, address, forwarded)

    with override_settings(TRUSTED_PROXIES=[]):
        assert not is_new(client, client_address)


@throttled
def test_a_dead_redis_fails_no_read(
    client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    redis = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",  # nothing listens there
    }
    with override_settings(CACHES={**settings.CACHES, "redis": redis}):
        monkeypatch.setattr(AddressThrottle, "cache", caches["redis"])
        for _ in range(3):
            response = ask(client)
            assert response.status_code == 200
            assert "RateLimit" not in response

    assert "the shared counters do not answer" in caplog.text
    assert throttling.logger.name in {record.name for record in caplog.records}
