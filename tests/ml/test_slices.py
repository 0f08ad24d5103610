import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.core.values import Document, Example, Facts
from winnow.ml.slices import MIN_ROWS, SLICERS, slice_names, slice_rows

TAGS = ("natural-language-processing", "computer-vision", "mlops")


def names(title="", description="", **facts):
    return slice_names(Facts(Document(title, description), **facts), TAGS)


def of(family, *args, **facts):
    return [name.partition(": ")[2] for name in names(*args, **facts) if name.startswith(f"{family}: ")]


def test_description_and_lengths():
    assert names("A title of five words")[:2] == ["without a description", "script: Latin"]
    assert names("Short one", "word " * 60)[:4] == [
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
    assert of("script", title) == [script]


@pytest.mark.parametrize(
    ("title", "languages"),
    [
        ("A study of the parsing of trees", ["English"]),
        ("Eine Einführung in das maschinelle Lernen für die Praxis", ["German"]),
        ("Une introduction à la vision par ordinateur avec les réseaux", ["French"]),
        ("Una introducción a los modelos y las redes para el habla", ["Spanish"]),
        ("YOLO", ["unclear"]),
        ("", []),
        ("Распознавание речи", []),
    ],
)
def test_language_is_told_by_small_words_where_the_script_is_latin(title, languages):
    assert of("language", title) == languages


def test_naming_two_tags_is_a_slice_and_naming_one_is_not():
    assert "names more than one tag" in names("Language and vision")
    assert "names more than one tag" not in names("Language and speech")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("", "none"),
        ("https://arxiv.org/abs/1706.03762", "paper"),
        ("https://doi.org/10.1000/182", "paper"),
        ("https://github.com/owner/name", "repository"),
        ("https://huggingface.co/owner/name", "model or data"),
        ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "video"),
        ("https://example.org/post", "page"),
    ],
)
def test_kind_of_address(url, kind):
    assert of("address", "A title", url=url) == [kind]


def test_year_and_source_where_they_are_known():
    assert (of("year", "A title"), of("source", "A title")) == ([], [])
    assert of("year", "A title", created_on="2021-03-04") == ["2021"]
    assert of("source", "A title", url="https://www.example.org/a", source="a feed") == ["a feed"]
    assert of("source", "A title", url="https://www.example.org/a") == ["example.org"]


def test_years_and_sources_of_few_rows_are_no_slice():
    facts = [Facts(Document("A title"), created_on=f"{year}-01-01") for year in [2020] * MIN_ROWS + [2021]]
    found = slice_rows(facts, TAGS)
    assert [name for name in found if name.startswith("year")] == ["year: 2020"]
    assert found["year: 2020"] == list(range(MIN_ROWS))


@pytest.mark.parametrize(
    "slicer",
    [
        lambda facts, _: [facts.tag],
        lambda facts, _: [facts.group],
        lambda facts, _: [facts.id[:3]],
    ],
)
def test_a_slice_that_looks_at_the_true_tag_or_what_may_tell_it_is_refused(slicer):
    example = Example(Document("A title"), "mlops", id="ops-001", group="ops")
    with pytest.raises(InputError, match="slice mine: asks for what no slice may see"):
        slice_rows([example.facts], TAGS, {"mine": slicer})


@given(st.sampled_from(TAGS), st.sampled_from(TAGS), st.text(max_size=30))
def test_no_slice_of_ours_changes_with_the_tag(one, other, title):
    first, second = (Example(Document(title), tag, url="https://example.org", id=tag) for tag in (one, other))
    assert slice_rows([first.facts], TAGS) == slice_rows([second.facts], TAGS)


def test_slices_of_others_take_the_place_of_ours():
    found = slice_rows(
        [Facts(Document("Bees")), Facts(Document("Ants"))], TAGS, {"bees": lambda f, _: [f.document.title]}
    )
    assert found == {"Bees": [0], "Ants": [1]}
    assert "bees" not in SLICERS
