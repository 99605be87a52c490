import io
from typing import Any

import pytest
from django.contrib.auth import authenticate, get_user_model
from django.core.management import call_command

pytestmark = pytest.mark.django_db


def create() -> str:
    out = io.StringIO()
    call_command("create_demo_logins", stdout=out)
    return out.getvalue()


def test_it_works() -> None:
    assert create() == "Login for /admin/: demo, password demo\n"

    user = authenticate(username="demo", password="demo")
    assert user is not None
    assert user.is_superuser


def test_twice_changes_nothing() -> None:
    create()
    user = get_user_model()._default_manager.get()
    user.set_password("my own")
    user.save()

    assert create() == "The login “demo” is there already.\n"

    assert get_user_model()._default_manager.count() == 1
    assert authenticate(username="demo", password="my own") is not None


def test_in_production_its_password_is_made_up(settings: Any) -> None:
    settings.PRODUCTION = True

    password = create().strip().rpartition(" ")[2]

    assert len(password) >= 12
    assert authenticate(username="demo", password="demo") is None
    assert authenticate(username="demo", password=password) is not None
