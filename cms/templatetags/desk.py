from typing import Any

from django import template
from django.utils import timezone

from cms.notices import Notice, notices

register = template.Library()


@register.simple_tag(takes_context=True)
def desk_notices(context: Any) -> list[Notice]:
    """What is wrong now, as far as this login is told."""
    user = context["request"].user
    return [
        each
        for each in notices(timezone.now())
        if not each.permission or user.has_perm(each.permission)
    ]
