"""Which addresses lead to the same thing."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.urls import canonical_url, facet_of, identity_keys, site_of

PAIRS = list(csv.DictReader((Path(__file__).parent / "address_pairs.csv").read_text(encoding="utf-8").splitlines()))
SAME = [
    ("https://arxiv.org/abs/1706.03762", "http://arxiv.org/pdf/1706.03762v5.pdf"),
    ("https://arxiv.org/abs/1706.03762", "https://www.arxiv.org/html/1706.03762v2"),
    ("https://arxiv.org/abs/1706.03762", "https://export.arxiv.org/abs/1706.03762?context=cs"),
    ("https://arxiv.org/abs/1706.03762", "https://ar5iv.labs.arxiv.org/html/1706.03762"),
    ("https://arxiv.org/abs/1706.03762", "https://www.alphaxiv.org/abs/1706.03762v3"),
    ("https://arxiv.org/abs/1706.03762", "https://huggingface.co/papers/1706.03762"),
    ("https://arxiv.org/abs/1706.03762", "https://doi.org/10.48550/arXiv.1706.03762"),
    ("https://arxiv.org/abs/cs/0501001", "https://arxiv.org/pdf/cs/0501001v1"),
    ("https://arxiv.org/abs/cs/0501001", "https://arxiv.org/abs/cs.CL/0501001"),
    ("https://github.com/huggingface/transformers", "https://GitHub.com/HuggingFace/Transformers.git"),
    ("https://github.com/huggingface/transformers", "http://www.github.com/huggingface/transformers/tree/main/"),
    (
        "https://github.com/huggingface/transformers",
        "https://github.com/huggingface/transformers/blob/master/README.md",
    ),
    (
        "https://github.com/huggingface/transformers",
        "https://github.com/huggingface/transformers?tab=readme-ov-file#usage",
    ),
    ("https://gitlab.com/group/sub/project", "https://gitlab.com/group/sub/project/-/tree/main"),
    ("https://openreview.net/forum?id=AbC_1-x", "https://openreview.net/pdf?id=AbC_1-x"),
    ("https://openreview.net/forum?id=AbC", "https://openreview.net/forum?noteId=Z&id=AbC"),
    ("https://aclanthology.org/P18-1031/", "https://aclanthology.org/P18-1031.pdf"),
    ("https://aclanthology.org/P18-1031/", "https://www.aclweb.org/anthology/P18-1031"),
    ("https://aclanthology.org/2020.acl-main.703", "https://aclanthology.org/2020.acl-main.703.pdf"),
    ("https://aclanthology.org/P18-1031/", "https://doi.org/10.18653/v1/P18-1031"),
    ("https://doi.org/10.1145/3292500.3330701", "https://dl.acm.org/doi/abs/10.1145/3292500.3330701"),
    ("https://doi.org/10.1007/s11263-015-0816-y", "https://link.springer.com/article/10.1007/s11263-015-0816-y"),
    ("https://huggingface.co/google/bert", "https://hf.co/google/bert/tree/main"),
    ("https://huggingface.co/datasets/a/b", "https://huggingface.co/datasets/A/b/blob/main/README.md"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://youtu.be/dQw4w9WgXcQ?si=abc&t=30"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://m.youtube.com/watch?list=PL1&v=dQw4w9WgXcQ"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/embed/dQw4w9WgXcQ"),
    ("https://example.com/post", "http://www.example.com/post/"),
    ("https://example.com/post", "https://example.com:443/post?utm_source=x&fbclid=1#comments"),
    ("https://example.com/post", "https://example.com/a/../post/index.html"),
    ("https://example.com/post", "https://example.com/post/amp/"),
    ("https://example.com/?a=1&b=2", "https://EXAMPLE.com?b=2&a=1"),
    ("https://example.com/a%7Eb", "https://example.com/a~b"),
    ("https://example.com/post", "https://example.com/post?ref=news.ycombinator.com"),
    ("https://münchen.example/x", "https://xn--mnchen-3ya.example/x"),
]
DIFFERENT = [
    ("https://arxiv.org/abs/1706.03762", "https://arxiv.org/abs/1706.03763"),
    ("https://github.com/a/b", "https://github.com/a/c"),
    ("https://github.com/a/b", "https://github.com/a/b/issues/1"),
    ("https://github.com/a/b", "https://github.com/a/b/releases"),
    ("https://github.com/a/b", "https://github.com/a/b/tree/main/examples"),
    ("https://github.com/topics/nlp", "https://github.com/topics/mlops"),
    ("https://openreview.net/forum?id=AbC", "https://openreview.net/forum?id=aBc"),
    ("https://example.com/?id=1", "https://example.com/?id=2"),
    ("https://example.com/#/one", "https://example.com/#/two"),
    ("https://example.com/docs?ref=v1.2", "https://example.com/docs?ref=v1.3"),
    ("https://huggingface.co/datasets/a/b", "https://huggingface.co/a/b"),
    ("https://www.youtube.com/watch?v=dQw4w9WgXcQ", "https://www.youtube.com/watch?v=dQw4w9WgXcR"),
    ("https://example.com:8443/", "https://example.com/"),
    ("https://a.example.com/", "https://example.com/"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_addresses_of_one_work_are_equal(one, other):
    assert canonical_url(one) == canonical_url(other)
    assert identity_keys(one) == identity_keys(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_addresses_of_different_works_stay_apart(one, other):
    assert canonical_url(one) != canonical_url(other)
    assert not set(identity_keys(one)) & set(identity_keys(other))


@pytest.mark.parametrize(
    "url",
    [
        "", "arxiv.org/abs/1706.03762", "//example.com/x", "javascript:alert(1)", "data:text/html,x", "ftp://example.com/",
        "http://", "https:///path", "http://user:secret@example.com/", "http://exa mple.com/", "http://example.com:99999/",
        "http://-bad.example/", "http://[::1", "https://example.com/" + "a" * 3000, "http://exam\nple.com/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_has_no_canonical_form(url):
    assert canonical_url(url) is None
    assert identity_keys(url) == ()


def test_typed_key_comes_first():
    assert identity_keys("https://arxiv.org/pdf/1706.03762v5") == (
        "arxiv:1706.03762",
        "url:https://arxiv.org/abs/1706.03762",
    )


def test_site_is_the_host_as_a_reader_knows_it():
    assert site_of("https://www.example.org/x") == "example.org"
    assert site_of("nonsense") == ""


@given(
    st.sampled_from(["http", "https", "HTTP"]),
    st.from_regex(r"(www\.)?[a-z]{1,8}(\.[a-z]{2,5}){1,2}(:\d{1,4})?", fullmatch=True),
    st.text(alphabet="aB1/.%?&=#~_-+é ", max_size=40),
)
def test_canonical_is_idempotent(scheme, host, tail):
    once = canonical_url(f"{scheme}://{host}/{tail}")
    assert once is None or canonical_url(once) == once


def test_the_table_of_pairs_is_large_enough():
    assert len(PAIRS) >= 300
    assert len({(row["one"], row["other"]) for row in PAIRS}) == len(PAIRS)


@pytest.mark.parametrize("relation", ["same", "different"])
def test_every_pair_of_the_table_is_told_right(relation):
    """Invented works under the addresses of every kind of site: all found, none merged."""
    rows = [(row["one"], row["other"]) for row in PAIRS if row["relation"] == relation]
    shared = {pair: set(identity_keys(pair[0])) & set(identity_keys(pair[1])) for pair in rows}
    assert not [pair for pair, keys in shared.items() if bool(keys) != (relation == "same")]
    assert not [pair for pair in rows if (canonical_url(pair[0]) == canonical_url(pair[1])) != (relation == "same")]


@pytest.mark.parametrize("side", ["one", "other"])
def test_canonical_is_idempotent_on_the_table_of_pairs(side):
    forms = [form for row in PAIRS if (form := canonical_url(row[side])) is not None]
    assert len(forms) == len(PAIRS)
    assert [canonical_url(form) for form in forms] == forms
    assert [identity_keys(form) for form in forms] == [identity_keys(row[side]) for row in PAIRS]


@pytest.mark.parametrize(
    ("value", "is_kept"),
    [
        ("v1.2", True), ("1.2.3", True), ("v2.0.rc1", True), ("main", True), ("0a1b2c3", True), ("release-1.4", True),
        ("refs/heads/moss", True), ("10042", True), ("news.example.com", False), ("https://news.example.com/7", False),
        ("producthunt", False), ("hn", False), ("moss_weekly", False),
    ],
)  # fmt: skip
def test_ref_stays_where_it_names_a_version(value, is_kept):
    assert (canonical_url(f"https://example.com/docs?ref={value}") != "https://example.com/docs") == is_kept


@pytest.mark.parametrize("name", ["feature", "si", "sk", "t", "s"])
def test_what_is_a_tracker_on_one_site_counts_on_others(name):
    assert canonical_url(f"https://example.com/a?{name}=1") != canonical_url(f"https://example.com/a?{name}=2")


@pytest.mark.parametrize("fragment", ["", "!", "/", "!/"])
def test_an_empty_route_is_no_route(fragment):
    assert canonical_url(f"https://example.com/a#{fragment}") == "https://example.com/a"


def test_blanks_and_backslashes_are_read_as_browsers_read_them():
    assert canonical_url("https://example.com/a b\\c?q=d e") == "https://example.com/a%20b/c?q=d+e"


def test_a_facet_says_what_is_at_an_address():
    assert facet_of("https://arxiv.org/pdf/2399.04417v2") == "paper"
    assert facet_of("https://example.com/") == facet_of("nonsense") == "page"


def test_canonical_is_idempotent_on_addresses_of_the_material(shared_data):
    """The pairs of other tools, and each address of a sample of feeds and of recorded answers."""
    with (shared_data / "urls" / "url_equivalence_pairs.csv").open(encoding="utf-8", errors="replace") as file:
        urls = [row[field] or "" for row in csv.DictReader(file) for field in ("url_a", "url_b")]
    with (shared_data / "pairs" / "pairs.csv").open(encoding="utf-8") as file:
        urls += [row[field] for row in csv.DictReader(file) for field in ("url_a", "url_b")]
    for path in sorted((shared_data / "feeds" / "feedjira").glob("*.xml")):
        urls += re.findall(r"https?://[^\s\"'<>|\\^`]+", path.read_text(encoding="utf-8", errors="replace"))
    canonical = [form for url in dict.fromkeys(urls) if (form := canonical_url(url)) is not None]
    assert len(canonical) > 3000
    assert [canonical_url(form) for form in canonical] == canonical
