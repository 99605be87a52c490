"""What the OpenAPI document shows as examples; all of it invented."""

from typing import Any

TAG: dict[str, Any] = {"slug": "energy", "name": "Energy", "article_count": 24}

REGION: dict[str, Any] = {
    "slug": "kazakhstan",
    "name": "Kazakhstan",
    "code": "KZ",
    "parent": None,
    "order": 1,
    "description": "The ninth-largest country in the world.",
    "article_count": 181,
}

AUTHOR: dict[str, Any] = {
    "slug": "asel-tokmurat",
    "name": "Asel Tokmurat",
    "role": "Editor, economy",
    "bio": "Writes about prices, budgets and what people do when the two don't meet.",
    "picture": None,
    "article_count": 12,
}

CARD: dict[str, Any] = {
    "id": 417,
    "slug": "wind-farm-near-zhanatas-doubles-its-output",
    "title": "Wind farm near Zhanatas doubles its output",
    "kicker": "Energy",
    "summary": "The second row of turbines has been connected to the grid.",
    "kind": "news",
    "language": "en",
    "published_at": "2026-02-20T06:15:00Z",
    "updated_at": "2026-02-20T09:40:00Z",
    "word_count": 312,
    "reading_minutes": 2,
    "is_breaking": False,
    "regions": [{"slug": "kazakhstan", "name": "Kazakhstan"}],
    "tags": [{"slug": "energy", "name": "Energy"}],
    "authors": [{"slug": "asel-tokmurat", "name": "Asel Tokmurat"}],
    "lead_image": {
        "url": "https://media.example.org/zhanatas.jpg",
        "alt": "A row of wind turbines on a ridge",
        "caption": "The turbines stand 3 km apart.",
        "credit": "Dastan",
        "width": 1600,
        "height": 900,
    },
    "url": "https://www.example.org/en/wind-farm-near-zhanatas-doubles-its-output",
}

COLLECTION: dict[str, Any] = {
    "slug": "front",
    "title": "Front page",
    "description": None,
    "language": "en",
}

SUGGESTION: dict[str, Any] = {"type": "region", "slug": "almaty", "text": "Almaty"}

ARTICLE: dict[str, Any] = {
    **CARD,
    "excerpt": "The second row of turbines near Zhanatas has been connected to the grid.",
    "body_html": "<p>The second row of turbines near Zhanatas has been connected to the grid.</p>",
    "corrections": [
        {"at": "2026-02-20T09:40:00Z", "note": "An earlier version gave the wrong distance."}
    ],
    "translations": [{"language": "ru", "slug": "vetropark-u-zhanatasa"}],
    "canonical_url": None,
    "seo": {"title": None, "description": None},
    "revision": 2,
}
