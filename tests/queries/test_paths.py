"""Addresses as pages and mails write them."""

import pytest

from winnow.models import Item
from winnow.queries.paths import item_path


@pytest.mark.parametrize(
    ("title", "path"), [("A Fine Work!", "/i/7/a-fine-work"), ("作品", "/i/7/item"), ("x" * 99, f"/i/7/{'x' * 60}")]
)
def test_the_address_of_an_item_holds_words_of_its_title(title, path):
    assert item_path(Item(pk=7, title=title)) == path
