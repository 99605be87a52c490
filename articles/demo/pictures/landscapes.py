"""Steppe, peaks, wind and what people put there: market, railway, canal."""

from collections.abc import Iterator

from articles.demo.pictures.shapes import (
    WIDTH,
    box,
    circle,
    land,
    line,
    moved,
    path,
    peak,
    polygon,
    scatter,
    sheet,
    sky,
    swell,
)


def steppe() -> str:
    """Yurts at sunrise, with smoke going straight up."""
    grass = [
        line([(x, y), (x + 5, y - 26 + 9 * b)], "#b98a3a", 4)
        for a, b in scatter(90, 0.3)
        for x, y in [(a * WIDTH, 735 + b * 160)]
    ]
    return sheet(
        sky("#f6b26b", "#fbd9a0", "#fdf0d3"),
        circle(1130, 420, 130, "#fff3c9"),
        land(swell(500, 26, 900, 0.4), "#d9a679"),
        land(swell(560, 30, 1300, 2.2), "#c78f5d"),
        land(swell(640, 18, 1700, 4.0), "#e3bd6d"),
        *(_smoke(x, y) for x, y in [(430, 525), (727, 577)]),
        moved(430, 690, *_yurt("#f7f1e3", "#b5482f")),
        moved(727, 690, *_yurt("#efe5cf", "#2f6f73"), scale=0.7),
        moved(980, 668, *_yurt("#f7f1e3", "#8a3b2a"), scale=0.42),
        land(swell(715, 14, 1500, 1.1), "#d3a54f"),
        *grass,
    )


def _yurt(felt: str, band: str) -> Iterator[str]:
    yield path("M-150 0 L-150 -82 Q0 -210 150 -82 L150 0 Z", felt)
    yield path("M-150 -82 Q0 -210 150 -82 L150 -62 L-150 -62 Z", band)
    yield path("M-36 -144 Q0 -182 36 -144 Z", "#5b4636")
    yield from (line([(x, -60), (x, -2)], "#d8c9a8", 5) for x in range(-120, 121, 40))
    yield box(-30, -66, 60, 66, "#7a4a2b")
    yield line([(0, -62), (0, 0)], "#5b4636", 3)


def _smoke(x: float, y: float) -> str:
    curl = f"M{x} {y} q-14 -50 4 -100 t0 -100 t6 -90"
    return path(curl, "none", 'stroke="#fff7e6" stroke-width="12" opacity="0.7"')


def mountains() -> str:
    """Snow peaks over a lake that doubles them."""
    peaks = [(180, 250), (480, 150), (800, 210), (1130, 105), (1450, 230)]
    front = [(60, 430), (360, 370), (680, 440), (960, 350), (1290, 420), (1560, 380)]
    high = [peak(x, y, 610, 1.05, "#5a7a9d", "#486587") for x, y in peaks]
    low = [peak(x, y, 610, 0.9, "#3c5a6e", "#314c5e") for x, y in front]
    firs = [_fir(x * WIDTH, 620 + 8 * y, 0.5 + y / 3) for x, y in scatter(46, 0.13)]
    glints = [
        line([(x * 1500, 650 + y * 230), (x * 1500 + 60 + y * 90, 650 + y * 230)], "#d9eef2", 4)
        for x, y in scatter(22, 0.57)
    ]
    mirror = f'<g transform="translate(0 915) scale(1 -0.5)" opacity="0.35">{"".join(high)}</g>'
    return sheet(
        sky("#bfe0ee", "#e7f3f1", "#fdf6e9"),
        circle(330, 190, 62, "#fff6d6"),
        *high,
        *low,
        box(0, 610, WIDTH, 290, "#7fb4c6"),
        '<clipPath id="lake"><rect y="612" width="1600" height="288"/></clipPath>',
        f'<g clip-path="url(#lake)">{mirror}</g>',
        *glints,
        *firs,
    )


def _fir(x: float, y: float, scale: float) -> str:
    tiers = [
        polygon([(-34 + t * 7, -t * 34), (0, -70 - t * 34), (34 - t * 7, -t * 34)], "#24463f")
        for t in range(3)
    ]
    return moved(x, y, *tiers, scale=scale)


