"""The body of an answer, unpacked piece by piece so that a small one never becomes a huge one."""

import zlib
from collections.abc import Iterable, Iterator

from winnow.core.errors import FetchError

_GZIP = 16 + zlib.MAX_WBITS
_PIECE = 256 * 1024


def read_body(chunks: Iterable[bytes], encoding: str, *, max_wire: int, max_unpacked: int) -> bytes:
    """All of a body. Raises FetchError `too_large`, or `encoding` for one that was not asked for or is torn.

    `encoding` is the Content-Encoding header, all of them joined by commas: gzip or nothing, once.
    """
    wire = _at_most(chunks, max_wire)
    match encoding.strip().lower():
        case "" | "identity":
            pieces = wire
        case "gzip" | "x-gzip":
            pieces = _gunzip(wire)
        case _:
            raise FetchError("encoding", "the server sent an encoding that was not asked for")
    return b"".join(_at_most(pieces, max_unpacked))


def _at_most(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    n_bytes = 0
    for piece in pieces:
        n_bytes += len(piece)
        if n_bytes > limit:
            raise FetchError("too_large", "the server sent more than may be kept")
        yield piece


def _gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Pieces of bounded size. What follows the first member is ignored, as browsers do."""
    unpacker = zlib.decompressobj(_GZIP)
    is_empty = True
    for chunk in chunks:
        is_empty, packed = False, chunk
        while packed and not unpacker.eof:
            try:
                yield unpacker.decompress(packed, _PIECE)
            except zlib.error as error:
                raise FetchError("encoding", "what the server packed cannot be unpacked") from error
            packed = unpacker.unconsumed_tail
    yield unpacker.flush()  # a few hundred bytes at the most: what one code of the format may still hold back
    if not unpacker.eof and not is_empty:
        raise FetchError("encoding", "what the server packed ends too early")
