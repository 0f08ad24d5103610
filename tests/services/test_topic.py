"""The off-topic screen of this installation."""

from winnow.core.values import Document
from winnow.services.encode import encode
from winnow.services.topic import judge_topics, screen

DOCUMENTS = [
    Document("Question answering over clinical notes", "We train a transformer and compare it with baselines."),
    Document("Lentil soup for a cold evening", "Boil lentils, onions and carrots for an hour."),
    Document("Best online casino bonus", "Free spins, win real money now, click here!!!"),
]


def test_each_document_is_judged_by_itself_and_in_order():
    verdicts = judge_topics(DOCUMENTS, encode(DOCUMENTS))
    assert [verdict.kind for verdict in verdicts] == ["on_topic", "off_topic", "spam"]
    assert [judge_topics([document], encode([document]))[0] for document in DOCUMENTS] == verdicts


def test_every_verdict_says_why():
    assert all(verdict.reason and 0 <= verdict.score <= 1 for verdict in judge_topics(DOCUMENTS, encode(DOCUMENTS)))


def test_the_screen_is_loaded_once_a_process():
    assert screen() is screen()


def test_no_documents_are_no_verdicts():
    assert judge_topics([], encode([])) == []
