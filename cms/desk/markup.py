"""What stands on a page of the desk in another language than the page, or says yes or no."""

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def as_stored(text: str) -> SafeString:
    """A text as it was stored, or as another server sent it, in whatever language that is."""
    return format_html('<span translate="no">{}</span>', text) if text else SafeString("")


def code(text: object) -> SafeString:
    """A name of programs, such as an event's or an id."""
    return format_html("<code>{}</code>", text)


def yes_or_no(value: bool) -> SafeString:
    """Django's icon, whose text can be read; its own says True and False in every language."""
    name, text = ("yes", _("Yes")) if value else ("no", _("No"))
    return format_html('<img src="{}" alt="{}">', static(f"admin/img/icon-{name}.svg"), text)
