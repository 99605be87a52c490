"""Numbers and dates as banks print them; what could be read in two ways is refused, not guessed."""

import re
from datetime import date
from decimal import Decimal

from rates.sources.bulletin import BulletinError

# Groups of three digits may stand apart by a space (also U+00A0, U+2009, U+202F) or an apostrophe;
# by the other mark only where a decimal mark follows, since “12,194” may be either.
_GROUPS = "[ \N{NO-BREAK SPACE}\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}'’]"
_NUMBERS = {
    mark: re.compile(
        rf"[-+]?(?:[0-9]+|[0-9]{{1,3}}(?:{_GROUPS}[0-9]{{3}})+)(?:{re.escape(mark)}[0-9]+)?"
        rf"|[-+]?[0-9]{{1,3}}(?:{re.escape(other)}[0-9]{{3}})+{re.escape(mark)}[0-9]+"
    )
    for mark, other in ((".", ","), (",", "."))
}
_NAMES = {".": "point", ",": "comma"}
_LONGEST = 60  # characters

_DAY_FIRST = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def number(text: str | None, *, of: str, mark: str = ".") -> Decimal:
    """Return the number that is printed in ``text`` with the decimal mark ``mark``, digit for
    digit; ``of`` says in the error what it is the number of.

    Raises BulletinError when there is none, when it could be read in two ways, or when its decimal
    mark is another one than the bank's.
    """
    printed = (text or "").strip()
    if not printed:
        raise BulletinError(f"The {of} is missing.")
    if len(printed) > _LONGEST or not _NUMBERS[mark].fullmatch(printed):
        raise BulletinError(
            f"The {{figure}} is not a number with a decimal {_NAMES[mark]}: “{{printed}}”.",
            figure=of,
            printed=printed[:_LONGEST],
        )
    return Decimal(re.sub(r"[^-0-9.]", "", printed if mark == "." else _with_point(printed)))


def _with_point(printed: str) -> str:
    return printed.replace(".", "").replace(",", ".")


def printed_date(text: str | None) -> date:
    """Return the date printed as DD.MM.YYYY or YYYY-MM-DD; raise BulletinError if there is none."""
    printed = (text or "").strip()
    if not printed:
        raise BulletinError("The bulletin has no date.")
    try:
        if found := _DAY_FIRST.fullmatch(printed):
            day, month, year = map(int, found.groups())
            return date(year, month, day)
        if found := _YEAR_FIRST.fullmatch(printed):
            return date(*map(int, found.groups()))
    except ValueError:
        pass
    raise BulletinError(f"The bulletin's date cannot be read: “{printed[:20]}”.")
