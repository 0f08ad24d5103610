"""What of a work is found where."""

import pytest

from winnow.models import Item
from winnow.web.facets import Shown, facets_of, schema_of

PAPER, CODE = "https://arxiv.org/abs/2399.04417", "https://github.com/quillmoss/fernlight"


def item(url, links=()):
    return Item(url=url, links=list(links))


def test_facets_come_from_the_item_its_links_and_its_copies():
    talk = item("https://youtu.be/zZ9_qX-4kLm")
    found = facets_of(item(CODE, [PAPER, "https://mossnotes.example/"]), [talk])
    assert found == [Shown("Paper", PAPER), Shown("Code", CODE), Shown("Talk", talk.url)]


def test_each_address_is_shown_once_as_it_was_first_given():
    found = facets_of(item(PAPER, [CODE]), [item(f"{CODE}.git"), item("https://arxiv.org/pdf/2399.04417v2")])
    assert found == [Shown("Paper", PAPER), Shown("Code", CODE)]


def test_a_work_at_one_place_has_no_facets():
    assert facets_of(item(PAPER), [item(PAPER)]) == []
    assert facets_of(item(""), []) == []


def test_what_cannot_be_linked_to_is_no_facet():
    assert facets_of(item(PAPER, ["javascript:alert(1)"]), []) == []


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        (PAPER, "ScholarlyArticle"),
        (CODE, "SoftwareSourceCode"),
        ("https://youtu.be/zZ9_qX-4kLm", "VideoObject"),
        ("https://mossnotes.example/a-page", "CreativeWork"),
        ("javascript:alert(1)", "CreativeWork"),
        ("", "CreativeWork"),
    ],
)
def test_programs_are_told_the_kind_of_work(url, kind):
    assert schema_of(item(url)) == kind
