"""The arithmetic by itself: values in, values out."""

import decimal
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rates.arithmetic import (
    Ratio,
    change,
    convert,
    cross,
    displayed_percent,
    displayed_rate,
    displayed_text,
    per_unit,
    plain,
)

# What banks print, and far beyond: 1 to 30 digits, any number of them after the point.
values = st.builds(
    lambda digits, exponent: Decimal(digits).scaleb(-exponent, decimal.Context(prec=60)),
    st.integers(1, 10**30 - 1),
    st.integers(0, 20),
)
nominals = st.sampled_from([Decimal(n) for n in (1, 10, 100, 1000, 10000)]) | values
ratios = st.builds(per_unit, values, nominals)


def exact(ratio: Ratio) -> Fraction:
    return Fraction(ratio.numerator) / Fraction(ratio.denominator)


def half_even(number: Fraction, digits: int) -> Fraction:
    """Rounded to significant digits by the standard library's exact fractions."""
    if number == 0:
        return number
    exponent = 0
    while abs(number) * Fraction(10) ** -exponent >= 10:
        exponent += 1
    while abs(number) * Fraction(10) ** -exponent < 1:
        exponent -= 1
    unit = Fraction(10) ** (exponent - digits + 1)
    return round(number / unit) * unit


def test_it_works() -> None:
    tenge_per_thousand_rubles = per_unit(Decimal("5843.10"), Decimal(1000))

    assert tenge_per_thousand_rubles.text() == "5.8431"
    assert tenge_per_thousand_rubles.inverse().text() == "0.1711420308"
    usd, eur = per_unit(Decimal("87.4500"), Decimal(1)), per_unit(Decimal("101.5076"), Decimal(1))
    assert cross(eur, usd).text() == "1.160750143"


@given(ratios)
def test_the_two_directions_are_exact_inverses_before_rounding(rate: Ratio) -> None:
    assert exact(rate) * exact(rate.inverse()) == 1
    assert rate.times(rate.inverse()).equals(Ratio(Decimal(1)))
    assert rate.inverse().inverse() == rate


@given(ratios, ratios)
def test_a_cross_is_the_product_of_its_legs(base: Ratio, quote: Ratio) -> None:
    assert exact(cross(base, quote)) == exact(base) * exact(quote.inverse())
    assert exact(cross(base, quote)) * exact(cross(quote, base)) == 1
    assert cross(base, base).text() == "1"


@given(ratios, ratios)
def test_the_absolute_change_is_antisymmetric_in_its_two_moments(one: Ratio, two: Ratio) -> None:
    forth, back = change(now=two, before=one), change(now=one, before=two)

    assert exact(forth.absolute) == -exact(back.absolute) == exact(two) - exact(one)
    assert forth.absolute.rounded() == -back.absolute.rounded()
    assert {forth.direction, back.direction} in ({"up", "down"}, {"flat"})
    assert exact(forth.percent) == (exact(two) / exact(one) - 1) * 100


@given(ratios)
def test_what_is_shown_is_rounded_once_and_half_to_even(rate: Ratio) -> None:
    assert Fraction(rate.rounded()) == half_even(exact(rate), 10)
    if rate.rounded() < 10**22:
        assert Fraction(rate.to_places(5)) == round(exact(rate) * 10**5) * Fraction(1, 10**5)


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("1.0000000005", "1"),  # the even neighbour below
        ("1.0000000015", "1.000000002"),  # the even neighbour above
        ("1.00000000050000000000000000000000000001", "1.000000001"),  # just past the middle
        ("1.00000000149999999999999999999999999999", "1.000000001"),
    ],
)
def test_rounding_28_digits_again_does_not_round_twice(value: str, shown: str) -> None:
    assert Ratio(Decimal(value)).text() == shown


@given(ratios)
def test_a_rate_is_written_in_plain_digits(rate: Ratio) -> None:
    for text in (rate.text(), rate.inverse().text(), displayed_rate(rate)):
        assert "e" not in text.lower()
        assert Decimal(text) >= 0
    significant = rate.text().replace(".", "").lstrip("0").rstrip("0")
    assert 1 <= len(significant) <= 10


