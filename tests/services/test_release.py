"""Documents of a release. The product that is documented here sorts pictures: nothing in it is Winnow's."""

import json
import shutil

import pytest

from winnow.core.documents.markdown import read_document
from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.core.tree import tree_sha256
from winnow.services.release import check_release, documents_of, new_release

MEASUREMENTS = """
[[measurement]]
metric = "accuracy"
of = "holdout"
file = "results/pictures.json"
field = "accuracy"
n = "n"
code = ["model.py"]

[[measurement]]
metric = "latency_p99"
of = "answer"
file = "results/pictures.json"
field = "p99"
unit = "s"
code = ["model.py"]

[[measurement]]
metric = "throughput"
of = "cluster"
"""
CRITERIA = """```criteria
accuracy(holdout) >= 0.9 by lower_bound at 0.95  # what the shop asked for
latency_p99(answer) < 100 ms
throughput(cluster) >= 1000 /s
test("tests/test_model.py")
exists("model.py")
signed(owner)
```
"""
DELIVERABLE = f"""### Sorter
- objective: sorts pictures of shoes
- priority: must
- release: first
- contributors: Ada
- dependencies: none

{CRITERIA}"""
TIMELINE = """| what | environment | planned from | planned to | real from | real to |
|---|---|---|---|---|---|
| Sorter | dev | 2026-01-05 | 2026-02-01 | 2026-01-06 | 2026-02-20 |
| Sorter | production | 2026-03-01 | 2026-03-31 | 2026-03-02 |  |
"""
FILLED = {
    "First deliverable": DELIVERABLE,
    "Timeline": TIMELINE,
    "Study": "It sorts {{accuracy(holdout)}} rightly.\n",
    "Assumptions": "| assumption | reality | reason |\n|---|---|---|\n| a | b | c |\n",
    "Acceptance criteria": '```criteria\nexists("results")\n```\n',
}


def fill(path):
    """Put something into every empty section of a document."""
    document = read_document(path, path.read_text())
    lines = path.read_text().split("\n")
    parents = {section.path[:-1] for section in document.sections}
    ends = [*(section.number - 1 for section in document.sections[1:]), len(lines)]
    for section, end in reversed(list(zip(document.sections, ends, strict=True))):
        if section.is_empty and section.path not in parents:
            lines.insert(end, FILLED.get(section.title, "Words.\n"))
            if section.title == "First deliverable":
                lines[section.number - 1] = ""
    path.write_text("\n".join(lines))


def make_shop(root):
    """A product that is documented in full, with evidence."""
    (root / "results").mkdir()
    (root / "model.py").write_text("answer = 'shoe'\n")
    code = {"model.py": tree_sha256(root, ["model.py"])}
    result = {"code": code, "figures": {"accuracy": 0.97, "n": 400, "p99": 0.02}}
    (root / "results" / "pictures.json").write_text(json.dumps(result))
    (root / "project" / "evidence").mkdir(parents=True)
    report = {"code": code, "tests": {"tests/test_model.py": {"test_a": [1, 0, 0]}}}
    (root / "project" / "evidence" / "tests.json").write_text(json.dumps(report))
    (root / "project" / "measurements.toml").write_text(MEASUREMENTS)
    for path in new_release("first", project=root / "project"):
        fill(path)
    return root / "project"


@pytest.fixture(scope="session")
def whole_shop(tmp_path_factory):
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def shop(whole_shop, tmp_path):
    shutil.copytree(whole_shop.parent, tmp_path / "shop")
    return tmp_path / "shop" / "project"


pytestmark = pytest.mark.django_db


def test_new_makes_the_documents_with_guidance_and_refuses_a_name_that_exists(tmp_path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "canvas.md").write_text("mine")
    written = {path.relative_to(project).as_posix() for path in new_release("one", project=project)}
    assert written == {"Overview.md", "one/product-requirements.md", "one/design.md", "one/project-plan.md"}
    assert (project / "canvas.md").read_text() == "mine"
    assert "<!--" in (project / "one" / "design.md").read_text()
    with pytest.raises(ConflictError, match="nothing was written"):
        new_release("one", project=project)
    with pytest.raises(InputError, match="no name"):
        new_release("../x", project=project)


def test_a_model_card_and_a_datasheet_come_where_they_are_asked_for(tmp_path):
    written = {path.name for path in new_release("one", project=tmp_path / "project", with_cards=True)}
    assert {"model-card.md", "datasheet.md"} <= written
    (fault,) = [
        fault
        for fault in check_release("one", project=tmp_path / "project").faults
        if "describes" in fault.message and fault.path.endswith("datasheet.md")
    ]
    assert (fault.path, fault.line) == ("project/one/datasheet.md", 2)


