"""Files for who deploys: compose, units, proxy."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COMPOSE = (ROOT / "compose.yaml").read_text()
COMMAND = ROOT / "deploy" / "systemd" / "winnow"
UNITS = sorted((ROOT / "deploy" / "systemd").glob("*.service"))


def test_compose_runs_web_worker_and_database_on_a_root_that_cannot_be_written():
    assert re.findall(r"^  (\w+):$", COMPOSE.split("services:")[1].split("volumes:\n  home")[0], re.MULTILINE) == [
        "db",
        "web",
        "worker",
    ]
    for hardened in ("read_only: true", "cap_drop: [ALL]", "no-new-privileges:true"):
        assert hardened in COMPOSE
    assert COMPOSE.count("<<: *winnow") == 2


def test_compose_holds_no_secret_and_opens_loopback_alone():
    assert re.findall(r"PASSWORD: (?!\$\{POSTGRES_PASSWORD:\?)", COMPOSE) == []
    assert re.findall(r"ports: \[(.*)\]", COMPOSE) == ['"127.0.0.1:8000:8000"']


@pytest.mark.parametrize(
    "name",
    [
        "compose.yaml",
        "deploy/systemd/winnow",
        "deploy/systemd/winnow-web.service",
        "deploy/systemd/winnow-worker.service",
    ],
)
def test_only_settings_that_exist_are_named(name):
    listed = (ROOT / "docs" / "reference" / "settings.md").read_text()
    named = set(re.findall(r"\b(WINNOW_\w+|DATABASE_URL)\b", (ROOT / name).read_text()))
    assert {setting for setting in named if f"| `{setting}` |" not in listed} == set()


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_units_start_verbs_that_exist_under_tight_limits(unit):
    text = unit.read_text()
    (verb,) = re.findall(r"^ExecStart=/opt/winnow/.venv/bin/winnow (\w+)", text, re.MULTILINE)
    assert (ROOT / "src" / "winnow" / "management" / "commands" / f"{verb}.py").exists()
    assert re.search(r"^ProtectSystem=strict$", text, re.MULTILINE)
    if tool := shutil.which("systemd-analyze"):
        command = [tool, "security", "--offline=yes", "--threshold=20", str(unit)]
        judged = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert judged.returncode == 0, judged.stdout[-300:] + judged.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.stem)
def test_commands_work_in_the_home_and_with_the_settings_of_the_units(unit):
    subprocess.run(["sh", "-n", COMMAND], check=True)
    command, text = COMMAND.read_text(), unit.read_text()
    for told in re.findall(r"WINNOW_\w+=\S+", text):
        assert f"-E {told}" in command
    for shared in ("EnvironmentFile=/etc/winnow/env", "UMask=0077"):
        assert f"\n{shared}\n" in text
        assert f"-p {shared}" in command
    assert "--uid=winnow" in command
    assert "\nUser=winnow\n" in text


def test_backups_have_a_place_where_the_worker_may_write():
    assert "\nReadWritePaths=-/srv/backups\n" in (ROOT / "deploy" / "systemd" / "winnow-worker.service").read_text()
    assert '"backups:/srv/backups"' in COMPOSE
    assert re.search(r"install -d -m 0700 -o 65534 .* /srv/backups$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)


def test_all_that_stands_in_the_file_of_settings_reaches_the_containers():
    assert "env_file: [.env]" in COMPOSE.partition("services:")[0]
