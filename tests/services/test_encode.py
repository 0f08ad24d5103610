"""Vectors: unit length, one a text, kept as bytes, made anew where another encoder made them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from winnow.core.errors import UnavailableError
from winnow.core.values import Document
from winnow.models import Item
from winnow.services.encode import encode, encoder, pack, unpack, vectors_of

TEXTS = [Document("Parsing of Czech"), Document("Parsing of Czech", "With trees."), Document(""), Document("语言模型")]
FINITE = st.floats(-1, 1, width=32)


def test_one_unit_vector_a_document():
    vectors = encode(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((4, 384), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(4), abs=1e-6)


def test_no_documents_are_no_vectors_of_the_same_width():
    assert encode([]).shape == (0, 384)


def test_neighbours_never_matter():
    assert np.array_equal(encode(TEXTS), np.stack([encode([text])[0] for text in TEXTS]))


def test_progress_counts_to_the_end():
    seen = []
    encode(TEXTS, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_the_encoder_is_loaded_once_a_process():
    assert encoder() is encoder()


def test_an_encoder_that_is_not_there_is_said(settings):
    settings.ENCODER = "/nowhere"
    encoder.cache_clear()
    try:
        with pytest.raises(UnavailableError, match="WINNOW_ENCODER=/nowhere"):
            encode([Document("BERT")])
    finally:
        encoder.cache_clear()


@given(arrays(np.float32, st.integers(0, 50), elements=FINITE))
def test_bytes_and_back_is_the_same_vector(vector):
    for stored in (pack(vector), memoryview(pack(vector))):
        assert np.array_equal(unpack(stored), vector)


@given(arrays(np.float64, st.integers(0, 50), elements=st.floats(-1, 1)))
def test_every_vector_is_kept_as_four_bytes_a_number(vector):
    assert len(pack(vector)) == 4 * len(vector)


def item(document, *, vector=None, encoder_sha256=""):
    return Item(title=document.title, description=document.description, vector=vector, encoder_sha256=encoder_sha256)


def test_stored_vectors_are_taken_and_stale_ones_made_anew():
    ours = encoder().sha256
    marked = np.arange(384, dtype=np.float32)
    rows = [
        item(TEXTS[0], vector=pack(marked), encoder_sha256=ours),
        item(TEXTS[1], vector=pack(marked), encoder_sha256="another"),
        item(TEXTS[2]),
        item(TEXTS[3], encoder_sha256=ours),
    ]
    assert np.array_equal(vectors_of(rows), np.stack([marked, *encode(TEXTS[1:])]))


def test_of_no_items_there_are_no_vectors():
    assert len(vectors_of([])) == 0


@pytest.mark.django_db
def test_a_vector_survives_the_database(make_item):
    made = make_item(vector=pack(encode(TEXTS[:1])[0]), encoder_sha256=encoder().sha256)
    assert np.array_equal(vectors_of([Item.objects.get(pk=made.pk)]), encode(TEXTS[:1]))
