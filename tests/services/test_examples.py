"""Row files as training pairs."""

import pytest

from winnow.core.errors import InputError
from winnow.core.values import Document, Example
from winnow.services.examples import examples_of_files
from winnow.services.taxonomy import approved_list


@pytest.fixture
def read(tags, tmp_path):
    def read(*contents):
        paths = [tmp_path / f"{n}.csv" for n in range(len(contents))]
        for path, content in zip(paths, contents, strict=True):
            path.write_text(content)
        return examples_of_files(paths, approved_list())

    return read


def test_a_row_becomes_a_clean_example(read):
    assert read("id,title,description,tag\n7,  Serving\tmodels ,On\u200b GPUs,mlops\n") == [
        Example(Document("Serving models", "On GPUs"), "mlops", id="7", group="")
    ]


def test_files_follow_one_another_and_may_use_the_same_ids(read):
    examples = read("id,title,tag\n1,A,mlops\n2,B,other\n", "id,title,tag\n1,C,other\n")
    assert [(e.document.title, e.id) for e in examples] == [("A", "1"), ("B", "2"), ("C", "1")]


def test_rows_at_one_address_are_one_group(read):
    a, b, c, d = read(
        "id,title,tag,url\n1,A,mlops,https://arxiv.org/abs/1706.03762\n2,B,mlops,http://arxiv.org/pdf/1706.03762v5\n"
        "3,C,mlops,https://example.org/c\n4,D,mlops,\n"
    )
    assert (a.group, b.group, c.group, d.group) == (
        "arxiv:1706.03762",
        "arxiv:1706.03762",
        "url:https://example.org/c",
        "",
    )


def test_no_files_are_no_examples(read):
    assert read() == []


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("2,B,cooking", r":3: tag: 'cooking' is not approved; use one of natural-language-processing, computer-vision"),
        ("2,B,", r":3: tag: missing; use one of"),
        ("2,,mlops", r":3: title: "),
        ("1,B,mlops", r":3: id: "),
    ],
)
def test_the_first_row_that_cannot_be_used_is_named(read, row, words):
    with pytest.raises(InputError, match=words):
        read(f"id,title,tag\n1,A,mlops\n{row}\n3,C,nonsense\n")


def test_a_retired_tag_is_not_approved(read, tags):
    tags["other"].is_approved = False
    tags["other"].save()
    with pytest.raises(InputError, match="'other' is not approved"):
        read("id,title,tag\n1,A,other\n")
