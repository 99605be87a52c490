"""The rates editor: judges and enters rates, and leaves the articles alone."""

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse

from rates.roles import PERMISSIONS

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor() -> User:
    user = User.objects.create_user("rates-editor", is_staff=True)
    user.groups.add(Group.objects.get(name="rates editor"))
    return user


def test_it_works(editor: User, client: Client) -> None:
    client.force_login(editor)

    assert editor.has_perms(PERMISSIONS)
    for model in ("snapshot", "source", "currency"):
        page = reverse(f"admin:rates_{model}_changelist")
        assert client.get(page).status_code == 200


def test_articles_are_not_theirs(editor: User, client: Client) -> None:
    client.force_login(editor)

    for page in ("changelist", "add"):
        assert client.get(reverse(f"admin:articles_article_{page}")).status_code == 403
