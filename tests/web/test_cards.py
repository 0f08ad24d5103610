"""The picture of a work."""

import struct
import zlib

import numpy as np
import pytest

from winnow.services.encode import pack
from winnow.web.cards import HEIGHT, WIDTH, card

BLUE = "#3355aa"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunks(png):
    """The chunks of a PNG by kind, each with its checksum checked."""
    assert png.startswith(SIGNATURE)
    found, at = {}, len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        kind, data = png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        assert struct.unpack(">I", png[at + 8 + length : at + 12 + length]) == (zlib.crc32(kind + data),)
        found[kind] = data
        at += 12 + length
    return found


def pixels(png):
    raw = np.frombuffer(zlib.decompress(chunks(png)[b"IDAT"]), dtype=np.uint8).reshape(HEIGHT, WIDTH + 1)
    assert not raw[:, 0].any()
    return raw[:, 1:]


@pytest.fixture
def vector():
    return np.random.default_rng(0).normal(size=384)


def test_it_is_a_png_of_the_size_that_is_announced(vector):
    png = card(vector, title="T", colour=BLUE)
    assert list(chunks(png)) == [b"IHDR", b"PLTE", b"IDAT", b"IEND"]
    assert struct.unpack(">IIBBBBB", chunks(png)[b"IHDR"]) == (1200, 630, 8, 3, 0, 0, 0)
    assert len(png) < 60_000


def test_its_bar_is_in_the_colour_of_the_tag(vector):
    png = card(vector, title="T", colour=BLUE)
    place = int(pixels(png)[0, 0])
    assert chunks(png)[b"PLTE"][3 * place : 3 * place + 3] == bytes.fromhex(BLUE[1:])
    assert pixels(png).max() < len(chunks(png)[b"PLTE"]) / 3


def test_the_same_work_has_the_same_picture_and_another_has_another(vector):
    assert card(vector, title="T", colour=BLUE) == card(vector, title="U", colour=BLUE)
    assert card(vector, title="T", colour=BLUE) != card(-vector, title="T", colour=BLUE)


def test_works_that_are_alike_look_alike(vector):
    near, far = vector + 0.05, np.random.default_rng(1).normal(size=384)
    drawn = [pixels(card(one, title="T", colour=BLUE)) for one in (vector, near, far)]
    assert (drawn[0] != drawn[1]).mean() < (drawn[0] != drawn[2]).mean() / 2


@pytest.mark.parametrize("odd", [None, np.zeros(0), np.zeros(384), np.full(384, np.nan), np.ones(3)])
def test_any_vector_makes_a_picture(odd):
    assert pixels(card(odd, title="T", colour=BLUE)).any()


def test_without_a_vector_the_title_gives_the_pattern():
    cards = [card(None, title=title, colour=BLUE) for title in ("T", "T", "U")]
    assert cards[0] == cards[1] != cards[2]


def test_a_page_names_its_picture_and_the_picture_is_there(client, visit, make_item, vector):
    item = make_item("Drawn", state="published", vector=pack(vector.astype(np.float32)))
    (address,) = visit(f"/i/{item.pk}/drawn").all(r'<meta property="og:image" content="http://127.0.0.1:8000([^"]+)"')
    answer = client.get(address)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "public, max-age=86400")
    pixels(answer.content)
