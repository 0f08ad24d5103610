"""The decision of gate 2, over a store that is a dictionary."""

import numpy as np
import pytest

from winnow.core.text import document
from winnow.core.values import Candidate, Document, Fault
from winnow.ml.duplicates import Work
from winnow.ml.offtopic import OffTopicVerdict
from winnow.services.screen import (
    MAX_KEY,
    Holder,
    Outcome,
    Screened,
    Verdict,
    clean_document,
    is_certain,
    judge,
    keys_of,
    names_of,
)

ARXIV = "https://arxiv.org/abs/1706.03762"
TITLE = "The Annotated Transformer"
NEAR = np.array([1, 0], dtype=np.float32)
FAR = np.array([0, 1], dtype=np.float32)
ON_TOPIC = OffTopicVerdict("on_topic", "", 0.0)
SPAM = OffTopicVerdict("spam", "the text sells pills", 1.0)
OFF_TOPIC = OffTopicVerdict("off_topic", "another subject", 0.9)


def screened(title=TITLE, *, url="", description="", vector=NEAR, topic=ON_TOPIC, fault=None):
    candidate = Candidate("1", title, description, url, fault=fault)
    doc = clean_document(candidate)
    return Screened(candidate, doc, vector, keys_of(candidate, doc), topic)


def holding(**works):
    """A store that holds these works, found by any of their keys."""
    held = {key: Holder(name, work.work) for name, work in works.items() for key in work.keys}
    return lambda keys: {key: held[key] for key in keys if key in held}


def test_what_is_new_and_on_topic_comes_in():
    assert judge(screened(), holding()) == Verdict(Outcome.ACCEPTED)


@pytest.mark.parametrize("topic", [SPAM, OFF_TOPIC])
def test_off_topic_and_spam_are_told_apart_with_their_reason(topic):
    assert judge(screened(topic=topic), holding()) == Verdict(Outcome(topic.kind), topic.reason)


def test_where_no_topic_is_judged_everything_is_on_topic():
    assert judge(screened(topic=None), holding()).outcome is Outcome.ACCEPTED


def test_invalid_comes_before_anything_else():
    work = screened(url=ARXIV, topic=SPAM, fault=Fault("title", "is empty"))
    assert judge(work, holding(face=screened(url=ARXIV))) == Verdict(Outcome.INVALID, "title: is empty")


def test_a_copy_comes_before_its_topic():
    work = screened("Something else", url=ARXIV, topic=SPAM)
    assert judge(work, holding(face=screened(url=ARXIV))).outcome is Outcome.DUPLICATE


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        (ARXIV, "the same arxiv work 1706.03762"),
        ("https://example.org/a", "the same address https://example.org/a"),
        ("", "the same title and description"),
    ],
)
def test_the_reason_says_what_is_shared(url, reason):
    assert judge(screened(url=url), holding(face=screened(url=url))) == Verdict(Outcome.DUPLICATE, reason, "face")


def test_the_strongest_key_names_the_face():
    store = holding(by_text=screened(), by_name=screened("Another title", url=ARXIV))
    assert judge(screened(url=ARXIV), store).face == "by_name"


def test_equal_titles_and_near_texts_are_one_work():
    store = holding(face=screened(description="Code and paper, line by line."))
    verdict = judge(screened(description="The paper, line by line, with code."), store)
    assert (verdict.outcome, verdict.face) == (Outcome.DUPLICATE, "face")


def test_equal_titles_and_far_texts_are_for_a_person():
    store = holding(face=screened(description="Code and paper, line by line."))
    verdict = judge(screened(description="A short film about toys.", vector=FAR), store)
    assert (verdict.outcome, verdict.face) == (Outcome.ACCEPTED, "face")
    assert verdict.reason.startswith("may be the same work: ")


def test_what_may_be_a_copy_and_is_off_topic_is_off_topic():
    store = holding(face=screened(description="Code and paper, line by line."))
    verdict = judge(screened(description="A short film about toys.", vector=FAR, topic=OFF_TOPIC), store)
    assert verdict == Verdict(Outcome.OFF_TOPIC, OFF_TOPIC.reason)


def test_equal_titles_of_two_arxiv_works_are_two_works():
    store = holding(face=screened(url=ARXIV, description="One."))
    assert judge(screened(url="https://arxiv.org/abs/2401.00001", description="Two."), store) == Verdict(
        Outcome.ACCEPTED
    )


def test_keys_come_strongest_first_each_once_and_none_too_long():
    candidate = Candidate("1", TITLE, url="https://example.org/" + "x" * MAX_KEY)
    assert [key.partition(":")[0] for key in keys_of(candidate, clean_document(candidate))] == ["text", "title"]
    kinds = [key.partition(":")[0] for key in screened(url=ARXIV).keys]
    assert kinds == ["arxiv", "url", "text", "title"]


def test_without_title_and_address_only_the_text_names_a_work():
    assert [key.partition(":")[0] for key in screened("", description="Some words").keys] == ["text"]


def test_a_title_suggests_and_everything_else_is_certain():
    certain = [key for key in screened(url=ARXIV).keys if is_certain(key)]
    assert [key.partition(":")[0] for key in certain] == ["arxiv", "url", "text"]


def test_names_are_keys_that_are_not_made_of_the_text():
    assert names_of(screened(url=ARXIV).keys) == {"arxiv:1706.03762", f"url:{ARXIV}"}
    assert screened(url=ARXIV).work == Work(document(TITLE), names_of(screened(url=ARXIV).keys), NEAR)


def test_the_document_is_clean():
    assert clean_document(Candidate("1", " A\ttitle\u200b ", "Two\n lines")) == Document("A title", "Two lines")
