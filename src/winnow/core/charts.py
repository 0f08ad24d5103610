"""Charts as SVG, in one house style: ink and one accent, direct labels, thin intervals, legible in black and white.

No script, no font of its own, no size that depends on the machine: the same figures give the same bytes. Colours are
classes. On a page `site.css` gives them those of the theme; `standalone` brings its own for both themes.
Every chart stands beside a table of the same figures (see `docs/decisions/0010-own-charts.md`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from winnow.core.values import Interval

WIDTH, HEIGHT = 400, 280
LEFT, RIGHT, TOP, BOTTOM = 40, 14, 12, 40
# Room for the name of the upright axis.
HEAD = 28
ROW = 26
MAX_NAME = 26
SIZE = 12

_STYLE = """
svg { font: 12px system-ui, sans-serif; background: #fbfaf7 }
text { fill: #1c1b19 } .soft { fill: #6a665e } .grid { stroke: #e4e0d7; fill: none } .rule { stroke: #6a665e; fill: none }
.mark { stroke: #0b5d57; fill: none } .dot { fill: #0b5d57 } .area { fill: #0b5d57; fill-opacity: .14 }
@media (prefers-color-scheme: dark) {
svg { background: #161513 } text { fill: #ece8e1 } .soft { fill: #a39d92 } .grid { stroke: #2d2a26 }
.rule { stroke: #a39d92 } .mark { stroke: #6fc7bd } .dot { fill: #6fc7bd } .area { fill: #6fc7bd }
}
"""
# How lines are told apart without colour, in their order.
_DASHES = ("", "6 4", "2 3", "10 3 2 3")


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a line with the interval of its height."""

    x: float
    y: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Line:
    """Points from left to right; `name` stands at its end, so that no legend is needed."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis says and where: from the first tick to the last."""

    name: str
    ticks: Sequence[float]

    def place(self, value: float, start: float, end: float) -> float:
        """Where a value lies between two ends of the picture; what is outside stands at the edge."""
        share = (value - self.ticks[0]) / (self.ticks[-1] - self.ticks[0])
        return start + (end - start) * min(max(share, 0.0), 1.0)


SHARE = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)


def line_chart(
    title: str, lines: Sequence[Line], x: Axis, y: Axis, *, is_band: bool = False, diagonal: str = ""
) -> str:
    """Lines with intervals, as thin strokes or as a band; `diagonal` names the line where both axes are equal."""
    names = max((len(line.name) for line in lines), default=0)
    right = WIDTH - RIGHT - round(6.4 * names)

    def across(value: float) -> float:
        return x.place(value, LEFT, right)

    def up(value: float) -> float:
        return y.place(value, HEIGHT - BOTTOM, HEAD)

    parts = [*_axes(x, y, across, up, right)]
    if diagonal:
        low, high = max(x.ticks[0], y.ticks[0]), min(x.ticks[-1], y.ticks[-1])
        parts.append(_stroke("rule", across(low), up(low), across(high), up(high), _DASHES[2]))
        place = low + 0.12 * (high - low)
        parts.append(_text(across(place) + 10, up(place) + 10, diagonal, "soft"))
    heights = _apart([up(line.points[-1].y) for line in lines if line.points])
    for number, line in enumerate(line for line in lines if line.points):
        parts += _line(line, number, across, up, is_band=is_band)
        parts.append(_text(across(line.points[-1].x) + 6, heights[number] - 4, line.name))
    return _svg(title, HEIGHT, parts)


def dot_chart(title: str, rows: Sequence[tuple[str, Interval]], x: Axis) -> str:
    """One dot a row with its interval as a thin line and n at the end; labels stand at the left."""
    rows = [(_bounded(name), interval) for name, interval in rows]
    left = 12 + round(6.4 * max((len(name) for name, _ in rows), default=0))
    right, bottom = WIDTH - 60, TOP + ROW * len(rows)

    def across(value: float) -> float:
        return x.place(value, left, right)

    parts = []
    for tick in x.ticks:
        parts.append(_stroke("grid", across(tick), TOP, across(tick), bottom))
        parts.append(_text(across(tick), bottom + 16, _short(tick), "soft", "middle"))
    parts.append(_text((left + right) / 2, bottom + 34, x.name, "soft", "middle"))
    for number, (name, interval) in enumerate(rows):
        height = TOP + ROW * (number + 0.5)
        parts.append(_text(left - 8, height + 4, name, "", "end"))
        parts.append(_stroke("mark", across(interval.low), height, across(interval.high), height))
        parts.append(f'<circle class="dot" cx="{across(interval.value):.1f}" cy="{height:.1f}" r="3.5"/>')
        parts.append(_text(WIDTH - 2, height + 4, f"n {interval.n:,}", "soft", "end"))
    return _svg(title, bottom + BOTTOM + 2, parts)


def bar_chart(title: str, rows: Sequence[tuple[str, int]]) -> str:
    """A bar a row, from zero, its count at its end; labels stand at the left."""
    rows = [(_bounded(name), n) for name, n in rows]
    left = 12 + round(6.4 * max((len(name) for name, _ in rows), default=0))
    most, right = max((n for _, n in rows), default=0) or 1, WIDTH - 52
    parts = []
    for number, (name, n) in enumerate(rows):
        top, length = TOP + ROW * number, (right - left) * n / most
        parts.append(_text(left - 8, top + 15, name, "", "end"))
        place = f'x="{left}" y="{top + 4}" width="{length:.1f}" height="{ROW - 10}"'
        parts.append(f'<rect class="dot" fill-opacity="0.35" {place}/>')
        parts.append(_text(left + length + 6, top + 15, f"{n:,}", "soft"))
    parts.append(_stroke("rule", left, TOP, left, TOP + ROW * len(rows) - 2))
    return _svg(title, TOP + ROW * len(rows) + 4, parts)


def matrix_chart(title: str, rows: Sequence[str], columns: Sequence[str], counts: Sequence[Sequence[int]]) -> str:
    """Counts as a table whose cells are shaded by their share of the row; a cell's count stands in it."""
    left = 14 + round(6.4 * max(map(len, rows), default=0))
    width, height = (WIDTH - left - 4) / max(len(columns), 1), 34
    parts = [
        _text(left + width * (place + 0.5), TOP + 12, name, "soft", "middle") for place, name in enumerate(columns)
    ]
    for row, (name, cells) in enumerate(zip(rows, counts, strict=True)):
        top = TOP + 20 + height * row
        parts.append(_text(left - 8, top + height / 2 + 4, name, "soft", "end"))
        for column, count in enumerate(cells):
            share = count / max(sum(cells), 1)
            place = (
                f'x="{left + width * column + 1:.1f}" y="{top + 1:.1f}" width="{width - 2:.1f}" height="{height - 2}"'
            )
            parts.append(f'<rect class="grid" {place}/><rect class="dot" fill-opacity="{0.35 * share:.3f}" {place}/>')
            parts.append(_text(left + width * (column + 0.5), top + height / 2 + 4, f"{count:,}", "", "middle"))
    return _svg(title, round(TOP + 28 + height * len(rows)), parts)


def timeline_chart(title: str, rows: Sequence[tuple[str, tuple[date, date], tuple[date, date] | None]]) -> str:
    """Two bars a row on one axis of days: planned as an outline above, real filled below; labels stand at the left."""
    rows = [(_bounded(name), planned, real) for name, planned, real in rows]
    days = [day for _, planned, real in rows for day in (*planned, *(real or ()))]
    first, last = min(days), max(days)
    left, right = 12 + round(6.4 * max(len(name) for name, _, _ in rows)), WIDTH - RIGHT

    def across(day: date) -> float:
        return float(left + (right - left) * (day - first).days / max((last - first).days, 1))

    parts = []
    for number, (name, planned, real) in enumerate(rows):
        top = TOP + ROW * number
        parts.append(_text(left - 8, top + 15, name, "", "end"))
        for kind, height, span in (("rule", 4, planned), ("dot", 14, real)):
            if span:
                width = max(across(span[1]) - across(span[0]), 2)
                place = f'x="{across(span[0]):.1f}" y="{top + height}" width="{width:.1f}" height="7"'
                parts.append(f'<rect class="{kind}" {place}/>')
    bottom = TOP + ROW * len(rows)
    parts.append(_stroke("grid", left, bottom, right, bottom))
    parts.append(_text(left, bottom + 16, f"{first:%Y-%m-%d}", "soft"))
    parts.append(_text(right, bottom + 16, f"{last:%Y-%m-%d}", "soft", "end"))
    parts.append(_text((left + right) / 2, bottom + 34, "outline planned, filled real", "soft", "middle"))
    return _svg(title, bottom + BOTTOM + 2, parts)


def standalone(chart: str) -> str:
    """The chart as a file of its own, with the colours of both themes in it."""
    head, body = chart.split(">", 1)
    return f"{head}><style>{_STYLE}</style>{body}\n"


def _axes(
    x: Axis, y: Axis, across: Callable[[float], float], up: Callable[[float], float], right: float
) -> Sequence[str]:
    bottom = HEIGHT - BOTTOM
    parts = [_text(4, TOP, y.name, "soft"), _text((LEFT + right) / 2, HEIGHT - 6, x.name, "soft", "middle")]
    for tick in y.ticks:
        parts.append(_stroke("grid", LEFT, up(tick), right, up(tick)))
        parts.append(_text(LEFT - 6, up(tick) + 4, _short(tick), "soft", "end"))
    parts += [_text(across(tick), bottom + 16, _short(tick), "soft", "middle") for tick in x.ticks]
    return parts


def _line(
    line: Line, number: int, across: Callable[[float], float], up: Callable[[float], float], *, is_band: bool
) -> Sequence[str]:
    points = line.points
    path = " ".join(f"{across(point.x):.1f},{up(point.y):.1f}" for point in points)
    dash = f' stroke-dasharray="{_DASHES[number % len(_DASHES)]}"' if number else ""
    parts = [f'<polyline class="mark" stroke-width="1.75"{dash} points="{path}"/>']
    if is_band:
        edge = [(p.x, p.high) for p in points] + [(p.x, p.low) for p in reversed(points)]
        corners = " ".join(f"{across(a):.1f},{up(b):.1f}" for a, b in edge)
        return [f'<polygon class="area" points="{corners}"/>', *parts]
    for point in points:
        parts.append(_stroke("mark", across(point.x), up(point.low), across(point.x), up(point.high)))
        parts.append(f'<circle class="dot" cx="{across(point.x):.1f}" cy="{up(point.y):.1f}" r="2.5"/>')
    return parts


def _apart(heights: Sequence[float]) -> list[float]:
    """The heights of labels, moved down where they would stand on one another."""
    placed = dict.fromkeys(range(len(heights)), 0.0)
    last = float("-inf")
    for row in sorted(range(len(heights)), key=lambda one: heights[one]):
        last = placed[row] = max(heights[row], last + SIZE + 2)
    return list(placed.values())


def _bounded(name: str) -> str:
    return name if len(name) <= MAX_NAME else f"{name[: MAX_NAME - 1]}…"


def _svg(title: str, height: int, parts: Sequence[str]) -> str:
    head = f'<svg class="chart" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
    return f'{head} aria-label="{escape(title)}">{"".join(parts)}</svg>'


def _text(x: float, y: float, words: str, kind: str = "", anchor: str = "") -> str:
    kind = f' class="{kind}"' if kind else ""
    anchor = f' text-anchor="{anchor}"' if anchor else ""
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{SIZE}"{kind}{anchor}>{escape(words)}</text>'


def _stroke(kind: str, x1: float, y1: float, x2: float, y2: float, dash: str = "") -> str:
    dash = f' stroke-dasharray="{dash}"' if dash else ""
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{dash}/>'


def _short(value: float) -> str:
    """A tick: whole numbers as such, shares as `.95`."""
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:.2f}".rstrip("0").replace("0.", ".", 1)
