"""Which source gives a pair, and by which way."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.arithmetic import Ratio
from rates.quotation import (
    Bulletin,
    Derived,
    Peg,
    Plan,
    Publisher,
    Quote,
    changed,
    derive,
    missing,
    plans_for,
)

PEG = {"TMT": Peg("USD", Decimal("3.5"), date(2015, 1, 1))}
NBK = Publisher(1, "nbk", "KZT", pegs=PEG)
NBKR = Publisher(2, "nbkr", "KGS", pegs=PEG)
WEEKLY = Publisher(3, "nbkr_weekly", "KGS", pegs=PEG)
CBU = Publisher(4, "cbu", "UZS", pegs=PEG)
CBT = Publisher(5, "cbt", "TMT", pegs=PEG)
FEED = Publisher(6, "feed", "USD", is_indirect=True, is_market=True, pegs=PEG)
ALL = [FEED, CBU, WEEKLY, NBK, NBKR, CBT]

Bulletins = dict[str, Bulletin]


def bulletin(publisher: Publisher, day: str, **quotes: str | tuple[str, int]) -> Bulletin:
    printed = {
        code: Quote(Decimal(each), Decimal(1))
        if isinstance(each, str)
        else Quote(Decimal(each[0]), Decimal(each[1]))
        for code, each in quotes.items()
    }
    return Bulletin(
        id=publisher.id,
        publisher=publisher,
        effective_date=date.fromisoformat(day),
        revision=1,
        published_at=None,
        fetched_at=datetime(2026, 5, 20, tzinfo=UTC),
        is_carried_forward=False,
        quotes=printed,
    )


def in_force(*bulletins: Bulletin) -> Bulletins:
    return {each.publisher.slug: each for each in bulletins}


def derived(
    base: str, quote: str, bulletins: Mapping[str, Bulletin], preferred: str | None = None
) -> Derived:
    found = derive(base, quote, plans_for(base, quote, ALL, preferred=preferred), bulletins)
    assert found is not None
    return found


def sources(rate: Derived) -> list[str]:
    return [leg.bulletin.publisher.slug for leg in rate.legs]


def test_it_works() -> None:
    rate = derived("KGS", "USD", in_force(bulletin(NBKR, "2026-05-20", USD="87.4500")))

    assert rate.rate.text() == "0.01143510577"
    assert (rate.method, sources(rate)) == ("inverse", ["nbkr"])
    assert rate.effective_date == date(2026, 5, 20)


def test_the_direction_that_is_printed_is_published_and_the_other_its_inverse() -> None:
    there = in_force(bulletin(NBK, "2026-05-20", RUB=("5843.10", 1000)))

    assert derived("RUB", "KZT", there).method == "published"
    assert derived("RUB", "KZT", there).rate.text() == "5.8431"
    assert derived("KZT", "RUB", there).method == "inverse"


def test_a_feed_prints_the_other_way_round() -> None:
    there = in_force(bulletin(FEED, "2026-05-20", KGS="87.489064", UZS="12150"))

    assert derived("USD", "KGS", there).method == "published"
    assert derived("USD", "KGS", there).rate.text() == "87.489064"
    assert derived("KGS", "USD", there).method == "inverse"
    assert derived("KGS", "UZS", there).method == "cross"
    assert derived("KGS", "UZS", there).rate.text() == "138.8744998"


def test_of_two_central_banks_the_first_in_the_alphabet_counts() -> None:
    """By the currency's code: KZT is before UZS."""
    there = in_force(
        bulletin(NBK, "2026-05-20", UZS=("3.80", 100)), bulletin(CBU, "2026-05-20", KZT="26.10")
    )

    for pair in (("KZT", "UZS"), ("UZS", "KZT")):
        assert sources(derived(*pair, there)) == ["nbk"]
    del there["nbk"]
    assert sources(derived("KZT", "UZS", there)) == ["cbu"]


def test_the_tickers_list_may_prefer_another_source() -> None:
    there = in_force(
        bulletin(NBKR, "2026-05-20", USD="87.45"),
        bulletin(NBK, "2026-05-20", KGS="5.44", USD="475.27"),
        bulletin(FEED, "2026-05-20", KGS="87.489064"),
    )

    for preferred, found in (("feed", ["feed"]), ("nbk", ["nbk", "nbk"]), ("cbu", ["nbkr"])):
        assert sources(derived("KGS", "USD", there, preferred)) == found
        assert sources(derived("USD", "KGS", there, preferred)) == found


def test_without_a_bank_of_their_own_two_legs_are_crossed() -> None:
    there = in_force(
        bulletin(NBK, "2026-05-20", EUR="548.47", USD="475.27"),
        bulletin(FEED, "2026-05-21", EUR="0.8664"),
    )

    rate = derived("EUR", "USD", there)
    assert (rate.method, sources(rate)) == ("cross", ["nbk", "nbk"])
    assert rate.rate.text() == "1.154017716"
    assert [leg.currency for leg in rate.legs] == ["EUR", "USD"]


def test_one_bulletin_with_both_legs_is_better_than_two() -> None:
    of_two = in_force(
        bulletin(NBKR, "2026-05-20", USD="87.45"), bulletin(WEEKLY, "2026-05-16", JPY="0.55")
    )
    rate = derived("JPY", "USD", of_two)
    assert (rate.method, sources(rate)) == ("cross", ["nbkr_weekly", "nbkr"])
    assert rate.effective_date == date(2026, 5, 20)

    of_one = {**of_two, **in_force(bulletin(CBU, "2026-05-19", JPY="76", USD="12142.10"))}
    assert sources(derived("JPY", "USD", of_one)) == ["cbu", "cbu"]


