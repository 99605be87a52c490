"""A history and the rates of its days are the same numbers from the same sources."""

from datetime import date, timedelta
from random import Random

import pytest

from cms.changes.snapshot import read_snapshot
from rates import reading, reference
from rates.history import history
from rates.models import Currency, Source
from rates.quotation import derive
from tests.rates.making import make_snapshot
from tests.rates.quoting import NOW

pytestmark = pytest.mark.django_db

FIRST = date(2026, 1, 1)
DAYS = 40
CODES = ["KGS", "KZT", "TMT", "USD", "EUR", "JPY"]
SOURCES = {
    "nbk": "KZT", "nbkr": "KGS", "nbkr_weekly": "KGS", "cbt": "TMT", "open_exchange_rates": "USD",
}  # fmt: skip


def make_bulletins(chance: Random) -> None:
    """Sources begin late, skip days, drop currencies and take them up again."""
    for source, home in SOURCES.items():
        begins = chance.randrange(DAYS)
        usual = {code for code in CODES if code != home and chance.random() < 0.7}
        for day in range(begins, DAYS):
            quoted = {code for code in usual if chance.random() < 0.9}
            if chance.random() < 0.6 and quoted:
                make_snapshot(
                    source,
                    FIRST + timedelta(days=day),
                    {
                        code: (f"{chance.randrange(1, 10**8)}e-4", chance.choice([1, 10, 100]))
                        for code in quoted
                    },
                )


@pytest.mark.parametrize("seed", range(6))
def test_each_day_of_a_history_is_what_that_day_shows(seed: int) -> None:
    chance = Random(seed)
    make_bulletins(chance)
    if seed % 2:
        preferred = Source.objects.get(slug=chance.choice(list(SOURCES)))
        Currency.objects.filter(code__in=["KGS", "EUR"]).update(ticker_source=preferred)
    last = FIRST + timedelta(days=DAYS - 1)
    compared = 0
    with read_snapshot():
        known = reference.current()
        in_force = {
            day: reading.bulletins_in_force(known, CODES, now=NOW, on=day)
            for day in (FIRST + timedelta(days=n) for n in range(DAYS))
        }
        for base in CODES:
            for quote in set(CODES) - {base}:
                plans = known.plans(base, quote)
                rates = {d: derive(base, quote, plans, there) for d, there in in_force.items()}
                expected = {
                    day: rate.rate.text()
                    for day, rate in rates.items()
                    if rate is not None and rate.effective_date == day
                }
                first = chance.choice(list(in_force))
                shown = history(base, quote, plans, first=first, last=last)
                assert {point.period: point.rate.text() for point in shown} == {
                    day: text for day, text in expected.items() if day >= first
                }
                compared += len(shown)
    assert compared > 100
