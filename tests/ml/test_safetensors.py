import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from winnow.core.errors import InputError
from winnow.ml.safetensors import parse_safetensors

PATH = Path("model.safetensors")
NAMES = {"<f4": "F32", "<f2": "F16", "<i8": "I64"}


def written(tensors):
    header, body = {"__metadata__": {"format": "pt"}}, b""
    for name, tensor in tensors.items():
        end = len(body) + tensor.nbytes
        header[name] = {
            "dtype": NAMES[tensor.dtype.str],
            "shape": list(tensor.shape),
            "data_offsets": [len(body), end],
        }
        body += tensor.tobytes()
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + body


@given(
    arrays(
        np.dtype("<f4"),
        array_shapes(min_dims=1, max_dims=3, max_side=5),
        elements=st.floats(-100, 100, width=32),
    )
)
def test_parse_gives_back_what_was_written(tensor):
    parsed = parse_safetensors(written({"x": tensor}), PATH)
    assert list(parsed) == ["x"]
    assert np.array_equal(parsed["x"], tensor)


def test_parse_widens_halves_and_leaves_integers_out():
    parsed = parse_safetensors(written({"h": np.ones((2, 3), "<f2"), "ids": np.arange(4, dtype="<i8")}), PATH)
    assert list(parsed) == ["h"]
    assert parsed["h"].dtype == np.float32
    assert parsed["h"].shape == (2, 3)


@pytest.mark.parametrize("spoil", [slice(-4), slice(20), slice(0), slice(8, None)])
def test_parse_refuses_a_torn_file_by_name(spoil):
    with pytest.raises(InputError, match=r"model\.safetensors: not a safetensors file, or a torn one"):
        parse_safetensors(written({"x": np.ones((2, 2), "<f4")})[spoil], PATH)


@pytest.mark.parametrize(
    "header", ["[]", '{"x": 3}', '{"x": {"dtype": "F32"}}', '{"x": {"dtype": "F32", "shape": [2], "data_offsets": 1}}']
)
def test_parse_refuses_a_malformed_header(header):
    raw = len(header).to_bytes(8, "little") + header.encode()
    with pytest.raises(InputError, match="not a safetensors file"):
        parse_safetensors(raw, PATH)
