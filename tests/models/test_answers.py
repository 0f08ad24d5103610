"""Answers kept under a key."""

from winnow.models import StoredAnswer


def keep(caller, key):
    return StoredAnswer.objects.create(caller=caller, key=key, request_sha256="0", status=200, body={})


def test_a_caller_has_one_answer_a_key(refused):
    keep("token:1", "k")
    assert refused(lambda: keep("token:1", "k"))


def test_another_caller_and_another_key_are_apart(refused):
    keep("token:1", "k")
    assert not refused(lambda: keep("token:2", "k"))
    assert not refused(lambda: keep("token:1", "K"))