def test_every_section_of_new_documents_is_named_as_empty(tmp_path):
    new_release("one", project=tmp_path / "project")
    faults = check_release("one", project=tmp_path / "project").faults
    empty = [fault for fault in faults if "is empty" in fault.message]
    assert len(empty) > 40
    assert all(fault.line > 1 for fault in empty)


def test_a_whole_release_is_judged_broken_promises_first(shop):
    checked = check_release("first", project=shop)
    assert [str(fault) for fault in checked.faults] == []
    assert {one.criterion.call.function: one.judgement.state for one in checked.judged} == {
        "accuracy": "met",
        "latency_p99": "met",
        "throughput": "not enough evidence",
        "test": "met",
        "exists": "met",
        "signed": "waiting",
    }
    assert checked.is_good


def test_evidence_expires_with_its_code_and_a_figure_of_it_is_stale(shop):
    (shop.parent / "model.py").write_text("answer = 'boot'\n")
    checked = check_release("first", project=shop)
    states = {one.criterion.call.function: one.judgement.state for one in checked.judged}
    assert (states["accuracy"], states["test"], checked.is_good) == ("expired", "expired", False)
    assert ["stale" in fault.message for fault in checked.faults] == [True]


def test_a_text_that_is_not_saved_is_judged_in_the_place_of_its_file(shop):
    path = documents_of("first", project=shop)["project-plan"]
    text = path.read_text().replace("(holdout)", "(holdot)")
    faults = check_release("first", project=shop, texts={path: text}).faults
    assert [(fault.path, "did you mean" in fault.message) for fault in faults] == [
        ("project/first/project-plan.md", True)
    ]
    assert check_release("first", project=shop).faults == []


def test_the_documents_of_a_release_are_named_and_nothing_else_is(shop):
    found = documents_of("first", project=shop)
    assert set(found) == {"Overview", "canvas", "design", "product-requirements", "project-plan"}
    assert found["canvas"] == shop / "canvas.md"
    with pytest.raises(NotFoundError):
        documents_of("..", project=shop)


def test_an_implementation_stands_on_a_proof_of_concept_that_has_not_failed(shop):
    with pytest.raises(InputError, match="--proof"):
        new_release("second", project=shop, kind="implementation")
    with pytest.raises(NotFoundError, match="did you mean `first`"):
        new_release("second", project=shop, kind="implementation", proof="frst")
    new_release("second", project=shop, kind="implementation", proof="first")
    (shop.parent / "results").rename(shop.parent / "gone")
    with pytest.raises(InputError, match="has failed"):
        new_release("third", project=shop, kind="implementation", proof="first")
    assert any("first has failed" in str(fault) for fault in check_release("second", project=shop).faults)


def test_other_templates_make_other_documents(tmp_path):
    templates = tmp_path / "templates"
    (templates / "release").mkdir(parents=True)
    (templates / "release" / "letter.md").write_text("# Letter\n\n## Dear reader\n<!-- Say it. -->\n")
    project = tmp_path / "project"
    assert [path.name for path in new_release("one", project=project, templates=templates)] == ["letter.md"]
    faults = check_release("one", project=project, templates=templates).faults
    assert [str(fault) for fault in faults] == ["project/one/letter.md:3: the section `Dear reader` is empty"]
    with pytest.raises(InputError, match="no templates"):
        new_release("two", project=project, templates=tmp_path)


