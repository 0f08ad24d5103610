"""Find works: the same on both databases, since this file runs on both."""

from datetime import UTC, datetime

import pytest

from winnow.core.errors import InputError
from winnow.models import Item
from winnow.queries import search as module
from winnow.queries.search import matching_pks, search
from winnow.services.index import catch_up

CORPUS = {
    "nets": ("Graph neural networks", "Message passing between the nodes of molecules.", "other", "arxiv.org", 2026, 3),
    "survey": ("A survey of graphs", "What is known of learning on networks.", "other", "example.org", 2020, 5),
    "serving": ("Serving models", "A tool that deploys transformers.", "mlops", "github.com", 2026, 8),
    "vision": (
        "Naïve segmentation",
        "Convolutional network outlines lungs, 100% of them.",
        "computer-vision",
        "blog.example.org",
        2025,
        1,
    ),
    "japanese": ("深層学習の入門", "An introduction.", "other", "example.org", 2024, 2),
}


@pytest.fixture
def corpus(make_item):
    """Five works, their words counted."""
    made = {
        name: make_item(
            title, state="published", tag=tag, description=text, dated_at=datetime(year, month, 9, tzinfo=UTC)
        )
        for name, (title, text, tag, _, year, month) in CORPUS.items()
    }
    for name, item in made.items():
        Item.objects.filter(pk=item.pk).update(site=CORPUS[name][3], author="Ada Lovelace" if name == "nets" else "")
    from winnow.models import SearchEntry

    SearchEntry.objects.update(version=0)
    while catch_up():
        pass
    return made


def found(q, corpus, **how):
    names = {item.pk: name for name, item in corpus.items()}
    return [names[item.pk] for item in search(q, **how).page.rows]


@pytest.mark.parametrize(
    ("q", "names"),
    [
        ("graph ", {"nets", "survey"}),
        ("GRAPHS ", {"nets", "survey"}),
        ("network ", {"nets", "survey", "vision"}),
        ('"network outlines"', {"vision"}),
        ('"networks graph"', set()),
        ("graph -survey ", {"nets"}),
        ("-graph ", {"serving", "vision", "japanese"}),
        ("lungs or molecules ", {"nets", "vision"}),
        ("(lungs or molecules) graph ", {"nets"}),
        ("-(graph or lungs) ", {"serving", "japanese"}),
        ("naive ", {"vision"}),
        ("segm", {"vision"}),
        ("学習", {"japanese"}),
        ("100% ", {"vision"}),
        ("tag:mlops ", {"serving"}),
        ("site:example.org ", {"survey", "japanese", "vision"}),
        ("site:blog.example.org ", {"vision"}),
        ("author:lovelace ", {"nets"}),
        ("before:2025 ", {"survey", "japanese"}),
        ("after:2025 ", {"nets", "serving"}),
        ("after:2024 before:2026-04 ", {"nets", "vision"}),
        ("is:checked graph ", {"nets", "survey"}),
        ("tag:cooking ", set()),
        ("graph lungs ", set()),
        ("' OR 1=1 -- ", set()),
        ("\\ graph ", {"nets", "survey"}),
        ("it's* ", set()),
        ("NEAR(graph neural) ", set()),
        ("graph AND survey ", set()),
        ("' | ! & <-> ", set()),
    ],
)
def test_a_query_finds_what_it_says(corpus, q, names):
    assert set(found(q, corpus)) == names


def test_nothing_is_sought_by_nothing(corpus):
    assert (search("").page.rows, search("!!!").page.rows, search("!!!").query.problems[0].at) == ([], [], 0)
    assert matching_pks("", states=["published"]) is None


def test_a_slip_finds_what_was_meant_and_says_so(corpus, make_item):
    make_item("More transformers", state="published")
    catch_up()
    result = search("transfromers ")
    assert {item.title for item in result.page.rows} == {"Serving models", "More transformers"}
    assert result.instead == {"transfromers": ["transformers"]}
    assert search('"transfromers"').page.rows == []
    assert search("transformers ").instead == {}


def test_what_stands_in_the_title_comes_before_what_is_a_little_newer(make_item):
    old = make_item("Diffusion", state="published", dated_at=datetime(2026, 6, 1, tzinfo=UTC))
    new = make_item("Noise", state="published", description="Of diffusion.", dated_at=datetime(2026, 7, 1, tzinfo=UTC))
    newer = make_item(
        "Waves", state="published", description="Of diffusion.", dated_at=datetime(2027, 7, 1, tzinfo=UTC)
    )
    assert [item.pk for item in search("diffusion ").page.rows] == [newer.pk, old.pk, new.pk]
    assert [item.pk for item in search("diffusion ", sort="recent").page.rows] == [newer.pk, new.pk, old.pk]


def test_pages_follow_one_another(make_item):
    made = [make_item(f"Graph {n}", state="published").pk for n in range(7)]
    seen, after = [], ""
    for _ in range(3):
        page = search("graph ", after=after, limit=3).page
        seen += [item.pk for item in page.rows]
        after = page.next or ""
    assert (sorted(seen), len(set(seen)), after) == (made, 7, "")


@pytest.mark.parametrize("after", ["x", "W10", "e30"])
def test_a_bad_cursor_is_refused(corpus, after):
    with pytest.raises(InputError, match="not a cursor"):
        search("graph ", after=after)


def test_facets_count_what_was_found(corpus):
    facets = search("network ").facets["tag"]
    assert {(facet.value, facet.n) for facet in facets} == {("other", 2), ("computer-vision", 1)}
    assert facets[0].adds == "tag:other"
    assert search("lungs ").facets == {}


def test_more_than_was_counted_is_said_to_be_more(corpus, monkeypatch):
    monkeypatch.setattr(module, "COUNTED", 1)
    result = search("graph ")
    assert (result.n, result.is_over) == (1, True)


def test_only_states_that_are_asked_for_are_found(make_item):
    kept = make_item("Graph", state="published")
    out = make_item("Graph", state="rejected")
    make_item("Graph")
    assert [item.pk for item in search("graph ").page.rows] == [kept.pk]
    assert matching_pks("graph ", states=["rejected", "duplicate"]) == [out.pk]


@pytest.mark.parametrize("n", [1, 12])
def test_the_number_of_queries_does_not_grow(make_item, n, django_assert_max_num_queries):
    for i in range(n):
        make_item(f"Graph {i}", state="published")
    with django_assert_max_num_queries(12):
        search("graph netwrok -survey tag:mlops ")


@pytest.mark.parametrize(
    "q",
    [
        "a* " * 1000, "x" * 100_000, "%" * 500, "_" * 500, "%_" * 300, "' OR 1=1 --", '"; DROP TABLE winnow_item; --',
        "NEAR(a b)", "title:secret", "a AND b OR NOT c", "\\", "\x00", "(" * 500, "\u202e", "{{7*7}}", "'" * 400,
        "a | b & c <-> d", "tag:' site:\\ author:%", "-" * 400, "\ud800", "in_published", "_ _",
    ],
)  # fmt: skip
def test_a14_a_hostile_search_is_words_and_bounded(make_item, django_assert_max_num_queries, q):
    make_item("Plain", state="published", description="Text.")
    make_item("100% _of_ it", state="published", description="Text.")
    with django_assert_max_num_queries(16):
        result = search(q)
    assert "Plain" not in {item.title for item in result.page.rows}
    assert Item.objects.count() == 2