def wind_farm() -> str:
    """Turbines on rolling hills, each with its blades at another angle."""
    far = [(210, 470, 0.5), (470, 452, 0.46), (1010, 470, 0.52), (1390, 462, 0.48)]
    near = [(330, 640, 1.0), (760, 610, 0.84), (1190, 650, 1.1)]
    return sheet(
        sky("#6fb7d6", "#b8dfe6", "#fbe8c6"),
        *(_cloud(x, y, s) for x, y, s in [(300, 150, 1.1), (900, 230, 0.8), (1340, 120, 1.2)]),
        land(swell(500, 40, 1200, 0.9), "#9cbf8f"),
        *(_turbine(x, y, s, x / 9) for x, y, s in far),
        land(swell(590, 36, 1500, 3.6), "#7fa96f"),
        *(_turbine(x, y, s, x / 7) for x, y, s in near),
        land(swell(720, 30, 1100, 5.0), "#e0c66b"),
        land(swell(800, 22, 1400, 1.9), "#cfae4e"),
    )


def _turbine(x: float, y: float, scale: float, turn: float) -> str:
    blade = path("M0 -6 C14 -60 12 -150 2 -215 C-8 -150 -12 -60 -8 -4 Z", "#ffffff")
    blades = (moved(0, -380, blade, turn=turn + angle) for angle in (0, 120, 240))
    mast = polygon([(-11, 80), (-5, -380), (5, -380), (11, 80)], "#eef3f2")
    return moved(x, y, mast, *blades, circle(0, -380, 13, "#dfe7e6"), scale=scale)


def _cloud(x: float, y: float, scale: float) -> str:
    puffs = [(0, 0, 60), (-75, 18, 42), (78, 14, 48), (30, -26, 46)]
    parts = [circle(a, b, r, "#ffffff") for a, b, r in puffs]
    return moved(
        x,
        y,
        '<g opacity="0.75">',
        *parts,
        box(-116, 14, 240, 46, "#fff", 'rx="23"'),
        "</g>",
        scale=scale,
    )


def railway() -> str:
    """A container train from edge to edge, below red hills."""
    colours = ("#c8553d", "#2f6690", "#e0a458", "#3a7d44", "#81689d", "#2a9d8f")
    wagons = [
        moved(30 + 232 * place, 640, *_wagon(colours[place % 6], colours[(place * 4 + 1) % 6]))
        for place in range(5)
    ]
    poles = [
        box(x, 380, 9, 262, "#6b4f3f") + box(x - 32, 404, 73, 8, "#6b4f3f")
        for x in range(120, WIDTH, 340)
    ]
    sags = [
        path(f"M{x} 404 q170 46 340 0", "none", 'stroke="#6b4f3f" stroke-width="3"')
        for x in range(-216, WIDTH, 340)
    ]
    sleepers = [box(x, 672, 26, 12, "#5c4538") for x in range(0, WIDTH, 50)]
    return sheet(
        sky("#8fc7dd", "#d6e9df", "#fbe3bd"),
        land(swell(430, 70, 1100, 0.2), "#d98d6a"),
        land(swell(500, 46, 800, 2.4), "#c8744f"),
        land(swell(580, 16, 1500, 1.2), "#e9c68a"),
        *poles,
        *sags,
        *wagons,
        moved(1196, 640, *_locomotive()),
        box(0, 664, WIDTH, 8, "#4a4a4a"),
        *sleepers,
        box(0, 684, WIDTH, 216, "#dcb271"),
        land(swell(790, 16, 900, 0.5), "#cf9f5b"),
    )


def _wagon(one: str, other: str) -> Iterator[str]:
    yield box(0, 0, 218, 12, "#3d3d3d")
    for x, colour in ((2, one), (112, other)):
        yield box(x, -96, 104, 96, colour)
        yield from (line([(x + s, -86), (x + s, -10)], "#00000033", 4) for s in range(13, 100, 13))
    yield from (circle(x, 14, 14, "#2b2b2b") for x in (34, 68, 150, 184))


def _locomotive() -> Iterator[str]:
    yield path("M0 0 V-120 H270 Q330 -116 350 -40 V0 Z", "#1f6f78")
    yield path("M0 -36 H351 V0 H0 Z", "#f2c14e")
    yield path("M262 -104 H284 Q312 -96 324 -58 H262 Z", "#d7eef2")
    yield from (box(x, -100, 42, 34, "#d7eef2", 'rx="4"') for x in (24, 84, 144))
    yield line([(70, -120), (110, -150), (150, -120)], "#3d3d3d", 6)
    yield from (circle(x, 14, 16, "#2b2b2b") for x in (44, 88, 254, 298))


