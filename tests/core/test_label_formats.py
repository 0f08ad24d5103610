"""Labels as other tools write and read them."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.core.label_formats import FORMATS, LabelRecord, read_labels, write_labels

# As they stand in rows: cleaned, so that no line breaks and no control characters are in them.
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=30)
TITLE = TEXT.filter(lambda text: text.strip() == text and text)
RECORDS = st.builds(
    LabelRecord,
    id=st.integers(1, 10**9).map(str),
    url=st.just("https://example.org/a"),
    title=TITLE,
    description=TEXT,
    tag=st.just("mlops"),
    annotator=TEXT,
    labelled_at=st.just("2026-01-01T00:00:00+00:00"),
    note=TITLE,
    predicted=st.just("other"),
    confidence=st.floats(0, 1, allow_nan=False),
    model=st.just("v6-1"),
)
ONE = LabelRecord("7", "https://example.org/a", "A title", "About it.", "mlops", "ada", "2026-01-01T00:00:00+00:00")


def there_and_back(records, form):
    return [row.record for row in read_labels("".join(write_labels(records, form)), form)]


@pytest.mark.parametrize("form", FORMATS)
@given(records=st.lists(RECORDS, max_size=3))
def test_what_is_written_is_read_as_it_was(form, records):
    assert there_and_back(records, form) == records


@pytest.mark.parametrize("form", FORMATS)
def test_a_work_that_waits_has_no_label_and_none_is_made_up(form):
    bare = LabelRecord("7", "https://example.org/a", "A title", "About it.")
    (found,) = there_and_back([bare], form)
    assert (found.tag, found.annotator, found.predicted, found.confidence) == ("", "", "", None)


def test_label_studio_finds_its_own_shape():
    (task,) = json.loads("".join(write_labels([ONE], "label-studio")))
    assert task["data"]["text"] == "A title\n\nAbout it."
    assert task["annotations"][0]["result"] == [
        {"from_name": "tag", "to_name": "text", "type": "choices", "value": {"choices": ["mlops"]}}
    ]


def test_what_label_studio_exports_is_read():
    """As its export has it: people as objects, more keys than we know, cancelled annotations beside."""
    result = [{"id": "x", "from_name": "tag", "to_name": "text", "type": "choices", "value": {"choices": ["other"]}}]
    cancelled = {"id": 1, "was_cancelled": True, "result": []}
    said = {
        "id": 2,
        "completed_by": {"id": 3, "email": "ada@example.org"},
        "created_at": "2026-01-02",
        "result": result,
    }
    task = {"id": 9, "inner_id": 4, "data": {"title": "T", "url": ""}, "annotations": [cancelled, said], "meta": {}}
    (row,) = read_labels(json.dumps([task]), "label-studio")
    assert (row.record.id, row.record.tag, row.record.annotator) == ("9", "other", "ada@example.org")


def test_label_studio_takes_no_annotator_whom_it_does_not_know_and_numbers_tasks_anew():
    """So neither may stand where it reads its own: https://labelstud.io/guide/tasks"""
    (task,) = json.loads("".join(write_labels([ONE], "label-studio")))
    assert "completed_by" not in task["annotations"][0]
    assert "id" not in task
    assert (task["data"]["item"], task["meta"]["annotator"]) == ("7", "ada")
    # As it comes out again: numbered, and said by whoever took it in.
    task |= {"id": 4711}
    task["annotations"][0] |= {"id": 1, "completed_by": 3, "created_at": "2026-02-01T00:00:00Z"}
    (row,) = read_labels(json.dumps([task]), "label-studio")
    assert (row.record.id, row.record.annotator, row.record.labelled_at) == ("7", "3", "2026-02-01T00:00:00Z")


def test_people_who_agree_in_label_studio_are_one_label_by_the_last_of_them():
    def said(who):
        return {"completed_by": who, "result": [{"value": {"choices": ["other"]}}]}

    guesses = [{"model_version": version, "result": [{"value": {"choices": ["mlops"]}}]} for version in ("a", "b")]
    task = {
        "id": 1,
        "data": {"text": "A title\n\nAbout it."},
        "annotations": [said(1), said(2)],
        "predictions": guesses,
    }
    (row,) = read_labels(json.dumps([task]), "label-studio")
    assert (row.record.tag, row.record.annotator, row.record.model) == ("other", "2", "b")
    assert (row.record.title, row.record.description) == ("A title", "About it.")


def test_doccano_finds_its_own_shape():
    (line,) = "".join(write_labels([ONE], "doccano")).splitlines()
    assert {"text": "A title\n\nAbout it.", "label": ["mlops"]}.items() <= json.loads(line).items()


@pytest.mark.parametrize("text", ["=cmd()", "+1", "-1", "@x", "\t=1", "'=quoted", "'plain"])
def test_no_cell_is_a_formula(text):
    written = "".join(write_labels([LabelRecord("1", "", text, text)], "csv"))
    cell = list(csv.reader(io.StringIO(written)))[1][2]
    assert not cell.startswith(("=", "+", "-", "@", "\t"))
    assert there_and_back([LabelRecord("1", "", text, text)], "csv")[0].title == text


@pytest.mark.parametrize(
    ("form", "text", "line", "reason"),
    [
        ("jsonl", '{"title": "a"}\nnonsense\n', 2, "is no JSON"),
        ("jsonl", "\n[1]\n", 2, "is no JSON object"),
        ("jsonl", '{"title": 3}', 1, "is no text"),
        ("jsonl", '{"title": "a", "confidence": "high"}', 1, "is no number"),
        ("doccano", '{"label": []}', 1, "text: is missing"),
        ("doccano", '{"text": "a", "label": ["x", "y"]}', 1, "label: is no list of one tag at most"),
        ("doccano", '{"text": "a", "label": [3]}', 1, "is no text"),
        ("csv", "title,tag\na\n", 2, "has more or fewer cells than the first row"),
        ("csv", "title,confidence\na,high\n", 2, "confidence: is no number"),
        ("label-studio", "[3]", 1, "data: is missing"),
        ("label-studio", '[{"data": {}, "annotations": 3}]', 1, "annotations: is no list"),
        ("label-studio", '[{"data": {}, "annotations": [{"result": [{"value": {"choices": ["a"]}}]}, {"result": [{"value": {"choices": ["b"]}}]}]}]', 1, "annotations: people disagree about it; settle it there first"),
        ("label-studio", '[{"data": {}, "annotations": [{"result": [{"value": {}}]}]}]', 1, "result: is no single choice"),
        ("label-studio", '[{"data": {"title": 3}}]', 1, "is no text"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_its_place(form, text, line, reason):
    found = [row for row in read_labels(text, form) if row.record is None]
    assert [(row.line, row.reason) for row in found] == [(line, reason)]


@pytest.mark.parametrize(
    ("form", "text"), [("label-studio", "{}"), ("label-studio", "nonsense"), ("csv", "a,b\n"), ("yaml", "")]
)
def test_a_file_that_is_none_is_said(form, text):
    with pytest.raises(InputError):
        read_labels(text, form)
