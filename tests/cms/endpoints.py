"""Every endpoint there is, and one row for each of them to show."""

from tests.factories import (
    make_author,
    make_collection,
    make_image,
    make_published,
    make_region,
    make_tag,
)
from tests.rates.making import make_snapshot

PLAIN = ["/api/v1", "/api/v1/newsroom", "/api/v1/openapi.json"]
LISTS = [f"/api/v1/{name}" for name in ("articles", "regions", "tags", "authors")]
DETAILS = [
    "/api/v1/articles/water-levels-rise",
    "/api/v1/regions/kazakhstan",
    "/api/v1/tags/water",
    "/api/v1/authors/asel",
]
ARRANGED = ["/api/v1/collections/front"]
RATES = [
    f"/api/v1/rates/{name}"
    for name in ("ticker", "KGS-USD", "KGS-USD/history", "snapshots", "currencies", "sources")
]
RELATED = "/api/v1/articles/water-levels-rise/related"
ENDPOINTS = [*PLAIN, *LISTS, *DETAILS, RELATED, *ARRANGED, *RATES]
PAGES = ["/api/docs", "/problems/gone", "/livez"]


def make_newsroom() -> None:
    """One article with a region, a tag, an author and a picture, a collection that it stands in,
    and one bulletin: all ENDPOINTS answer 200."""
    make_snapshot("nbkr", "2026-05-24", {"USD": "87.4500", "EUR": "101.5076"})
    article = make_published(
        "Water levels rise",
        slug="water-levels-rise",
        body_html="<h2>The dam</h2><p>" + "Water rises. " * 300 + "</p>",
        regions=[make_region("Kazakhstan")],
        tags=[make_tag("Water")],
        authors=[make_author("Asel")],
        lead_image=make_image(),
    )
    make_collection(article, slug="front")
