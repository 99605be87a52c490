"""schema.org JSON-LD (https://schema.org/NewsArticle), as search engines read it."""

from typing import Any

from articles.outlets.entries import Entry, Newsroom

_TYPES = {
    "analysis": "AnalysisNewsArticle",
    "opinion": "OpinionNewsArticle",
    "sponsored": "AdvertiserContentArticle",
    "page": "Article",
}


def json_ld(entry: Entry, *, newsroom: Newsroom) -> dict[str, Any]:
    """A NewsArticle, or the narrower type of its kind. Texts are plain: who puts it into a page
    has to escape ``<`` in the script element."""
    document: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _TYPES.get(entry.kind, "NewsArticle"),
        "@id": entry.url,
        "url": entry.url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": entry.url},
        "headline": entry.title,
        "alternativeHeadline": entry.kicker,
        "description": entry.summary,
        "inLanguage": entry.language,
        "datePublished": entry.published_at.isoformat(),
        "dateModified": entry.updated_at.isoformat(),
        "wordCount": entry.word_count,
        "author": [{"@type": "Person", "name": name} for name in entry.authors],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "name": newsroom.name,
            "url": f"{newsroom.base}/",
        },
        "keywords": list(entry.tags),
        "contentLocation": [{"@type": "Place", "name": name} for name in entry.regions],
        "image": _images(entry),
        "correction": [
            {"@type": "CorrectionComment", "text": note, "datePublished": at}
            for at, note in entry.corrections
        ],
        "workTranslation": [
            {"@type": "CreativeWork", "@id": url, "inLanguage": language}
            for language, url in entry.alternates
        ],
    }
    return {key: value for key, value in document.items() if value not in ("", [])}


def _images(entry: Entry) -> list[dict[str, Any]]:
    if entry.picture is None:
        return []
    picture = entry.picture
    image = {
        "@type": "ImageObject",
        "url": picture.url,
        "caption": picture.caption or picture.alt,
        "creditText": picture.credit,
        "width": picture.width,
        "height": picture.height,
    }
    return [{key: value for key, value in image.items() if value not in ("", None)}]
