import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.errors import FetchError
from winnow.egress.decoding import read_body


def read(body: bytes, encoding: str = "gzip", size: int = 7, **limits: int) -> bytes:
    chunks = (body[start : start + size] for start in range(0, len(body), size))
    return read_body(chunks, encoding, **({"max_wire": 10**6, "max_unpacked": 10**6} | limits))


def refusal(*arguments, **limits) -> str:
    with pytest.raises(FetchError) as caught:
        read(*arguments, **limits)
    return caught.value.code


@given(st.binary(max_size=2000), st.integers(1, 500))
def test_gzip_and_plain_bodies_come_out_as_they_went_in(body, size):
    assert read(gzip.compress(body), "gzip", size) == read(body, "", size) == body


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", " GZIP "])
def test_gzip_has_several_names(encoding):
    assert read(gzip.compress(b"x" * 999), encoding) == b"x" * 999


@pytest.mark.parametrize(
    "encoding", ["gzip, gzip", "br", "deflate", "zstd", "gzip, identity", "identity, identity", ","]
)
def test_f14_stacked_and_unknown_encodings_are_refused(encoding):
    assert refusal(gzip.compress(b"x"), encoding) == "encoding"


@pytest.mark.parametrize(
    "body", [b"no gzip", gzip.compress(b"x" * 99)[:-5], zlib.compress(b"x"), gzip.compress(b"x")[:-8] + b"12345678"]
)
def test_torn_bodies_are_refused(body):
    assert refusal(body) == "encoding"


def test_an_empty_body_is_empty_under_every_encoding():
    assert read(b"") == read(b"", "") == b""


def test_what_follows_the_first_member_is_ignored():
    assert read(gzip.compress(b"first") + gzip.compress(b"second") + b"\0\0") == b"first"


def test_limits_are_exact():
    body = b"x" * 1000
    assert read(body, "", max_wire=1000, max_unpacked=1000) == body
    assert refusal(body, "", max_wire=999) == "too_large"
    assert read(gzip.compress(body), max_unpacked=1000) == body
    assert refusal(gzip.compress(body), max_unpacked=999) == "too_large"


def test_f13_a_bomb_is_cut_after_few_pieces():
    n_chunks = 0

    def bomb():
        nonlocal n_chunks
        packer = zlib.compressobj(wbits=31)
        for _ in range(1000):
            n_chunks += 1
            yield packer.compress(b"\0" * 1_000_000)

    with pytest.raises(FetchError, match="more than may be kept"):
        read_body(bomb(), "gzip", max_wire=10**6, max_unpacked=10**7)
    assert n_chunks < 60
