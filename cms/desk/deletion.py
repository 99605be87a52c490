"""What the admin asks before it deletes something."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.text import capfirst


class DeletionMixin:
    """Leaves out the rows that only join two things, such as a login and its role: they say
    nothing to who is asked, and Django names them in English."""

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        admin: Any = super()
        listed, counts, missing, protected = admin.get_deleted_objects(objs, request)
        joins = [
            each._meta
            for each in apps.get_models(include_auto_created=True)
            if each._meta.auto_created
        ]
        named = tuple(f"{capfirst(each.verbose_name)}: " for each in joins)
        plurals = {each.verbose_name_plural for each in joins}
        counted = {name: number for name, number in counts.items() if name not in plurals}
        return _without(listed, named), counted, missing, protected


def _without(listed: list[Any], beginnings: tuple[str, ...]) -> list[Any]:
    kept = [
        _without(each, beginnings) if isinstance(each, list) else each
        for each in listed
        if isinstance(each, list) or not str(each).startswith(beginnings)
    ]
    return [each for each in kept if each != []]