def test_two_banks_are_never_crossed() -> None:
    there = in_force(
        bulletin(NBK, "2026-05-20", EUR="548.47"), bulletin(CBU, "2026-05-20", USD="12142.10")
    )

    assert derive("EUR", "USD", plans_for("EUR", "USD", ALL), there) is None
    assert missing("EUR", "USD", there.values()) == (
        "no source has both legs: EUR is quoted by nbk; USD is quoted by cbu."
    )


def test_a_market_feed_comes_last() -> None:
    there = in_force(bulletin(FEED, "2026-05-21", KGS="87.489064", KZT="500"))

    assert sources(derived("KGS", "USD", there)) == ["feed"]
    there |= in_force(bulletin(CBU, "2026-05-01", KGS="139", USD="12142.10"))
    assert sources(derived("KGS", "USD", there)) == ["cbu", "cbu"]


def test_a_rate_at_the_peg_says_so() -> None:
    at_peg = in_force(bulletin(CBT, "2026-05-20", USD="3.5000"))

    assert derived("USD", "TMT", at_peg).method == "peg"
    assert derived("TMT", "USD", at_peg).method == "peg"
    assert derived("TMT", "USD", at_peg).rate.text() == "0.2857142857"


@pytest.mark.parametrize(
    ("publisher", "day", "quotes", "method"),
    [
        (CBT, "2026-05-20", {"USD": "3.499"}, "inverse"),  # beside the peg
        (CBT, "2014-12-31", {"USD": "3.5"}, "inverse"),  # before it
        (FEED, "2026-05-20", {"TMT": "3.499563"}, "inverse"),
        (FEED, "2026-05-20", {"TMT": "3.5"}, "peg"),
    ],
)
def test_what_is_not_at_the_peg_does_not(
    publisher: Publisher, day: str, quotes: dict[str, str | tuple[str, int]], method: str
) -> None:
    assert derived("TMT", "USD", in_force(bulletin(publisher, day, **quotes))).method == method


def test_what_nobody_quotes_is_named() -> None:
    there = in_force(bulletin(NBKR, "2026-05-20", USD="87.45")).values()

    assert missing("KGS", "GEL", there) == "no bulletin in force quotes GEL."
    assert missing("EUR", "GEL", there) == "no bulletin in force quotes EUR or GEL."
    assert missing("KGS", "USD", []) == "no bulletin in force quotes KGS or USD."


def test_a_change_is_of_the_direction_that_is_shown() -> None:
    before = in_force(bulletin(NBKR, "2026-05-19", USD="87.00"))
    now = in_force(bulletin(NBKR, "2026-05-20", USD="87.45"))

    up = changed(derived("USD", "KGS", now), derived("USD", "KGS", before))
    down = changed(derived("KGS", "USD", now), derived("KGS", "USD", before))
    assert up is not None
    assert down is not None
    assert (up.direction, down.direction) == ("up", "down")
    assert up.absolute.text() == "0.45"
    assert changed(derived("USD", "KGS", now), None) is None


codes = st.sampled_from(["KGS", "KZT", "UZS", "TMT", "USD", "EUR", "JPY", "GEL"])
numbers = st.decimals("0.0001", "99999", places=4)


@st.composite
def bulletins_of_a_day(draw: st.DrawFn) -> Bulletins:
    return in_force(
        *(
            bulletin(
                each,
                f"2026-05-{draw(st.integers(10, 20))}",
                **{
                    code: (str(draw(numbers)), draw(st.sampled_from([1, 10, 100])))
                    for code in draw(st.sets(codes, max_size=5)) - {each.home}
                },
            )
            for each in draw(st.sets(st.sampled_from(ALL)))
        )
    )


@given(codes, codes, bulletins_of_a_day(), st.sampled_from([None, "feed", "nbk", "nbkr_weekly"]))
def test_both_directions_follow_from_the_same_legs(
    base: str, quote: str, bulletins: Bulletins, preferred: str | None
) -> None:
    if base == quote:
        return
    there = derive(base, quote, plans_for(base, quote, ALL, preferred=preferred), bulletins)
    back = derive(quote, base, plans_for(quote, base, ALL, preferred=preferred), bulletins)

    if there is None or back is None:
        assert there is back is None
        assert missing(base, quote, bulletins.values()).endswith(".")
        return
    assert sorted(map(repr, there.legs)) == sorted(map(repr, back.legs))
    assert there.rate.times(back.rate).equals(Ratio(Decimal(1)))
    assert {there.method, back.method} in ({"cross"}, {"peg"}, {"published", "inverse"})
    assert there.effective_date == back.effective_date


@given(codes, codes, st.sets(st.sampled_from(ALL)))
def test_every_plan_is_tried_once_and_market_feeds_last(
    base: str, quote: str, publishers: set[Publisher]
) -> None:
    plans = plans_for(base, quote, publishers)

    assert len(plans) == len(set(plans))
    is_market = [any(each.is_market for each in plan.publishers) for plan in plans]
    assert is_market == sorted(is_market)
    assert all(len({each.home for each in plan.publishers}) == 1 for plan in plans)
    assert all(isinstance(plan, Plan) for plan in plans)
