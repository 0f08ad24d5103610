import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.ml.taxonomy import load_taxonomy

from .conftest import DATA

TAG = '[[tags]]\nslug = "{0}"\nname = "N"\nshort = "S"\ndescription = "D"\n'


def test_the_starter_taxonomy_is_whole(tags):
    assert [tag.slug for tag in tags] == ["natural-language-processing", "computer-vision", "mlops", "other"]
    assert all(tag.belongs and tag.excludes and len(tag.hard) >= 3 and len(tag.typical) >= 5 for tag in tags)
    assert {case.answer for tag in tags for case in tag.hard} == {tag.slug for tag in tags}


def test_optional_fields_may_be_absent(tmp_path):
    path = tmp_path / "t.toml"
    path.write_text(TAG.format("a") + TAG.format("b-2"))
    assert [(tag.slug, tag.belongs, tag.hard, tag.typical) for tag in load_taxonomy(path)] == [
        ("a", "", (), ()),
        ("b-2", "", (), ()),
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "tags: needs at least two"),
        (TAG.format("a"), "tags: needs at least two"),
        ("tags = 3", "tags: needs at least two"),
        (TAG.format("a") * 2, "a: slug: stands twice"),
        (TAG.format("a") + TAG.format("B"), "B: slug: has to be lower-case"),
        (TAG.format("a") + TAG.format("b_c"), "b_c: slug: has to be lower-case"),
        (TAG.format("a") + TAG.format("b--c"), "b--c: slug"),
        (TAG.format("a") + TAG.format("b").replace('name = "N"\n', ""), "b: name: is missing or empty"),
        (TAG.format("a") + TAG.format("b").replace('"D"', '" "'), "b: description: is missing or empty"),
        (TAG.format("a") + TAG.format("b").replace('"S"', f'"{"s" * 31}"'), "b: short: is longer than 30 characters"),
        (TAG.format("a") + "[[tags]]\nname = 'x'", "tag 2: slug: is missing"),
        (TAG.format("a") + TAG.format("b") + "belongs = 3", "b: belongs: has to be a text"),
        (TAG.format("a") + TAG.format("b") + "typical = 'x'", "b: typical: has to be a list"),
        (TAG.format("a") + TAG.format("b") + "typical = ['']", "b: typical: has to be a list"),
        (TAG.format("a") + TAG.format("b") + "hard = [{case = 'x'}]", "b: hard: each needs"),
        (
            TAG.format("a") + TAG.format("b") + "hard = [{case = 'x', answer = 'c', why = 'y'}]",
            "b: hard: the answer 'c'",
        ),
        ("= broken", "is no TOML"),
    ],
)
def test_a_faulty_file_is_named_with_tag_and_field(tmp_path, text, fault):
    path = tmp_path / "t.toml"
    path.write_text(text)
    with pytest.raises(InputError, match=rf"t\.toml: {fault}"):
        load_taxonomy(path)


def test_a_missing_or_binary_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml: cannot be read \(No such file"):
        load_taxonomy(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match=r"b\.toml: is no TOML"):
        load_taxonomy(tmp_path / "b.toml")


@given(st.binary(max_size=200))
def test_any_bytes_are_an_answer_or_an_input_error(tmp_path_factory, raw):
    path = tmp_path_factory.mktemp("fuzz") / "t.toml"
    path.write_bytes(raw)
    with pytest.raises(InputError):
        load_taxonomy(path)


def test_reading_twice_gives_equal_tags(tags):
    assert load_taxonomy(DATA / "taxonomy.toml") == tags
