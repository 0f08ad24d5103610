import pytest

from winnow.core.values import Document
from winnow.ml.slices import slice_names

TAGS = ("natural-language-processing", "computer-vision", "mlops")


def test_description_and_lengths():
    assert slice_names(Document("A title of five words"), TAGS) == ["without a description", "script: Latin"]
    assert slice_names(Document("Short one", "word " * 60), TAGS) == [
        "with a description",
        "short title",
        "long description",
        "script: Latin",
    ]


@pytest.mark.parametrize(
    ("title", "script"),
    [
        ("Распознавание", "Cyrillic"),
        ("深度学习 BERT 模型训练", "Cjk"),
        ("شبكة", "Arabic"),
        ("123 !", "none"),
        ("", "none"),
        ("a é", "Latin"),
    ],
)
def test_script_is_that_of_most_letters(title, script):
    assert f"script: {script}" in slice_names(Document(title), TAGS)


def test_naming_two_tags_is_a_slice_and_naming_one_is_not():
    assert "names more than one tag" in slice_names(Document("Language and vision"), TAGS)
    assert "names more than one tag" not in slice_names(Document("Language and speech"), TAGS)
