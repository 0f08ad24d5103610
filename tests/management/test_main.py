"""The command line as a whole."""

import re

import pytest
from tests import databases
from tests.management.conftest import ROOT

VERBS = sorted(path.stem for path in (ROOT / "src/winnow/management/commands").glob("*.py") if path.stem != "__init__")


def test_without_a_verb_it_lists_them(bare):
    done = bare()
    assert done.status == 0
    assert re.findall(r"^  ([\w-]+) ", done.out, re.MULTILINE) == VERBS


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(bare, verb):
    done = bare(verb, "--help", COLUMNS="200", NO_COLOR="1")
    assert done.status == 0
    assert f"Example: winnow {verb}" in done.out


def test_an_unknown_verb_is_wrong_use(bare):
    done = bare("frobnicate")
    assert (done.status, done.out) == (2, "")
    assert "unknown command 'frobnicate'" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["tags", "--frobnicate"],
        ["import"],
        ["invite"],
        ["token", "x"],
        ["classify", "a.csv", "--policy", "odd"],
        ["serve", "--port", "x"],
    ],
)
def test_wrong_use_is_status_2(bare, words):
    done = bare(*words)
    assert (done.status, done.out) == (2, "")
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["import", "nowhere.csv"], ["classify", "nowhere.csv", "--model", "champion"], ["evaluate", "v9-1", "--data", "x.csv"],
        ["train", "nonsense"], ["train", "best"], ["sources", "add", "gopher://x"], ["sources", "on", "nothing"],
        ["invite", "king"], ["token", "t", "--scope", "all"], ["urls", "nowhere.txt"], ["screen", "nowhere.csv"],
    ],
    ids=lambda words: " ".join(words[:2]),
)  # fmt: skip
def test_an_error_is_one_line_and_status_1(winnow, words):
    done = winnow(*words)
    assert (done.status, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1, done.err
    assert done.err.startswith("winnow: ")


def test_a_fresh_home_is_made_ready_by_its_first_command(winnow):
    rows = winnow("tags", "--json").rows
    assert [row["slug"] for row in rows] == ["natural-language-processing", "computer-vision", "mlops", "other"]
    assert not databases.is_untouched(winnow.home)
    assert (winnow.home / "secret_key").exists()


def test_two_first_commands_at_once_both_work(winnow):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(lambda _: winnow("tags", "--json"), range(4)))
    assert [d.status for d in done] == [0] * 4, [d.err for d in done]
    assert len({d.out for d in done}) == 1


def test_a_secret_is_for_its_owner_alone(winnow):
    winnow("tags")
    assert (winnow.home / "secret_key").stat().st_mode & 0o077 == 0


def test_a_setting_can_come_from_a_file(winnow, tmp_path):
    taxonomy = tmp_path / "taxonomy.toml"
    taxonomy.write_text(
        "".join(f'[[tags]]\nslug = "t{n}"\nname = "T{n}"\nshort = "T{n}"\ndescription = "d"\n' for n in range(7))
    )
    pointer = tmp_path / "pointer"
    pointer.write_text(f"{taxonomy}\n")
    rows = winnow("tags", "--json", WINNOW_TAXONOMY_FILE=str(pointer)).rows
    assert [row["slug"] for row in rows] == [f"t{n}" for n in range(7)]


def test_a_fault_of_ours_is_one_line_too(winnow):
    done = winnow("gather", "/nowhere/\udcff.csv")
    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert done.err.startswith("winnow: a fault of ours: UnicodeEncodeError: ")
    assert "Traceback" in winnow("gather", "/nowhere/\udcff.csv", WINNOW_LOG_LEVEL="DEBUG").err


def test_programs_read_utf_8_whatever_the_terminal(bare):
    done = bare("urls", "-", "--json", stdin="https://a.example/漢\n", PYTHONIOENCODING="ascii:strict", PYTHONUTF8="0")
    assert (done.status, done.err) == (0, "")
    assert done.rows[0]["url"] == "https://a.example/漢"


@pytest.mark.parametrize(
    ("setting", "value", "words"),
    [
        ("DATABASE_URL", "mysql://x", ["tags"]),
        ("WINNOW_BASE_URL", "nonsense", ["tags"]),
        ("WINNOW_BASE_URL", "https://[::1", ["tags"]),
        ("WINNOW_EGRESS_ALLOW", "nonsense", ["gather", "https://example.com/feed"]),
    ],
)
def test_a_setting_that_cannot_be_is_named(bare, setting, value, words):
    done = bare(*words, **{setting: value})
    assert (done.status, done.out, len(done.err.splitlines())) == (1, "", 1)
    assert done.err.startswith(f"winnow: {setting}: ")
