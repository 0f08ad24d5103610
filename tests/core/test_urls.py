"""Which addresses lead to the same thing."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.urls import canonical_url, identity_keys, site_of

SHARED = Path(__file__).parents[2].parent / "shared" / "data"

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


def test_canonical_is_idempotent_on_every_address_of_the_material():
    path = SHARED / "urls" / "url_equivalence_pairs.csv"
    if not path.exists():
        pytest.skip(f"{path.name} is not beside this checkout")
    with path.open() as file:
        urls = [row[field] for row in csv.DictReader(file) for field in ("url_a", "url_b")]
    canonical = [form for url in urls if (form := canonical_url(url or "")) is not None]
    assert len(canonical) > 200
    assert [canonical_url(form) for form in canonical] == canonical
