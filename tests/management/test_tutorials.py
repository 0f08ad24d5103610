"""Every step of a tutorial works, in an empty folder, as somebody would type it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TUTORIALS = sorted((ROOT / "docs" / "tutorials").glob("*.md"))
BLOCK = re.compile(r"^(?P<fence>`{3,4})(?P<kind>[^\n`]+)\n(?P<text>.*?)^(?P=fence)$", re.MULTILINE | re.DOTALL)
# The first file that is named in the paragraph before a block.
FILE = re.compile(r"`([\w./-]+\.\w+)`")


def run(text, folder):
    return subprocess.run(
        ["bash", "-e", "-c", text],
        cwd=folder,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
        | {
            "PATH": f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "WINNOW_HOME": str(folder / "home"),
            "WINNOW_PROJECT": str(folder / "project"),
            "PYTHONPATH": str(ROOT / "src"),
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.stem)
def test_each_step_does_what_the_page_says(page, tmp_path):
    folder = tmp_path / "shop"
    (folder / "bin").mkdir(parents=True)
    for name, words in {"winnow": f'"{sys.executable}" -m winnow', "python": f'"{sys.executable}"'}.items():
        (folder / "bin" / name).write_text(f'#!/bin/sh\nexec {words} "$@"\n')
        (folder / "bin" / name).chmod(0o755)
    ran, text = [], page.read_text()
    for block in BLOCK.finditer(text):
        if block["kind"].startswith("sh"):
            done = run(block["text"], folder)
            ran.append(done.returncode)
            assert done.returncode == int(block["kind"] == "sh fails"), f"{block['text']}{done.stdout}{done.stderr}"
            continue
        (name,) = FILE.findall(text[: block.start()].rstrip().split("\n\n")[-1])[:1]
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(block["text"])
    assert len(ran) >= 3
    assert (folder / "built" / "first.pdf").read_bytes().startswith(b"%PDF")
