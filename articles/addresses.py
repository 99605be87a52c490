"""Where the public pages of articles stand, by ARTICLE_URL_TEMPLATE."""

from datetime import datetime

from django.conf import settings
from django.utils.timezone import get_default_timezone


def page_address(*, slug: str, language: str, published_at: datetime) -> str:
    """ARTICLE_URL_TEMPLATE filled in; year and month are those of the newsroom's time zone."""
    published = published_at.astimezone(get_default_timezone())
    template: str = settings.ARTICLE_URL_TEMPLATE
    return template.format(
        slug=slug,
        language=language,
        year=f"{published.year:04}",
        month=f"{published.month:02}",
    )
