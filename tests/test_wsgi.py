import json
import os
import subprocess
import sys

import pytest

# Loaded in a process of its own, as a server does: what it freezes would stay frozen in the tests' process.
LOOK = """
import gc, io, json, sys
from winnow.wsgi import application

loaded, seen = set(sys.modules), {}
address = {"REQUEST_METHOD": "GET", "PATH_INFO": "/api/v1/healthz", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80"}
environ = address | {"wsgi.input": io.BytesIO(), "wsgi.url_scheme": "http"}
b"".join(application(environ, lambda status, headers: seen.update(status=status)))
later = sorted(name for name in set(sys.modules) - loaded if name.startswith("winnow."))
print(json.dumps(seen | {"later": later, "frozen": gc.get_freeze_count(), "left": len(gc.get_objects())}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What a process that loaded the site found when it answered its first request."""
    home = tmp_path_factory.mktemp("home")
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        env={**os.environ, "WINNOW_HOME": str(home), "DATABASE_URL": ""},
        capture_output=True,
        check=True,
        text=True,
        timeout=120,
    )
    return json.loads(done.stdout)


def test_the_site_answers(seen):
    assert seen["status"].startswith("200")


def test_no_reader_waits_for_pages_to_be_imported(seen):
    assert seen["later"] == []


def test_what_is_loaded_for_good_is_never_looked_through_for_garbage(seen):
    assert seen["left"] < seen["frozen"] / 5
