"""Freeze a release: a site, a PDF, Markdown, and a manifest by which anyone can verify them years later."""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from winnow.core.criteria.grammar import CriterionError, read_criterion
from winnow.core.criteria.judge import STATES, Measured, judge
from winnow.core.documents.cards import metadata
from winnow.core.errors import ConflictError, InputError
from winnow.services.release import TEMPLATES, Checked, content_sha256
from winnow.services.release_print import html_page, pdf
from winnow.services.release_text import filled, local_file, promises_table, timeline_picture

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Compared:
    """What became of the promises between two builds."""

    added: Sequence[str]
    dropped: Sequence[str]
    kept: Sequence[str]
    broken: Sequence[str]
    mended: Sequence[str]


def build_release(checked: Checked, out: Path) -> dict[str, Any]:
    """Write the build into `out`, which is empty or holds an older build; gives the manifest.

    Raises InputError where a document has a fault, ConflictError where `out` holds something else.
    """
    if checked.faults:
        raise InputError(f"{checked.faults[0]}; {len(checked.faults)} faults keep {checked.name} from being built")
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise ConflictError(f"{out} holds something that is no build; choose an empty folder")
    shutil.rmtree(out, ignore_errors=True)
    (out / "markdown").mkdir(parents=True)
    builder = _Builder(checked, out)
    builder.write()
    files = sorted(path for path in out.rglob("*") if path.is_file())
    manifest = {
        "release": checked.name,
        "documents_sha256": content_sha256(checked.project, checked.name),
        "criteria": [criterion_row(one) for one in checked.judged],
        "files": {path.relative_to(out).as_posix(): _sha256(path) for path in files},
    }
    (out / MANIFEST).write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    return manifest


def criterion_row(one: Any) -> dict[str, Any]:
    """A judged promise as plain JSON."""
    return {
        "text": str(one.criterion),
        "status": one.judgement.state,
        "reason": one.judgement.reason,
        "missing": one.judgement.missing,
        "evidence": asdict(one.measured) if one.measured else None,
        "path": one.path,
        "line": one.line,
        "section": one.section,
    }


class _Builder:
    """Writes the files of one build."""

    def __init__(self, checked: Checked, out: Path) -> None:
        self._checked, self._out = checked, out
        self._own = {document.path: document.path.stem for document in checked.documents}

    def write(self) -> None:
        checked = self._checked
        pages = [("Promises", "index.html")]
        pages += [(document.sections[0].title, f"{self._own[document.path]}.html") for document in checked.documents]
        front = self._front()
        self._page("index", "Promises", front, pages)
        printed, picture = [front], ""
        for document in checked.documents:
            drawn = timeline_picture(document)
            picture = drawn or picture
            stem, title = self._own[document.path], document.sections[0].title
            self._page(stem, title, filled(document, checked, self._link("", ".html")), pages, drawn)
            text = metadata(document, checked.evidence.of) + filled(document, checked, self._link("../", ".md"))
            (self._out / "markdown" / f"{stem}.md").write_text(text)
            printed.append(filled(document, checked, lambda _, target: target))
        (self._out / f"{checked.name}.pdf").write_bytes(pdf(checked.name, printed, picture))
        shutil.copyfile(TEMPLATES / "style.css", self._out / "style.css")

    def _front(self) -> str:
        counts = Counter(one.judgement.state for one in self._checked.judged)
        said = ", ".join(f"{counts[state]} {state}" for state in STATES if counts[state]) or "no promise"
        table = "\n".join(promises_table(self._checked.judged))
        return f"# {self._checked.name}\n\nThe promises, what is broken first: {said}.\n{table}\n"

    def _page(self, stem: str, title: str, text: str, pages: Sequence[tuple[str, str]], picture: str = "") -> None:
        foot = f"{self._checked.name}; every figure is filled in from stored evidence, see {MANIFEST}."
        page = html_page(f"{title}: {self._checked.name}", text, pages, foot=foot, picture=picture)
        (self._out / f"{stem}.html").write_text(page)

    def _link(self, up: str, ending: str) -> Any:
        """Where links lead in the build: to its own pages, or to copies of the files that they name."""
        root = self._checked.root

        def relink(document: Path, target: str) -> str:
            name, mark, anchor = target.partition("#")
            place = local_file(document, name, root) if name and ":" not in name else None
            if ":" in name or not name:
                return target
            if place in self._own:
                return f"{self._own[place]}{ending}{mark}{anchor}"
            if place is None:
                return f"{up}index.html"
            copy = self._out / "files" / place.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(place, copy)
            return f"{up}files/{place.relative_to(root).as_posix()}"

        return relink


def verify_build(out: Path) -> list[str]:
    """What in a build is not as it was frozen: files by their hash, states by their evidence."""
    manifest = _manifest(out)
    faults = []
    there = {path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()} - {MANIFEST}
    for name, sha256 in manifest["files"].items():
        if name not in there:
            faults.append(f"{out / name}: it is missing")
        elif _sha256(out / name) != sha256:
            faults.append(f"{out / name}: it has been changed")
    faults += [f"{out / name}: the manifest does not name it" for name in sorted(there - manifest["files"].keys())]
    for row in manifest["criteria"]:
        try:
            measured = Measured(**row["evidence"]) if row["evidence"] else None
            state = judge(read_criterion(row["text"]), measured).state
        except (CriterionError, TypeError, KeyError) as error:
            faults.append(f"{out / MANIFEST}: {row.get('text')}: it cannot be judged: {error}")
            continue
        if state != row["status"]:
            faults.append(f"{out / MANIFEST}: {row['text']}: its evidence says {state}, not {row['status']}")
    return faults


def compare_builds(old: Path, new: Path) -> Compared:
    """Which promises were added, dropped, kept, broken or mended from one build to the next."""
    before, after = ({row["text"]: row["status"] for row in _manifest(out)["criteria"]} for out in (old, new))
    both = [text for text in after if text in before]
    return Compared(
        added=[text for text in after if text not in before],
        dropped=[text for text in before if text not in after],
        kept=[text for text in both if (before[text] == "met") == (after[text] == "met")],
        broken=[text for text in both if before[text] == "met" != after[text]],
        mended=[text for text in both if before[text] != "met" == after[text]],
    )


def _manifest(out: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((out / MANIFEST).read_text())
    except (OSError, ValueError) as error:
        raise InputError(f"{os.fspath(out / MANIFEST)}: this is no build: {error}") from error
    if not isinstance(found, dict) or not {"files", "criteria"} <= found.keys():
        raise InputError(f"{out / MANIFEST}: this is no build: it names no files or no criteria")
    return found


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
