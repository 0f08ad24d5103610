import hashlib
import io
import json
import os
import pickle
import shutil
import time
import zipfile

import numpy as np
import pytest

from winnow.core.errors import ArtifactError
from winnow.ml import artifacts
from winnow.ml.artifacts import ARRAYS, MANIFEST, canonical_json, manifest_of, read_artifact, write_artifact

KIND = "test"
NUMBERS = {"coef": np.arange(6.0).reshape(2, 3), "temperature": np.array(0.5), "counts": np.arange(3)}
TEXTS = {"model.json": {"classes": ["ä", "b"]}, "predictor.json": [1, 2]}


@pytest.fixture
def folder(tmp_path):
    write_artifact(tmp_path / "m", KIND, NUMBERS, TEXTS)
    return tmp_path / "m"


def reseal(folder, **files):
    """Write files and a manifest that fits them, as somebody would who can compute a hash."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    for name, data in files.items():
        real = name.replace("__", ".")
        (folder / real).write_bytes(data)
        manifest["files"][real] = hashlib.sha256(data).hexdigest()
    (folder / MANIFEST).write_bytes(canonical_json(manifest))


def npz(**members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in members.items():
            archive.writestr(f"{name}.npy", data)
    return buffer.getvalue()


def npy(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def test_what_was_written_is_read(folder):
    found = read_artifact(folder, KIND)
    assert found.texts == TEXTS
    assert {name: array.tolist() for name, array in found.arrays.items()} == {n: a.tolist() for n, a in NUMBERS.items()}
    assert found.arrays["temperature"].shape == ()
    assert found.sha256 == hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest()


def test_the_same_content_gives_the_same_bytes_elsewhere_and_later(folder, tmp_path, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 2_000_000_000.0)
    write_artifact(
        tmp_path / "deep" / "er" / "still", KIND, dict(reversed(NUMBERS.items())), dict(reversed(TEXTS.items()))
    )
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "deep" / "er" / "still" / path.name).read_bytes()


def test_a_folder_may_be_moved_and_copied(folder, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    folder.rename(tmp_path / "moved")
    assert read_artifact(tmp_path / "copy", KIND).sha256 == read_artifact(tmp_path / "moved", KIND).sha256


def test_an_empty_folder_is_taken_and_a_full_one_is_left_alone(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    write_artifact(tmp_path / "empty", KIND, NUMBERS, TEXTS)
    assert read_artifact(tmp_path / "empty", KIND).texts == TEXTS
    with pytest.raises(ArtifactError, match="name a new or an empty folder"):
        write_artifact(folder, KIND, {}, {})
    assert read_artifact(folder, KIND).texts == TEXTS
    assert sorted(path.name for path in tmp_path.iterdir()) == ["empty", "m"]


def test_each_byte_that_is_changed_is_noticed(folder):
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        for place in range(0, len(whole), max(1, len(whole) // 25)):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            if path.name == MANIFEST:
                assert _sha256_or_refusal(folder) != hashlib.sha256(whole).hexdigest()
            else:
                with pytest.raises(ArtifactError, match=f"{path.name} was changed or torn"):
                    read_artifact(folder, KIND)
        path.write_bytes(whole)


def _sha256_or_refusal(folder):
    """A manifest may change and still be one; its hash, by which a model is known, is another then."""
    try:
        return read_artifact(folder, KIND).sha256
    except ArtifactError:
        return "refused"


@pytest.mark.parametrize("name", [MANIFEST, ARRAYS, "model.json"])
def test_a_torn_or_missing_file_is_refused(folder, name):
    whole = (folder / name).read_bytes()
    (folder / name).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(ArtifactError):
        read_artifact(folder, KIND)
    (folder / name).unlink()
    with pytest.raises(ArtifactError, match=r"manifest\.json|stands only in the manifest"):
        read_artifact(folder, KIND)


def test_an_extra_file_a_link_and_a_folder_are_refused(folder, tmp_path):
    (folder / "extra.json").write_text("{}")
    with pytest.raises(ArtifactError, match=r"extra\.json stands only"):
        read_artifact(folder, KIND)
    (folder / "extra.json").unlink()
    (folder / "sub").mkdir()
    with pytest.raises(ArtifactError, match="sub is no plain file"):
        read_artifact(folder, KIND)
    (folder / "sub").rmdir()
    (folder / "model.json").rename(tmp_path / "real.json")
    (folder / "model.json").symlink_to(tmp_path / "real.json")
    with pytest.raises(ArtifactError, match=r"model\.json is no plain file"):
        read_artifact(folder, KIND)


def test_a_pipe_does_not_hang(folder):
    (folder / "model.json").unlink()
    os.mkfifo(folder / "model.json")
    with pytest.raises(ArtifactError, match=r"model\.json is no plain file"):
        read_artifact(folder, KIND)


@pytest.mark.parametrize("name", ["../secret.json", "/etc/passwd", "a/b.json", "a\\b.json", "..", ".", "", MANIFEST])
def test_a_manifest_that_names_something_outside_is_refused(folder, name):
    manifest = json.loads((folder / MANIFEST).read_bytes())
    manifest["files"][name] = "0" * 64
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    with pytest.raises(ArtifactError, match="is no name of a file in it"):
        read_artifact(folder, KIND)


@pytest.mark.parametrize(
    ("manifest", "fault"),
    [
        ({"format": 2, "kind": KIND, "files": {}}, "has format 2"),
        ({"format": 1, "kind": "other", "files": {}}, "is a 'other', not a 'test'"),
        ({"format": 1, "kind": KIND}, "malformed"),
        ({"format": 1, "kind": KIND, "files": []}, "stands only"),
        ([], "malformed"),
        ("text", "malformed"),
    ],
)
def test_a_manifest_of_another_shape_is_refused(folder, manifest, fault):
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    with pytest.raises(ArtifactError, match=fault):
        read_artifact(folder, KIND)


@pytest.mark.parametrize(
    "data",
    [
        npz(coef=npy(np.array([1.0, np.nan]))),
        npz(coef=npy(np.array([np.inf]))),
        npz(coef=npy(np.array(["text"]))),
        npz(coef=npy(np.array([1j]))),
        npz(coef=b"no array"),
        npz(coef=npy(np.ones(9))[:-8]),
        b"no zip",
        b"",
    ],
    ids=["nan", "infinite", "text", "complex", "no array", "short", "no zip", "empty"],
)
def test_arrays_that_are_no_finite_numbers_are_refused_with_a_right_hash(folder, data):
    reseal(folder, arrays__npz=data)
    with pytest.raises(ArtifactError, match="malformed"):
        read_artifact(folder, KIND)


def test_a_pickle_is_never_loaded(folder, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(pickle, "load", lambda *_, **__: pytest.fail("a pickle was loaded"))
    buffer = io.BytesIO()
    np.lib.format.write_array_header_1_0(buffer, {"descr": "|O", "fortran_order": False, "shape": (1,)})
    reseal(folder, arrays__npz=npz(coef=buffer.getvalue() + b"cos\nsystem\n(S'touch boom'\ntR."))
    with pytest.raises(ArtifactError, match="malformed"):
        read_artifact(folder, KIND)
    assert not (tmp_path / "boom").exists()


def test_a_compressed_array_is_refused_before_it_swells(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("coef.npy", npy(np.zeros(50_000_000, dtype=np.int8)))
    reseal(folder, arrays__npz=buffer.getvalue())
    with pytest.raises(ArtifactError, match="a compressed array"):
        read_artifact(folder, KIND)


def test_too_many_files_and_too_large_a_file_are_refused(folder, monkeypatch):
    for number in range(artifacts.MAX_FILES):
        (folder / f"{number}.json").write_text("1")
    with pytest.raises(ArtifactError, match="more than 16 files"):
        read_artifact(folder, KIND)
    for number in range(artifacts.MAX_FILES):
        (folder / f"{number}.json").unlink()
    with (folder / "model.json").open("r+b") as file:
        file.truncate(artifacts.MAX_BYTES + 1)
    with pytest.raises(ArtifactError, match="256 MiB"):
        read_artifact(folder, KIND)


def test_a_folder_that_is_none_is_refused_in_one_line(tmp_path):
    with pytest.raises(ArtifactError, match="cannot be read") as caught:
        read_artifact(tmp_path / "nowhere", KIND)
    assert "\n" not in str(caught.value)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ArtifactError, match=r"holds no manifest\.json"):
        read_artifact(tmp_path / "empty", KIND)


def test_canonical_json_sorts_and_refuses_what_is_no_number():
    assert canonical_json({"b": 1, "a": "ä"}) == '{\n "a": "ä",\n "b": 1\n}\n'.encode()
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json(float("nan"))


def refusal(folder, kind=KIND):
    """What is said of a folder, whose name comes first."""
    with pytest.raises(ArtifactError) as caught:
        read_artifact(folder, kind)
    name, said = str(caught.value).split(": ", 1)
    assert name == str(folder)
    return said


def test_what_is_wrong_with_a_folder_is_said_in_whole_words(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    again = "; train it again or restore it from a backup"
    assert refusal(tmp_path / "empty") == "holds no manifest.json, so it is no model folder"
    assert refusal(tmp_path / "none") == "cannot be read (No such file or directory)"
    assert refusal(folder, "other") == "is a 'test', not a 'other'"
    (folder / "sub").mkdir()
    assert refusal(folder) == "sub is no plain file"
    (folder / "sub").rmdir()
    (folder / "x.json").touch()
    assert refusal(folder) == "x.json stands only in the manifest or only in the folder"
    (folder / "x.json").unlink()
    (folder / "model.json").write_text("changed")
    assert refusal(folder) == "model.json was changed or torn; restore it from a backup or train again"
    reseal(folder, arrays__npz=npz(coef=npy(np.array([np.nan]))), model__json=b"1")
    assert refusal(folder) == f"malformed (array coef holds what is no finite number){again}"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("coef.npy", npy(np.zeros(9)))
    reseal(folder, arrays__npz=buffer.getvalue())
    assert refusal(folder) == f"malformed (a compressed array){again}"


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"format": 2}, "has format 2, this version reads 1; train it again"),
        ({"format": 1, "kind": KIND, "files": {"..": ""}}, "'..' is no name of a file in it"),
        ({"format": 1, "kind": KIND}, "malformed ('files'); train it again or restore it from a backup"),
    ],
)
def test_what_is_wrong_with_a_manifest_is_said_in_whole_words(folder, manifest, said):
    (folder / MANIFEST).write_bytes(canonical_json(manifest))
    assert refusal(folder) == said


def test_as_much_as_is_allowed_is_read_and_no_more(tmp_path, monkeypatch):
    many = {f"{number}.json": number for number in range(14)}
    write_artifact(tmp_path / "m", KIND, NUMBERS, many)
    size = sum(path.stat().st_size for path in (tmp_path / "m").iterdir())
    assert (artifacts.MAX_FILES, artifacts.MAX_BYTES) == (16, 268_435_456)
    monkeypatch.setattr(artifacts, "MAX_BYTES", size)
    assert read_artifact(tmp_path / "m", KIND).texts == many
    monkeypatch.setattr(artifacts, "MAX_BYTES", size - 1)
    assert refusal(tmp_path / "m") == "more than 16 files or 0 MiB"


def test_a_folder_that_is_taken_is_said_in_whole_words(folder):
    with pytest.raises(ArtifactError) as caught:
        write_artifact(folder, KIND, {}, {})
    assert str(caught.value) == f"{folder}: cannot be written (Directory not empty); name a new or an empty folder"


def test_bytes_state_no_time_and_no_other_version_of_the_format(folder):
    with zipfile.ZipFile(folder / ARRAYS) as archive:
        assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {archive.read(name)[:8] for name in archive.namelist()} == {b"\x93NUMPY\x01\x00"}


def test_all_is_on_the_disk_and_hidden_until_then_and_everybody_may_read_it(tmp_path, monkeypatch):
    synced, seen, fsync = set(), set(), os.fsync

    def noted(descriptor):
        synced.add(os.fstat(descriptor).st_ino)
        seen.update(path.name for path in tmp_path.iterdir())
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", noted)
    write_artifact(tmp_path / "m", KIND, NUMBERS, TEXTS)
    paths = [tmp_path, tmp_path / "m", *(tmp_path / "m").iterdir()]
    assert synced == {path.stat().st_ino for path in paths}
    assert [name for name in seen if not name.startswith(".")] == ["m"]
    assert (tmp_path / "m").stat().st_mode & 0o777 == 0o755


def test_the_manifest_names_every_other_file_with_its_hash(folder, tmp_path):
    files = [ARRAYS, *TEXTS]
    assert manifest_of(folder) == {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    with pytest.raises(ArtifactError) as caught:
        manifest_of(tmp_path)
    assert str(caught.value) == f"{tmp_path}: holds no manifest.json that can be read"