@pytest.mark.parametrize(
    ("number", "text"),
    [
        ("1E-8", "0.00000001"),
        ("1E+3", "1000"),
        ("87.4500", "87.45"),
        ("100", "100"),
        ("-0.00", "0"),
        ("0E-10", "0"),
        ("-0.190", "-0.19"),
    ],
)
def test_plain_has_no_exponent_and_no_idle_zeros(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        ("0", "0%"),
        ("-0.001", "0%"),
        ("0.004999", "0%"),
        ("-0.005", "0%"),  # half to even
        ("-0.0051", "-0.01%"),
        ("-0.19", "-0.19%"),
        ("0.1", "0.1%"),
        ("0.10", "0.1%"),
        ("12", "12%"),
        ("100.00", "100%"),
        ("-1.005", "-1%"),
    ],
)
def test_the_percentage_shown_is_short_and_never_minus_zero(percent: str, text: str) -> None:
    assert displayed_percent(Ratio(Decimal(percent))) == text


def test_the_direction_is_of_unrounded_rates() -> None:
    before, now = Ratio(Decimal(12150)), Ratio(Decimal("12150.0001"))

    assert change(now=now, before=before).direction == "up"
    assert displayed_percent(change(now=now, before=before).percent) == "0%"
    assert change(now=now.inverse(), before=before.inverse()).direction == "down"
    assert change(now=now, before=now).direction == "flat"


@pytest.mark.parametrize(
    ("base", "per_dollar", "day_before", "text"),
    [
        ("KGS", "87.489064", "87.489064", "KGS/USD = 0.01143 0%"),
        ("KZT", "500", "500", "KZT/USD = 0.00200 0%"),
        ("TJS", "9.440197", "9.422261", "TJS/USD = 0.10593 -0.19%"),
        ("UZS", "12150", "12150", "UZS/USD = 0.00008 0%"),
        ("TMT", "3.499563", "3.499563", "TMT/USD = 0.28575 0%"),
    ],
)
def test_the_lines_of_the_ticker(base: str, per_dollar: str, day_before: str, text: str) -> None:
    now, before = Ratio(Decimal(per_dollar)).inverse(), Ratio(Decimal(day_before)).inverse()

    assert displayed_text(base, "USD", now, change(now=now, before=before)) == text
    assert displayed_text(base, "USD", now, None) == text.rpartition(" ")[0]


@pytest.mark.parametrize("wrong", ["0", "-1", "0.00", "NaN", "Infinity", "-Infinity"])
def test_a_quote_is_positive(wrong: str) -> None:
    with pytest.raises(ValueError, match="positive"):
        per_unit(Decimal(wrong), Decimal(1))
    with pytest.raises(ValueError, match="positive"):
        per_unit(Decimal(1), Decimal(wrong))


@pytest.mark.parametrize(
    ("amount", "rate", "minor_units", "result"),
    [
        ("100", "0.01143", 2, "1.143"),
        ("1", "0.00008230452674897", 2, "0.00008230452675"),
        ("123456789012.34", "87.45", 2, "10796296199129.13"),  # 16 digits: never coarser than cents
        ("1000000", "4.7527", 0, "4752700"),
        ("0", "87.45", 2, "0"),
        ("0.01", "87.45", 2, "0.8745"),
    ],
)
def test_a_conversion_is_exact_to_the_smallest_coin(
    amount: str, rate: str, minor_units: int, result: str
) -> None:
    converted = convert(Decimal(amount), Ratio(Decimal(rate)), minor_units=minor_units)

    assert plain(converted) == result


def test_the_threads_own_context_has_no_say() -> None:
    rate = per_unit(Decimal("87.4500"), Decimal(3))
    usual = (rate.text(), displayed_rate(rate), change(now=rate, before=rate.inverse()).percent)

    with decimal.localcontext(prec=2, rounding=decimal.ROUND_UP) as context:
        context.traps[decimal.Inexact] = True
        assert rate.text() == usual[0]
        assert displayed_rate(rate) == usual[1]
        assert change(now=rate, before=rate.inverse()).percent == usual[2]
        assert plain(convert(Decimal("12.5"), rate, minor_units=2)) == "364.375"
