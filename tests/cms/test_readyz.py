"""Whether requests can be served, told to a load balancer."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from cms import health
from cms.changes import availability, consumers
from cms.changes.models import Change
from tests.factories import make_tag

pytestmark = pytest.mark.django_db(transaction=True)

URL = "/readyz"


def test_it_works(client: Client) -> None:
    response = client.get(URL)

    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.json()["ready"] is True
    assert (response.json()["database"], response.json()["migrations"]) == ("ok", "ok")


def test_it_tells_how_far_consumers_are_behind_and_is_ready_all_the_same(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = consumers.Consumer("reader", lambda changes: None)
    monkeypatch.setattr(consumers, "_consumers", {"reader": reader})
    consumers.step(reader)
    make_tag("Energy")
    Change.objects.update(at=timezone.now() - timedelta(seconds=90))

    response = client.get(URL)

    assert response.status_code == 200
    lag = response.json()["consumers"]["reader"]
    assert lag["changes"] == 1
    assert 90 <= lag["seconds"] < 100


def test_it_is_not_ready_while_the_database_is_away(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        patch.setitem(connection.settings_dict, "PORT", "1")
        connection.close()
        response = client.get(URL)
        alive = client.get("/livez")
    connection.close()
    availability._note(is_away=False)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert alive.status_code == 200
    assert client.get(URL).status_code == 200


def test_it_is_not_ready_while_a_migration_is_missing(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "_is_migrated", False)
    newest = MigrationRecorder.Migration.objects.filter(app="changes").order_by("-name")[0]
    applied = MigrationRecorder.Migration.objects.filter(pk=newest.pk)
    assert applied.update(name="not_yet") == 1
    try:
        response = client.get(URL)
    finally:
        applied.update(name=newest.name)

    assert response.status_code == 503
    assert client.get(URL).status_code == 200
