"""The roles: what each may in the admin, and who gives them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from articles.roles import PERMISSIONS, make_roles
from articles.workflow import Role
from cms.models import OfferedPermission
from cms.roles import make_role
from tests.articles.desk import signed_in
from tests.articles.roles import make_login

pytestmark = pytest.mark.django_db


def permissions_of(role: Role) -> set[str]:
    group = Group.objects.get(name=role.value)
    found = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{app}.{codename}" for app, codename in found}


def test_it_works() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == {
        "writer",
        "editor",
        "publisher",
        "rates editor",
    }
    for role, permissions in PERMISSIONS.items():
        if role is not Role.RATES_EDITOR:
            assert permissions_of(role) >= set(permissions)
    assert "articles.delete_region" not in permissions_of(Role.WRITER)
    assert "articles.view_auditentry" in permissions_of(Role.EDITOR)
    assert "auth.change_user" in permissions_of(Role.PUBLISHER) - permissions_of(Role.EDITOR)


def test_every_permission_that_a_role_names_exists() -> None:
    there = Permission.objects.values_list("content_type__app_label", "codename")
    known = {f"{app}.{codename}" for app, codename in there}

    assert {each for permissions in PERMISSIONS.values() for each in permissions} <= known


def test_what_a_newsroom_changes_stays() -> None:
    writers = Group.objects.get(name="writer")
    writers.permissions.remove(Permission.objects.get(codename="add_tag"))
    Group.objects.filter(name="editor").delete()

    make_roles("default")

    assert "articles.add_tag" not in permissions_of(Role.WRITER)
    assert permissions_of(Role.EDITOR) == set(PERMISSIONS[Role.EDITOR])


@pytest.mark.django_db(transaction=True)
def test_they_are_there_again_after_a_flush() -> None:
    call_command("flush", "--no-input", verbosity=0)

    assert Group.objects.count() == 4
    assert permissions_of(Role.WRITER) == set(PERMISSIONS[Role.WRITER])


def test_another_app_adds_what_it_knows() -> None:
    make_role("rates editor", ["auth.view_group", "auth.there_is_none"])

    assert permissions_of(Role.RATES_EDITOR) >= {"auth.view_group"}


def test_what_a_later_version_adds_reaches_the_roles_there_are() -> None:
    writers = Group.objects.get(name="writer")
    writers.permissions.remove(Permission.objects.get(codename="add_tag"))
    later = Permission.objects.filter(content_type__model="relatedchoice")
    writers.permissions.remove(*later)
    OfferedPermission.objects.filter(codename__endswith="_relatedchoice").delete()

    make_roles("default")

    assert permissions_of(Role.WRITER) == set(PERMISSIONS[Role.WRITER]) - {"articles.add_tag"}
    writers.permissions.remove(*later)
    make_roles("default")
    assert "articles.view_relatedchoice" not in permissions_of(Role.WRITER)


def test_what_there_is_before_they_are_remembered_was_offered() -> None:
    """The upgrade: what a newsroom took away stays away, what is new comes."""
    writers = Group.objects.get(name="writer")
    writers.permissions.remove(Permission.objects.get(codename="add_tag"))
    writers.permissions.remove(*Permission.objects.filter(content_type__model="relatedchoice"))
    OfferedPermission.objects.all().delete()

    migration = import_module("cms.migrations.0001_offered_permissions")
    migration.remember_what_was_offered(apps, None)
    make_roles("default")

    assert permissions_of(Role.WRITER) == set(PERMISSIONS[Role.WRITER]) - {"articles.add_tag"}
    assert permissions_of(Role.EDITOR) == set(PERMISSIONS[Role.EDITOR])


@pytest.fixture
def publisher() -> Client:
    return signed_in(make_login(Role.PUBLISHER))


def form_of(user: User, **values: Any) -> dict[str, Any]:
    return {
        "username": user.username,
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
        "is_active": "on",
        "is_staff": "on",
        "groups": list(user.groups.values_list("pk", flat=True)),
        **values,
    }


def page_of(user: User) -> str:
    return reverse("admin:auth_user_change", args=[user.pk])


def test_a_publisher_gives_roles(publisher: Client) -> None:
    clerk = make_login(username="clerk")
    writers = Group.objects.get(name="writer")

    assert publisher.get(reverse("admin:auth_user_changelist")).status_code == 200
    publisher.post(page_of(clerk), form_of(clerk, groups=[writers.pk]))

    assert list(clerk.groups.all()) == [writers]


def test_a_publisher_makes_no_superuser(publisher: Client) -> None:
    clerk, chief = make_login(username="clerk"), make_login(username="chief", is_superuser=True)
    permission = Permission.objects.get(codename="delete_user")

    publisher.post(
        page_of(clerk), form_of(clerk, is_superuser="on", user_permissions=[permission.pk])
    )
    clerk.refresh_from_db()
    assert not clerk.is_superuser
    assert not clerk.user_permissions.exists()
    for page in (page_of(chief), reverse("admin:auth_user_password_change", args=[chief.pk])):
        response = publisher.post(page, form_of(chief, is_active="", password1="x", password2="x"))
        assert response.status_code == 403
    chief.refresh_from_db()
    assert chief.is_active
    # Nor by changing what a group may.
    group = Group.objects.get(name="publisher")
    page = reverse("admin:auth_group_change", args=[group.pk])
    assert publisher.post(page, {"name": "x"}).status_code == 403


@pytest.mark.parametrize("role", [Role.WRITER, Role.EDITOR, Role.RATES_EDITOR])
def test_nobody_else_gives_roles(role: Role) -> None:
    clerk = make_login(username="clerk")

    response = signed_in(make_login(role)).post(page_of(clerk), form_of(clerk))

    assert response.status_code == 403


def test_a_publisher_gives_roles_alone_and_leaves_other_groups(publisher: Client) -> None:
    """A group of a newsroom's own may let its logins do anything."""
    chiefs, interns = Group.objects.create(name="chiefs"), Group.objects.create(name="interns")
    chiefs.permissions.set(Permission.objects.all())
    clerk = make_login(Role.WRITER, username="clerk")
    clerk.groups.add(interns)
    editors = Group.objects.get(name="editor")

    page = publisher.get(page_of(clerk)).content.decode()
    assert "chiefs" not in page
    response = publisher.post(page_of(clerk), form_of(clerk, groups=[editors.pk, chiefs.pk]))
    assert response.status_code == 200
    assert set(clerk.groups.values_list("name", flat=True)) == {"writer", "interns"}
    response = publisher.post(page_of(clerk), form_of(clerk, groups=[editors.pk]))

    assert response.status_code == 302
    assert set(clerk.groups.values_list("name", flat=True)) == {"editor", "interns"}
    chief = signed_in(User.objects.create_superuser("chief"))
    chief.post(page_of(clerk), form_of(clerk, groups=[chiefs.pk]))
    assert list(clerk.groups.all()) == [chiefs]


def test_a_publisher_sets_no_password_of_who_may_more_than_a_role(publisher: Client) -> None:
    """Whoever sets it can sign in with it."""
    chiefs = Group.objects.create(name="chiefs")
    in_group, with_own = make_login(username="in_group"), make_login(username="with_own")
    in_group.groups.add(chiefs)
    with_own.user_permissions.add(Permission.objects.get(codename="delete_user"))
    form = {"password1": "tundra-kettle-41", "password2": "tundra-kettle-41"}
    form["usable_password"] = "true"

    for target in (in_group, with_own):
        page = reverse("admin:auth_user_password_change", args=[target.pk])
        assert publisher.get(page).status_code == 403
        assert publisher.post(page, form).status_code == 403
        before = target.password
        target.refresh_from_db()
        assert target.password == before
    clerk = make_login(Role.WRITER, username="clerk")
    page = reverse("admin:auth_user_password_change", args=[clerk.pk])
    assert publisher.post(page, form).status_code == 302
    clerk.refresh_from_db()
    assert clerk.check_password("tundra-kettle-41")
