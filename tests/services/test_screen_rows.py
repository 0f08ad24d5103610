"""The dry run says what admission would do, and stores nothing."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.core.values import Candidate
from winnow.models import Item, ItemKey
from winnow.services.admit import BATCH, admit, prepare
from winnow.services.screen_rows import screen_file

ML = "We train a transformer network for question answering and compare it with strong baselines."
# Four works, each under several addresses that lead to the same place.
SPELLINGS = {
    "Attention Is All You Need": (
        "https://arxiv.org/abs/1706.03762",
        "http://arxiv.org/pdf/1706.03762v5.pdf",
        "https://www.arxiv.org/abs/1706.03762?utm_source=x",
    ),
    "Question answering over clinical notes": (
        "https://github.com/lab/clinical-qa",
        "https://github.com/Lab/Clinical-QA.git",
        "http://github.com/lab/clinical-qa/tree/main?ref=hn",
    ),
    "Parsing of Czech with neural networks": (
        "https://example.org/czech",
        "http://example.org/czech/",
        "https://example.org/czech?utm_medium=mail#top",
    ),
    "Lentil soup for a cold evening": ("https://soup.example/1", "https://soup.example/1?fbclid=2"),
}
SIGHTINGS = [(title, url) for title, urls in SPELLINGS.items() for url in urls]


@pytest.fixture
def screen(tmp_path, tags):
    """Screen rows, given as objects; gives the answers."""

    def screen(*rows, **options):
        path = tmp_path / "rows.jsonl"
        path.write_text("".join(json.dumps({"id": str(n), **row}) + "\n" for n, row in enumerate(rows, 1)))
        return list(screen_file(path, **options))

    return screen


def verdicts(answers):
    return [(answer.id, answer.verdict, answer.duplicate_of) for answer in answers]


def test_each_row_is_decided_as_if_those_before_it_had_been_admitted(screen):
    answers = screen(
        {"title": "BERT", "url": "https://arxiv.org/abs/1810.04805", "description": ML},
        {"title": "", "description": ML},
        {"title": "BERT again", "url": "http://arxiv.org/pdf/1810.04805", "description": ML},
        {"title": "Lentil soup", "description": "Boil lentils and onions for an hour."},
        {"title": "Lentil  soup!", "description": "Boil lentils and onions, for an hour"},
        {"title": "Casino bonus", "description": "Free spins, win real money now, click here!!!"},
    )
    assert verdicts(answers) == [
        ("1", "accepted", None),
        ("2", "invalid", None),
        ("3", "duplicate", "1"),
        ("4", "off_topic", None),
        ("5", "duplicate", "4"),
        ("6", "off_topic", None),
    ]
    assert answers[5].reason.startswith("spam: ")
    assert (Item.objects.count(), ItemKey.objects.count()) == (0, 0)


def test_a_copy_lends_its_names_to_its_face(screen):
    answers = screen(
        {"title": "Clinical QA", "url": "https://arxiv.org/abs/2401.00001", "description": ML},
        {"title": "Clinical QA", "url": "https://github.com/lab/clinical-qa", "description": ML},
        {"title": "The code", "url": "https://github.com/Lab/Clinical-QA.git"},
    )
    assert verdicts(answers)[1:] == [("2", "duplicate", "1"), ("3", "duplicate", "1")]


def test_an_invalid_row_holds_no_names(screen):
    answers = screen(
        {"title": "BERT", "url": "https://arxiv.org/abs/1810.04805", "created_on": "soon"},
        {"title": "BERT", "url": "https://arxiv.org/abs/1810.04805", "description": ML},
    )
    assert verdicts(answers) == [("1", "invalid", None), ("2", "accepted", None)]


def held(url, **fields):
    candidate = Candidate("1", fields.pop("title", "Clinical QA"), ML, url)
    return admit(prepare([candidate])[0]).item


def test_against_the_store_the_number_of_the_item_is_told(screen):
    item = held("https://arxiv.org/abs/2401.00001")
    row = {"title": "QA", "url": "http://arxiv.org/pdf/2401.00001v2", "description": ML}
    assert verdicts(screen(row)) == [("1", "accepted", None)]
    assert verdicts(screen(row, against_store=True)) == [("1", "duplicate", item.pk)]


def test_every_copy_of_a_held_work_names_the_item_and_not_another_copy(screen):
    item = held("https://arxiv.org/abs/2401.00001")
    row = {"title": "QA", "url": "https://arxiv.org/abs/2401.00001", "description": ML}
    answers = screen(row, row, row, against_store=True)
    assert verdicts(answers) == [(str(n), "duplicate", item.pk) for n in (1, 2, 3)]


def test_against_the_store_it_says_what_admission_then_does(screen):
    held("https://arxiv.org/abs/2401.00001")
    rows = [
        {"title": "QA", "url": "https://arxiv.org/abs/2401.00001"},
        {"title": "Clinical QA", "url": "https://github.com/lab/clinical-qa", "description": ML},
        {"title": "Its code", "url": "http://github.com/lab/clinical-qa.git"},
        {"title": "Parsing of Czech", "url": "https://example.org/czech", "description": ML},
    ]
    said = [answer.verdict for answer in screen(*rows, against_store=True)]
    candidates = [Candidate(str(n), r["title"], r.get("description", ""), r["url"]) for n, r in enumerate(rows)]
    done = [str(admit(screened).verdict.outcome) for screened in prepare(candidates)]
    assert said == done == ["duplicate", "duplicate", "duplicate", "accepted"]


def test_batches_do_not_show(screen):
    rows = [{"title": f"Neural parsing of language {n}", "description": ML} for n in range(BATCH)]
    steps = []
    answers = screen(*rows, {**rows[0], "id": "last"}, progress=lambda *step: steps.append(step))
    assert verdicts(answers)[-1] == ("last", "duplicate", "1")
    assert steps == [(BATCH, 0), (BATCH + 1, 0)]


def test_a_file_that_cannot_be_read_is_said(tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        list(screen_file(tmp_path / "nowhere.csv"))


def groups(sightings):
    """Which rows are found to be one work, whichever of them comes first."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        rows = [{"id": f"{title} {url}", "title": f"{title} at {url}", "url": url} for title, url in sightings]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        faces = {answer.id: answer.duplicate_of or answer.id for answer in screen_file(path)}
    found = {}
    for row, face in faces.items():
        found.setdefault(face, set()).add(row)
    return {frozenset(rows) for rows in found.values()}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(SIGHTINGS), min_size=1, unique=True), st.randoms(use_true_random=False))
def test_the_order_of_rows_never_changes_which_are_one_work(sightings, random):
    expected = {}
    for title, url in sightings:
        expected.setdefault(title, set()).add(f"{title} {url}")
    shuffled = random.sample(sightings, len(sightings))
    assert groups(sightings) == groups(shuffled) == {frozenset(rows) for rows in expected.values()}
