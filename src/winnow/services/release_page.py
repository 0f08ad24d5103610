"""What pages of the site show of releases: their promises as they stand today, and their documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from winnow.core.criteria.judge import STATES
from winnow.core.documents.markdown import Document
from winnow.core.documents.plan import DELIVERABLES
from winnow.core.errors import WinnowError
from winnow.services.release import Checked, check_release, release_names
from winnow.services.release_print import html_part
from winnow.services.release_text import filled, status_of, timeline_picture

_NOWHERE = "winnow-nowhere"
_DROPPED = re.compile(rf"\[([^\]]*)\]\({_NOWHERE}\)")


@dataclass(frozen=True, slots=True)
class Standing:
    """A release today: how many promises stand how, or why it cannot be read."""

    name: str
    counts: Sequence[tuple[str, int]] = ()
    n_faults: int = 0
    unreadable: str = ""


def standings(project: Path, templates: Path) -> list[Standing]:
    """Every release of a project, the newest name first."""
    return [_standing(name, project, templates) for name in reversed(release_names(project))]


def _standing(name: str, project: Path, templates: Path) -> Standing:
    try:
        checked = check_release(name, project=project, templates=templates)
    except WinnowError as error:
        return Standing(name, unreadable=str(error))
    return Standing(name, counted_states(checked), len(checked.faults))


def counted_states(checked: Checked) -> list[tuple[str, int]]:
    """How many promises stand how, in the order of STATES."""
    states = [one.judgement.state for one in checked.judged]
    return [(state, states.count(state)) for state in STATES if state in states]


def deliverables(checked: Checked) -> list[tuple[str, str]]:
    """Each deliverable with how far it is, by its promises."""
    titles = [section.title for document in checked.documents for section in document.below(DELIVERABLES)]
    return [(title, status_of([one for one in checked.judged if one.section == title])) for title in titles]


def timeline(checked: Checked, today: date) -> str:
    """The timeline of a release as a picture, or nothing."""
    return next(filter(None, (timeline_picture(one, today=today) for one in checked.documents)), "")


def document_html(document: Document, checked: Checked, *, deeper: int = 0) -> str:
    """A document as HTML with its figures filled in, its headings `deeper` by so many levels.

    Links to files that the site does not serve become their words.
    """

    def relink(_: Path, target: str) -> str:
        if target.startswith(("http://", "https://", "mailto:")):
            return target
        stem = Path(target.partition("#")[0]).stem
        own = {one.path.stem for one in checked.documents}
        return ("/canvas" if stem == "canvas" else f"/releases/{checked.name}") if stem in own else _NOWHERE

    text = _DROPPED.sub(r"\1", filled(document, checked, relink))
    return html_part(re.sub(r"(?m)^(#+ )", "#" * deeper + r"\1", text))
