"""A city at night, a ferry, wheat, a book, a carpet and the map of a sea."""

import math
from collections.abc import Iterator

from articles.demo.pictures.shapes import (
    HEIGHT,
    WIDTH,
    Point,
    box,
    circle,
    ellipse,
    land,
    line,
    moved,
    path,
    peak,
    polygon,
    ring,
    scatter,
    sheet,
    sky,
    swell,
)


def city() -> str:
    """A city below mountains in the blue hour, windows lit."""
    tops = ((120, 250), (380, 130), (640, 220), (930, 110), (1230, 215), (1500, 140))
    ridge = [peak(x, y, 560, 1.0, "#4f5a88", "#424d7a") for x, y in tops]
    stars = [circle(x * WIDTH, y * 180, 2.2, "#f7f3df") for x, y in scatter(50, 0.21)]
    far = [
        box(x, 560 - h, 74, 400, "#2f4066")
        for x, h in ((i * 84 - 10, 60 + (i * 53) % 150) for i in range(20))
    ]
    near = [
        moved(x, 900, *_block(w, h, seed))
        for seed, (x, w, h) in enumerate(
            (
                *((10, 150, 300), (180, 120, 420), (318, 190, 260), (530, 130, 480)),
                *((680, 170, 340), (870, 110, 400), (1000, 200, 280), (1222, 128, 450)),
                *((1370, 210, 320),),
            )
        )
    ]
    return sheet(
        sky("#182447", "#3b4a7a", "#c77d77", "#f0b48a"),
        *stars,
        *ridge,
        land(swell(430, 40, 1300, 4.4), "#3a4670"),
        moved(1120, 402, *_tower()),
        *far,
        *near,
        *(circle(x, 876 - (x % 3) * 6, 44, "#1b2b3a") for x in range(0, WIDTH + 60, 62)),
    )


