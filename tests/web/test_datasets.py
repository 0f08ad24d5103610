"""The pages of frozen data sets."""

import json

import pytest

from winnow.core.label_formats import FORMATS, read_labels
from winnow.models import DatasetVersion, Evidence, Item, Label, ModelVersion
from winnow.services.freeze import freeze_dataset


@pytest.fixture
def frozen(make_item, tags):
    """Two versions: the second with one work more and one that bears another tag."""
    words = ("river", "market", "violin", "harbour", "meadow", "engine", "orchard", "tunnel")
    items = [make_item(f"{word} {slug} <b>bold</b>", state="published", tag=slug) for word in words for slug in tags]
    for item in items:
        Label.objects.create(item=item, tag=item.tag, is_gold=True)
    first = freeze_dataset()
    fresh = make_item("A newcomer", state="published", tag="mlops")
    Label.objects.create(item=fresh, tag=tags["mlops"], is_gold=True)
    Label.objects.create(item=items[0], tag=tags["mlops"], is_gold=True)
    return first, freeze_dataset()


def test_without_a_set_there_is_one_thing_to_do(visit, tags):
    assert visit("/datasets").all(r'<p class="empty">.*?<a href="([^"]+)"') == ["/tags"]


def test_versions_come_newest_first(visit, frozen):
    assert visit("/datasets").all(r'<h2><a class="open" href="([^"]+)">') == ["/datasets/gold-2", "/datasets/gold-1"]


def test_a_version_shows_what_it_holds_with_pictures_and_tables_of_the_same(visit, frozen):
    html = visit("/datasets/gold-2")
    assert frozen[1].sha256 in html.main
    titles = [
        "Works by tag and by use",
        *(f"Works by: {name}" for name in ("sources", "languages", "year of the work")),
    ]
    assert html.all(r'role="img" aria-label="([^"]+)"') == [*titles, "Works by: why people were asked"]
    assert html.all(r"<h2>(.*?)</h2>") == [
        "What it is",
        "Tags",
        "Checks",
        "Where it comes from",
        "Who labelled",
        "Measured on it",
        "Since gold-1",
    ]
    assert "example.org" in html.main


def test_each_check_says_what_it_found(visit, frozen):
    table = visit("/datasets/gold-2").main.split("<h2>Checks</h2>")[1].split("</table>")[0]
    assert '<th scope="row">leaks</th><td class="words">as it should be</td>' in table
    assert '<th scope="row">balance</th><td class="words">6 training rows bear' in table


def test_people_are_counted_by_role_and_nobody_is_named(visit, frozen, make_item, tags, cast):
    item = make_item("One more work of ours", state="published")
    for account, asked in ((cast.engineer, item), (cast.owner, make_item("And another one", state="published"))):
        Label.objects.create(item=asked, tag=tags["mlops"], is_gold=True, account=account)
    freeze_dataset()
    html = visit("/datasets/gold-3").main.split("<h2>Who labelled</h2>")[1]
    assert '<tr><th scope="row">engineer</th><td>1</td><td>1</td></tr>' in html
    assert '<tr><th scope="row">owner</th><td>1</td><td>1</td></tr>' in html
    assert '<tr><th scope="row">starter</th><td>not of this site</td><td>33</td></tr>' in html


def test_it_says_what_changed_and_why(visit, frozen):
    html = visit("/datasets/gold-2").main
    assert "1 work added, 0 removed, 1 with another tag" in html
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert '<td>NLP</td><td>MLOps</td><td class="words">came with its label</td>' in html
    assert "Since" not in visit("/datasets/gold-1").main


def test_any_two_versions_are_compared(visit, frozen, make_item, tags):
    item = make_item("A third version", state="published")
    Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
    freeze_dataset()
    html = visit("/datasets/gold-3?since=gold-1")
    assert "Since gold-1" in html.main
    assert "2 works added" in html.main
    assert html.all(r'<a href="(/datasets/gold-3\?since=[^"#]+)') == ["/datasets/gold-3?since=gold-2"]


def test_models_that_were_measured_on_it_are_named_with_figure_interval_and_n(visit, frozen):
    sha256 = frozen[1].checks["examples_sha256"]["certify"]
    about = {"recipe": "steady", "folder": "models/none", "dataset_sha256": "0" * 64, "policy": {}, "card": {}}
    ModelVersion.objects.create(ref="v6-1", manifest_sha256="1" * 64, **about)
    figures = {"value": 0.9, "low": 0.8, "high": 0.95, "n": 40, "method": "m"}
    hashes = {"model_sha256": "1" * 64, "dataset_sha256": sha256, "policy_sha256": "p", "code_sha256": "c"}
    Evidence.objects.create(metric="accuracy", **figures, **hashes)
    html = visit("/datasets/gold-2")
    assert '<a href="/models/v6-1">v6-1</a></th><td>.900</td><td>.800 to .950</td><td>40</td>' in html.main
    assert "No model yet" in visit("/datasets/gold-1").main
    assert 'data <a href="/datasets/gold-2">gold-2</a>, what proves, ' in visit("/models/v6-1").main


def test_a_set_of_before_these_checks_is_shown_too(visit, tags):
    row = {"item": 1, "title": "Old", "description": "", "tag": "mlops", "split": "train"}
    fields = {"sha256": "0" * 64, "rows": [row], "per_tag": {"mlops": 1}, "n": 1}
    DatasetVersion.objects.create(version="gold-1", **fields)
    html = visit("/datasets/gold-1").main
    assert "Every expectation is met" in html
    assert "not recorded" in html


def test_every_row_can_be_had_as_a_row_file(client, frozen):
    answer = client.get("/datasets/gold-1.jsonl")
    rows = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert rows == [{"id": row["item"], **row} for row in frozen[0].rows]
    assert 'filename="gold-1.jsonl"' in answer["Content-Disposition"]


def test_what_was_taken_down_since_is_shown_to_nobody(client, visit, frozen):
    rows = frozen[1].rows
    gone = rows[-1]
    Item.objects.filter(pk=gone["item"]).update(state="removed")
    lines = b"".join(client.get("/datasets/gold-2.jsonl").streaming_content).decode()
    html = visit("/datasets/gold-2")
    assert (gone["title"] in lines, len(lines.splitlines())) == (False, len(rows) - 1)
    assert gone["title"] == "A newcomer"
    assert ("A newcomer" in html.main, "a work that was taken down" in html.main) == (False, True)
    assert "since taken down: 1 work." in html.main


@pytest.mark.parametrize(
    "path", ["/datasets/gold-9", "/datasets/gold-1?since=gold-9", "/datasets/gold-9.jsonl", "/datasets/%3Cb%3E"]
)
def test_what_is_not_there_is_404(client, tags, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("what", ["labels", "tasks"])
def test_engineers_have_labels_and_tasks_as_files_for_other_tools(client, cast, frozen, what, form):
    client.force_login(cast.engineer)
    assert f'href="/datasets/export/{what}/{form}"' in client.get("/datasets").content.decode()
    answer = client.get(f"/datasets/export/{what}/{form}")
    text = b"".join(answer.streaming_content).decode()
    assert len(read_labels(text, form)) == (Label.objects.count() if what == "labels" else 0)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{what}-{form}.')


def test_nobody_else_has_them(client, cast, frozen, visit):
    assert "/datasets/export" not in visit("/datasets").text
    client.force_login(cast.reviewer)
    assert client.get("/datasets/export/labels/csv").status_code == 403
    client.force_login(cast.engineer)
    for path in ("/datasets/export/labels/yaml", "/datasets/export/people/csv"):
        assert client.get(path).status_code == 404
