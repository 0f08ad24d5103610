"""`winnow gather` and `winnow sources`."""

import signal
import subprocess
import sys
import time

from tests.databases import ask
from tests.management.conftest import ROOT, environment

FEEDS = sorted(str(path) for path in (ROOT / "data/feeds").iterdir() if path.suffix != ".md")
KEYS = {"source", "address", "fetched", "admitted", "duplicate", "off_topic", "invalid", "error"}


def entries(home):
    return ask(home, "SELECT s.address, i.external_id FROM winnow_item i JOIN winnow_source s ON s.id = i.source_id")


def test_one_object_an_argument_in_order_and_counts_that_add_up(winnow):
    rows = winnow("gather", FEEDS[0], "/nowhere.xml", FEEDS[1], "--json").rows
    assert [row["address"] for row in rows] == [FEEDS[0], "/nowhere.xml", FEEDS[1]]
    for row in rows:
        assert set(row) == KEYS
        assert row["fetched"] == row["admitted"] + row["duplicate"] + row["off_topic"] + row["invalid"]
    assert [row["error"] is None for row in rows] == [True, False, True]


def test_twice_gathered_is_once_admitted(winnow):
    first, second = winnow("gather", *FEEDS, "--json").rows, winnow("gather", *FEEDS, "--json").rows
    assert sum(row["fetched"] for row in first) == sum(row["fetched"] for row in second) == 234
    assert [row["admitted"] for row in second] == [0] * len(FEEDS)
    assert len(entries(winnow.home)) == 234


def test_killed_in_the_middle_and_gathered_again_every_entry_is_there_once(winnow):
    env = environment(winnow.home)
    for pause in (1.5, 2.0, 2.5, 3.0):
        process = subprocess.Popen(
            [sys.executable, "-m", "winnow", "gather", *FEEDS],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.wait()
    winnow("gather", *FEEDS)
    found = entries(winnow.home)
    assert (len(found), len(set(found))) == (234, 234)


def test_side_by_side_every_entry_is_there_once(winnow):
    from concurrent.futures import ThreadPoolExecutor

    winnow("tags")
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda _: winnow("gather", *FEEDS[:3], "--json"), range(3)))
    assert [d.status for d in done] == [0, 0, 0], [d.err for d in done]
    found = entries(winnow.home)
    assert (len(found), len(set(found))) == (len(found), len(found))
    assert sum(row["admitted"] for d in done for row in d.rows) == _n_admitted(winnow.home)


def _n_admitted(home):
    return ask(home, "SELECT count(*) FROM winnow_item WHERE state NOT IN ('duplicate', 'rejected')")[0][0]


def test_sources_are_added_listed_and_switched(winnow):
    added = winnow("sources", "add", FEEDS[0], "--name", "mine", "--json").rows[0]
    assert (added["name"], added["kind"], added["is_new"]) == ("mine", "file", True)
    assert winnow("sources", "add", FEEDS[0], "--json").rows[0]["is_new"] is False
    assert winnow("sources", "off", "mine").status == 0
    listed = {row["name"]: row for row in winnow("sources", "list", "--json").rows}
    assert listed["mine"]["is_active"] is False
    assert "arxiv-cs-cl" in listed


def test_a_kind_can_be_said(winnow):
    assert winnow("sources", "add", "feed", "https://example.org/x", "--json").rows[0]["kind"] == "feed"
    done = winnow("sources", "add", "pigeon", "https://example.org/y")
    assert (done.status, "pigeon" in done.err) == (1, True)


def test_nothing_due_says_so(winnow):
    done = winnow("gather", "--due")
    assert (done.status, "No source is due" in done.out) == (0, True)


def test_a_file_that_is_not_there_is_one_line_and_no_source(winnow, tmp_path):
    missing = tmp_path / "missing.csv"
    done = winnow("gather", missing, "--json")
    assert (done.status, done.err.splitlines()) == (
        1,
        [f"{missing}: invalid_input: {missing}: is not there; check the path"],
    )
    assert done.rows[0]["error"]["code"] == "invalid_input"
    assert "missing-csv" not in {row["name"] for row in winnow("sources", "list", "--json").rows}


def test_a_file_address_may_be_escaped(winnow, tmp_path):
    file = tmp_path / "ümlaut name.csv"
    file.write_text("id,title\n1,Serving models on Kubernetes\n")
    assert winnow("gather", file.as_uri(), "--json").rows[0]["fetched"] == 1
