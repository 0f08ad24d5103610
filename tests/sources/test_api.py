"""What connectors to JSON interfaces share."""

from datetime import UTC, datetime

import pytest

from winnow.core.errors import FetchError
from winnow.sources import api
from winnow.sources.api import get_json, host_of, may_know, moment, numbers, objects, replaced_query, string, with_query


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000, b"NaN", b'{"a": 1, "a": 2}'])
def test_x15_what_is_no_plain_json_is_refused(site, client, body):
    with pytest.raises(FetchError) as caught:
        get_json(client, site.put("/x", body))
    assert caught.value.code == "not_json"


def test_an_answer_that_is_too_large_is_refused(site, client, monkeypatch):
    monkeypatch.setattr(api, "MAX_BYTES", 10)
    with pytest.raises(FetchError) as caught:
        get_json(client, site.put("/x", "[1, 2, 3, 4, 5]"))
    assert caught.value.code == "too_large"


def test_fields_of_odd_types_are_absent():
    holder = {"a": {"b": 3}, "c": [1], "d": True, "e": "x", "n": 2.5}
    assert [string(holder, *path) for path in (["a", "b"], ["a"], ["c"], ["d"], ["e"], ["e", "f"], ["z"])] == [
        "3", "", "", "", "x", "", "",
    ]  # fmt: skip
    assert numbers(holder, {"one": "n", "two": "d", "three": "e", "four": "z"}) == {"one": 2.5}
    assert (objects([{}, 1, None]), objects({})) == ([{}], [])


@pytest.mark.parametrize("value", [None, "x", 1e30, float("nan"), [], {}])
def test_x12_a_moment_that_is_none_is_absent(value):
    assert moment(value) is None


def test_a_moment_is_in_utc():
    assert moment("86400") == datetime(1970, 1, 2, tzinfo=UTC)


def test_parameters_are_added_or_replaced():
    address = "https://a.test/x?q=topic:a&n=1#f"
    assert with_query(address, n="2", m="3") == "https://a.test/x?q=topic:a&n=1&m=3"
    assert replaced_query(address, n="2", m="3") == "https://a.test/x?q=topic:a&n=2&m=3"


@pytest.mark.parametrize(
    ("address", "may"),
    [
        ("https://api.test/x", True),
        ("http://api.test/x", False),
        ("https://api.test.evil.test/", False),
        ("https://10.0.0.1/", False),
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]/", True),
        ("https://[", False),
        ("https://localhost/", False),
    ],
)
def test_a_secret_is_shown_to_the_service_and_to_this_machine(address, may):
    assert may_know(address, ("api.test",)) is may


def test_hosts():
    assert [host_of(address) for address in ("HTTPS://WWW.A.test:1/", "x", "https://[")] == ["a.test", "", ""]
