"""Roles are groups of logins; each app gives those that it knows their permissions.

The groups are made after every ``migrate`` where they are missing, and not by a migration: a flush
empties their table too. What a newsroom changes in a group stays.
"""

from collections.abc import Iterable
from typing import Any

from django.contrib.auth.models import Group, Permission

from cms.models import OfferedPermission

_names: dict[str, None] = {}  # in the order in which they were registered


def register(*names: str) -> None:
    """Make the names of roles known; called in ``AppConfig.ready()``."""
    _names.update(dict.fromkeys(names))


def registered() -> list[str]:
    """The names of all roles, from the lowest: groups of other names are a newsroom's own."""
    return list(_names)


def can_be_made(apps: Any) -> bool:
    """Whether there is what roles need, by the ``apps`` of a post_migrate: not when the migration
    was taken back."""
    return apps is None or "offeredpermission" in apps.all_models["cms"]


def make_role(name: str, permissions: Iterable[str] = (), *, using: str = "default") -> Group:
    """The group of this name, made if it is missing.

    ``permissions`` are ``"app_label.codename"``. The group is given those that exist, each once:
    which it has not any more, somebody has taken away.
    """
    group, is_new = Group.objects.using(using).get_or_create(name=name)
    remembered = OfferedPermission.objects.using(using).filter(role=name)
    if is_new:
        remembered.delete()
    offered = {
        f"{label}.{codename}" for label, codename in remembered.values_list("app_label", "codename")
    }
    new = [each.split(".") for each in permissions if each not in offered]
    there = (
        Permission.objects.using(using)
        .select_related("content_type")
        .filter(
            content_type__app_label__in={label for label, _ in new},
            codename__in={codename for _, codename in new},
        )
    )
    # Not only by label and codename apart: two apps may have a permission of one name.
    given = [each for each in there if [each.content_type.app_label, each.codename] in new]
    group.permissions.add(*given)
    remembered.bulk_create(
        [
            OfferedPermission(
                role=name, app_label=each.content_type.app_label, codename=each.codename
            )
            for each in given
        ],
        ignore_conflicts=True,
    )
    return group
