"""The ticker's list: which currencies readers see on top of each page, and in which order."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from rates.models import Currency
from rates.reference import TICKER_QUOTE


class TickerError(Exception):
    """What was asked cannot be done; the message is a sentence for the person who asked."""


def move(code: str, *, steps: int) -> list[str]:
    """Move a currency down by ``steps`` places, or up by a negative number, as far as the list
    goes; return the new list. TickerError if it is not on the ticker."""
    with transaction.atomic():
        listed = _locked()
        codes = [each.code for each in listed]
        if code not in codes:
            raise TickerError(_("{code} is not on the ticker any more.").format(code=code))
        place = codes.index(code)
        currency = listed.pop(place)
        listed.insert(max(place + steps, 0), currency)
        return _number(listed)


def put_on(code: str) -> list[str]:
    """Put a currency at the end of the ticker, if it is not on it; return the new list.

    TickerError for a currency that there is not, and for the one that the ticker is told in.
    """
    if code == TICKER_QUOTE:
        said = _("The ticker is told in {code}: it cannot be one of its currencies.")
        raise TickerError(said.format(code=code))
    with transaction.atomic():
        listed = _locked()
        if code not in {each.code for each in listed}:
            currency = Currency.objects.select_for_update(no_key=True).filter(code=code).first()
            if currency is None:
                raise TickerError(_("Dastan knows no currency {code}.").format(code=code))
            currency.is_on_ticker = True
            listed.append(currency)
        return _number(listed)


def take_off(code: str) -> list[str]:
    """Take a currency off the ticker, if it is on it; return the new list."""
    with transaction.atomic():
        listed = _locked()
        for currency in listed:
            if currency.code == code:
                currency.is_on_ticker = False
                currency.order = 0
                currency.save(update_fields=["is_on_ticker", "order"])
        return _number([each for each in listed if each.code != code])


def _locked() -> list[Currency]:
    """The ticker's currencies in order, locked; read after the lock, since a statement that had to
    wait for one returns the rows in the order that they had before."""
    listed = Currency.objects.ticker()
    list(listed.order_by("code").select_for_update(no_key=True))
    return list(listed)


def _number(listed: Sequence[Currency]) -> list[str]:
    """Count the places from 1; what has its place already is not written."""
    for place, currency in enumerate(listed, start=1):
        if currency.order != place:
            currency.order = place
            currency.save(update_fields=["is_on_ticker", "order"])
    return [each.code for each in listed]
