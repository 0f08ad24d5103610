"""A replay as a picture: coverage and precision of what was published, against the labels that it took."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

WIDTH, HEIGHT, EDGE = 640, 360, 48
COVERAGE, PRECISION, GREY = "#1f6f8b", "#b5541c", "#666666"


@dataclass(frozen=True, slots=True)
class Point:
    """What was published when so many labels were used; `precision` is None where nothing was."""

    labels: int
    coverage: float
    precision: float | None


def draw(points: Sequence[Point], *, target: float) -> str:
    """An SVG without scripts: steps of coverage, dots of precision, and the target as a line; it says its figures too.

    This is the one place that draws, so that another way of drawing exchanges this function alone.
    """
    most = max((point.labels for point in points), default=0) or 1
    shapes = [_axis(most), _rule(target)]
    shapes.append(_path([(_x(p.labels, most), _y(p.coverage)) for p in points], COVERAGE))
    shapes += [_dot(_x(p.labels, most), _y(p.precision)) for p in points if p.precision is not None]
    shapes += [_text(EDGE, 20, "coverage", COVERAGE), _text(EDGE + 90, 20, "precision", PRECISION)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" '
        f'font-size="13"><title>Coverage and precision against labels used</title><desc>{escape(_in_words(points))}'
        f'</desc><rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>{"".join(shapes)}</svg>\n'
    )


def _in_words(points: Sequence[Point]) -> str:
    return "; ".join(
        f"{p.labels} labels: coverage {p.coverage:.3f}"
        + ("" if p.precision is None else f", precision {p.precision:.3f}")
        for p in points
    )


def _x(labels: int, most: int) -> float:
    return round(EDGE + labels / most * (WIDTH - 2 * EDGE), 1)


def _y(share: float) -> float:
    return round(HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE), 1)


def _axis(most: int) -> str:
    """Both axes with their ends, and a faint line at each quarter."""
    lines = "".join(_line(EDGE, _y(q / 4), WIDTH - EDGE, _y(q / 4), "#dddddd") for q in range(5))
    shares = "".join(_text(8, _y(q / 4) + 4, f"{q / 4:.2f}", GREY) for q in range(5))
    labels = "".join(_text(_x(n, most) - 8, HEIGHT - EDGE + 20, str(n), GREY) for n in (0, most // 2, most))
    return lines + shares + labels + _text(WIDTH / 2 - 35, HEIGHT - 10, "labels used", GREY)


def _rule(target: float) -> str:
    return _line(EDGE, _y(target), WIDTH - EDGE, _y(target), PRECISION, dashes="4 4")


def _path(points: Sequence[tuple[float, float]], colour: str) -> str:
    """What is published changes at a step and stays until the next."""
    moves = [f"M{points[0][0]} {points[0][1]}"] if points else []
    moves += [f"H{x}V{y}" for x, y in points[1:]]
    return f'<path d="{"".join(moves)}" fill="none" stroke="{colour}" stroke-width="2.5"/>'


def _dot(x: float, y: float) -> str:
    return f'<circle cx="{x}" cy="{y}" r="4.5" fill="{PRECISION}"/>'


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, dashes: str = "none") -> str:
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-dasharray="{dashes}"/>'


def _text(x: float, y: float, words: str, colour: str) -> str:
    return f'<text x="{x}" y="{y}" fill="{colour}">{escape(words)}</text>'
