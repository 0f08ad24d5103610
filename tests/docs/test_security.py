"""What is claimed about security and promised rests on tests that exist."""

import json
import re
from pathlib import Path

import pytest
from tests.docs.test_reference import DOCS, ROOT, script

ASVS = DOCS / "reference" / "asvs.md"
PROMISES = DOCS / "reference" / "promises.md"
# How many requirements of level 1 each section of ASVS 5.0.0 has, and which.
LEVEL_1 = [
    "1.2.1",
    "1.2.2",
    "1.2.3",
    "1.2.4",
    "1.2.5",
    "1.3.1",
    "1.3.2",
    "1.5.1",
    "2.1.1",
    "2.2.1",
    "2.2.2",
    "2.3.1",
    "3.2.1",
    "3.2.2",
    "3.3.1",
    "3.4.1",
    "3.4.2",
    "3.5.1",
    "3.5.2",
    "3.5.3",
    "4.1.1",
    "4.4.1",
    "5.2.1",
    "5.2.2",
    "5.3.1",
    "5.3.2",
    "6.1.1",
    "6.2.1",
    "6.2.2",
    "6.2.3",
    "6.2.4",
    "6.2.5",
    "6.2.6",
    "6.2.7",
    "6.2.8",
    "6.3.1",
    "6.3.2",
    "6.4.1",
    "6.4.2",
    "7.2.1",
    "7.2.2",
    "7.2.3",
    "7.2.4",
    "7.4.1",
    "7.4.2",
    "8.1.1",
    "8.2.1",
    "8.2.2",
    "8.3.1",
    "9.1.1",
    "9.1.2",
    "9.1.3",
    "9.2.1",
    "10.4.1",
    "10.4.2",
    "10.4.3",
    "10.4.4",
    "10.4.5",
    "11.3.1",
    "11.3.2",
    "11.4.1",
    "12.1.1",
    "12.2.1",
    "12.2.2",
    "13.4.1",
    "14.2.1",
    "14.3.1",
    "15.1.1",
    "15.2.1",
    "15.3.1",
]


def rows(part):
    text = ASVS.read_text().split("## Level ")[part]
    return re.findall(r"^\| (\d+\.\d+\.\d+) \| ([^|]+) \| ([^|]+) \| (.+) \|$", text, re.MULTILINE)


def test_every_requirement_of_level_1_has_a_row():
    assert [number for number, *_ in rows(1)] == LEVEL_1
    assert len(LEVEL_1) == 70


def test_the_head_counts_as_the_table_does():
    verdicts = [verdict for _, _, verdict, _ in rows(1)]
    assert set(verdicts) == {"met", "in part", "not here"}
    (said,) = re.findall(r"level 1, (\d+) are about things that are not here", ASVS.read_text())
    assert (verdicts.count("not here"), verdicts.count("in part")) == (int(said), 2)


@pytest.mark.parametrize("page", [ASVS, PROMISES, ROOT / "SECURITY.md"], ids=lambda page: page.stem)
def test_every_test_that_is_named_exists(page):
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page.read_text())
    lacking = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or (name and f"def {name}(" not in Path(ROOT / path).read_text())
    ]
    assert lacking == []


def test_the_promises_say_what_the_results_say():
    assert PROMISES.read_text() == script("promises").page()


def test_the_first_page_says_what_the_results_say():
    text = (ROOT / "README.md").read_text()
    just_below = figures("certificates")["just below the target"]
    answers, backups = figures("review_kill_sqlite"), figures("backup_sqlite")
    for said in (
        f"of {figures('certificates')['runs']} simulated streams",
        f"{just_below['broken']} were certified wrongly ({just_below['share']:.0%}".replace("%", " %"),
        f"{answers['lost']} of {answers['acknowledged']:,} answers were lost and {answers['doubled']} doubled",
        f"{backups['backups'] - backups['not whole']} of {backups['backups']} backups",
    ):
        assert said in text


def test_the_page_about_people_says_what_the_results_say():
    text = (DOCS / "explanation" / "people.md").read_text()
    claims = [figures(f"claim_{database}")["claim, ms"]["p95"] for database in ("sqlite", "postgresql")]
    for said in (
        f"({figures('review_kill_sqlite')['further opinions']} came late",
        f"SQLite {claims[0]:.1f} ms, PostgreSQL {claims[1]:.1f} ms",
        f"{figures('api_fuzz')['n_calls']:,} generated calls",
    ):
        assert said in text


def figures(name):
    return json.loads((ROOT / "bench" / "results" / f"{name}.json").read_text())["figures"]
