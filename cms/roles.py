"""Roles are groups of logins; each app gives those that it knows their permissions.

The groups are made after every ``migrate`` where they are missing, and not by a migration: a flush
empties their table too. What a newsroom changes in a group stays.
"""

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission


def make_role(name: str, permissions: Iterable[str] = (), *, using: str = "default") -> Group:
    """The group of this name, made if it is missing.

    ``permissions`` are ``"app_label.codename"`` of one app. The group is given those that exist,
    unless it has one of that app already: then somebody has decided.
    """
    group, _ = Group.objects.using(using).get_or_create(name=name)
    wanted = [each.split(".") for each in permissions]
    if not wanted:
        return group
    app_label = wanted[0][0]
    if group.permissions.filter(content_type__app_label=app_label).exists():
        return group
    group.permissions.add(
        *Permission.objects.using(using).filter(
            content_type__app_label=app_label, codename__in=[codename for _, codename in wanted]
        )
    )
    return group
