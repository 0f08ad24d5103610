"""The figures of a model as pictures, each with the table of the same figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from winnow.core.charts import SHARE, Axis, Line, Point, dot_chart, line_chart, matrix_chart
from winnow.core.values import Interval
from winnow.models import Evidence
from winnow.queries.evidence import Measurement
from winnow.web.pictures import drawn

UPPER = (0.5, 0.6, 0.7, 0.8, 0.9, 1.0)
WHOLE = {
    "precision": gettext_lazy("Weighted precision"),
    "recall": gettext_lazy("Weighted recall"),
    "f1": gettext_lazy("Weighted F1"),
    "accuracy": gettext_lazy("Accuracy"),
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture and its table: `rows` are a name and a figure with its interval, `cells` a table of counts instead."""

    title: str
    says: str
    heads: Sequence[str]
    rows: Sequence[tuple[str, Evidence]] = ()
    cells: Sequence[tuple[str, Sequence[int]]] = ()
    svg: str = ""


def figures_of(run: Measurement, names: Mapping[str, str]) -> list[Figure]:
    """All that can be shown of a measurement, precision first; `names` are the short names of tags, in their order."""
    makers = (_whole, _per_tag, _curve, _reliability, _confusion, _slices, _behaviour, _card)
    made = (maker(run, names) for maker in makers)
    return [figure for figure in made if figure is not None]


def _whole(run: Measurement, _names: Mapping[str, str]) -> Figure | None:
    rows = [(str(label), found) for name, label in WHOLE.items() for scope, found in run.of(name) if not scope]
    rows += [(_("Expected calibration error"), found) for _scope, found in run.of("ece")]
    return Figure(_("As a whole"), "", (_("figure"), _("value")), rows) if rows else None


def _per_tag(run: Measurement, names: Mapping[str, str]) -> Figure | None:
    found = dict(run.of("precision"))
    rows = [(name, found[slug]) for slug, name in names.items() if slug in found]
    says = _("Of the works that were given a tag, the share to which it belongs.")
    return _dots(_("Precision by tag"), says, _("tag"), rows) if rows else None


def _curve(run: Measurement, _names: Mapping[str, str]) -> Figure | None:
    rows = run.of("precision", "coverage ")
    if not rows:
        return None
    line = Line("", [Point(float(share), found.value, found.low, found.high) for share, found in rows])
    title = _("Precision against coverage")
    low = UPPER if min(found.low for _, found in rows) >= UPPER[0] else SHARE
    svg = line_chart(title, [line], Axis(_("share decided"), SHARE), Axis(_("precision"), low), is_band=True)
    says = _("How right the surest are, if so large a share is decided by the model alone.")
    return Figure(title, says, (_("share decided"), _("precision")), rows, svg=drawn(svg))


def _reliability(run: Measurement, _names: Mapping[str, str]) -> Figure | None:
    sure = dict(run.of("mean confidence", "bin "))
    right = run.of("share right", "bin ")
    if not right:
        return None
    line = Line("", [Point(sure[place].value, found.value, found.low, found.high) for place, found in right])
    x, y = Axis(_("mean confidence"), SHARE), Axis(_("share that is right"), SHARE)
    title = _("Is confidence a probability?")
    svg = line_chart(title, [line], x, y, diagonal=_("as sure as right"))
    rows = [
        (_("{low} to {high}").format(low=f"{sure[place].low:.2f}", high=f"{sure[place].high:.2f}"), found)
        for place, found in right
    ]
    says = _("Answers in ten parts of equally many, by how sure the model was of them.")
    return Figure(title, says, (_("confidence"), _("share that is right")), rows, svg=drawn(svg))


def _confusion(run: Measurement, names: Mapping[str, str]) -> Figure | None:
    found = dict(run.of("confusion"))
    shown = [slug for slug in names if f"{slug} as nothing" in found]
    if not shown:
        return None
    answers = {**names, "nothing": _("none")}
    counts = [
        [_count(found[f"{slug} as {said}"]) if f"{slug} as {said}" in found else 0 for said in answers]
        for slug in shown
    ]
    title = _("What is taken for what")
    svg = matrix_chart(title, [names[slug] for slug in shown], list(answers.values()), counts)
    cells = [(names[slug], row) for slug, row in zip(shown, counts, strict=True)]
    says = _("Each line holds the works of one tag; where they stand is what was answered.")
    return Figure(title, says, (_("works of"), *answers.values()), cells=cells, svg=drawn(svg))


def _slices(run: Measurement, _names: Mapping[str, str]) -> Figure | None:
    rows = run.of("accuracy", "slice ")
    says = _("The share that is right among works of one kind, told from the work alone and never from its tag.")
    return _dots(_("By kind of work"), says, _("kind of work"), rows) if rows else None


def _behaviour(run: Measurement, names: Mapping[str, str]) -> Figure | None:
    metrics = dict.fromkeys(row.metric for row in run.rows if row.metric.startswith("behaviour "))
    pairs = [(metric, *pair) for metric in metrics for pair in run.of(metric)]
    rows = [
        (f"{metric.removeprefix('behaviour ')}{f', {names.get(tag, tag)}' if tag else ''}", row)
        for metric, tag, row in pairs
    ]
    shown = [(metric.removeprefix("behaviour "), row) for metric, tag, row in pairs if not tag]
    says = _("Written and generated cases: what should change nothing, what should, and what is plain.")
    return _dots(_("Behavioural tests"), says, _("what was asked"), rows, shown) if rows else None


def _card(run: Measurement, _names: Mapping[str, str]) -> Figure | None:
    words = {"out of fold accuracy": _("Accuracy"), "out of fold calibration_error": _("Expected calibration error")}
    rows = [(label, found) for metric, label in words.items() for _scope, found in run.of(metric)]
    says = _("Each work answered by a model that never saw it.")
    return Figure(_("While training"), says, (_("figure"), _("value")), rows) if rows else None


def _dots(
    title: str,
    says: str,
    head: str,
    rows: Sequence[tuple[str, Evidence]],
    shown: Sequence[tuple[str, Evidence]] | None = None,
) -> Figure:
    """A row of dots; `shown` are those of the rows that the picture shows, where it does not show all."""
    marks = [(name, Interval(r.value, r.low, r.high, r.n)) for name, r in (rows if shown is None else shown)]
    svg = dot_chart(title, marks, Axis(_("share"), SHARE))
    return Figure(title, says, (head, _("share")), rows, svg=drawn(svg))


def _count(found: Evidence) -> int:
    return round(found.value * found.n)
