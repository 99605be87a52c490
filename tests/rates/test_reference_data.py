"""Currencies and sources, as they are after `migrate`."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction

from cms.changes.models import Change
from rates.models import Currency, Source
from rates.reference_data import make_missing

pytestmark = [pytest.mark.django_db, pytest.mark.sql]


def test_it_works() -> None:
    tenge = Currency.objects.get(code="KZT")

    assert (tenge.numeric_code, tenge.minor_units) == ("398", 2)
    assert tenge.names == {
        "en": "Kazakhstani Tenge",
        "ru": "казахский тенге",
        "kk": "Қазақстан теңгесі",
    }
    assert [each.code for each in Currency.objects.ticker()] == ["KGS", "KZT", "TJS", "UZS", "TMT"]
    assert set(Source.objects.values_list("slug", flat=True)) == {
        "nbk",
        "nbkr",
        "nbkr_weekly",
        "cbu",
        "nbt",
        "cbt",
        "open_exchange_rates",
    }


def test_the_currencies_of_the_region_have_their_own_name() -> None:
    for code, tag in (("KGS", "ky"), ("TJS", "tg"), ("UZS", "uz"), ("TMT", "tk")):
        assert set(Currency.objects.get(code=code).names) == {"en", "ru", tag}


def test_minor_units_are_those_of_the_standard() -> None:
    units = dict(Currency.objects.values_list("code", "minor_units"))

    assert [units[code] for code in ("JPY", "USD", "KWD", "XDR")] == [0, 2, 3, None]


def test_what_an_editor_changed_stays() -> None:
    Currency.objects.filter(code="TMT").update(is_on_ticker=False)
    Source.objects.filter(slug="nbk").update(grace="2 hours")
    before = Change.objects.count()

    make_missing()

    assert [each.code for each in Currency.objects.ticker()] == ["KGS", "KZT", "TJS", "UZS"]
    assert Source.objects.get(slug="nbk").grace.total_seconds() == 7200
    assert Change.objects.count() == before


def test_what_is_missing_is_made_again() -> None:
    Source.objects.filter(slug="cbt").delete()
    Currency.objects.filter(code="TMT").delete()

    call_command("migrate", verbosity=0)

    assert Source.objects.get(slug="cbt").home_currency.code == "TMT"


def test_a_code_is_three_capital_letters() -> None:
    with pytest.raises(IntegrityError, match="rates_currency_code"), transaction.atomic():
        Currency.objects.create(code="usd", numeric_code="840")

    assert not Currency.objects.filter(code="usd").exists()
