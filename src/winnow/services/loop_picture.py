"""A replay as a picture: coverage and precision of what was published, against the labels that it took."""

from collections.abc import Sequence
from dataclasses import dataclass

from winnow.core.charts import SHARE, Axis, Line, Point, line_chart, standalone
from winnow.core.values import Interval


@dataclass(frozen=True, slots=True)
class Stage:
    """What was published when so many labels were used; `precision` is None where nothing was."""

    labels: int
    coverage: float
    precision: Interval | None


def draw(stages: Sequence[Stage], *, target: float) -> str:
    """An SVG file: coverage, precision with its 95 % interval, and the target as a line."""
    most = max((stage.labels for stage in stages), default=0) or 1
    right = [(stage.labels, stage.precision) for stage in stages if stage.precision is not None]
    lines = [
        Line("precision", [Point(labels, found.value, found.low, found.high) for labels, found in right]),
        Line("coverage", [_exactly(stage.labels, stage.coverage) for stage in stages]),
        Line("target", [_exactly(0, target), _exactly(most, target)]),
    ]
    x = Axis("labels used", (0, most // 2, most) if most > 1 else (0, 1))
    return standalone(line_chart("Coverage and precision against labels used", lines, x, Axis("share", SHARE)))


def _exactly(x: float, y: float) -> Point:
    """A point without an interval: counted, or promised."""
    return Point(x, y, y, y)
