import csv
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.text import document
from winnow.core.urls import identity_keys
from winnow.core.values import Document
from winnow.ml.duplicates import Work, same_work

UNIT = np.eye(384, dtype=np.float32)


def work(title, description="", *keys, vector=None):
    return Work(Document(title, description), frozenset(keys), vector)


def near(cosine):
    """Two unit vectors with a cosine."""
    return UNIT[0], (cosine * UNIT[0] + np.sqrt(1 - cosine**2) * UNIT[1]).astype(np.float32)


def verdict(title_a, title_b, keys_a=(), keys_b=(), cosine=0.95, description="Some words."):
    first, second = near(cosine)
    a = work(title_a, description, *keys_a, vector=first)
    b = work(title_b, description, *keys_b, vector=second)
    return same_work(a, b).verdict


def test_a_shared_name_decides_whatever_the_titles_say():
    found = same_work(work("A", "", "arxiv:1706.03762", "url:x"), work("Zebra", "", "arxiv:1706.03762"))
    assert (found.verdict, found.evidence, found.score) == ("same", "both are arxiv:1706.03762", 1.0)


def test_two_papers_with_one_title_are_two():
    assert verdict("Deep learning", "Deep learning", ["arxiv:1"], ["arxiv:2"], 0.99) == "different"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("YOLOv3 in PyTorch from scratch", "YOLOv4 in PyTorch from scratch"),
        ("A guide to attention, part 2", "A guide to attention, part 3"),
        ("A guide to attention, part ii", "A guide to attention, part iii"),
        ("State of AI report 2019", "State of AI report 2020"),
        ("What is new, May edition of news", "What is new, June edition of news"),
        ("Keras 2.0 released", "Keras 2.1 released"),
    ],
)
def test_versions_parts_and_issues_stay_apart(a, b):
    assert verdict(a, b, cosine=0.99) == "different"


def test_a_survey_and_its_subject_stay_apart():
    assert verdict("A survey of graph neural networks", "Graph neural networks", cosine=0.93) == "different"


@pytest.mark.parametrize(("cosine", "expected"), [(0.9, "same"), (0.86, "same"), (0.8, "maybe"), (0.4, "different")])
def test_equal_titles_need_close_texts(cosine, expected):
    assert verdict("Gorse", "gorse", ["url:a"], ["github:z/gorse", "url:b"], cosine) == expected


MOVED = "A very simple framework for state-of-the-art natural language processing."


@pytest.mark.parametrize(
    ("description", "cosine", "expected"), [(MOVED, 0.95, "same"), ("Words.", 0.95, "maybe"), (MOVED, 0.4, "different")]
)
def test_a_repository_may_have_moved(description, cosine, expected):
    found = verdict("Flair", "Flair", ["github:old/flair"], ["github:new/flair"], cosine, description)
    assert found == expected


def test_two_implementations_of_one_paper_stay_apart():
    description = "A PyTorch implementation of the paper on masked region networks, with weights."
    found = verdict("Mask R-CNN", "Mask R-CNN", ["github:a/mask-rcnn"], ["github:b/mask-rcnn"], 0.99, description)
    assert found == "maybe"
    assert verdict("Mask R-CNN", "Mask R-CNN", ["github:a/mask-rcnn"], ["github:b/rcnn-keras"], 0.4) == "different"


def test_two_repositories_of_one_owner_are_two():
    assert verdict("Moss", "Moss", ["github:a/moss"], ["github:a/moss-js"], 0.99, MOVED) == "different"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Deep reinforcement learning for driving", "Deep reinforcement learning for driving: a survey"),
        ("Graph networks", "Awesome graph networks"),
        ("Attention is all you need", "Attention is all you need, an implementation"),
        ("GAP safe screening rules for sparse multi-task models", "GAP safe screening rules for sparse group lasso"),
        ("Keras", "KerasCV"),
        ("Ruby 2.4 released", "Ruby 2.6 released"),
        ("Hiring trends, July 2017", "Hiring trends, December 2017"),
        ("Annual report (2019)", "Annual report (2020)"),
    ],
)
def test_works_with_similar_names_stay_apart(a, b):
    assert verdict(a, b, cosine=0.79) == verdict(b, a, cosine=0.79) == "different"


def test_marks_of_those_who_pass_a_title_on_are_no_part_of_it():
    title = "The aesthetics of spaceship design in films"
    assert verdict(title, f"Show HN: {title} (2010) [pdf]", cosine=0.9) == "same"


def test_a_bare_title_that_returns_after_months_is_a_question():
    title = "What are you working on this week"
    days = [datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 20, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)]
    works = [Work(Document(title), frozenset(), UNIT[0], frozenset(), day) for day in days]
    assert [same_work(works[0], other).verdict for other in works[1:]] == ["same", "maybe"]


def test_a_renamed_paper_keeps_its_abstract():
    abstract = "We study how moss grows on the north side of trees and find that it does. " * 4
    assert verdict("How moss grows", "On the growth of moss", description=abstract) == "same"
    assert verdict("How moss grows", "Ferns", description=abstract) == "different"


def test_a_name_and_the_same_name_with_its_subtitle_are_a_question():
    first, second = near(0.9)
    a, b = work("Moss: parsers for all", "", vector=first), work("Moss", "Parsers for all", vector=second)
    assert same_work(a, b).verdict == "maybe"


