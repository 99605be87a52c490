"""What a copy costs a phone on a bad network, in bytes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.core.management import call_command
from django.test import Client

from articles.models import PublishedArticle, Tag
from articles.publishing import publish, unpublish
from tests.articles.copying import URL
from tests.factories import make_published

PROMISE = (
    "A phone keeps a copy of the demo's newsroom (GET /sync, compressed as phones ask for it):"
    " what the first sync costs, what an hour in which the desk does N things costs, and what it"
    " costs to hear that there is nothing new. Bodies only; each answer has about 700 bytes of"
    " headers on top."
)
UNIT = "things done on the desk"


@dataclass
class Outcome:
    sizes: dict[str, int] = field(default_factory=dict)
    articles: int = 0
    errors: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, object]:
        return {"articles in the newsroom": self.articles} | {
            what: f"{size:,}" for what, size in self.sizes.items()
        }


def run(done: int) -> Outcome:
    """Load the demo into the current database, which must be empty, and sync."""
    call_command("load_demo", verbosity=0)
    outcome = Outcome(articles=PublishedArticle.objects.count())
    token = ""
    for encoding in ("br", "gzip", "identity"):
        token, requests, size = _pull("", encoding)
        outcome.sizes["first sync: answers"] = requests
        outcome.sizes[f"first sync: bytes ({encoding})"] = size
    _pull(token, "gzip")
    _work(done)
    for encoding in ("br", "gzip", "identity"):
        after, requests, size = _pull(token, encoding)
        outcome.sizes["the hour: answers"] = requests
        outcome.sizes[f"the hour: bytes ({encoding})"] = size
    outcome.sizes["nothing new: bytes of the 304"] = _not_modified(after, outcome)
    return outcome


def _get(*arguments: Any, **options: Any) -> Any:
    return Client(SERVER_NAME="localhost").get(*arguments, **options)


def _pull(token: str, encoding: str) -> tuple[str, int, int]:
    """The token at the end, how many answers it took, and how long they were."""
    requests = size = 0
    while True:
        query = {"token": token} if token else {}
        response = _get(URL, query, headers={"Accept-Encoding": encoding})
        page: Any = _get(URL, query).json()
        requests, size = requests + 1, size + len(response.content)
        token = page["next_token"]
        if not page["has_more"]:
            return token, requests, size


def _work(done: int) -> None:
    """An hour of a desk: half of it new articles, the rest corrections, names, withdrawals."""
    public = list(PublishedArticle.objects.order_by("-published_at")[:done])
    model, tags = public[0].article, list(Tag.objects.all().public())
    for number in range(done):
        if number % 2 == 0:
            make_published(f"New {number}", body_html=public[number].body_html, tags=tags[:2])
        elif number % 5 == 1:
            tags[number % len(tags)].name += " and more"
            tags[number % len(tags)].save()
        elif number % 7 == 3:
            unpublish(public[number].article)
        else:
            model = public[number].article
            model.title += ", corrected"
            model.save()
            publish(model)


def _not_modified(token: str, outcome: Outcome) -> int:
    first = _get(URL, {"token": token})
    again = _get(URL, {"token": token}, headers={"If-None-Match": first["ETag"]})
    if again.status_code != 304:
        outcome.errors.append(f"with nothing new the answer is {again.status_code}")
    return len(again.content)
