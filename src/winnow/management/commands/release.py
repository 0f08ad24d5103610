"""`winnow release new|check|build|verify|compare|sign`: documents of a release, bound to evidence."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.utils import timezone
from django_typer.management import command

from winnow.management.command import Json, Verb, emit, say
from winnow.services.release import Checked, check_release, new_release, sign_release
from winnow.services.release_build import build_release, compare_builds, criterion_row, verify_build

Name = Annotated[str, typer.Argument(help="The release, such as release-1.")]
Project = Annotated[Path | None, typer.Option(help="The folder of the documents; `project` unless told.")]
Templates = Annotated[Path | None, typer.Option(help="A folder of templates of your own.")]


class Command(Verb):
    """Documents of a release.

    Example: winnow release check release-1
    """

    @command()
    def new(
        self,
        name: Name,
        project: Project = None,
        templates: Templates = None,
        audience: Annotated[str, typer.Option(help="internal or external")] = "internal",
        kind: Annotated[str, typer.Option(help="'proof of concept' or implementation")] = "proof of concept",
        proof: Annotated[str, typer.Option(help="The proof of concept that justifies an implementation.")] = "",
        with_cards: Annotated[bool, typer.Option("--with-cards", help="A model card and a datasheet as well.")] = False,
    ) -> None:
        """Make the documents of a release, with guidance in every section. Nothing is overwritten.

        Example: winnow release new release-2
        """
        where = _places(project, templates)
        for path in new_release(name, **where, audience=audience, kind=kind, proof=proof, with_cards=with_cards):
            say(f"Wrote {path}")
        say(f"Fill in every section, then run `winnow release check {name}`.")

    # Django's own commands have a `check` of another kind.
    @command(name="check")
    def check_one(
        self, name: Name, project: Project = None, templates: Templates = None, as_json: Json = False
    ) -> None:
        """Judge a release: every fault and every promise by file and line. Status 1 where one failed or expired.

        Example: winnow release check release-1 --json
        """
        checked = check_release(name, **_places(project, templates))
        _show(checked, as_json=as_json)
        if not checked.is_good:
            sys.exit(1)

    @command()
    def build(
        self,
        name: Name,
        out: Annotated[
            Path | None, typer.Option(help="An empty folder; releases/NAME of the home unless told.")
        ] = None,
        project: Project = None,
        templates: Templates = None,
        as_json: Json = False,
    ) -> None:
        """Write a site, a PDF and Markdown, frozen with evidence and hashes. States do not stop it, faults do.

        Example: winnow release build release-1 --out built
        """
        checked = check_release(name, **_places(project, templates))
        folder = out or settings.HOME / "releases" / name
        if checked.faults:
            _show(checked, as_json=as_json)
            sys.exit(1)
        build_release(checked, folder)
        _show(checked, as_json=as_json)
        if not as_json:
            say(
                f"Built {folder / 'index.html'} and {folder / name}.pdf; `winnow release verify {folder}` verifies them"
            )

    @command()
    def verify(self, folder: Annotated[Path, typer.Argument(help="A build.")], as_json: Json = False) -> None:
        """Whether a build is as it was frozen: every file by its hash, every state by its evidence. Status 1 if not.

        Example: winnow release verify built
        """
        faults = verify_build(folder)
        if as_json:
            emit({"ok": not faults, "faults": faults})
        else:
            say("\n".join(faults) or f"{folder} is as it was frozen")
        if faults:
            sys.exit(1)

    @command()
    def compare(
        self,
        old: Annotated[Path, typer.Argument(help="A build.")],
        later: Annotated[Path, typer.Argument(help="A later build.")],
        as_json: Json = False,
    ) -> None:
        """Which promises were added, dropped, kept, broken or mended between two builds.

        Example: winnow release compare built-1 built-2
        """
        found = asdict(compare_builds(old, later))
        if as_json:
            emit(found)
            return
        for kind, texts in found.items():
            say(f"{kind}: {len(texts)}")
            for text in texts:
                say(f"    {text}")

    @command()
    def sign(
        self,
        name: Name,
        role: Annotated[str, typer.Option("--as", help="owner, engineer, operator or reviewer")],
        person: Annotated[str, typer.Option(help="Who signs, a name without blanks.")],
        comment: Annotated[str, typer.Option(help="On one line.")] = "",
        project: Project = None,
    ) -> None:
        """Sign a release as it stands, with date and comment.

        Example: winnow release sign release-1 --as owner --person ada --comment "as agreed"
        """
        folder = _places(project, None)["project"]
        today = timezone.now().date()
        path = sign_release(name, project=folder, role=role, person=person, comment=comment, day=today)
        say(f"Signed as {role}; see {path}")


def _places(project: Path | None, templates: Path | None) -> dict[str, Path]:
    found = {"project": project or settings.PROJECT, "templates": templates or settings.RELEASE_TEMPLATES}
    return {key: path.absolute() for key, path in found.items()}


def _show(checked: Checked, *, as_json: bool) -> None:
    for fault in checked.faults:
        sys.stderr.write(f"{fault}\n")
    for one in checked.judged:
        if as_json:
            emit(criterion_row(one))
        else:
            say(f"{one.path}:{one.line}: {one.judgement.state}: {one.criterion}\n    {one.judgement.reason}")
    if not as_json:
        n_bad = sum(one.judgement.state in ("failed", "expired") for one in checked.judged)
        say(f"{len(checked.judged)} criteria, {n_bad} failed or expired; {len(checked.faults)} faults in the documents")
