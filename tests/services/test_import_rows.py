"""All good rows of a file or none."""

import csv

import pytest

from winnow.core.errors import InputError
from winnow.models import Item, Label
from winnow.services.import_rows import import_file

HEADER = "id,created_on,title,description,tag,url\n"
GOOD = "1,2020-02-20 06:43:18,Serving models with Triton,Batching and GPUs,mlops,https://example.org/1\n"


@pytest.fixture
def write(tmp_path):
    def to_file(content, name="rows.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return to_file


def test_a_tagged_row_is_published_by_a_person(tags, write):
    imported = import_file(write(HEADER + GOOD))
    item = Item.objects.get()
    assert (imported.accepted, imported.refused) == (1, ())
    assert (item.state, item.tag_id, item.decided_by, item.dated_at.year) == ("published", "mlops", "person", 2020)
    assert Label.objects.get().is_gold


def test_an_untagged_row_goes_to_the_classifier(champion, write):
    import_file(
        write("id,title,description\n1,Image segmentation of lungs,A convolutional network finds lungs in scans\n")
    )
    item = Item.objects.get()
    assert item.state in ("published", "in_review")
    assert item.model_version == champion


def test_an_untagged_off_topic_row_is_withheld_and_a_tagged_one_is_not(tags, write):
    import_file(write("id,title,description,tag\n1,Lentil soup,Boil lentils,\n2,Onion soup,Boil onions,other\n"))
    assert list(Item.objects.order_by("title").values_list("state", flat=True)) == ["rejected", "published"]


def test_the_second_time_nothing_is_accepted_and_every_row_is_named(tags, write):
    path = write(HEADER + GOOD + GOOD.replace("1,", "2,", 1).replace("/1", "/2").replace("Triton", "TorchServe"))
    assert import_file(path).accepted == 2
    again = import_file(path)
    assert (again.accepted, [(r.line, r.field) for r in again.refused]) == (0, [(2, "url"), (3, "url")])
    assert Item.objects.count() == 2


def test_a_row_twice_in_one_file_is_refused_once(tags, write):
    imported = import_file(write(HEADER + GOOD + GOOD.replace("1,", "2,", 1)))
    assert (imported.accepted, [r.line for r in imported.refused]) == (1, [3])


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (HEADER + GOOD + "2,2020-01-01,,no title,mlops,\n", 3, "title"),
        (HEADER + GOOD + "2,yesterday,A title,,mlops,\n", 3, "created_on"),
        (HEADER + GOOD + "2,2020-01-01,A title,,cooking,\n", 3, "tag: 'cooking' is not approved"),
        (HEADER + GOOD + "1,2020-01-01,A title,,mlops,\n", 3, "id"),
        (HEADER + GOOD + "2,2020-01-01,A title,,mlops,javascript:alert(1)\n", 3, "url"),
        (HEADER + GOOD + "2,2020-01-01,A\x00title,,mlops,\n", 3, "title"),
        (HEADER + GOOD + '2,2020-01-01,"A title', 3, ""),
        ("id,name\n1,x\n", 0, "title"),
        (b"id,title\n1,\xff\xfe\n", 0, "UTF-8"),
        (b"", 0, "empty"),
        (bytes(range(256)) * 10, 0, ""),
    ],
    ids=[
        "no title",
        "bad date",
        "unknown tag",
        "same id",
        "bad address",
        "NUL",
        "cut off",
        "no column",
        "not UTF-8",
        "nothing",
        "binary",
    ],
)
def test_a_malformed_row_stops_the_whole_file(tags, write, content, line, words):
    path = write(content)
    with pytest.raises(InputError) as refused:
        import_file(path)
    message = str(refused.value)
    assert str(path) in message
    assert words in message
    assert f"{path}:{line}" in message or not line
    assert "\n" not in message
    assert Item.objects.count() == 0


def test_a_file_that_is_not_there_is_named(tags, tmp_path):
    with pytest.raises(InputError, match=r"nowhere\.csv"):
        import_file(tmp_path / "nowhere.csv")


def test_of_764_real_rows_at_least_700_come_in_and_none_the_second_time(champion, shared_data):
    path = shared_data / "made-with-ml" / "dataset.csv"
    n_rows = sum(1 for _ in csv.DictReader(path.read_text().splitlines(keepends=True)))
    first, second = import_file(path), import_file(path)
    assert first.accepted + len(first.refused) == n_rows == 764
    assert first.accepted >= 700
    assert (second.accepted, len(second.refused)) == (0, 764)