def market() -> str:
    """Stalls under striped awnings, heaped with fruit and spice."""
    stalls = [
        (20, "#c8553d", ("#e4572e", "#f3a712", "#a8c686")),
        (420, "#2f6f73", ("#f4d35e", "#8f2d56", "#e08e45")),
        (820, "#d08c2e", ("#6a994e", "#bc4749", "#f2c14e")),
        (1220, "#6d597a", ("#f3722c", "#90be6d", "#b56576")),
    ]
    arches = [
        path(f"M{x} 560 V250 q95 -150 190 0 V560 Z", "#e3c79a") for x in range(20, WIDTH, 225)
    ]
    lamps = [
        line([(x, 0), (x, 96)], "#5b4636", 4) + circle(x, 118, 26, "#ffe9a8")
        for x in (220, 620, 1020, 1420)
    ]
    paving = [
        line([(x, 900), (800 + (x - 800) * 0.6, 780)], "#b79a74", 4) for x in range(-400, 2001, 200)
    ]
    return sheet(
        sky("#f2dfb8", "#f2dfb8"),
        *arches,
        box(0, 770, WIDTH, 130, "#c9ad86"),
        *paving,
        *(moved(x, 0, *_stall(colour, heaps)) for x, colour, heaps in stalls),
        *lamps,
    )


def _stall(colour: str, heaps: tuple[str, ...]) -> Iterator[str]:
    yield from (box(x, 330, 12, 430, "#7a5a3c") for x in (18, 330))
    for place, heap in enumerate(heaps):
        middle = 78 + place * 102
        for row in range(4):
            fruit = range(5 - row)
            yield from (
                circle(
                    middle - (4 - row) * 11 + each * 22,
                    590 - row * 19,
                    13,
                    heap,
                    'stroke="#00000026" stroke-width="2"',
                )
                for each in fruit
            )
    yield box(0, 600, 360, 170, "#94683f")
    yield from (box(0, y, 360, 6, "#7a5230") for y in (600, 656, 712))
    for stripe in range(9):
        fill = colour if stripe % 2 == 0 else "#fbf3e0"
        x = stripe * 40
        yield path(f"M{x + 20 - stripe * 5} 240 h35 L{x + 40} 340 a20 20 0 0 1 -40 0 Z", fill)


def canal() -> str:
    """Fields from above, and the canal that waters them."""
    fills = ("#a7c957", "#6a994e", "#e9c46a", "#d4a373", "#8ab17d", "#ccd5ae", "#bc9a5f")
    fields = []
    for row in range(-3, 9):
        for column in range(-2, 9):
            fill = fills[(row * 2 + column * 3 + (row * row + column) // 3) % len(fills)]
            x, y = column * 212, row * 174
            across = [f"M{x + 14} {y + step}h176" for step in range(20, 160, 20)]
            down = [f"M{x + step} {y + 14}v138" for step in range(20, 200, 20)]
            furrows = " ".join(across if (row + column) % 2 else down)
            fields.append(box(x, y, 204, 166, fill, 'rx="6"'))
            fields.append(path(furrows, "none", 'stroke="#00000018" stroke-width="4"'))
    course = "M-60 760 C260 700 360 420 640 440 S1010 640 1230 430 S1480 160 1700 180"
    banks = [
        path(course, "none", f'stroke="{colour}" stroke-width="{width}"')
        for colour, width in (("#efe3c2", 128), ("#2a7f9e", 92), ("#4fa3bf", 40))
    ]
    branches = [
        path(way, "none", 'stroke="#2a7f9e" stroke-width="18"')
        for way in ("M640 440 L560 -40", "M1130 530 L1230 960", "M330 570 L430 960")
    ]
    trees = [
        circle(x, y, 19, "#386641") + circle(x - 5, y - 6, 9, "#5b8c51")
        for x, y in [
            *((552 - i * 10, 350 - i * 60) for i in range(7)),
            *((1196 + i * 14, 600 + i * 60) for i in range(6)),
            *((312 + i * 14, 680 + i * 60) for i in range(5)),
        ]
    ]
    return sheet(
        sky("#d8c9a0", "#d8c9a0"), moved(0, 0, *fields, turn=-9), *branches, *banks, *trees
    )
