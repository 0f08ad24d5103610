"""Documents of a release: make them, judge them, say what is wrong with them, sign them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from winnow.core.criteria.functions import ROLES
from winnow.core.criteria.grammar import Criterion, CriterionError, nearest, read_criterion
from winnow.core.criteria.judge import STATES, Judgement, Measured, judge
from winnow.core.documents.faults import KINDS, Evidence, Fault, faults_of
from winnow.core.documents.markdown import Document, read_document
from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.core.measurements import Measurements
from winnow.core.tree import tree_sha256
from winnow.home import DATA
from winnow.services.release_rows import measured_in_rows

TEMPLATES = DATA / "release"
SIGNATURES = "signatures.md"
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,40}")
_SIGNED = re.compile(r"- (\d{4}-\d\d-\d\d) (\w+) (\S+) ([0-9a-f]{64})(?:: (.*))?$")
MAX_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Judged:
    """A promise with where it stands, what it belongs to, and what evidence says of it."""

    path: str
    line: int
    section: str
    criterion: Criterion
    measured: Measured | None
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Checked:
    """A release that was read: its documents, what is wrong with them, and its promises."""

    name: str
    root: Path
    project: Path
    documents: Sequence[Document]
    faults: Sequence[Fault]
    judged: Sequence[Judged]
    evidence: Evidence

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong, failed or expired."""
        return not self.faults and not any(one.judgement.state in ("failed", "expired") for one in self.judged)


def new_release(
    name: str,
    *,
    project: Path,
    templates: Path = TEMPLATES,
    audience: str = "internal",
    kind: str = KINDS[0],
    proof: str = "",
    with_cards: bool = False,
) -> Sequence[Path]:
    """Make the documents of a release from templates; gives those that were written. Nothing is overwritten.

    Card of the model and datasheet come where they are asked for: not every release has a model of its own.
    """
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} is no name for a release; use small letters, digits, dots and dashes, such as release-1"
        )
    if (project / name).exists():
        raise ConflictError(f"{project / name} exists; nothing was written. Choose another name")
    if kind == KINDS[1]:
        _ask_proof(proof, project, templates)
    values = {"name": name, "audience": audience, "kind": kind, "proof": proof or "none"}
    values["deliverable"] = "First deliverable"
    written = []
    for source in [*_template_files(templates), *(_cards(templates) if with_cards else [])]:
        target = _target(source, templates, project, name)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(Template(source.read_text()).safe_substitute(values))
            written.append(target)
    return written


def _ask_proof(proof: str, project: Path, templates: Path) -> None:
    """An implementation stands on a proof of concept that has not failed."""
    if not proof:
        raise InputError("an implementation names the proof of concept that justified it: --proof NAME")
    if any(
        one.judgement.state == "failed" for one in check_release(proof, project=project, templates=templates).judged
    ):
        raise InputError(f"the proof of concept {proof} has failed; an implementation cannot be planned on it")


def release_names(project: Path) -> list[str]:
    """The releases of a project, by name."""
    return sorted(path.parent.name for path in project.glob("*/product-requirements.md"))


def check_release(name: str, *, project: Path, templates: Path = TEMPLATES) -> Checked:
    """Read and judge a release. Raises NotFoundError where there is none of that name."""
    folder = project / name
    if not _NAME.fullmatch(name) or not folder.is_dir():
        known = sorted(path.name for path in project.glob("*") if path.is_dir() and path.name != "evidence")
        raise NotFoundError(f"{folder} is not there: {nearest(name, known)}; `winnow release new {name}` makes it")
    root = project.parent
    measurements = Measurements(root, project, measured_in_rows, lambda role: _signature(project, name, role))
    evidence = Evidence(measurements.unknown, measurements.of, measurements.sha256)
    documents, faults = [], []
    cards = [card for card in _cards(templates) if _target(card, templates, project, name).exists()]
    for source in [*_template_files(templates), *cards]:
        path = _target(source, templates, project, name)
        template = read_document(source, source.read_text())
        document, found = _read(path, template, evidence)
        faults += [Fault(_shown(fault.path, root), fault.line, fault.message) for fault in found]
        documents += [document] if document else []
    faults += _proof_faults(documents, project, name, templates)
    judged = [one for document in documents for one in _judged(document, evidence, root)]
    judged.sort(key=lambda one: STATES.index(one.judgement.state))
    return Checked(name, root, project, documents, sorted(faults), judged, evidence)


