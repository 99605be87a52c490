"""What there is from the first migrate on: the currencies, the sources, the ticker's list.

What an editor has changed since is left as it is; what is missing is made, also after a flush.
"""

from functools import cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages

from rates.iso4217 import CURRENCIES
from rates.models import Currency, Source
from rates.publishers import PUBLISHERS

# The ticker after the first migrate, in this order, each in US dollars.
TICKER = ("KGS", "KZT", "TJS", "UZS", "TMT")


def make_missing(using: str = "default") -> None:
    """Make the currencies and sources that are missing in the database ``using``."""
    currencies = Currency.objects.using(using)
    if currencies.count() < len(CURRENCIES):
        currencies.bulk_create(
            [
                Currency(
                    code=each.code,
                    numeric_code=each.numeric_code,
                    minor_units=each.minor_units,
                    names=dict(names(each.code)),
                    is_on_ticker=each.code in TICKER,
                    order=TICKER.index(each.code) + 1 if each.code in TICKER else 0,
                )
                for each in CURRENCIES
            ],
            ignore_conflicts=True,
        )
    there = set(Source.objects.using(using).values_list("slug", flat=True))
    Source.objects.using(using).bulk_create(
        [Source(**values) for values in PUBLISHERS if values["slug"] not in there],
        ignore_conflicts=True,
    )


@cache  # a test's flush makes all of them again
def names(code: str) -> dict[str, str]:
    """The names of a currency by language tag, as Babel (CLDR) has them: English, Russian, and
    the first official language of its country that is neither. A code begins with its country's
    (ISO 4217), except for those of unions and metals, which have no local name."""
    tags = [
        "en",
        "ru",
        *[tag for tag in get_official_languages(code[:2]) if tag not in "en ru"][:1],
    ]
    found = {}
    for tag in tags:
        try:
            name = Locale.parse(tag).currencies.get(code)
        except (UnknownLocaleError, ValueError):
            continue  # CLDR knows the country's language, Babel has no words of it
        if name:
            found[tag.replace("_", "-")] = name
    return found
