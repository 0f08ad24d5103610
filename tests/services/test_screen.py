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
    Verdict,
    best_match,
    clean_document,
    judge,
    keys_of,
    links_of,
    names_of,
    screened_of,
)

ARXIV = "https://arxiv.org/abs/1706.03762"
TITLE = "The Annotated Transformer"
NEAR = np.array([1, 0], dtype=np.float32)
FAR = np.array([0, 1], dtype=np.float32)
ON_TOPIC = OffTopicVerdict("on_topic", "", 0.0)
SPAM = OffTopicVerdict("spam", "the text sells pills", 1.0)
OFF_TOPIC = OffTopicVerdict("off_topic", "another subject", 0.9)


def screened(title=TITLE, *, url="", description="", vector=NEAR, topic=ON_TOPIC, fault=None, links=()):
    candidate = Candidate("1", title, description, url, fault=fault, links=links)
    return screened_of(candidate, clean_document(candidate), vector, topic)


class Shelf:
    """A store in memory."""

    def __init__(self, works):
        self.works = {name: (Holder(name, work.work), work) for name, work in works.items()}

    def holders(self, keys):
        return {key: holder for holder, work in self.works.values() for key in keys if key in work.keys}

    def neighbours(self, blocks):
        return [holder for holder, work in self.works.values() if set(blocks) & set(work.blocks)]


def holding(**works):
    """A store that holds these works, found by any of their keys."""
    return Shelf(works)


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
    assert verdict == Verdict(Outcome.OFF_TOPIC, OFF_TOPIC.reason, "face")


def test_equal_titles_of_two_arxiv_works_are_two_works():
    store = holding(face=screened(url=ARXIV, description="One."))
    assert judge(screened(url="https://arxiv.org/abs/2401.00001", description="Two."), store) == Verdict(
        Outcome.ACCEPTED
    )


def test_keys_come_strongest_first_each_once_and_none_too_long():
    doc = document(TITLE, "Line by line.")
    assert [key.partition(":")[0] for key in keys_of("https://example.org/" + "x" * MAX_KEY, doc)] == ["text"]
    assert [key.partition(":")[0] for key in keys_of(ARXIV, doc)] == ["arxiv", "url", "text"]


def test_a_bare_title_beside_an_address_is_no_name():
    first, second = (screened("What are you reading", url=f"https://example.org/{n}") for n in range(2))
    assert [key.partition(":")[0] for key in first.keys] == ["url"]
    assert judge(second, holding(face=first)).outcome is Outcome.ACCEPTED


def test_without_title_and_address_only_the_text_names_a_work():
    assert [key.partition(":")[0] for key in screened("", description="Some words").keys] == ["text"]


@pytest.mark.parametrize(
    ("description", "found"),
    [
        ("We parse moss. Code: https://github.com/quillmoss/fernlight", ("github:quillmoss/fernlight",)),
        ("Our code is available at https://github.com/quillmoss/fernlight.", ("github:quillmoss/fernlight",)),
        ("Paper: https://arxiv.org/abs/2399.04417v2, slides follow.", ("arxiv:2399.04417",)),
        ("We build on https://github.com/otterbyte/base and others.", ()),
        ("Code: https://mossnotes.example/code", ()),
        ("", ()),
    ],
)
def test_a_description_says_where_its_code_is(description, found):
    assert links_of("https://example.org/a", (), Document("Moss", description)) == found


def test_links_of_a_source_are_names_and_its_own_address_is_none_of_them():
    links = (ARXIV, "https://github.com/quillmoss/fernlight", "https://mossnotes.example/")
    assert links_of(ARXIV, links, Document("Moss")) == ("github:quillmoss/fernlight",)


def test_a_paper_and_the_code_that_it_links_to_are_one_work():
    paper = screened("Fernlight: parsing moss", url=ARXIV, links=("https://github.com/quillmoss/fernlight",))
    code = screened("fernlight", url="https://github.com/quillmoss/fernlight")
    for first, second in ((paper, code), (code, paper)):
        verdict = judge(second, holding(face=first))
        assert (verdict.outcome, verdict.face) == (Outcome.DUPLICATE, "face")
        assert "one links to github:quillmoss/fernlight" in verdict.reason


def test_two_papers_that_link_to_one_repository_are_two():
    first, second = (
        screened(
            f"{name} learning of moss", url=f"https://arxiv.org/abs/2399.0000{n}", links=("https://github.com/a/zoo",)
        )
        for n, name in enumerate(("Shallow", "Deep"))
    )
    assert judge(second, holding(face=first)) == Verdict(Outcome.ACCEPTED)


def test_a_link_to_something_else_is_at_most_a_question():
    post = screened("Five things I cooked", vector=FAR, links=("https://github.com/quillmoss/fernlight",))
    code = screened("fernlight", url="https://github.com/quillmoss/fernlight")
    verdict = judge(post, holding(face=code))
    assert (verdict.outcome, verdict.face) == (Outcome.ACCEPTED, "face")


def test_the_best_match_is_the_surest():
    holders = [Holder(n, screened(title, url=url).work) for n, (title, url) in enumerate([(TITLE, ""), ("X", ARXIV)])]
    face, verdict = best_match(screened(url=ARXIV).work, holders)
    assert (face, verdict.verdict) == (1, "same")
    assert best_match(screened("Moss").work, holders) == (None, None)


def test_names_are_keys_that_are_not_made_of_the_text():
    assert names_of(screened(url=ARXIV).keys) == {"arxiv:1706.03762", f"url:{ARXIV}"}
    assert screened(url=ARXIV).work == Work(document(TITLE), names_of(screened(url=ARXIV).keys), NEAR)


def test_the_document_is_clean():
    assert clean_document(Candidate("1", " A\ttitle\u200b ", "Two\n lines")) == Document("A title", "Two lines")
