"""A subscriber, played by a local server, and what a worker does for it, step by step."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from cms.changes import consumers
from cms.webhooks import subjects
from cms.webhooks.dispatch import Dispatcher
from cms.webhooks.events import CONSUMER
from cms.webhooks.models import Delivery, Endpoint


@dataclass
class Message:
    """What came, as the subscriber sees it."""

    id: str
    timestamp: int
    signatures: list[str]
    body: bytes

    @property
    def payload(self) -> Any:
        return json.loads(self.body)

    @property
    def told(self) -> str:
        payload = self.payload
        return f"{payload['type']} {payload['data']['slug']}"

    def is_signed_by(self, secret: str) -> bool:
        """As the specification has it, and not by our own code."""
        key = base64.b64decode(secret.split("_", 1)[1])
        text = f"{self.id}.{self.timestamp}.{self.body.decode()}"
        made = base64.b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()).decode()
        return f"v1,{made}" in self.signatures


Reply = Callable[[Message], Response | int]


@dataclass
class Subscriber:
    """Keeps what it was sent, and replies as it is told."""

    server: HTTPServer
    path: str = "/hook"
    reply: Reply = lambda message: 204
    messages: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.server.expect_request(self.path, method="POST").respond_with_handler(self._answer)

    @property
    def url(self) -> str:
        return self.server.url_for(self.path)

    def _answer(self, request: Request) -> Response:
        message = Message(
            request.headers["webhook-id"],
            int(request.headers["webhook-timestamp"]),
            request.headers["webhook-signature"].split(" "),
            request.get_data(),
        )
        self.messages.append(message)
        replied = self.reply(message)
        return Response(status=replied) if isinstance(replied, int) else replied

    @property
    def told(self) -> list[str]:
        return [message.told for message in self.messages]


def make_endpoint(url: str, **values: Any) -> Endpoint:
    values = {"name": f"Endpoint of {url}", "events": list(subjects.events()), **values}
    while consumers.step(CONSUMER):  # it is told of what comes next
        pass
    return Endpoint.objects.create(url=url, **values)


def work(*, seconds: float = 20) -> None:
    """What a worker does until nothing is due."""
    while consumers.step(CONSUMER):
        pass
    dispatcher = Dispatcher()
    deadline = time.monotonic() + seconds
    while dispatcher.step() < 0.1 or not dispatcher.is_idle():
        assert time.monotonic() < deadline, "it does not end"
        time.sleep(0.005)
    dispatcher.finish()


PENDING, DELIVERED, DEAD = "pending", "delivered", "dead"


def due_now() -> None:
    """Time passes: everything that waits is due."""
    Delivery.objects.filter(state=PENDING).update(next_at=timezone.now())
    Endpoint.objects.update(quiet_until=None)


def only() -> Delivery:
    return Delivery.objects.get()
