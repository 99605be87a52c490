"""schemathesis holds the server to its document: every operation, all its checks but
``positive_data_acceptance`` (a rule between two parameters cannot be written in OpenAPI)."""

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import CHECKS, load_all_checks

from articles.api import examples
from articles.models import PublishedArticle
from articles.publishing import publish, unpublish
from cms.api.entry import openapi_document
from rates.api import examples as rate_examples
from tests.factories import (
    LONG_AGO,
    make_author,
    make_collection,
    make_draft,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.rates.making import make_snapshot

pytestmark = pytest.mark.django_db

MAX_EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "15"))

load_all_checks()
LEFT_OUT = ["positive_data_acceptance"]
LEFT_OUT_CHECKS: list[Any] = CHECKS.get_by_names(LEFT_OUT)
# Not from_wsgi: that one hides the operation that the document itself comes from.
schema = schemathesis.openapi.from_dict(openapi_document())
schema.app = WSGIHandler()
# What breaks a rule may also be refused for the length of its address.
schema.config.checks.negative_data_rejection.expected_statuses.append("414")


@pytest.fixture(autouse=True)
def _one_connection() -> Iterator[None]:
    """The test's transaction outlives its requests, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(autouse=True)
def _newsroom(db: None) -> None:
    """A newsroom in which the document's own examples lead somewhere."""
    picture = make_image(width=1600, height=900)
    country = make_region("Kazakhstan", code="KZ", names={"ru": "Казахстан"}, order=1)
    regions = [country, make_region("Almaty", parent=country, description="The largest city.")]
    tags = [make_tag("Energy", names={"ru": "Энергия"}), make_tag("Water")]
    author = make_author(
        examples.AUTHOR["name"], slug=examples.AUTHOR["slug"], role="Editor", picture=picture
    )
    article = publish(
        make_draft(
            examples.CARD["title"],
            slug="a-former-slug",
            kicker="Energy",
            regions=regions,
            tags=tags,
            authors=[author],
            lead_image=picture,
            published_at=LONG_AGO,
            corrections=[{"at": "2026-02-20T09:40:00Z", "note": "The distance was wrong."}],
            seo_title="Wind",
            body_html="<h2>Wind</h2><p>Text</p><ul><li><p>One</p></li></ul><p>"
            + "w " * 600
            + "</p>",
        )
    ).article
    article.slug = examples.CARD["slug"]
    article.save()
    publish(article)
    for n in range(30):
        make_published(
            regions=regions[n % 2 :],
            tags=tags[: n % 3],
            authors=[author][: n % 2],
            language=("en", "ru")[n % 2],
            is_breaking=n == 0,
            published_at=LONG_AGO + timedelta(days=n // 3),
        )
    make_collection(article, {"rule": "newest", "number": 5}, slug=examples.COLLECTION["slug"])
    for day, dollar in (("18", "87.4000"), ("19", "87.4500"), ("20", "87.4900")):
        make_snapshot("nbkr", f"2026-02-{day}", {"USD": dollar, "KZT": ("1.84", 10)})
    make_snapshot("nbkr_weekly", "2026-02-14", {"TJS": "9.3647", "JPY": ("55.12", 100)})
    make_snapshot("open_exchange_rates", "2026-02-20", {"TMT": "3.499563"})
    make_snapshot("nbt", "2026-02-20", {"USD": "9.4402"}, id=rate_examples.SNAPSHOT["id"])
    unpublish(make_published("Gone").article)
    make_draft("A draft", tags=[make_tag("Of drafts only")])


def test_no_operation_is_hidden_and_no_other_check_left_out() -> None:
    found = {each.ok().path for each in schema.get_all_operations()}  # type: ignore[union-attr]

    assert found == set(openapi_document()["paths"])
    assert set(LEFT_OUT) < set(CHECKS.get_all_names())
    assert PublishedArticle.objects.count() == 31


@schema.parametrize()
@settings(max_examples=MAX_EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_it_finds_nothing(case: Any) -> None:
    # Over WSGI, schemathesis asks for compression and does not undo it.
    case.call_and_validate(headers={"Accept-Encoding": "identity"}, excluded_checks=LEFT_OUT_CHECKS)
