"""The migrations of ``cms`` itself, back and forth."""

import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command

from tests.conftest import let_flushes_empty_the_audit


@pytest.mark.django_db(transaction=True)
def test_they_can_be_taken_back_and_the_roles_keep_their_permissions() -> None:
    def given() -> set[tuple[str, str, str]]:
        path = ("name", "permissions__content_type__app_label", "permissions__codename")
        return set(Group.objects.values_list(*path))

    before = given()
    try:
        call_command("migrate", "cms", "zero", verbosity=0)
    finally:
        call_command("migrate", verbosity=0)
        let_flushes_empty_the_audit()
    assert given() == before
    assert ("publisher", "webhooks", "change_endpoint") in before
