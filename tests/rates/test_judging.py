"""What sends a bulletin to quarantine; pure, so without a database."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from rates.judging import Bands, Figures, Peg, judge

TODAY = date(2026, 3, 10)
MANAT = Peg("TMT", "USD", Decimal("3.5"), date(2015, 1, 1))
BANDS = Bands(Decimal(10), [MANAT])
MARKET = Bands(Decimal(10), [MANAT], Decimal(2))


def figures(
    quotes: dict[str, str], *, on: date = TODAY, home: str = "KZT", is_indirect: bool = False
) -> Figures:
    """Quotes as ``{"USD": "476.90", "AMD": "12.72/10"}``."""
    printed = {}
    for code, text in quotes.items():
        value, _, nominal = text.partition("/")
        printed[code] = (Decimal(value), Decimal(nominal or 1))
    return Figures(on, home, printed, is_indirect)


def codes(found: Figures, before: Figures | None = None, *others: Figures) -> list[str]:
    reasons = judge(found, today=TODAY, bands=BANDS, before=before, witnesses=others)
    return [f"{each.code} {each.currency}".strip() for each in reasons]


YESTERDAY = figures({"USD": "470.00", "EUR": "550.00", "AMD": "12.50/10"}, on=date(2026, 3, 9))


def test_it_works() -> None:
    assert codes(figures({"USD": "476.90", "EUR": "541.1", "AMD": "12.72/10"}), YESTERDAY) == []


def test_the_first_bulletin_of_a_source_is_believed() -> None:
    assert codes(figures({"USD": "4769"})) == []


# The band


@pytest.mark.parametrize(
    ("value", "is_believed"),
    [("517.00", True), ("517.01", False), ("423.00", True), ("422.99", False), ("4700", False)],
)
def test_a_currency_moves_at_most_by_its_band(value: str, is_believed: bool) -> None:
    found = codes(figures({"USD": value, "EUR": "550", "AMD": "12.5/10"}), YESTERDAY)

    assert found == ([] if is_believed else ["band USD"])


def test_a_change_of_the_nominal_is_no_move() -> None:
    assert codes(figures({"USD": "470", "EUR": "550", "AMD": "125.1/100"}), YESTERDAY) == []
    assert codes(figures({"USD": "470", "EUR": "550", "AMD": "125.1/10"}), YESTERDAY) == [
        "band AMD"
    ]


def test_the_reason_has_both_figures_beside_each_other() -> None:
    [reason] = judge(
        figures({"USD": "470", "EUR": "550", "AMD": "15.00/10"}),
        today=TODAY,
        bands=BANDS,
        before=YESTERDAY,
    )

    assert reason.as_json() == {
        "code": "band",
        "detail": "AMD moved by 20%, from 12.50 for 10 on 2026-03-09 to 15.00 for 10;"
        " the band is 10%.",
        "currency": "AMD",
        "value": "15.00",
        "nominal": "10",
        "previous_value": "12.50",
        "previous_nominal": "10",
        "previous_effective_date": "2026-03-09",
    }


@pytest.mark.parametrize(("days", "is_believed"), [(10, False), (11, True)])
def test_what_is_too_old_is_not_compared(days: int, is_believed: bool) -> None:
    before = figures({"USD": "470"}, on=TODAY - timedelta(days=days))

    assert codes(figures({"USD": "600"}), before) == ([] if is_believed else ["band USD"])


# Another source that agrees


def test_a_move_that_another_source_saw_too_is_believed() -> None:
    devalued = figures({"USD": "564", "EUR": "550", "AMD": "12.5/10"})
    market = figures({"KZT": "560", "EUR": "0.87"}, home="USD", is_indirect=True)
    other_bank = figures({"USD": "87.45", "KZT": "0.1560"}, home="KGS", on=date(2026, 3, 11))

    assert codes(devalued, YESTERDAY, market) == []
    assert codes(devalued, YESTERDAY, other_bank) == []


def test_another_source_that_hardly_moved_does_not_agree() -> None:
    """Within the band of the new figure, and of the old one: of no use."""
    wrong = figures({"USD": "518", "EUR": "550", "AMD": "12.5/10"})
    market = figures({"KZT": "480"}, home="USD", is_indirect=True)

    assert codes(wrong, YESTERDAY, market) == ["band USD"]


def test_another_source_counts_for_what_it_quotes_and_while_it_is_fresh() -> None:
    devalued = figures({"USD": "564", "EUR": "550", "AMD": "12.5/10"})
    silent = figures({"EUR": "0.87"}, home="USD", is_indirect=True)
    old = figures({"KZT": "564"}, home="USD", is_indirect=True, on=date(2026, 3, 6))

    assert codes(devalued, YESTERDAY, silent, old) == ["band USD"]


# Pegs


def test_a_broken_peg_is_not_believed_not_even_the_first_time() -> None:
    assert codes(figures({"USD": "12194.21", "TMT": "4037.68"}, home="UZS")) == ["peg TMT"]
    assert codes(figures({"USD": "12142.10", "TMT": "3469.17"}, home="UZS")) == []


def test_nobody_else_can_vouch_for_a_broken_peg() -> None:
    market = figures({"UZS": "12194.21", "TMT": "3.02"}, home="USD", is_indirect=True)

    assert codes(figures({"USD": "12194.21", "TMT": "4037.68"}, home="UZS"), None, market) == [
        "peg TMT"
    ]


def test_the_bank_of_the_pegged_currency_itself_is_judged_too() -> None:
    assert codes(figures({"USD": "3.5"}, home="TMT")) == []
    assert codes(figures({"USD": "3.6"}, home="TMT")) == ["peg TMT"]


def test_a_market_feed_may_stray_further() -> None:
    for value, is_believed in (("3.43", True), ("3.57", True), ("3.4299", False), ("4", False)):
        found = figures({"TMT": value}, home="USD", is_indirect=True)
        reasons = judge(found, today=TODAY, bands=MARKET)

        assert (reasons == []) == is_believed


@pytest.mark.parametrize(
    ("value", "is_believed"),
    [("3.4825", True), ("3.5175", True), ("3.4824", False), ("3.5176", False)],
)
def test_a_bank_may_stray_by_half_a_percent(value: str, is_believed: bool) -> None:
    assert codes(figures({"USD": value}, home="TMT")) == ([] if is_believed else ["peg TMT"])


def test_before_the_peg_there_was_another_rate() -> None:
    assert codes(figures({"USD": "2.85"}, home="TMT", on=date(2014, 12, 31))) == []


def test_a_peg_needs_both_of_its_currencies() -> None:
    assert codes(figures({"TMT": "1"})) == []


def test_the_reason_of_a_peg_says_what_it_should_be() -> None:
    [reason] = judge(
        figures({"USD": "12194.21", "TMT": "4037.68"}, home="UZS"), today=TODAY, bands=BANDS
    )

    assert reason.detail == (
        "By this bulletin one USD is 3.0201 TMT; the peg is 3.5, and the band 0.5%."
    )
    assert reason.as_json()["value"] == "4037.68"


# The date, and what is missing


@pytest.mark.parametrize(("days", "expected"), [(2, []), (3, ["too-far-ahead"])])
def test_a_bulletin_is_at_most_two_days_ahead(days: int, expected: list[str]) -> None:
    assert codes(figures({"USD": "470"}, on=TODAY + timedelta(days=days))) == expected


def test_a_bulletin_with_a_quarter_of_the_currencies_missing_is_truncated() -> None:
    before = figures({"USD": "470", "EUR": "550", "AMD": "12.5/10", "RUB": "5"}, on=TODAY)
    one_of_five = figures({**dict.fromkeys(("USD", "EUR", "RUB", "CNY", "INR"), "1")})

    assert codes(figures({"USD": "470", "EUR": "550", "AMD": "12.5/10"}), before) == ["truncated"]
    assert codes(figures(dict.fromkeys(("USD", "EUR", "RUB", "CNY"), "1")), one_of_five) == []


def test_a_home_currency_is_worth_one_of_itself() -> None:
    assert codes(figures({"USD": "1", "KZT": "450"}, home="USD", is_indirect=True)) == []
    assert codes(figures({"USD": "1.1", "KZT": "450"}, home="USD", is_indirect=True)) == [
        "home USD"
    ]


def test_all_that_is_wrong_is_told_at_once() -> None:
    before = figures({"USD": "470", "EUR": "550", "TMT": "134", "CNY": "66"})
    found = figures({"USD": "4700", "EUR": "5500"}, on=TODAY + timedelta(days=5))

    assert codes(found, before) == ["too-far-ahead", "band EUR", "band USD", "truncated"]
