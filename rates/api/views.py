"""Rates of pairs: the ticker, one pair, a conversion. Each is derived as it is read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from cms.api.parameters import Parameter, ParameterErrors
from cms.api.problems import ProblemError
from cms.api.views import DetailView, ShapedView, ShortListView
from cms.changes.models import Topic
from rates import reading, reference
from rates.api.answers import conversion_answer, rate_answers
from rates.api.parameters import (
    ON,
    PAIR,
    AmountParameter,
    CurrenciesParameter,
    CurrencyParameter,
    check_currencies,
    check_day,
    read_pair,
)
from rates.api.serializers import ConversionSerializer, RateSerializer
from rates.quotation import Derived, derive, missing
from rates.reference import TICKER_QUOTE


def derived(
    base: str, quote: str, known: reference.Reference, *, on: date | None, now: datetime
) -> Derived:
    """The rate of a pair in force on a day, or now; a 404 problem says which leg is missing."""
    bulletins = reading.bulletins_in_force(known, [base, quote], now=now, on=on)
    found = derive(base, quote, known.plans(base, quote), bulletins)
    if found is None:
        when = f" on {on}" if on else ""
        detail = f"{base}-{quote} cannot be derived{when}: "
        raise ProblemError("not-found", detail + missing(base, quote, bulletins.values()))
    return found


class TickerView(ShortListView):
    """The ticker: rates in force now, with their change.

    Without `base`, the currencies that the newsroom has put on its ticker, in its order. A pair of
    which no source knows a rate is left out.
    """

    topics = (Topic.RATES.value,)
    serializer_class = RateSerializer
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "base": CurrenciesParameter("These currencies, in this order."),
        "quote": CurrencyParameter("The currency that they are told in; USD, if left out.", "USD"),
    }

    def get_rows(self, names: list[str], errors: ParameterErrors) -> list[dict[str, Any]]:
        known, now = reference.current(), timezone.now()
        quote = self.values["quote"] or TICKER_QUOTE
        bases = self._bases(known, quote, errors)
        check_currencies({"quote": quote}, known, errors)
        errors.raise_any()
        bulletins = reading.bulletins_in_force(known, [*bases, quote], now=now)
        ways = [(base, known.plans(base, quote)) for base in bases]
        found = [derive(base, quote, plans, bulletins) for base, plans in ways]
        rates = [each for each in found if each is not None]
        return rate_answers(rates, known, names, on=None, now=now)

    def _bases(
        self, known: reference.Reference, quote: str, errors: ParameterErrors
    ) -> Collection[str]:
        asked: list[str] | None = self.values["base"]
        if asked is None:
            return [code for code in known.ticker() if code != quote]
        for code in asked:
            check_currencies({"base": code}, known, errors)
        if quote in asked:
            errors.add("base", f"A pair is of two currencies; this is {quote} twice.")
        return asked


class RateView(DetailView):
    """The rate of a pair: how much of the second one unit of the first is worth.

    `method` tells how it follows from `legs`, which are quotes as they were printed: `published`
    as it stands, `inverse` of it, `cross` of two, or `peg` where the bank prints exactly the rate
    that it holds its currency at.
    """

    topics = (Topic.RATES.value,)
    serializer_class = RateSerializer
    path_parameters = PAIR
    own_parameters = ON

    def get_object(self, slug: str, names: list[str]) -> dict[str, Any]:
        known, now, on = reference.current(), timezone.now(), self.values["on"]
        errors = ParameterErrors()
        base, quote = read_pair(slug, known, errors)
        check_day(on, timezone.localdate(now), errors)
        errors.raise_any()
        rate = derived(base, quote, known, on=on, now=now)
        [answer] = rate_answers([rate], known, names, on=on, now=now)
        return answer


class ConvertView(ShapedView):
    """What an amount of one currency comes to in another."""

    topics = (Topic.RATES.value,)
    is_kept = False  # an amount is hardly asked twice
    serializer_class = ConversionSerializer
    other_statuses = ("404",)
    own_parameters: ClassVar[dict[str, Parameter]] = {
        "from": CurrencyParameter("The currency of the amount.", "KGS", is_needed=True),
        "to": CurrencyParameter("The currency to convert to.", "USD", is_needed=True),
        "amount": AmountParameter("How much."),
        **ON,
    }

    def answer(self, request: Request, **kwargs: str) -> Response:
        errors = ParameterErrors()
        names = self.read_request(request, errors)
        known, now, on = reference.current(), timezone.now(), self.values["on"]
        base, quote = self.values["from"], self.values["to"]
        check_currencies({"from": base, "to": quote}, known, errors)
        if base is not None and base == quote:
            errors.add("to", f"A pair is of two currencies; this is {base} twice.")
        check_day(on, timezone.localdate(now), errors)
        errors.raise_any()
        rate = derived(base, quote, known, on=on, now=now)
        amount = self.values["amount"]
        row = conversion_answer(rate, known, names, amount=amount, on=on, now=now)
        return Response(self.serialize(row, names, many=False))
