import pytest
from pytest_django import Settings
from pytest_httpserver import HTTPServer

from cms.changes import consumers
from cms.changes.models import Consumer as Position
from cms.webhooks.events import CONSUMER
from tests.cms.webhooks.subscriber import Subscriber


@pytest.fixture(autouse=True)
def _private_hosts(settings: Settings) -> None:
    settings.WEBHOOKS_PRIVATE_HOSTS = ["127.0.0.1", "localhost"]
    settings.PUBLIC_URL = "https://api.example.org"


@pytest.fixture
def subscriber(httpserver: HTTPServer, db: None) -> Subscriber:
    Position.objects.filter(name=CONSUMER.name).delete()
    consumers.step(CONSUMER)  # it begins at the end of the log
    return Subscriber(httpserver)
