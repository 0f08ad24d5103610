"""No release pins what is known to be at fault."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.version import Version

ROOT = Path(__file__).parents[2]
KNOWN = tomllib.loads((ROOT / "data" / "advisories.toml").read_text())
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)


def pins(text):
    return [(name, Version(version)) for name, version in PIN.findall(text)]


def at_fault(text):
    """What is pinned below the oldest version without a known fault, and the advisory."""
    found = [(name, version) for name, version in pins(text) if name in KNOWN]
    return [
        f"{name} {version}: {KNOWN[name]['advisory']}"
        for name, version in found
        if version < Version(KNOWN[name]["least"])
    ]


@pytest.mark.parametrize("path", sorted((ROOT / "requirements").glob("*.txt")), ids=lambda path: path.name)
def test_o6_nothing_that_is_pinned_has_a_known_fault(path):
    assert pins(path.read_text())
    assert at_fault(path.read_text()) == []


def test_o6_a_version_with_a_fault_is_found():
    assert at_fault("h11==0.14.0 \\\n    --hash=sha256:00\nidna==3.20\n") == ["h11 0.14.0: CVE-2025-43859"]


def test_each_advisory_is_about_something_that_is_pinned():
    named = {name for path in (ROOT / "requirements").glob("*.txt") for name, _ in pins(path.read_text())}
    assert KNOWN.keys() <= named
