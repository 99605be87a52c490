"""What an article's fields are called at the desk, by the names that revisions have for them."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

LABELS: dict[str, str | Promise] = {
    "title": _("Title"),
    "kicker": _("Kicker"),
    "summary": pgettext_lazy("of an article", "Summary"),  # Django has another one
    "body_html": _("Body"),
    "kind": _("Kind"),
    "language": _("Language"),
    "slug": _("Slug"),
    "is_breaking": _("Breaking news"),
    "breaking_until": _("Breaking until"),
    "expires_at": _("Expires"),
    "canonical_url": _("Original address"),
    "seo_title": _("Title for search engines"),
    "seo_description": _("Description for search engines"),
    "corrections": _("Corrections"),
    "lead_image_id": _("Lead picture"),
    "translation_group": _("Translations"),
    "region_ids": _("Regions"),
    "tag_ids": _("Tags"),
    "author_ids": _("Byline"),
    "pinned_ids": _("Related articles that come first"),
    "excluded_ids": _("Related articles that never come"),
}
