"""The desk's people: a login for each role."""

from typing import Any

from django.contrib.auth.models import Group, User

from articles.workflow import Role


def make_login(*roles: Role, username: str = "", **values: Any) -> User:
    """A login in the groups of these roles, named after the first."""
    name = username or (roles[0].value.replace(" ", "-") if roles else "nobody")
    user: User = User.objects.create_user(name, **{"is_staff": True, **values})
    user.groups.set(Group.objects.filter(name__in=[role.value for role in roles]))
    assert user.groups.count() == len(roles)
    return user
