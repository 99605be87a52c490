"""`manage.py renew_epoch`, and the check that notices when it is needed."""

import io

import pytest
from django.core import checks
from django.core.checks import Tags
from django.core.management import call_command

from cms.changes import epoch
from cms.changes.models import LogHead

pytestmark = pytest.mark.django_db


def warned() -> list[str | None]:
    found = checks.run_checks(tags=[Tags.database], databases=["default"])
    return [each.id for each in found if each.id == "dastan.W003"]


@pytest.fixture(autouse=True)
def _settled() -> None:
    epoch.settle()


def test_it_works() -> None:
    before = LogHead.objects.get()
    out = io.StringIO()

    call_command("renew_epoch", stdout=out)

    after = LogHead.objects.get()
    assert out.getvalue() == f"The change log has a new epoch, {after.epoch}.\n"
    assert after.epoch != before.epoch
    assert after.number == before.number


def test_the_check_is_silent_where_the_log_was_begun() -> None:
    assert epoch.here().count("/") == 3
    assert warned() == []


@pytest.mark.parametrize("part", range(4))
def test_the_check_notices_another_cluster_timeline_database_or_table(part: int) -> None:
    parts = epoch.here().split("/")
    parts[part] += "7"
    LogHead.objects.update(home="/".join(parts))
    assert warned() == ["dastan.W003"]

    epoch.settle()  # as a migration does: what is noted is not forgotten
    assert warned() == ["dastan.W003"]
    call_command("renew_epoch", stdout=io.StringIO())
    assert warned() == []


def test_a_log_whose_home_was_never_noted_is_no_mistake() -> None:
    LogHead.objects.update(home="")

    assert warned() == []


def test_a_log_without_its_row_gets_one() -> None:
    LogHead.objects.all().delete()

    call_command("renew_epoch", stdout=io.StringIO())

    assert LogHead.objects.get().number == 0
