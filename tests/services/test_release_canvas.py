"""The canvas of the shop of test_release, as a picture to print."""

import re

import pytest
from tests.services.test_release import make_shop

from winnow.services.release import check_release
from winnow.services.release_canvas import canvas_picture

pytestmark = pytest.mark.django_db
FOREIGN = '<script>alert(1)</script> #panic("x") ]] $x$ \\ #import "@preview/x:1.0.0" [out](javascript:alert(1))'


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    return make_shop(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def draw(whole):
    """Draw the canvas with something in the place of its first words."""

    def draw(kind, words="Words."):
        text = (whole / "canvas.md").read_text().replace("Words.", words, 1)
        return canvas_picture(check_release("first", project=whole, texts={whole / "canvas.md": text}), kind)

    return draw


def size_of(svg):
    width, height = re.search(rb'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg).groups()
    return float(width), float(height)


def test_it_is_one_page_of_a3_that_lies(draw):
    assert draw("pdf").startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", draw("pdf"))) == 1
    assert size_of(draw("svg")) == pytest.approx((1190.55, 841.89), abs=0.1)


def test_much_text_makes_small_letters_and_more_a_longer_page_but_never_a_second(draw):
    much, more = (draw("svg", "\n\n".join(["Many words stand here. " * 12] * n)) for n in (6, 60))
    assert size_of(much) == size_of(draw("svg"))
    assert size_of(more)[1] > size_of(much)[1]
    assert size_of(more)[0] == size_of(much)[0]


def test_foreign_text_is_inert(draw):
    picture = draw("svg", FOREIGN)
    assert b"<script" not in picture
    assert b"javascript:" not in picture
    assert b'href="http' not in picture


def test_the_same_text_gives_the_same_bytes_and_no_canvas_gives_none(draw, whole, tmp_path):
    assert draw("svg") == draw("svg")
    templates = tmp_path / "templates" / "release"
    templates.mkdir(parents=True)
    (templates / "letter.md").write_text("# Letter\n\n## Dear reader\n")
    assert canvas_picture(check_release("first", project=whole, templates=templates.parent), "pdf") == b""