def _proof_faults(documents: Sequence[Document], project: Path, name: str, templates: Path) -> Iterator[Fault]:
    for document in documents:
        line, kind = document.head.get("kind", (0, ""))
        proof = document.head.get("proof", (0, ""))[1]
        if kind != KINDS[1]:
            continue
        if proof in ("", "none", name) or not (project / proof).is_dir():
            yield Fault(
                _shown(document.path, project.parent), line, "an implementation names its proof of concept: proof: NAME"
            )
            continue
        if any(
            one.judgement.state == "failed" for one in check_release(proof, project=project, templates=templates).judged
        ):
            yield Fault(_shown(document.path, project.parent), line, f"the proof of concept {proof} has failed")


def _read(path: Path, template: Document, evidence: Evidence) -> tuple[Document | None, list[Fault]]:
    try:
        if path.stat().st_size > MAX_BYTES:
            return None, [Fault(str(path), 1, f"the document is larger than {MAX_BYTES:,} bytes")]
        text = path.read_bytes().decode()
    except FileNotFoundError:
        return None, [Fault(str(path), 1, "the document is missing; `winnow release new` makes it from its template")]
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        return None, [Fault(str(path), line, "this is not UTF-8")]
    except OSError as error:
        return None, [Fault(str(path), 1, f"it cannot be read: {error.strerror}")]
    document = read_document(path, text.replace("\r\n", "\n"))
    return document, faults_of(document, template, evidence)


def _judged(document: Document, evidence: Evidence, root: Path) -> Iterator[Judged]:
    for section, line, text in document.promises():
        try:
            criterion = read_criterion(text)
        except CriterionError:
            continue  # it stands among the faults
        measured = evidence.of(criterion.call)
        path = _shown(document.path, root)
        yield Judged(path, line, section.title, criterion, measured, judge(criterion, measured))


def _template_files(templates: Path) -> list[Path]:
    found = sorted(templates.glob("*.md")) + sorted(templates.glob("release/*.md"))
    if not found:
        raise InputError(f"{templates} holds no templates: *.md for the project, release/*.md for each release")
    return found


def _cards(templates: Path) -> list[Path]:
    return sorted(templates.glob("cards/*.md"))


def _target(source: Path, templates: Path, project: Path, name: str) -> Path:
    return project / name / source.name if source.parent != templates else project / source.name


def _shown(path: Path | str, root: Path) -> str:
    return Path(path).relative_to(root).as_posix() if Path(path).is_relative_to(root) else str(path)


def content_sha256(project: Path, name: str) -> str:
    """The hash of a release's own documents, without its signatures."""
    paths = [f"{name}/{path.name}" for path in (project / name).glob("*.md") if path.name != SIGNATURES]
    return tree_sha256(project, paths)


def sign_release(name: str, *, project: Path, role: str, person: str, comment: str = "", day: date) -> Path:
    """Add a role's signature under a release as it stands; what is changed later is not signed."""
    if role not in ROLES:
        raise InputError(f"role {role!r}: {nearest(role, ROLES)}")
    if not (project / name).is_dir():
        raise NotFoundError(f"{project / name} is not there")
    if not re.fullmatch(r"\S+", person) or "\n" in comment:
        raise InputError("a name without blanks and a comment on one line are needed")
    path = project / name / SIGNATURES
    before = path.read_text() if path.exists() else "# Signatures\n"
    said = f": {comment}" if comment else ""
    path.write_text(f"{before}- {day:%Y-%m-%d} {role} {person} {content_sha256(project, name)}{said}\n")
    return path


def _signature(project: Path, name: str, role: str) -> Measured | None:
    path = project / name / SIGNATURES
    lines = path.read_text().splitlines() if path.exists() else []
    found = [match for match in map(_SIGNED.match, lines) if match and match[2] == role]
    if not found:
        return None
    last, now = found[-1], content_sha256(project, name)
    return Measured(1, 1, f"{last[3]} signed as {role} on {last[1]}", last[4][:8], is_current=last[4] == now)
