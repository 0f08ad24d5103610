import csv
import threading

import numpy as np
import pytest

from winnow.core.errors import InputError
from winnow.core.text import document, joined
from winnow.ml.encoder import MAX_CHARACTERS, Encoder, load_encoder
from winnow.ml.encoder_files import find_files
from winnow.ml.graph import build_graph
from winnow.ml.safetensors import parse_safetensors

TEXTS = ["Attention is all you need", "", "深度学习", "a cat", "word " * 5_000, "🤖", "Ein Übersetzer für Gedichte"]


def test_vectors_have_length_one_and_the_order_of_the_texts(real_encoder):
    vectors = real_encoder.encode(TEXTS)
    assert vectors.shape == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_a_text_has_the_same_bits_alone_in_any_batch_and_in_any_order(real_encoder):
    together = real_encoder.encode(TEXTS)
    alone = np.concatenate([real_encoder.encode([text]) for text in TEXTS])
    turned = real_encoder.encode(TEXTS[::-1])[::-1]
    assert together.tobytes() == alone.tobytes() == np.ascontiguousarray(turned).tobytes()


def test_no_texts_give_no_rows_of_the_right_width(real_encoder):
    assert real_encoder.encode([]).shape == (0, 384)


def test_progress_follows_each_text(real_encoder):
    seen = []
    real_encoder.encode(["a", "b", "c"], progress=lambda done, total: seen.append((done, total)))
    real_encoder.encode(["a"], progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3), (1, 1)]


def test_likeness_is_likeness_of_meaning(real_encoder):
    cat, kitten, tax = real_encoder.encode(["A cat sleeps.", "A kitten is napping.", "The tax return is due in May."])
    assert cat @ kitten > 0.5 > cat @ tax


def test_what_lies_beyond_the_limit_changes_nothing(real_encoder):
    long = "word " * (MAX_CHARACTERS // 5)
    first, second = real_encoder.encode([long, long + "something else entirely"])
    assert first.tobytes() == second.tobytes()


def test_a_folder_with_a_graph_of_its_own_is_an_encoder_too(tmp_path, real_encoder, shared_data):
    """The float32 graph as a folder; the int8 graph agrees with it on real texts."""
    files = real_encoder._files
    weights = parse_safetensors(files.model.read_bytes(), files.model)
    (tmp_path / "model.onnx").write_bytes(build_graph(weights, heads=12).SerializeToString())
    (tmp_path / "tokenizer.json").write_bytes(files.tokenizer.read_bytes())
    exact = load_encoder(str(tmp_path), tmp_path / "cache")
    assert exact.sha256 != real_encoder.sha256
    with (shared_data / "made-with-ml" / "dataset.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:50]
    texts = [joined(document(row["title"], row["description"])) for row in rows]
    likeness = (exact.encode(texts) * real_encoder.encode(texts)).sum(axis=1)
    assert len(likeness) == 50
    assert likeness.min() >= 0.99
    assert not (tmp_path / "cache").exists()


def test_threads_share_one_encoder(real_encoder):
    answers = {}

    def work(number):
        answers[number] = real_encoder.encode(TEXTS).tobytes()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(answers.values()) == {real_encoder.encode(TEXTS).tobytes()}
    assert len(answers) == 4


def test_a_tokenizer_that_is_none_is_refused_by_name(tmp_path):
    (tmp_path / "model.onnx").write_bytes(b"")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(InputError, match=r"tokenizer\.json: not a tokenizer"):
        Encoder(find_files(str(tmp_path), tmp_path)).encode(["a"])
