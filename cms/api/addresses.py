"""Which addresses are for readers, where the conventions of the API hold: the API and outlets."""

PREFIXES = ("/api/", "/feeds/", "/sitemap", "/news-sitemap.xml")


def is_for_readers(path: str) -> bool:
    """Whether strict parameters, credentials, ETags and compression are the conventions' there."""
    return path.startswith(PREFIXES)
