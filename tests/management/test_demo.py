"""What a stranger finds after `make demo`."""

import pytest
from tests import databases
from tests.databases import ask
from tests.management.conftest import Winnow


def test_at_least_300_items_are_published_under_an_approved_tag(demo_home):
    rows = ask(
        demo_home,
        "SELECT i.id, t.is_approved FROM winnow_item i LEFT JOIN winnow_tag t ON t.slug = i.tag_id WHERE state = 'published'",
    )
    assert len(rows) >= 300
    assert {is_approved for _, is_approved in rows} == {1}


def test_at_least_20_wait_for_a_person(demo_home):
    assert ask(demo_home, "SELECT count(*) FROM winnow_item WHERE state = 'in_review'")[0][0] >= 20
    assert ask(demo_home, "SELECT count(*) FROM winnow_reviewtask WHERE closed_at IS NULL")[0][0] >= 20


def test_every_reason_of_the_example_feeds_has_withheld_items(demo_home):
    reasons = ask(demo_home, "SELECT DISTINCT reason FROM winnow_item WHERE state IN ('duplicate', 'rejected')")
    assert {reason for (reason,) in reasons} == {"duplicate", "off_topic", "spam", "invalid"}


def test_nothing_is_left_undecided_and_no_work_stands_twice(demo_home):
    assert ask(demo_home, "SELECT count(*) FROM winnow_item WHERE state = 'admitted'") == [(0,)]
    assert (
        ask(
            demo_home,
            "SELECT lower(title), count(*) FROM winnow_item WHERE state = 'published' GROUP BY lower(title) HAVING count(*) > 1",
        )
        == []
    )


def test_a_model_serves_with_a_provisional_certificate(demo):
    champion = next(row for row in demo("models", "--json").rows if row["role"] == "champion")
    assert champion["recipe"] == "steady"
    (policy,) = ask(demo.home, "SELECT CAST(policy AS TEXT) FROM winnow_modelversion")[0]
    assert "provisional: proved on the starter set, not yet on your stream" in policy


def test_every_decision_of_the_model_has_its_words(demo_home):
    assert ask(demo_home, "SELECT count(*) FROM winnow_prediction WHERE words IS NULL") == [(0,)]


def test_the_closing_words_say_where_who_and_what(demo_home):
    output = (demo_home.parent / "output").read_text()
    assert "http://127.0.0.1:8000" in output
    assert output.count("/sign-in/") == 2
    assert "Three things to try" in output


def test_a_second_demo_changes_nothing_that_a_person_did(demo):
    (item,) = ask(demo.home, "SELECT id FROM winnow_item WHERE state = 'published' ORDER BY id LIMIT 1")[0]
    ask(demo.home, f"UPDATE winnow_item SET tag_id = 'other' WHERE id = {item}")
    before = ask(demo.home, "SELECT id, state, tag_id, title FROM winnow_item ORDER BY id")
    assert demo("demo").status == 0
    assert ask(demo.home, "SELECT id, state, tag_id, title FROM winnow_item ORDER BY id") == before


@pytest.mark.parametrize("words", [["doctor"], ["doctor", "--json"]])
def test_the_doctor_finds_the_demo_well(demo, words):
    done = demo(*words)
    assert done.status == 0, done.out


def test_a_tampered_model_is_not_served_and_the_doctor_says_so(demo):
    (folder,) = [path for path in (demo.home / "models").iterdir() if path.is_dir()]
    arrays = folder / "arrays.npz"
    data = bytearray(arrays.read_bytes())
    data[len(data) // 2] ^= 1
    arrays.write_bytes(bytes(data))
    done = demo("doctor")
    assert (done.status, "changed or torn" in done.out) == (1, True)
    refused = demo("classify", "-", "--json", stdin='{"id": "1", "title": "BERT"}\n')
    assert (refused.status, "changed or torn" in refused.err) == (1, True)


def test_homes_never_touch_each_other(demo, tmp_path):
    other = Winnow(tmp_path / "other")
    databases.create(other.home)
    assert other("models", "--json").rows == []
    assert len(demo("models", "--json").rows) == 1
