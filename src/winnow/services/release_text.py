"""A document with all that evidence says filled in: figures, states of promises, states of deliverables."""

import os
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from winnow.core.charts import timeline_chart
from winnow.core.criteria.functions import KEPT_IN
from winnow.core.criteria.grammar import Call, read_call
from winnow.core.criteria.judge import Measured
from winnow.core.documents.markdown import FIGURE, Document, Section
from winnow.core.documents.plan import DELIVERABLES, read_timeline
from winnow.core.intervals import clopper_pearson
from winnow.services.release import Checked, Judged

_LINK = re.compile(r"(\]\(\s*<?)([^)\s>]+)")


def filled(document: Document, checked: Checked, relink: Callable[[Path, str], str]) -> str:
    """The document as Markdown; `relink` gives the new place of each local link."""
    name = document.path.relative_to(checked.project.parent).as_posix()
    judged: dict[int, Judged] = {one.line: one for one in checked.judged if one.path == name}
    by_section: dict[str, list[Judged]] = defaultdict(list)
    for one in judged.values():
        by_section[one.section].append(one)
    parts = []
    for section in document.sections:
        parts += ["", "#" * section.level + f" {section.title}", ""]
        if len(section.path) > 1 and section.path[-2] == DELIVERABLES:
            parts += [f"**{status_of(by_section[section.title])}**", ""]
        parts += _lines(section, document, checked, judged, relink)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(parts)).strip() + "\n"


def status_of(judged: Sequence[Judged]) -> str:
    """How far a deliverable is: done when all its promises are met."""
    met = sum(one.judgement.state == "met" for one in judged)
    state = "Done" if judged and met == len(judged) else "Not done"
    return f"{state}: {met} of {len(judged)} criteria are met"


def promises_table(judged: Sequence[Judged]) -> list[str]:
    """Promises with their states as a table of Markdown."""
    rows = [
        f"| {one.judgement.state} | `{_cell(str(one.criterion))}` | {_cell(one.judgement.reason)} |" for one in judged
    ]
    return ["", "| state | promise | evidence |", "|---|---|---|", *rows, ""]


def figure(call: Call, measured: Measured | None, *, is_past: bool = False) -> str:
    """A figure in words, with n and, where it is a share, its 95 % interval."""
    if measured is None:
        return "not measured yet"
    unit = KEPT_IN[call.kind.dimension]
    # The manifest has it whole.
    then = f", measured on code {measured.code[:8] or 'unknown'}" if is_past else ""
    if call.kind.dimension != "share":
        return f"{measured.value:,.4g} {unit}".strip() + f" (n = {measured.n:,}{then})"
    found = clopper_pearson(round(measured.value * measured.n), measured.n)
    return f"{100 * measured.value:.1f} % ({100 * found.low:.1f} to {100 * found.high:.1f} %, n = {measured.n:,}{then})"


def _lines(
    section: Section,
    document: Document,
    checked: Checked,
    judged: dict[int, Judged],
    relink: Callable[[Path, str], str],
) -> list[str]:
    def fill(match: re.Match[str]) -> str:
        call = read_call(match[2])
        return figure(call, checked.evidence.of(call), is_past=bool(match[1]))

    def link(match: re.Match[str]) -> str:
        return match[1] + relink(document.path, match[2])

    parts: list[str] = []
    promises: list[Judged] = []
    in_code = False
    for line in section.lines:
        is_promise = line.block == "criteria"
        if is_promise:
            promises += [judged[line.number]] if line.number in judged else []
            continue
        if bool(line.block) != in_code:
            parts.append("```")
            in_code = not in_code
        parts.append(line.text if line.block else _LINK.sub(link, FIGURE.sub(fill, line.text)))
    parts += ["```"] if in_code else []
    return [*parts, *promises_table(promises)] if promises else parts


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def local_file(document: Path, target: str, root: Path) -> Path | None:
    """The file under `root` that a local link leads to; None where it leads elsewhere."""
    place = Path(os.path.normpath(document.parent / target.partition("#")[0]))
    return place if place.is_file() and place.resolve().is_relative_to(root.resolve()) else None


def timeline_picture(document: Document, *, today: date | None = None) -> str:
    """The timeline of a plan as a picture, or nothing.

    What is not finished ends today, or, where the same text is to give the same picture, with the last real day that is named.
    """
    stretches, _ = read_timeline(document)
    if not stretches:
        return ""
    real = [day for one in stretches for day in (one.real_from, one.real_to) if day]
    last = today or max(real, default=date.min)
    rows = [
        (
            f"{one.what}, {one.environment}",
            one.planned,
            (one.real_from, one.real_to or max(one.real_from, last)) if one.real_from else None,
        )
        for one in stretches
    ]
    return timeline_chart("Timeline, planned against real", rows)
