"""What the desk's templates ask for."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from cms.desk.dashboard import dashboard_for
from cms.desk.markup import as_stored

register = template.Library()
register.filter(as_stored)


@register.inclusion_tag("cms/desk/dashboard.html", takes_context=True)
def dashboard(context: Any) -> dict[str, Any]:
    """The panels and concerns of who is signed in, at this moment."""
    return dashboard_for(context["request"].user, now=timezone.now())