PLAN, DESIGN, NEEDS = "first/project-plan.md", "first/design.md", "first/product-requirements.md"
DAMAGES = [
    (PLAN, "accuracy(", "acuracy(", "did you mean `accuracy`?"),
    (PLAN, "(holdout)", "(holdot)", "did you mean `holdout`?"),
    (PLAN, "< 100 ms", "< 100 kg", "no unit of `latency_p99`"),
    (PLAN, "< 100 ms", "< 100", "the unit is missing"),
    (PLAN, "< 100 ms", "is 100 ms", "needs a comparison"),
    (PLAN, ">= 0.9 by lower_bound", ">= 0.9 by lowerbound", "did you mean `lower_bound`?"),
    (PLAN, ">= 0.9 by", ">= much by", "a number is missing"),
    (PLAN, "at 0.95", "at 95", "between 0.5 and 0.9999"),
    (PLAN, "lower_bound", "upper_bound", "at least goes with lower_bound"),
    (PLAN, "signed(owner)", "signed(oner)", "did you mean `owner`?"),
    (PLAN, 'exists("model.py")', "exists(model.py)", "text in quotes"),
    (PLAN, 'exists("model.py")', 'exists("model.py"', "`)` is missing"),
    (PLAN, 'exists("model.py")', 'exists("model.py', "no meaning here"),
    (PLAN, 'exists("model.py")', 'benchmark("x", "y") = 1', "no benchmark is called `x`"),
    (PLAN, 'test("tests/test_model.py")', 'test("results/test_modl.py")', "there is no test `results/test_modl.py`"),
    (PLAN, 'test("tests/test_model.py")', 'test("::x")', "there is no test `.` here"),
    (PLAN, 'test("tests/test_model.py")', 'test("/x")', "there is no test `/x` here"),
    (PLAN, 'test("tests/test_model.py")', 'test("../x")', "there is no test `../x` here"),
    (PLAN, 'exists("model.py")', "signed(owner)", "promised twice"),
    (PLAN, "throughput(cluster)", "throughput(cluster, tag=a)", "knows no `tag`"),
    (PLAN, "must\n- release: first", "urgent\n- release: first", "priority `urgent` is none of"),
    (PLAN, "- priority: must\n- release: first", "- release: first", "lacks `- priority: ...`"),
    (PLAN, "- objective: sorts pictures of shoes", "- objective:", "lacks `- objective: ...`"),
    (PLAN, "```criteria", "```", "has no criteria"),
    (PLAN, "signed(owner)\n```", "signed(owner)\n", "not closed"),
    (PLAN, "2026-02-01", "2026-02-31", "`2026-02-31` is no day"),
    (PLAN, "2026-02-01", "2025-02-01", "ends before it begins"),
    (PLAN, "2026-02-01", "", "a planned day is missing"),
    (PLAN, "| planned to |", "| planned until |", "the columns of the timeline are"),
    (PLAN, "| Sorter | dev |", "| Sorter |", "5 cells where the table has 6"),
    (PLAN, "|---|---|---|---|---|---|\n", "", "lacks the line of dashes"),
    (PLAN, "## Team", "## Taem", "the section `Team` is missing"),
    (PLAN, "## Roll-out", "## Team", "stands here twice"),
    (NEEDS, "{{accuracy(holdout)}}", "0.97 of them", "`0.97` is typed in"),
    (NEEDS, "{{accuracy(holdout)}}", "97 %", "`97 %` is typed in"),
    (NEEDS, "{{accuracy(holdout)}}", "{{acuracy(holdout)}}", "did you mean `accuracy`?"),
    (NEEDS, "{{accuracy(holdout)}}", "{{accuracy(holdot)}}", "did you mean `holdout`?"),
    (NEEDS, "{{accuracy(holdout)}}", "{{accuracy(holdout)", "not closed"),
    (NEEDS, "{{accuracy(holdout)}}", '{{exists("x")}}', "gives no figure"),
    (NEEDS, "kind: proof of concept", "kind: proof", "kind `proof`"),
    (NEEDS, "audience: internal\n", "", "the head lacks `audience:`"),
    (NEEDS, "kind: proof of concept", "kind: implementation", "names its proof of concept"),
    (NEEDS, "proof: none\n---", "proof: none\n", "then --- alone"),
    (NEEDS, "| a | b | c |", "| a | b |", "2 cells where the table has 3"),
    (NEEDS, "Words.", "[see](nowhere.md)", "`nowhere.md` is not there"),
    (NEEDS, "Words.", "[see](javascript:alert(1))", "may not begin with `javascript:`"),
    (NEEDS, "Words.", "<!-- open", "not closed"),
    (DESIGN, "Words.", "", "is empty"),
    (DESIGN, "# Design", "Stray.\n# Design", "before the first heading"),
    (DESIGN, "# Design", "\x00", "before the first heading"),
    ("canvas.md", "## Engineering", "", "the section `Engineering` is missing"),
    ("Overview.md", "## People", "", "the section `People` is missing"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), DAMAGES)
def test_every_damage_is_named_with_file_and_line(shop, name, old, new, words):
    path = shop / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = [str(fault) for fault in check_release("first", project=shop).faults]
    assert any(line.startswith(f"project/{name}:") and words in line for line in found), found


@pytest.mark.parametrize(
    ("content", "words"), [(b"\xff\xfe", "not UTF-8"), (None, "is missing"), (b"x" * 1_000_001, "larger")]
)
def test_a_document_that_cannot_be_read_is_named(shop, content, words):
    path = shop / DESIGN
    path.unlink()
    if content:
        path.write_bytes(content)
    assert [words in str(fault) for fault in check_release("first", project=shop).faults] == [True]
