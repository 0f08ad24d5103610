"""The limits of the child, each met by a program that runs in its place after the limits are set."""

import subprocess
import sys

import pytest

from winnow.sources import parse_child

START = "import io, sys; from winnow.sources import parse_child as child; "


def run(code: str, body: bytes = b'{"content_type": "", "address": ""}\n') -> subprocess.CompletedProcess:
    """The child with `_answer` replaced by a program: what it prints is the answer."""
    program = f"{START}child._answer = lambda *a, **k: {code}\nchild.main()"
    command = [sys.executable, "-I", "-c", f"import sys; sys.path[:] = {sys.path!r}; exec({program!r})"]
    return subprocess.run(command, input=body, capture_output=True, timeout=30, check=False)


def test_the_program_runs():
    assert run("7").stdout == b"7"


def test_processor_time_is_limited():
    assert run("[0 for _ in iter(int, 1)]").returncode == -24


def test_memory_is_limited():
    done = run("len(bytearray(700 * 1024 * 1024))")
    assert (done.returncode, b"MemoryError" in done.stderr) == (1, True)
    assert run("len(bytearray(400 * 1024 * 1024))").stdout == str(400 * 1024 * 1024).encode()


def test_nothing_can_be_written_to_a_file(tmp_path):
    target = tmp_path / "x"
    done = run(f"__import__('os').write(__import__('os').open({str(target)!r}, 65), b'x' * 99)")
    assert (done.returncode, b"File too large" in done.stderr) == (1, True)
    assert target.read_bytes() == b""


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        (b"\xef\xbb\xbf {}", "not_a_feed"),
        ("{}".encode("utf-16"), "not_a_feed"),
        (b" \n[1]", "not_a_feed"),
        (b"<html/>", "not_a_feed"),
        (b"", "not_a_feed"),
    ],
)
def test_refusals_are_answers(body, answer):
    assert parse_child._answer(body, "", "")["error"] == answer


def test_memory_that_runs_out_is_an_answer(monkeypatch):
    def exhaust(*_):
        raise MemoryError

    monkeypatch.setattr(parse_child, "read_xml_feed", exhaust)
    assert parse_child._answer(b"<rss/>", "", "")["error"] == "too_complex"
