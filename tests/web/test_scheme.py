"""The scheme by which the site is reached."""

import pytest

from winnow.web.scheme import AsReached


@pytest.mark.parametrize(
    ("address", "scheme"), [("https://winnow.example.org", "https"), ("http://127.0.0.1:8000", "http")]
)
@pytest.mark.parametrize("claimed", ["http", "https"])
def test_the_settings_say_it_and_no_header(settings, address, scheme, claimed):
    settings.BASE_URL = address
    site = AsReached(lambda environ, _start: [environ["wsgi.url_scheme"].encode()])
    assert site({"wsgi.url_scheme": "http", "HTTP_X_FORWARDED_PROTO": claimed}, print) == [scheme.encode()]
