"""What five banks published on one day each: where the demonstration rates start from."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Level:
    """``nominal`` units of ``currency`` were ``value`` units of the bank's home currency."""

    currency: str
    value: Decimal
    nominal: Decimal


@dataclass(frozen=True)
class Bank:
    """A bank's bulletin of ``day``, shortened; it prints ``decimals``, and zeros at the end if
    ``keeps_zeros``."""

    slug: str
    home: str
    day: date
    decimals: int
    keeps_zeros: bool
    levels: tuple[Level, ...]


def _levels(table: str) -> tuple[Level, ...]:
    """A line each: the code, the value, and the nominal where it is not 1."""
    lines = [(*line.split(), "1")[:3] for line in table.strip().splitlines()]
    return tuple(Level(code, Decimal(value), Decimal(nominal)) for code, value, nominal in lines)


BANKS = (
    # National Bank of Kazakhstan, 1 April 2026.
    Bank(
        "nbk",
        "KZT",
        date(2026, 4, 1),
        decimals=2,
        keeps_zeros=False,
        levels=_levels("""
            USD 478.77
            EUR 548.62
            RUB 5.87
            CNY 69.31
            GBP 631.98
            KGS 5.47
            TJS 50.19
            UZS 3.93 100
            AED 130.39
            AZN 282.46
            BYN 161.63
            CHF 597.79
            GEL 179.5
            INR 5.09
            KRW 31.29 100
            TRY 10.76
        """),
    ),
    # National Bank of the Kyrgyz Republic, 24 May 2026, the daily bulletin.
    Bank(
        "nbkr",
        "KGS",
        date(2026, 5, 24),
        decimals=4,
        keeps_zeros=True,
        levels=_levels("""
            USD 87.4500
            EUR 101.5076
            CNY 12.8707
            KZT 0.1859
            RUB 1.2263
        """),
    ),
    # Central Bank of Uzbekistan, 2 April 2026.
    Bank(
        "cbu",
        "UZS",
        date(2026, 4, 2),
        decimals=2,
        keeps_zeros=True,
        levels=_levels("""
            USD 12142.10
            EUR 14079.98
            RUB 150.53
            GBP 16140.49
            JPY 76.50
            CNY 1766.20
            KZT 25.55
            KGS 138.80
            TJS 1266.78
            TMT 3469.17
            AED 3306.13
            AZN 7142.41
            BYN 4082.89
            CHF 15309.67
            GEL 4508.76
            IDR 7.15 10
            KRW 8.06
            TRY 272.98
        """),
    ),
    # National Bank of Tajikistan, 18 May 2026.
    Bank(
        "nbt",
        "TJS",
        date(2026, 5, 18),
        decimals=4,
        keeps_zeros=True,
        levels=_levels("""
            USD 9.3450
            EUR 10.8757
            CNY 1.3724
            CHF 11.8923
            RUB 0.1277
            UZS 0.0780 100
            KGS 1.0686 10
            KZT 0.1971 10
            TMT 2.6700
            GBP 12.4933
            AED 2.5442
            AFN 1.4654 10
            BYN 3.3657
            JPY 0.5894 10
            TRY 0.2052
        """),
    ),
    # Central Bank of Turkmenistan, 20 May 2026.
    Bank(
        "cbt",
        "TMT",
        date(2026, 5, 20),
        decimals=4,
        keeps_zeros=False,
        levels=_levels("""
            USD 3.5
            EUR 4.0649
            GBP 4.6872
            RUB 4.9088 100
            CNY 0.5142
            KZT 0.7424 100
            KGS 4.0023 100
            UZS 0.2913 1000
            TJS 0.3788
            AED 0.9529
            AFN 5.479 100
            AZN 2.0649
            CHF 4.4456
            JPY 2.1995 100
            TRY 0.0768
        """),
    ),
)

# How lively a currency is against the dollar, in percent of the liveliest day that there could be.
# The manat and the dirham are held to the dollar; the som hardly moves for months.
LIVELINESS = {
    "USD": 0,
    "TMT": 0,
    "AED": 0,
    "AZN": 0,
    "KGS": 12,
    "CNY": 25,
    "GEL": 30,
    "TJS": 35,
    "UZS": 45,
    "INR": 45,
    "BYN": 60,
    "KZT": 80,
    "RUB": 130,
}
USUAL_LIVELINESS = 70
