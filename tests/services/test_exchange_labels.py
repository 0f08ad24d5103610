"""Labels to and from other tools, with real rows."""

import json

import pytest

from winnow.core.errors import InputError
from winnow.core.label_formats import FORMATS, read_labels
from winnow.models import Item, Label, Prediction, ReviewTask
from winnow.queries.datasets import gold_rows
from winnow.services.exchange_labels import export_labels, import_labels
from winnow.services.review import label_task, open_task


@pytest.fixture
def labelled_work(make_item, tags, cast):
    task = open_task(item=make_item("Serving models", state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)
    return label_task(task=task, tag=tags["mlops"], account=cast.engineer, note="-1 doubts").item


def exported(form, tmp_path, **options):
    path = tmp_path / f"labels.{form}"
    path.write_text("".join(export_labels(form, **options)), newline="")
    return path


@pytest.mark.parametrize("form", FORMATS)
def test_a_label_that_comes_back_unchanged_is_nothing_new(labelled_work, tmp_path, form):
    done = import_labels(exported(form, tmp_path), form)
    assert (done.accepted, done.refused, Label.objects.count()) == (1, (), 1)


@pytest.mark.parametrize("form", FORMATS)
def test_a_label_goes_out_and_comes_in_elsewhere_with_all_that_it_bears_once(labelled_work, tmp_path, form):
    path = exported(form, tmp_path)
    given = Label.objects.get()
    given.delete()
    first, again = import_labels(path, form), import_labels(path, form)
    assert (first.accepted, first.refused, again.accepted) == (1, (), 1)
    came = Label.objects.get()
    assert (came.tag_id, came.note, came.is_gold, came.item) == ("mlops", "-1 doubts", True, labelled_work)
    assert came.annotator == f"account {given.account_id}"
    assert came.created_at == given.created_at.replace(microsecond=0)
    assert exported(form, tmp_path).read_text() == path.read_text()


def test_the_same_label_in_another_form_is_the_same(labelled_work, tmp_path):
    paths = [exported(form, tmp_path) for form in FORMATS]
    Label.objects.all().delete()
    for path, form in zip(paths, FORMATS, strict=True):
        import_labels(path, form)
    assert Label.objects.count() == 1


def test_a_label_from_elsewhere_answers_what_was_asked(make_item, tags, tmp_path):
    item = make_item("A work", state="in_review")
    task = open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE)
    path = tmp_path / "l.jsonl"
    path.write_text(json.dumps({"id": str(item.pk), "title": "A work", "tag": "other"}))
    import_labels(path, "jsonl")
    task.refresh_from_db()
    assert task.closed_at is not None


@pytest.mark.parametrize(
    ("change", "field"),
    [({"labelled_at": "yesterday"}, "labelled_at"), ({"labelled_at": "2999-01-01"}, "labelled_at")],
)
def test_a_time_that_is_none_is_refused(labelled_work, tmp_path, change, field):
    path = tmp_path / "l.jsonl"
    path.write_text(json.dumps({"id": str(labelled_work.pk), "title": labelled_work.title, "tag": "other"} | change))
    assert [(one.line, one.field) for one in import_labels(path, "jsonl").refused] == [(1, field)]
    assert Label.objects.count() == 1


def test_a_work_that_is_withheld_is_refused_and_stays_so(make_item, tags, tmp_path):
    item = make_item("Gone", state="rejected")
    path = tmp_path / "l.jsonl"
    path.write_text(json.dumps({"id": str(item.pk), "title": "Gone", "tag": "other"}))
    (refusal,) = import_labels(path, "jsonl").refused
    assert "is withheld; restore it first" in refusal.reason
    assert not Label.objects.exists()


@pytest.mark.parametrize("form", FORMATS)
def test_what_waits_goes_out_with_what_the_model_says_unless_it_is_blind(make_item, champion, tmp_path, form):
    items = [make_item(state="in_review") for _ in range(2)]
    for item, is_blind in zip(items, (False, True), strict=True):
        about = {"confidence": 0.61, "probabilities": {}, "action": "review", "latency_ms": 1.0}
        Prediction.objects.create(item=item, model_version=champion, tag="mlops", **about)
        ReviewTask.objects.create(item=item, reason="low_confidence", is_blind=is_blind)
    rows = read_labels(exported(form, tmp_path, what="tasks").read_text(), form)
    assert [(row.record.predicted, row.record.confidence, row.record.tag) for row in rows] == [
        ("mlops", 0.61, ""),
        ("", None, ""),
    ]


def test_a_work_that_waits_for_two_reasons_goes_out_once_and_blind_if_one_is(make_item, champion):
    item = make_item(state="in_review")
    about = {"confidence": 0.61, "probabilities": {}, "action": "review", "latency_ms": 1.0}
    Prediction.objects.create(item=item, model_version=champion, tag="mlops", **about)
    for reason, is_blind in (("low_confidence", False), ("audit", True)):
        ReviewTask.objects.create(item=item, reason=reason, is_blind=is_blind)
    (row,) = read_labels("".join(export_labels("jsonl", what="tasks")), "jsonl")
    assert (row.record.id, row.record.predicted) == (str(item.pk), "")


def test_a_label_from_elsewhere_moves_the_work_and_is_gold(make_item, tags, tmp_path):
    item = make_item("A work", state="in_review", url="https://example.org/w")
    path = tmp_path / "l.jsonl"
    path.write_text(json.dumps({"url": "https://example.org/w", "title": "x", "tag": "other", "annotator": "ada"}))
    from winnow.models import ItemKey

    ItemKey.objects.create(item=item, key="url:https://example.org/w")
    assert import_labels(path, "jsonl").accepted == 1
    item.refresh_from_db()
    assert (item.state, item.tag_id, [row.tag for row in gold_rows()]) == ("published", "other", ["other"])


def test_refusals_are_named_by_row_and_the_rest_comes_in(labelled_work, tmp_path):
    path = tmp_path / "l.jsonl"
    good = {"id": str(labelled_work.pk), "title": labelled_work.title, "tag": "other"}
    rows = [
        good,
        {**good, "tag": "rockets"},
        {**good, "id": "987654"},
        {**good, "title": "Another"},
        {**good, "tag": ""},
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\nnonsense\n")
    done = import_labels(path, "jsonl")
    assert [(one.line, one.field) for one in done.refused] == [(2, "tag"), (3, "id"), (4, "id"), (6, "row")]
    assert (done.accepted, Item.objects.get(pk=labelled_work.pk).tag_id) == (1, "other")


@pytest.mark.parametrize(("form", "what"), [("yaml", "labels"), ("csv", "everything")])
def test_what_is_mistyped_is_said(db, form, what):
    with pytest.raises(InputError):
        list(export_labels(form, what=what))


def test_a_file_that_cannot_be_read_is_said(db, tmp_path):
    with pytest.raises(InputError, match="cannot be read"):
        import_labels(tmp_path / "none", "csv")
