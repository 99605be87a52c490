"""A line chart of a pair as SVG. Pure: points in, text out; whole tenths of a pixel throughout.

It stands by itself: no script, no font or picture from elsewhere, its colours by the reader's
preference for light or dark, its content as text for those who don't see it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal

from rates.arithmetic import plain

WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 64, 40
MOST_DATES = 7
LINES = 4  # across, about so many

_CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN)
_SHOWN = Context(prec=6, rounding=ROUND_HALF_EVEN)

_STYLE = """
  .ground { fill: #ffffff } .grid { stroke: #e4e7eb } .axis { stroke: #9aa5b1 }
  .line { fill: none; stroke: #0b6bcb; stroke-width: 2; stroke-linejoin: round }
  .dot { fill: #0b6bcb }
  text { fill: #323f4b; font: 13px system-ui, -apple-system, "Segoe UI", sans-serif }
  .title, .last { fill: #1f2933; font-size: 20px; font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #12161c } .grid { stroke: #2b323c } .axis { stroke: #616e7c }
    .line { stroke: #6cb6ff } .dot { fill: #6cb6ff }
    text { fill: #cbd2d9 } .title, .last { fill: #f5f7fa }
  }
"""

_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"
  viewBox="0 0 {width} {height}" role="img" aria-labelledby="title description" xml:lang="en">
<title id="title">{name}</title>
<desc id="description">{description}</desc>
<style>{style}</style>
<rect class="ground" width="{width}" height="{height}"/>
<text class="title" x="{left}" y="32">{title}</text>
<text x="{left}" y="50">{told}</text>
{body}</svg>
"""


Values = Sequence[tuple[date, Decimal]]


def draw(base: str, quote: str, values: Values, *, first: date, last: date) -> str:
    """The chart of these rates, in the order of their days, from ``first`` to ``last``: an SVG
    document, to be sent in UTF-8."""
    title = f"{base}/{quote}"
    body = "".join(_content(values, first, last) if values else _nothing())
    return _DOCUMENT.format(
        width=WIDTH,
        height=HEIGHT,
        title=title,
        name=f"{title}, {first} to {last}",
        description=_description(base, quote, values),
        style=_STYLE,
        left=LEFT,
        told=f"1 {base} in {quote}",
        body=body,
    )


def _description(base: str, quote: str, values: Values) -> str:
    if not values:
        return f"No rate of {base} in {quote} is known in this time."
    low, high = min(values, key=_value), max(values, key=_value)
    day, value = values[-1]
    worth = f"between {_text(low[1])} {quote} ({low[0]}) and {_text(high[1])} {quote} ({high[0]})"
    if low[1] == high[1]:
        worth = f"{_text(value)} {quote} throughout"
    return f"One {base} was worth {worth}. The last rate is {_text(value)} {quote}, of {day}."


def _value(each: tuple[date, Decimal]) -> Decimal:
    return each[1]


def _text(value: Decimal) -> str:
    return plain(_SHOWN.plus(value))


def _nothing() -> Iterator[str]:
    yield f'<text x="{WIDTH // 2}" y="{HEIGHT // 2}" text-anchor="middle">No rates</text>\n'


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where days and values stand in the picture."""

    first: date
    days: int
    low: Decimal
    high: Decimal

    def x(self, day: date) -> str:
        room = (WIDTH - LEFT - RIGHT) * 10
        # A week or a month is drawn at its first day, which may be before the range.
        since = max((day - self.first).days, 0)
        return _pixels(LEFT * 10 + since * room // max(self.days, 1))

    def y(self, value: Decimal) -> str:
        room = (HEIGHT - TOP - BOTTOM) * 10
        share = _CONTEXT.divide(self.high - value, self.high - self.low)
        return _pixels(TOP * 10 + int(_CONTEXT.multiply(share, Decimal(room))))


def _pixels(tenths: int) -> str:
    return f"{tenths // 10}.{tenths % 10}"


def _content(values: Values, first: date, last: date) -> Iterator[str]:
    across = _lines_across(min(map(_value, values)), max(map(_value, values)))
    scale = _Scale(first, (last - first).days, across[0], across[-1])
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for value in across:
        y = scale.y(value)
        yield f'<path class="grid" d="M{LEFT} {y}H{right}"/>'
        yield f'<text x="{LEFT - 8}" y="{y}" dy="4" text-anchor="end">{value:f}</text>\n'
    yield f'<path class="axis" d="M{LEFT} {bottom}H{right}"/>\n'
    for day, label in _dates(first, last):
        anchor = "end" if (last - day) * 20 < last - first else "middle"
        x = scale.x(day)
        yield f'<text x="{x}" y="{bottom + 22}" text-anchor="{anchor}">{label}</text>\n'
    line = "L".join(f"{scale.x(day)} {scale.y(value)}" for day, value in values)
    yield f'<path class="line" d="M{line}"/>\n'
    day, value = values[-1]
    yield f'<circle class="dot" cx="{scale.x(day)}" cy="{scale.y(value)}" r="4"/>\n'
    yield f'<text class="last" x="{right}" y="32" text-anchor="end">{_text(value)}</text>\n'
    yield f'<text x="{right}" y="50" text-anchor="end">{day}</text>\n'


def _lines_across(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round values from just below the lowest to just above the highest one."""
    if low == high:
        low, high = (_CONTEXT.multiply(high, Decimal(part)) for part in ("0.99", "1.01"))
    step = _round_step(_CONTEXT.divide(high - low, Decimal(LINES)))
    start = _CONTEXT.divide(low, step).to_integral_value(ROUND_FLOOR)
    end = _CONTEXT.divide(high, step).to_integral_value(ROUND_CEILING)
    return [step * number for number in range(int(start), int(end) + 1)]


def _round_step(least: Decimal) -> Decimal:
    """1, 2 or 5 times a power of ten, not less than ``least``."""
    unit = Decimal(1).scaleb(least.adjusted())
    found = next(step for step in (1, 2, 5, 10) if step * unit >= least)
    step = found * unit
    return step if step.as_tuple().exponent <= 0 else Decimal(int(step))  # type: ignore[operator]  # an int of what is finite


def _dates(first: date, last: date) -> list[tuple[date, str]]:
    """Days to name on the axis, as densely as there is room."""
    for steps in _DATE_STEPS:
        found = list(steps(first, last))
        if len(found) <= MOST_DATES:
            return found
    return []


def _days(step: int) -> Callable[[date, date], Iterator[tuple[date, str]]]:
    def every(first: date, last: date) -> Iterator[tuple[date, str]]:
        for number in range(0, (last - first).days + 1, step):
            day = first + timedelta(days=number)
            yield day, day.isoformat()

    return every


def _months(step: int) -> Callable[[date, date], Iterator[tuple[date, str]]]:
    def every(first: date, last: date) -> Iterator[tuple[date, str]]:
        for number in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
            year, month = divmod(number, 12)
            day = date(year, month + 1, 1)
            if number % step == 0 and first <= day:
                yield day, f"{day:%Y-%m}" if step < 12 else f"{year:04}"

    return every


_DATE_STEPS = [
    *(_days(step) for step in (1, 2, 7, 14)),
    *(_months(step) for step in (1, 2, 3, 6, 12, 24, 60, 120, 240)),
]
