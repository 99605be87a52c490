"""Whatever is published and withdrawn between the pages of a walk, each article that did not
change is seen exactly once, and in order."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from articles.models import PublishedArticle
from articles.publishing import unpublish
from cms.changes.models import LogHead
from tests.cms.test_api_cursor import ask, slugs
from tests.factories import LONG_AGO, make_published, make_tag

pytestmark = pytest.mark.django_db

# Few moments, so that many articles share one; and a step: publish there, or withdraw one.
MOMENTS = st.integers(0, 3)
STEPS = st.lists(st.tuples(st.sampled_from(["publish", "withdraw"]), MOMENTS), max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    moments=st.lists(MOMENTS, min_size=1, max_size=9),
    steps=st.lists(STEPS, max_size=6),
    page_size=st.integers(1, 4),
    ordering=st.sampled_from(["-published_at", "published_at", "-updated_at"]),
    filters=st.sampled_from(["", "&tag=energy"]),
)
def test_each_unchanged_article_is_seen_once(
    client: Client,
    moments: list[int],
    steps: list[list[tuple[str, int]]],
    page_size: int,
    ordering: str,
    filters: str,
) -> None:
    with transaction.atomic():
        LogHead.objects.update(epoch=uuid.uuid4())  # its numbers come again in the next example
        tag = make_tag("Energy")
        kept = [publish(moment, tag) for moment in moments]
        withdrawn = [publish(moment, tag) for moment in moments]
        link = f"/api/v1/articles?cursor=&page_size={page_size}&ordering={ordering}{filters}"
        seen = []
        while link:
            answer = ask(client, link)
            seen += slugs(answer)
            for verb, moment in steps.pop() if steps else []:
                if verb == "publish":
                    publish(moment, tag)
                elif withdrawn:
                    unpublish(withdrawn.pop().article)
            link = answer["next"]
        assert len(seen) == len(set(seen))
        field = ordering.removeprefix("-")
        expected = sorted(
            kept, key=lambda row: (getattr(row, field), row.pk), reverse=ordering[0] == "-"
        )
        slugs_of_kept = [row.slug for row in expected]
        assert [slug for slug in seen if slug in set(slugs_of_kept)] == slugs_of_kept
        transaction.set_rollback(True)


def publish(moment: int, tag: Any) -> PublishedArticle:
    return make_published(tags=[tag], published_at=LONG_AGO + timedelta(days=moment))
