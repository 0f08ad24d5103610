"""A pytest plugin, `-p tests.postgresql`: the tests whose result can depend on the database, on a PostgreSQL of their own.

What is pure (core, egress, sources, ml, data, docs) has no database to depend on and runs once, in the run on SQLite. So do
the tests in a browser: what they look at is layout and scripts, and the same pages are fetched here without one.
A server that is there already may be named instead of a new one, by WINNOW_TEST_DATABASE_URL.
"""

import os
from contextlib import ExitStack

import pytest
from tests.cluster import cluster

URL = "WINNOW_TEST_DATABASE_URL"
# What a test asks for when rows are its business: rows in its own process, or a command in a process of its own.
FIXTURES = {"db", "transactional_db", "winnow", "demo_home"}
_running = ExitStack()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests():
    """Before the settings are read. The processes of one run share the cluster of the first."""
    if URL in os.environ:
        return
    try:
        os.environ[URL] = _running.enter_context(cluster())
    except FileNotFoundError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_unconfigure():
    """The end of the run, failed or not."""
    _running.close()


def pytest_collection_modifyitems(config, items):
    """Leave out what has no database to depend on."""
    chosen = [item for item in items if depends_on_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not depends_on_database(item)])
    items[:] = chosen


def depends_on_database(item):
    """Whether a test asks for rows, by its marker or by a fixture, and looks at them itself."""
    if "chromium" in item.fixturenames:
        return False
    return item.get_closest_marker("django_db") is not None or not FIXTURES.isdisjoint(item.fixturenames)
