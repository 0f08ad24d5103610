"""The encoder that this installation uses, loaded once a process, and the vectors of Items."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from winnow.core.errors import InputError, UnavailableError
from winnow.core.text import joined
from winnow.core.values import Document
from winnow.ml.encoder import Encoder, Progress, load_encoder
from winnow.models import Item

Vectors = NDArray[np.float32]


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The encoder named by WINNOW_ENCODER. Raises UnavailableError where it cannot be had."""
    with _away():
        return load_encoder(settings.ENCODER, settings.CACHE)


def encode(documents: Sequence[Document], *, progress: Progress | None = None) -> Vectors:
    """One vector a Document, shape (n, dimension); each text is read alone, so neighbours never matter.

    Raises UnavailableError where there is no encoder: its files are read when they are first needed.
    """
    with _away():
        return encoder().encode([joined(document) for document in documents], progress=progress)


@contextmanager
def _away() -> Iterator[None]:
    """To whoever asks for vectors, wrong settings and files of the encoder are no fault of what they asked."""
    try:
        yield
    except InputError as error:
        raise UnavailableError(str(error)) from error


def pack(vector: Vectors) -> bytes:
    """A vector as the bytes that an Item's row holds."""
    return vector.astype("<f4").tobytes()


def unpack(data: bytes | memoryview) -> Vectors:
    """The vector that `pack` made."""
    return np.frombuffer(bytes(data), dtype="<f4")


def vectors_of(items: Sequence[Item]) -> Vectors:
    """Stored vectors where this encoder made them, computed anew where another did."""
    stale = [i for i, item in enumerate(items) if item.vector is None or item.encoder_sha256 != encoder().sha256]
    fresh = (
        dict(zip(stale, encode([Document(items[i].title, items[i].description) for i in stale]), strict=True))
        if stale
        else {}
    )
    rows = [fresh[i] if i in fresh else unpack(item.vector or b"") for i, item in enumerate(items)]
    return np.stack(rows) if rows else np.empty((0, 0), dtype=np.float32)
