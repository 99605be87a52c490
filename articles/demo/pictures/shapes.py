"""Shapes for the demo's pictures, as SVG elements. Numbers are pixels of a sheet of 1600 × 900."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator

WIDTH, HEIGHT = 1600, 900
SPREAD = 0.7548776662, 0.5698402910
"""Steps of Roberts's sequence (2018): points that spread evenly over a square, without a row."""

Point = tuple[float, float]


def number(value: float) -> str:
    """Return the number with one decimal at most, so that every machine draws the same."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0 makes 0 of -0


def sheet(*elements: str) -> str:
    """Return the file: a picture of those elements, the first at the back."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}"'
        f' viewBox="0 0 {WIDTH} {HEIGHT}">'
    )
    return "\n".join([head, *elements, "</svg>"]) + "\n"


def sky(*colours: str) -> str:
    """Return a background that passes through the colours from the top down."""
    stops = "".join(
        f'<stop offset="{number(place / (len(colours) - 1))}" stop-color="{colour}"/>'
        for place, colour in enumerate(colours)
    )
    return (
        f'<defs><linearGradient id="sky" x2="0" y2="1">{stops}</linearGradient></defs>'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="url(#sky)"/>'
    )


def circle(x: float, y: float, radius: float, fill: str, more: str = "") -> str:
    at = f'cx="{number(x)}" cy="{number(y)}" r="{number(radius)}"'
    return f'<circle {at} fill="{fill}"{more and " " + more}/>'


def ellipse(x: float, y: float, wide: float, high: float, fill: str, more: str = "") -> str:
    at = f'cx="{number(x)}" cy="{number(y)}" rx="{number(wide)}" ry="{number(high)}"'
    return f'<ellipse {at} fill="{fill}"{more and " " + more}/>'


def box(x: float, y: float, wide: float, high: float, fill: str, more: str = "") -> str:
    at = f'x="{number(x)}" y="{number(y)}" width="{number(wide)}" height="{number(high)}"'
    return f'<rect {at} fill="{fill}"{more and " " + more}/>'


def polygon(points: Iterable[Point], fill: str, more: str = "") -> str:
    listed = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    return f'<polygon points="{listed}" fill="{fill}"{more and " " + more}/>'


def path(commands: str, fill: str, more: str = "") -> str:
    return f'<path d="{commands}" fill="{fill}"{more and " " + more}/>'


def line(points: Iterable[Point], stroke: str, width: float, more: str = "") -> str:
    listed = " ".join(f"{number(x)},{number(y)}" for x, y in points)
    drawn = f'fill="none" stroke="{stroke}" stroke-width="{number(width)}" stroke-linecap="round"'
    return f'<polyline points="{listed}" {drawn}{more and " " + more}/>'


def moved(x: float, y: float, *elements: str, scale: float = 1, turn: float = 0) -> str:
    """Return the elements, drawn around 0, at that place; `turn` is clockwise in degrees."""
    transform = f"translate({number(x)} {number(y)})"
    if turn:
        transform += f" rotate({number(turn)})"
    if scale != 1:
        transform += f" scale({round(scale, 2):g})"
    return f'<g transform="{transform}">{"".join(elements)}</g>'


def swell(base: float, height: float, length: float, phase: float) -> list[Point]:
    """Return a rolling line from edge to edge: two waves of which one is a third as long."""
    return [
        (
            x,
            base
            - height * math.sin(math.tau * x / length + phase)
            - height / 3 * math.sin(math.tau * 3 * x / length + 2 * phase),
        )
        for x in range(0, WIDTH + 1, 40)
    ]


def land(top: list[Point], fill: str) -> str:
    """Return the ground under a line from edge to edge."""
    return polygon([*top, (WIDTH, HEIGHT), (0, HEIGHT)], fill)


def ring(x: float, y: float, radius: float, corners: int, phase: float = 0) -> list[Point]:
    """Return the corners of a regular polygon, clockwise from the right."""
    angles = (math.tau * corner / corners + phase for corner in range(corners))
    return [(x + radius * math.cos(angle), y + radius * math.sin(angle)) for angle in angles]


def scatter(count: int, seed: float = 0.0) -> Iterator[tuple[float, float]]:
    """Yield pairs between 0 and 1 that look random and fill the square evenly; always the same."""
    for place in range(1, count + 1):
        yield (seed + place * SPREAD[0]) % 1, (seed + place * SPREAD[1]) % 1


def peak(x: float, y: float, foot: float, slope: float, light: str, dark: str) -> str:
    """Return a mountain with snow on it, its right face in the shade."""
    wide = (foot - y) * slope
    cap = (foot - y) * 0.3
    snow: list[Point] = [
        (x, y),
        (x + cap * slope, y + cap),
        (x + cap * 0.55, y + cap * 0.8),
        (x + cap * 0.2, y + cap * 1.25),
        (x - cap * 0.2, y + cap * 0.8),
        (x - cap * 0.55, y + cap * 1.2),
        (x - cap * slope, y + cap),
    ]
    return (
        polygon([(x - wide, foot), (x, y), (x + wide, foot)], light)
        + polygon([(x + wide * 0.16, foot), (x, y), (x + wide, foot)], dark)
        + polygon(snow, "#f5f9fb")
    )
