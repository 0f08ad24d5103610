"""What was read at addresses."""

import pytest
from django.utils import timezone

from winnow.models import LookUp
from winnow.queries.look_ups import key_of, look_up_of


def test_one_work_has_one_key_under_its_addresses():
    keys = {key_of(url) for url in ("https://arxiv.org/abs/1706.03762", "http://arxiv.org/pdf/1706.03762v2")}
    assert len(keys) == 1
    assert len(keys.pop()) == 64


@pytest.mark.parametrize("url", ["", "nonsense", "javascript:alert(1)"])
def test_what_is_no_address_has_none(url):
    assert key_of(url) == ""


@pytest.mark.django_db
def test_a_reading_is_found_by_any_address_of_the_work():
    row = LookUp.objects.create(key=key_of("https://example.org/a"), url="x", asked_at=timezone.now())
    assert look_up_of("https://example.org/a?utm_source=b") == row
    assert look_up_of("https://example.org/b") is None
    assert look_up_of("nonsense") is None
