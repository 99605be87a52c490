"""Who works with the rates in the admin, for the tests of its pages."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.test import Client
from django.urls import reverse


def make_user(username: str, *permissions: str, **values: Any) -> User:
    """A login with these permissions on rates: ``view_snapshot``, ``judge_snapshot``, …"""
    user: User = User.objects.create_user(username, **{"is_staff": True, **values})
    found = Permission.objects.filter(content_type__app_label="rates", codename__in=permissions)
    assert len(found) == len(permissions)
    user.user_permissions.set(found)
    return user


def make_judge() -> User:
    """An economics editor: sees bulletins, releases and withdraws them."""
    return make_user("judge", "view_snapshot", "judge_snapshot")


def make_reader() -> User:
    """A colleague who may look and no more."""
    return make_user("reader", "view_snapshot", "view_source", "view_currency")


def make_outsider() -> User:
    """A colleague of the picture desk: may sign in, has nothing to do with rates."""
    return make_user("outsider")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(model: str, page: str = "changelist", *arguments: Any) -> str:
    return reverse(f"admin:rates_{model}_{page}", args=arguments)


def told(response: Any) -> list[str]:
    """The messages on the page that follows."""
    return [str(message) for message in response.context["messages"]]
