import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from winnow.core.errors import InputError
from winnow.ml.encoder import Encoder
from winnow.ml.encoder_files import EncoderFiles, find_files

BUILD = "from winnow.ml.encoder_files import *; import sys; find_files('bundled', Path(sys.argv[1])).read_graph()"


@pytest.fixture
def files(tmp_path, real_encoder):
    return replace(real_encoder._files, cache=tmp_path / "cache")


def folder_of(files, path, **changes):
    """A folder with the encoder's files, some of them other than they should be."""
    path.mkdir()
    for source in (files.model, files.tokenizer, files.model.with_name("config.json")):
        content = changes.get(source.name, source.read_bytes())
        if content is not None:
            (path / source.name).write_bytes(content)
    return path


def test_two_processes_may_build_at_once_and_a_torn_graph_is_built_again(files):
    path = ":".join(sys.path)
    command = [sys.executable, "-c", BUILD, str(files.cache)]
    both = [subprocess.Popen(command, env={"PYTHONPATH": path, "PATH": "/usr/bin:/bin"}) for _ in range(2)]
    assert [process.wait(timeout=180) for process in both] == [0, 0]
    (graph,) = files.cache.iterdir()
    name, content = graph.name, graph.read_bytes()
    assert name == f"{files.sha256[:16]}-{hashlib.sha256(content).hexdigest()}.onnx"
    graph.write_bytes(content[:-100])
    assert files.read_graph() == content
    assert [path.name for path in files.cache.iterdir()] == [name]
    assert graph.read_bytes() == content


def test_a_cache_that_cannot_be_written_is_done_without(files, tmp_path):
    (tmp_path / "file").touch()
    closed = replace(files, cache=tmp_path / "file" / "cache")
    assert closed.read_graph() == files.read_graph()


def test_hash_tells_encoders_apart(files):
    others = [
        replace(files, model_sha256="0" * 64),
        replace(files, tokenizer_sha256="0" * 64),
        replace(files, model=Path("model.onnx")),
    ]
    assert len({one.sha256 for one in [files, *others]}) == 4
    assert replace(files, cache=Path("/elsewhere")).sha256 == files.sha256


def test_a_folder_with_the_same_files_is_the_same_encoder(files, tmp_path):
    assert find_files(str(folder_of(files, tmp_path / "same")), files.cache).sha256 == files.sha256


def test_a_tokenizer_that_was_changed_is_refused(files, tmp_path):
    changed = replace(files, tokenizer=tmp_path / "tokenizer.json")
    changed.tokenizer.write_text("{}")
    with pytest.raises(InputError, match=r"tokenizer\.json: is not the file that was expected"):
        changed.read_tokenizer()


def test_weights_that_were_changed_or_are_gone_are_refused(files, tmp_path):
    other = tmp_path / "model.safetensors"
    with pytest.raises(InputError, match=r"model\.safetensors: cannot be read \(No such file"):
        replace(files, model=other).read_graph()
    other.write_bytes(b"no weights")
    with pytest.raises(InputError, match=r"model\.safetensors: is not the file that was expected"):
        replace(files, model=other).read_graph()


@pytest.mark.parametrize("config", [None, b"{}", b"no json"])
def test_weights_without_a_fitting_config_are_refused(files, tmp_path, config):
    folder = folder_of(files, tmp_path / "folder", **{"config.json": config})
    with pytest.raises(InputError, match="no BERT with config"):
        find_files(str(folder), files.cache).read_graph()


def test_a_folder_without_an_encoder_says_what_is_missing(files, tmp_path):
    with pytest.raises(InputError, match=r"holds no model\.onnx or onnx/model\.onnx or model\.safetensors"):
        find_files(str(folder_of(files, tmp_path / "a", **{"model.safetensors": None})), tmp_path)
    with pytest.raises(InputError, match=r"holds no tokenizer\.json"):
        find_files(str(folder_of(files, tmp_path / "b", **{"tokenizer.json": None})), tmp_path)


def test_a_hub_name_is_found_in_the_local_cache(files, tmp_path, monkeypatch):
    snapshots = tmp_path / "hub" / "models--owner--name" / "snapshots"
    snapshots.mkdir(parents=True)
    folder_of(files, snapshots / "abc")
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    assert find_files("owner/name", files.cache).sha256 == files.sha256


def test_an_unknown_hub_name_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.delenv("HF_HUB_CACHE", raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path))
    with pytest.raises(
        InputError, match=r"WINNOW_ENCODER=owner/name: neither a folder nor .* `hf download owner/name`"
    ):
        find_files("owner/name", tmp_path)


def test_finding_the_bundled_encoder_reads_nothing(tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr(Path, "read_bytes", opened.append)
    files = find_files("bundled", tmp_path)
    assert isinstance(files, EncoderFiles)
    assert Encoder(files).sha256 == files.sha256
    assert opened == []