def test_a_link_speaks_for_it_where_the_texts_agree():
    first, second = near(0.7)
    paper = Work(Document("Fernlight: parsing moss"), frozenset({"arxiv:1"}), first, frozenset({"github:a/b"}))
    assert same_work(paper, Work(Document("fern"), frozenset({"github:a/b"}), second)).verdict == "same"
    far = Work(Document("fern"), frozenset({"github:a/b"}), UNIT[5])
    assert same_work(paper, far).verdict == "maybe"
    rival = Work(Document("fern"), frozenset({"github:a/b", "arxiv:2"}), second)
    assert same_work(paper, rival).verdict == "different"


def test_a_title_alone_has_to_say_enough():
    title = "How I became the best at nothing in two hours"
    assert verdict(title, title.upper(), description="") == "same"
    assert verdict("Flashlight", "FlashLight", description="") == "maybe"


def test_nearly_equal_titles_need_very_close_texts():
    a, b = "Attention augmented convolutional networks", "Attention-augmented convolutional network"
    assert verdict(a, b, cosine=0.95) == "same"
    assert verdict(a, b, cosine=0.8) == "maybe"


def test_without_vectors_it_is_at_most_a_proposal():
    found = same_work(work("The same long title of a work", "x"), work("The same long title of a work", "y"))
    assert found.verdict == "maybe"


TITLES = st.text(alphabet="ab 12é", max_size=12)
KEYS = st.frozensets(st.sampled_from(["arxiv:1", "arxiv:2", "github:a/b", "url:x", "doi:3"]), max_size=3)


@given(TITLES, TITLES, KEYS, KEYS, st.floats(-1, 1))
def test_the_answer_is_the_same_from_both_sides(title_a, title_b, keys_a, keys_b, cosine):
    first, second = near(cosine)
    a, b = Work(Document(title_a), keys_a, first), Work(Document(title_b), keys_b, second)
    assert same_work(a, b) == same_work(b, a)
    assert 0.0 <= same_work(a, b).score <= 1.0


def test_on_real_pairs_same_is_right_and_most_are_found(shared_data, encoder):
    """Precision of "same" on pairs of others, 1,750 of one work and 801 of two; with the addresses and without them."""
    with (shared_data / "pairs" / "pairs.csv").open(encoding="utf-8", newline="") as file:
        # Shared addresses are easy: of them every fourth is enough here.
        rows = [row for place, row in enumerate(csv.DictReader(file)) if row["label"] == "not-dup" or place % 4 == 0]
    sides = {side: [document(row[f"title_{side}"], row[f"description_{side}"]) for row in rows] for side in "ab"}
    vectors = {side: encoder.of(sides[side]) for side in "ab"}
    found, shown = {True: 0, False: 0}, {True: 0, False: 0}
    for place, row in enumerate(rows):
        keys = {side: frozenset(identity_keys(row[f"url_{side}"])) for side in "ab"}
        for hides in (False, True):
            a, b = (
                Work(sides[side][place], frozenset() if hides else keys[side], vectors[side][place]) for side in "ab"
            )
            verdict = same_work(a, b).verdict
            if verdict == "same":
                assert row["label"] == "dup", (row["pair_id"], same_work(a, b).evidence)
            shown[hides] += verdict != "different"
            found[hides] += verdict != "different" and row["label"] == "dup"
    n = sum(row["label"] == "dup" for row in rows)
    assert found[False] / n >= 0.97
    assert found[True] / n >= 0.70
    assert (found[False] / shown[False], found[True] / shown[True]) >= (0.98, 0.97)


def by(title, near, *authors, text="One line about it."):
    """A work of these people, whose vector is `near` to that of the others."""
    return Work(Document(title, text), vector=near, authors=frozenset(authors))


@pytest.mark.parametrize(
    ("theirs", "text", "verdict", "words"),
    [
        (("hopper g",), "Another line.", "maybe", "by other people"),
        (("lovelace a", "hopper g"), "Another line.", "same", ""),
        ((), "Another line.", "same", ""),
    ],
)
def test_other_people_take_a_merge_back_and_nobody_named_does_not(theirs, text, verdict, words):
    found = same_work(
        by("Moss without roots or leaves", UNIT[0], "lovelace a"),
        by("Moss without roots or leaves", UNIT[0], *theirs, text=text),
    )
    assert found.verdict == verdict
    assert words in found.evidence


def test_one_author_of_an_equal_title_settles_it():
    first, second = UNIT[0], (UNIT[0] * 0.6 + UNIT[1] * 0.8).astype(np.float32)
    pair = by("Moss without roots", first, "lovelace a"), by("Moss without roots", second, "lovelace a", "hopper g")
    assert same_work(*pair).verdict == "same"
    assert same_work(*pair).evidence.endswith("both by lovelace a")
    nameless = by("Moss without roots", first), by("Moss without roots", second)
    assert same_work(*nameless).verdict == "maybe"


def test_one_long_text_is_one_work_whoever_is_named():
    text = "Moss has no roots and drinks through its leaves, which we measured in forty gardens over two years. " * 3
    pair = by("Moss drinks", UNIT[0], "lovelace a", text=text), by("How moss drinks", UNIT[0], "hopper g", text=text)
    assert same_work(*pair).verdict == "same"
