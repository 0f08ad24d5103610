"""An unsafe site."""

import pytest

from winnow.unsafe.site import PROTECTORS


@pytest.mark.parametrize(
    ("number", "told", "fault"),
    [
        ("E004", {"SECRET_KEY": "short"}, "can be guessed"),
        ("E004", {"SECRET_KEY": "abc" * 20}, "can be guessed"),
        ("E004", {"SECRET_KEY_FALLBACKS": ["short"]}, "can be guessed"),
        ("E005", {"ALLOWED_HOSTS": ["a.example", "*"]}, "with *"),
        ("E006", {"ALLOWED_HOSTS": ["https://a.example"]}, "'https://a.example' is no name"),
        ("E006", {"ALLOWED_HOSTS": ["a.example:8000"]}, "'a.example:8000' is no name"),
        ("E007", {"BASE_URL": "http://winnow.example.org"}, "in the clear"),
        ("E007", {"BASE_URL": "http://8.8.8.8:8000"}, "in the clear"),
        ("E008", {"BASE_URL": "https://ada:pw@winnow.example.org"}, "more than"),
        ("E008", {"BASE_URL": "https://winnow.example.org/below"}, "more than"),
        ("E030", {"DEBUG": True}, "to strangers"),
        ("E031", {"MIDDLEWARE": list(PROTECTORS[1:])}, f"{PROTECTORS[0]} is missing"),
    ],
)
def test_o5_an_unsafe_site_is_refused_by_name(refused, number, told, fault):
    ((found, said),) = refused(told)
    assert (found, fault in said) == (number, True)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"ALLOWED_HOSTS": ["a.example", ".b.example", "[::1]", "10.0.0.1", "web"]},
        {"BASE_URL": "https://winnow.example.org:8443"},
        {"BASE_URL": "http://winnow.lan"},
        {"BASE_URL": "http://192.168.3.4:8000"},
        {"BASE_URL": "http://web:8000"},
    ],
    ids=str,
)
def test_what_is_safe_is_not(refused, told):
    assert refused(told) == []
