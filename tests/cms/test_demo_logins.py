import io
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command
from django.test import Client

pytestmark = pytest.mark.django_db

ROLES = {
    "writer": "writer",
    "editor": "editor",
    "publisher": "publisher",
    "rates-editor": "rates editor",
}


def create() -> list[str]:
    out = io.StringIO()
    call_command("create_demo_logins", stdout=out)
    return out.getvalue().splitlines()


def test_it_works(client: Client) -> None:
    assert create() == [f"Login for /admin/: {name}, password {name}" for name in ("demo", *ROLES)]

    user = authenticate(username="demo", password="demo")
    assert user is not None
    assert user.is_superuser
    for name, role in ROLES.items():
        assert client.login(username=name, password=name)
        assert client.get("/admin/").status_code == 200
        groups = get_user_model().objects.get(username=name).groups.values_list("name", flat=True)
        assert list(groups) == [role]


def test_twice_changes_nothing() -> None:
    create()
    user = get_user_model()._default_manager.get(username="demo")
    user.set_password("my own")
    user.save()

    assert create() == [f"The login “{name}” is there already." for name in ("demo", *ROLES)]

    assert get_user_model()._default_manager.count() == 5
    assert authenticate(username="demo", password="my own") is not None


def test_in_production_its_passwords_are_made_up(settings: Any) -> None:
    settings.PRODUCTION = True

    passwords = [line.rpartition(" ")[2] for line in create()]

    assert len(set(passwords)) == 5
    assert min(map(len, passwords)) >= 12
    assert authenticate(username="demo", password="demo") is None
    assert authenticate(username="demo", password=passwords[0]) is not None
