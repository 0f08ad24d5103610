"""`winnow serve` in a process of its own, and calls from outside."""

import json
import re
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import psutil
from tests.management.conftest import environment

PATIENCE_SECONDS = 120
LUNGS = {"title": "Segmentation of lungs in photographs", "description": "A network outlines objects in images."}


@contextmanager
def serving(home, *words, **more):
    """A server on a free port of its own, and where it says that it serves; killed at the end."""
    command = [sys.executable, "-m", "winnow", "serve", "--port", "0", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment(home), **more) as server:
        (address,) = re.findall(r"http://\S+", server.stdout.readline())
        try:
            yield server, address
        finally:
            server.kill()


def workers_of(server):
    """The workers beside a server."""
    return [child for child in psutil.Process(server.pid).children(recursive=True) if "work" in words_of(child)]


def words_of(process):
    """The command of a process; none of one that has ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []


def processes_of(home):
    """All that works in a home, whoever began it."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get("WINNOW_HOME") == str(home):
                found.append(process)
    return found


def is_alive(address):
    try:
        with urlopen(f"{address}/api/v1/healthz") as answer:
            return answer.status == 200
    except OSError:
        return False


def call(address, body=None, token=""):
    """Status, type and text of an answer, whatever the status."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    try:
        answer = urlopen(Request(address, body and json.dumps(body).encode(), headers), timeout=PATIENCE_SECONDS)
    except HTTPError as error:
        answer = error
    with answer:
        return answer.status, answer.headers.get_content_type(), answer.read().decode()


def comes_true(question, *arguments):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not question(*arguments):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


def status(address, path="/tags"):
    """The status of a page; 0 where nobody answers."""
    try:
        return call(f"{address}{path}")[0]
    except (OSError, HTTPException):
        return 0
