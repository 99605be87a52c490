"""What each role may look at and change in the admin.

What it may do to an article, ``articles/workflow.py`` decides beyond that.
"""

from __future__ import annotations

from articles.workflow import Role
from cms.roles import make_role

_TAXONOMY = ("region", "tag", "author", "image")

_PAGES = ("collection", "slot", "redirect")


def _permissions(actions: str, *models: str) -> list[str]:
    return [f"articles.{action}_{model}" for model in models for action in actions.split()]


_READING = _permissions(
    "view", "article", "byline", "relatedchoice", "revision", *_PAGES, *_TAXONOMY
)
_WRITING = [
    *_READING,
    *_permissions("add change", "article"),
    *_permissions("add change delete", "byline", "relatedchoice"),
    *_permissions("add", "tag", "image"),
]
_EDITING = [
    *_WRITING,
    *_permissions("add change delete", *_PAGES, *_TAXONOMY),
    *_permissions("view", "auditentry"),
]
_LOGINS = ["auth.view_user", "auth.add_user", "auth.change_user", "auth.view_group"]

PERMISSIONS: dict[Role, list[str]] = {
    Role.WRITER: list(dict.fromkeys(_WRITING)),
    Role.EDITOR: list(dict.fromkeys(_EDITING)),
    Role.PUBLISHER: list(dict.fromkeys([*_EDITING, *_permissions("delete", "article")])),
    # Its permissions come from the app of the rates.
    Role.RATES_EDITOR: [],
}


def make_roles(using: str) -> None:
    """Make the groups that are missing, with their permissions."""
    for role, permissions in PERMISSIONS.items():
        make_role(role.value, permissions, using=using)
    make_role(Role.PUBLISHER.value, _LOGINS, using=using)
