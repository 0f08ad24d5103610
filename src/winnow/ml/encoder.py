"""Texts in, vectors out: a sentence encoder on onnxruntime, one text at a time, in int8."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.errors import InputError
from winnow.ml.encoder_files import EncoderFiles, find_files

MAX_TOKENS = 256
# Two hundred and fifty-six tokens seldom reach this far; what follows would only cost time in the tokeniser.
MAX_CHARACTERS = 4_000
Vectors = NDArray[np.float32]
Progress = Callable[[int, int], object]


class Encoder:
    """Turns texts into unit vectors. `sha256` tells encoders apart: equal hash, equal vectors.

    Nothing is loaded before the first text. Each text runs alone and on one thread: an int8 graph scales its
    activations by what is in the batch, so that neighbours would leak into the answer.
    """

    def __init__(self, files: EncoderFiles) -> None:
        self._files = files
        self.sha256 = files.sha256

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> Vectors:
        """Unit vectors, float32 (n, d), in the order of the texts; `progress(done, total)` follows each text."""
        if not texts:
            return np.empty((0, len(self._encode_one(""))), dtype=np.float32)
        if len(texts) == 1:
            return np.stack(list(_counted(map(self._encode_one, texts), 1, progress)))
        self._load()
        # Threads compute side by side, because onnxruntime lets go of the interpreter's lock.
        with ThreadPoolExecutor(max_workers=min(os.cpu_count() or 1, 8)) as pool:
            return np.stack(list(_counted(pool.map(self._encode_one, texts), len(texts), progress)))

    def _load(self) -> None:
        """Load before threads do, or each of them would."""
        _ = self._tokenizer, self._session

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer  # noqa: PLC0415  slow import: commands without a model need not wait for it

        try:
            tokenizer = Tokenizer.from_str(self._files.read_tokenizer())
        except Exception as error:  # the package raises bare Exception
            raise InputError(f"{self._files.tokenizer}: not a tokenizer.json that this version can read") from error
        tokenizer.no_padding()
        tokenizer.enable_truncation(MAX_TOKENS)
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        from winnow.ml.runtime import open_session  # noqa: PLC0415  slow import, as above

        return open_session(self._files.read_graph())

    def _encode_one(self, text: str) -> Vectors:
        ids = np.array([self._tokenizer.encode(text[:MAX_CHARACTERS]).ids], dtype=np.int64)
        inputs = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
        wanted = {node.name: inputs[node.name] for node in self._session.get_inputs()}
        output: Vectors = np.asarray(self._session.run(None, wanted)[0][0], dtype=np.float32)
        vector: Vectors = output.mean(axis=0) if output.ndim == 2 else output
        length = np.float32(np.sqrt(np.square(vector).sum()))
        return np.asarray(vector / length, dtype=np.float32)


def load_encoder(setting: str, cache: Path) -> Encoder:
    """The encoder of a setting: "bundled", a folder, or a name of the hub that is in its local cache.

    Built graphs are kept under `cache`. Raises InputError that says what is missing and what to do.
    """
    return Encoder(find_files(setting, cache))


def _counted(rows: Iterable[Vectors], total: int, progress: Progress | None) -> Iterable[Vectors]:
    for done, row in enumerate(rows, start=1):
        if progress is not None:
            progress(done, total)
        yield row
