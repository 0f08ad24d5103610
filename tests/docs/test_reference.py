"""What exists is documented, and what is documented exists."""

import importlib
import json
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "winnow"
DOCS = ROOT / "docs"


def pages():
    return [*DOCS.rglob("*.md"), *ROOT.glob("*.md")]


def test_every_setting_is_documented_and_every_documented_one_exists():
    read = re.compile(
        r"""(?:setting|number|choice|is_on|shares|secret|environ\.get)\(\s*"((?:WINNOW_|DATABASE_)\w+)\""""
    )
    used = {name for path in SOURCE.rglob("*.py") for name in read.findall(path.read_text())}
    listed = set(re.findall(r"^\| `(\w+)` \|", (DOCS / "reference" / "settings.md").read_text(), re.MULTILINE))
    assert used == listed


def test_every_command_is_documented_and_every_documented_one_exists():
    verbs = {path.stem for path in (SOURCE / "management" / "commands").glob("*.py")} - {"__init__"}
    listed = set(re.findall(r"^## `winnow ([\w-]+)", (DOCS / "reference" / "commands.md").read_text(), re.MULTILINE))
    assert verbs == listed


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_local_link_of_a_page_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_every_decision_is_listed():
    folder = DOCS / "decisions"
    listed = set(re.findall(r"\]\((\d{4}-[\w-]+\.md)\)", (folder / "README.md").read_text()))
    assert listed == {path.name for path in folder.glob("0*.md")}


def test_no_file_names_a_host_of_a_package_registry():
    hosts = re.compile("|".join((r"pypi\.o" + "rg", r"pythonhosted\.o" + "rg", r"registry\.npmj" + "s")))
    files = [*ROOT.glob("requirements/*"), ROOT / "Makefile", ROOT / "pyproject.toml", ROOT / ".ci" / "run"]
    assert [path.name for path in files if hosts.search(path.read_text())] == []


def script(name):
    """A module of `bench/`, which is no package: its scripts find one another by their folder."""
    sys.path.insert(0, str(ROOT / "bench"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "bench"))


def result(name):
    return json.loads((ROOT / "bench" / "results" / f"{name}.json").read_text())["figures"]


def test_the_page_of_feasibility_and_its_pictures_say_what_the_result_says():
    pages, figures = script("feasibility_page"), result("feasibility")
    assert (DOCS / "explanation" / "feasibility.md").read_text() == pages.page(figures)
    for name, svg in pages.pictures(figures).items():
        assert (DOCS / "pictures" / name).read_text() == svg


@pytest.mark.parametrize(("writer", "page"), [("card", "reference/model-card"), ("page", "explanation/approaches")])
def test_pages_of_figures_say_what_the_result_says(writer, page):
    write = getattr(script(writer), writer)
    assert (DOCS / f"{page}.md").read_text() == write(result("approaches"))


def test_every_limit_is_documented_with_its_number():
    files = [path.read_text() for path in (SOURCE / "services").glob("*.py")]
    limits = {
        (what.replace(" ", "-"), n) for text in files for what, n in re.findall(r'Limit\("([^"]+)", (\d+),', text)
    }
    listed = re.findall(r"^\| ([\w.-]+) \| (\d+) \|", (DOCS / "reference" / "settings.md").read_text(), re.MULTILINE)
    assert set(listed) == limits
