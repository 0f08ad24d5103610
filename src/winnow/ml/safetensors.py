"""Read the safetensors format: eight bytes of header length, a JSON header, raw arrays."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.errors import InputError

_DTYPES = {"F32": "<f4", "F16": "<f2"}


def parse_safetensors(raw: bytes, path: Path) -> dict[str, NDArray[np.float32]]:
    """Every floating-point tensor of a file as float32, by name; integer tensors are left out.

    `path` is named in the InputError that a header which does not fit the file raises.
    Source of the format: the README of safetensors, section Format.
    """
    length = int.from_bytes(raw[:8], "little")
    try:
        header = json.loads(raw[8 : 8 + length])
        body = memoryview(raw)[8 + length :]
        return {name: _tensor(body, entry) for name, entry in header.items() if entry.get("dtype") in _DTYPES}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{path}: not a safetensors file, or a torn one; fetch it again") from error


def _tensor(body: memoryview, entry: dict[str, Any]) -> NDArray[np.float32]:
    start, end = entry["data_offsets"]
    array = np.frombuffer(body[start:end], dtype=_DTYPES[entry["dtype"]])
    return array.reshape(entry["shape"]).astype(np.float32)