def _block(wide: int, high: int, seed: int) -> Iterator[str]:
    yield box(0, -high, wide, high, ("#1e2a47", "#24324f", "#1b2540")[seed % 3])
    if seed % 3 == 1:
        yield polygon(
            [(wide / 2 - 8, -high), (wide / 2, -high - 70), (wide / 2 + 8, -high)], "#24324f"
        )
    columns = wide // 26
    left = (wide - columns * 26 + 12) / 2
    for floor in range((high - 110) // 34):
        for column in range(columns):
            if (floor * 7 + column * 5 + seed * 3 + floor * column) % 5 in (0, 2):
                yield box(
                    left + column * 26,
                    -high + 22 + floor * 34,
                    14,
                    20,
                    "#ffd98a" if (floor + column) % 3 else "#fff0c4",
                )


def _tower() -> Iterator[str]:
    yield polygon([(-16, 30), (-5, -190), (5, -190), (16, 30)], "#202c4b")
    yield box(-17, -150, 34, 26, "#202c4b", 'rx="8"')
    yield line([(0, -190), (0, -262)], "#202c4b", 4)
    yield circle(0, -264, 5, "#ff6b5e")


def ferry() -> str:
    """A railway ferry on a calm sea in the evening, gulls behind it."""
    waves = [
        path(
            f"M{x} {y} q18 -12 36 0 t36 0 t36 0",
            "none",
            'stroke="#ffffff" stroke-width="4" opacity="0.35"',
        )
        for x, y in ((round(a * 1500), round(640 + b * 250)) for a, b in scatter(40, 0.37))
    ]
    gulls = [
        path(
            f"M{x} {y} q{s} -{s} {2 * s} 0 q{s} -{s} {2 * s} 0",
            "none",
            'stroke="#33475b" stroke-width="5" stroke-linecap="round"',
        )
        for x, y, s in (
            (210, 300, 18),
            (300, 250, 13),
            (160, 390, 12),
            (380, 330, 15),
            (1290, 210, 14),
        )
    ]
    glow = [
        box(1160 - w / 2, 566 + i * 26, w, 9, "#ffe3a8", 'rx="4" opacity="0.7"')
        for i, w in enumerate((250, 200, 220, 150, 170, 100, 120, 60))
    ]
    return sheet(
        sky("#4a6fa5", "#f2a07b", "#fbd79a"),
        circle(1160, 470, 120, "#ffe9b5"),
        land([(0, 520), (220, 500), (430, 530), (700, 545), (900, 560), (1600, 560)], "#b5785f"),
        box(0, 556, WIDTH, 344, "#2f6f8f"),
        *glow,
        land(swell(640, 8, 500, 1.0), "#2a6484"),
        moved(380, 650, *_ship()),
        land(swell(690, 10, 420, 3.0), "#235775"),
        *waves,
        *gulls,
    )


def _ship() -> Iterator[str]:
    yield path("M0 -90 H720 L650 60 H70 Q20 40 0 -90 Z", "#f4f1e8")
    yield path("M14 -30 H692 L650 60 H70 Q30 44 14 -30 Z", "#a23b34")
    yield box(60, -180, 470, 90, "#ffffff")
    yield box(100, -240, 330, 60, "#f4f1e8")
    yield box(360, -290, 110, 110, "#ffffff")
    yield box(368, -278, 94, 26, "#3d5a6c")
    yield path("M180 -240 L190 -340 H270 L276 -240 Z", "#e09f3e")
    yield box(186, -318, 86, 22, "#33475b")
    yield path(
        "M226 -350 q-50 -40 -110 -30 t-120 -20",
        "none",
        'stroke="#ffffff" stroke-width="22" opacity="0.45" stroke-linecap="round"',
    )
    yield from (circle(x, -136, 12, "#3d5a6c") for x in range(96, 520, 40))
    yield from (box(x, -226, 26, 26, "#3d5a6c", 'rx="4"') for x in range(120, 340, 44))
    yield line([(560, -90), (640, -180), (718, -90)], "#33475b", 4)


def wheat() -> str:
    """Ears of wheat before a field, a combine and an elevator."""
    rows = [
        path(
            f"M{800 + x} 520 Q{800 + x * 2.2} 660 {800 + x * 4} 900",
            "none",
            'stroke="#c98f2b" stroke-width="5" opacity="0.5"',
        )
        for x in range(-600, 601, 60)
    ]
    heights = (400, 470, 360, 250, 130, 90, 60, 40, 70, 50, 100, 180, 300, 420, 380)
    ears = [
        moved(40 + place * 109, 930, *_ear(high, (place % 3 - 1) * 26))
        for place, high in enumerate(heights)
    ]
    return sheet(
        sky("#5fa8d3", "#bfe0e2", "#fdf0cf"),
        circle(250, 190, 80, "#fff4c8"),
        land(swell(500, 10, 1300, 0.3), "#9db17c"),
        moved(1200, 512, *_elevator()),
        land(swell(520, 8, 1900, 2.0), "#e6b345"),
        *rows,
        moved(560, 560, *_combine()),
        *ears,
    )


def _elevator() -> Iterator[str]:
    for x in (0, 62, 124, 186):
        yield box(x, -170, 58, 190, "#e9e4d8")
        yield box(x + 40, -170, 18, 190, "#cfc8b8")
        yield path(f"M{x} -170 L{x + 29} -200 L{x + 58} -170 Z", "#b5b0a3")
    yield box(-70, -270, 62, 290, "#d8d2c4")
    yield polygon([(-78, -270), (-39, -304), (0, -270)], "#9c5b45")
    yield line([(-10, -240), (214, -196)], "#9c968a", 9)


def _combine() -> Iterator[str]:
    yield box(-120, -120, 230, 90, "#b23a2e", 'rx="10"')
    yield path("M20 -120 L34 -186 H104 L112 -120 Z", "#d6ebf0", 'stroke="#7c251c" stroke-width="8"')
    yield box(-104, -150, 110, 34, "#8f2d23", 'rx="6"')
    yield line([(-60, -146), (-190, -190)], "#8f2d23", 16)
    yield polygon([(106, -70), (190, -40), (190, 0), (106, -30)], "#7c251c")
    yield circle(196, -22, 42, "none", 'stroke="#e0a458" stroke-width="9"')
    yield from (line([(196, -22), point], "#e0a458", 6) for point in ring(196, -22, 42, 6))
    for x, radius in ((60, 52), (-80, 34)):
        yield circle(x, 4 + 52 - radius - 20, radius, "#2b2b2b")
        yield circle(x, 4 + 52 - radius - 20, radius * 0.45, "#e9c46a")


def _ear(high: int, lean: int) -> Iterator[str]:
    yield path(f"M0 0 Q0 {-high / 2:g} {lean} {-high}", "none", 'stroke="#a9741f" stroke-width="8"')
    yield path(f"M0 {-high * 0.3:g} q30 -90 96 -120 q-60 70 -96 170 Z", "#c08a2c")
    grains = []
    for pair in range(7):
        y = -pair * 30
        for side in (-1, 1):
            grain = ellipse(0, 0, 14, 27, "#f2c14e" if side < 0 else "#dda93a")
            grains.append(moved(side * 15, y, grain, turn=side * 26))
            grains.append(line([(side * 22, y - 20), (side * 44, y - 96)], "#e3b04b", 3))
    yield moved(lean, -high, *grains, ellipse(0, -206, 12, 26, "#f2c14e"), turn=lean / 3)


def school() -> str:
    """An open book; a school, poplars and hills grow from its pages."""
    left = "M800 720 C640 640 400 630 190 680 L130 830 C380 780 640 790 800 860 Z"
    right = "M800 720 C960 640 1200 630 1410 680 L1470 830 C1220 780 960 790 800 860 Z"
    text = [
        path(f"M{x} {y} q150 -26 {w} {d}", "none", 'stroke="#c9bfa8" stroke-width="6"')
        for x, y, w, d in (
            *((230, 726, 420, 4), (215, 752, 440, 8), (200, 778, 330, 0)),
            *((900, 730, 430, -18), (900, 758, 450, -18), (900, 790, 330, -22)),
        )
    ]
    return sheet(
        sky("#2f7f86", "#69b3ae", "#f6e7c8"),
        circle(1210, 230, 74, "#ffe3a3"),
        *(
            ellipse(x, y, w, 20, "#ffffff", 'opacity="0.55"')
            for x, y, w in ((340, 190, 110), (420, 214, 140), (940, 140, 120), (1010, 160, 90))
        ),
        path("M260 690 Q520 430 800 560 T1350 690 Q1080 650 800 722 Q520 650 260 690 Z", "#7fae6a"),
        path("M420 690 Q700 500 980 600 T1300 690 Q1060 650 800 722 Q560 660 420 690 Z", "#98c379"),
        *(
            moved(x, y, *_poplar(), scale=s)
            for x, y, s in ((505, 640, 0.9), (560, 630, 1.05), (1085, 636, 1.0), (1140, 646, 0.8))
        ),
        moved(820, 640, *_schoolhouse()),
        path("M110 850 L180 690 L800 740 L1420 690 L1490 850 L800 890 Z", "#8c3f2f"),
        path(left, "#fffaf0"),
        path(right, "#f7eeda"),
        *text,
        line([(800, 722), (800, 860)], "#d9cdb3", 6),
    )


def _poplar() -> Iterator[str]:
    yield box(-5, -20, 10, 40, "#6b4f3f")
    yield ellipse(0, -110, 25, 108, "#4c8c57")
    yield path("M0 -216 A25 108 0 0 1 0 -4 Z", "#3d7549")


def _schoolhouse() -> Iterator[str]:
    yield box(-160, -150, 320, 160, "#fbf6e9")
    yield polygon([(-184, -150), (0, -250), (184, -150)], "#b5482f")
    yield box(-34, -84, 68, 94, "#2f6f73")
    yield from (
        box(x, -112, 50, 56, "#6fb1c7", 'stroke="#ffffff" stroke-width="6"')
        for x in (-144, -94, 44, 94)
    )
    yield circle(0, -190, 20, "#fff3d0", 'stroke="#7a2f20" stroke-width="5"')
    yield line([(0, -190), (0, -202)], "#7a2f20", 3) + line([(0, -190), (9, -186)], "#7a2f20", 3)
    yield box(-4, -322, 8, 80, "#6b4f3f")
    yield path("M4 -322 q26 12 52 0 t40 0 v40 q-20 10 -40 0 t-52 0 Z", "#f2c14e")


def carpet() -> str:
    """A carpet with rows of octagons, quartered light and dark, and borders on each side."""
    goels = [moved(x, y, *_goel()) for y in (255, 450, 645) for x in (320, 560, 800, 1040, 1280)]
    crosses = [
        moved(
            x,
            y,
            box(-26, -5, 52, 10, "#e8d3a8"),
            box(-5, -26, 10, 52, "#e8d3a8"),
            box(-12, -12, 24, 24, "#1f2a44"),
            turn=45,
        )
        for y in (352, 548)
        for x in (440, 680, 920, 1160)
    ]
    teeth = [
        polygon([(x, 96), (x + 20, 136), (x + 40, 96)], "#e8d3a8")
        + polygon([(x, 804), (x + 20, 764), (x + 40, 804)], "#e8d3a8")
        for x in range(160, 1440, 40)
    ]
    diamonds = [
        polygon(ring(x, y, 20, 4), "#1f2a44") + polygon(ring(x, y, 9, 4), "#d98e4a")
        for x in (118, 1482)
        for y in range(120, 800, 55)
    ]
    fringe = [
        line([(x, y), (x + bend, y + 40)], "#e8d3a8", 4)
        for place, x in enumerate(range(70, 1540, 14))
        for y, bend in ((12, 3 - place % 7), (848, place % 7 - 3))
    ]
    return sheet(
        box(0, 0, WIDTH, HEIGHT, "#d9c7a3"),
        *fringe,
        box(60, 50, 1480, 800, "#5e1620"),
        box(80, 70, 1440, 760, "#8f2430"),
        box(156, 92, 1288, 716, "#5e1620"),
        box(170, 140, 1260, 620, "#a32c34"),
        *teeth,
        *diamonds,
        *goels,
        *crosses,
    )


def _goel() -> Iterator[str]:
    eighth = math.tau / 16
    yield polygon(ring(0, 0, 98, 8, eighth), "#1f2a44")
    yield polygon(ring(0, 0, 88, 8, eighth), "#e8d3a8")
    yield path("M0 0 V-81 H34 L81 -34 V0 Z M0 0 V81 H-34 L-81 34 V0 Z", "#d98e4a")
    yield polygon(ring(0, 0, 54, 8, eighth), "#8f2430")
    yield path("M0 0 V-50 H21 L50 -21 V0 Z M0 0 V50 H-21 L-50 21 V0 Z", "#1f2a44")
    yield polygon(ring(0, 0, 20, 4), "#e8d3a8")
    yield polygon(ring(0, 0, 9, 4), "#a32c34")
    for turn in (0, 90, 180, 270):
        yield moved(
            0, 0, box(-4, -76, 8, 20, "#1f2a44"), box(-12, -70, 24, 6, "#1f2a44"), turn=turn + 45
        )


def shoreline() -> str:
    """A map of a sea that has shrunk: old shores in pale lines, a dyke, the water that is left."""
    depths = ((1.0, "#efe0b9"), (0.86, "#e6d3a3"), (0.72, "#dcc48c"), (0.58, "#d3b678"))
    shores = [
        path(
            _shore(760, 490, size * 420, size),
            fill,
            'stroke="#b08d4f" stroke-width="3" stroke-dasharray="14 10"',
        )
        for size, fill in depths
    ]
    south = [
        path(_shore(600, 560, size * 210, size), fill)
        for size, fill in ((1.0, "#8fc1c9"), (0.7, "#6aa9b8"), (0.4, "#4a8ea3"))
    ]
    north = [
        path(_shore(1060, 250, size * 150, size), fill)
        for size, fill in ((1.0, "#4b93b5"), (0.72, "#357fa6"), (0.44, "#256a91"))
    ]
    grid = [line([(x, 0), (x, HEIGHT)], "#c9b383", 2) for x in range(100, WIDTH, 200)] + [
        line([(0, y), (WIDTH, y)], "#c9b383", 2) for y in range(50, HEIGHT, 200)
    ]
    salt = [circle(360 + x * 760, 300 + y * 420, 4, "#fffaf0") for x, y in scatter(70, 0.41)]
    river = path(
        "M1640 470 C1500 430 1440 330 1330 320 S1230 262 1190 262",
        "none",
        'stroke="#357fa6" stroke-width="14"',
    )
    return sheet(
        box(0, 0, WIDTH, HEIGHT, "#f4ead0"),
        *grid,
        *shores,
        *salt,
        *south,
        river,
        *north,
        line([(912, 372), (1046, 412)], "#8c3f2f", 16),
        moved(1380, 720, *_compass()),
        box(110, 800, 120, 14, "#5b4636")
        + box(230, 800, 120, 14, "#fffaf0")
        + box(350, 800, 120, 14, "#5b4636"),
    )


def _shore(x: float, y: float, radius: float, phase: float) -> str:
    """A closed coast with bays, as a smooth path."""
    points: list[Point] = []
    for corner in range(48):
        angle = math.tau * corner / 48
        reach = radius * (
            1 + 0.13 * math.sin(3 * angle + phase) + 0.07 * math.sin(7 * angle + 2 * phase)
        )
        points.append((x + 1.25 * reach * math.cos(angle), y + 0.85 * reach * math.sin(angle)))
    return "M" + " L".join(f"{a:.1f} {b:.1f}" for a, b in points) + " Z"


def _compass() -> Iterator[str]:
    yield circle(0, 0, 86, "none", 'stroke="#5b4636" stroke-width="4"')
    for turn in (0, 90, 180, 270):
        yield moved(
            0,
            0,
            polygon([(0, -106), (16, -16), (0, 0)], "#8c3f2f" if not turn else "#5b4636"),
            polygon([(0, -106), (-16, -16), (0, 0)], "#d3b678"),
            turn=turn,
        )
    yield circle(0, 0, 9, "#fffaf0", 'stroke="#5b4636" stroke-width="3"')
