"""The cast, and what tests share."""

import fcntl
import os
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import settings

# No example is timed: a busy machine is no fault of the code.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

pytest_plugins = ["tests.served"]

# Long enough for what does not wait to come through, on a busy machine too.
MEANWHILE_SECONDS = 0.5
SHARED = Path(__file__).parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """Real material beside the checkout; tests that need it say in one line when it is not there."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared/data beside this checkout")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_tests():
    """The database guards rows that are written once; a test's own database is emptied as a whole all the same."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from winnow.models import guards

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(operations, statements):
        guards.lift(operations.connection)
        flush(operations, statements)

    BaseDatabaseOperations.execute_sql_flush = lifted
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def _no_chance_in_the_queue(settings):
    """Whether a task is blind, or asks two people, is drawn at random; tests that are about it say so."""
    settings.REVIEW_BLIND = settings.REVIEW_OVERLAP = 0
    settings.REVIEW_PRACTICE = False


@pytest.fixture(autouse=True)
def _counts_are_fresh(monkeypatch):
    """Counting takes long on a busy machine; what is remembered then is another test's."""
    monkeypatch.setattr("winnow.queries.counts.SLOW_SECONDS", float("inf"))


@pytest.fixture(autouse=True)
def _counts_of_readers_wait(monkeypatch):
    """What readers do is written by and by, from a thread; tests that are about it write it themselves."""
    monkeypatch.setattr("winnow.services.value.FLUSH_SECONDS", float("inf"))


@pytest.fixture
def tags(db):
    """The starter taxonomy, by slug."""
    from django.conf import settings

    from winnow.services.taxonomy import apply_taxonomy

    return {tag.slug: tag for tag in apply_taxonomy(settings.TAXONOMY)}


@pytest.fixture
def cast(db):
    """One account of each role: `cast.reader`, `cast.reviewer`, `cast.other_reviewer`, `cast.operator`, ..."""
    from types import SimpleNamespace

    from winnow.models import Account, Role

    accounts = {role.value: Account.objects.create(name=role.value, role=role) for role in Role}
    other = Account.objects.create(name="other-reviewer", role=Role.REVIEWER)
    return SimpleNamespace(**accounts, other_reviewer=other)


@pytest.fixture
def make_item(tags):
    """A maker of Items in any state, straight through the one writer of states."""
    from winnow.models import Item
    from winnow.services import publish

    numbers = count(1)

    def make(title="", *, state="admitted", tag="mlops", likely_tag="mlops", confidence=0.6, **fields):
        n = next(numbers)
        item = Item(
            external_id=f"made-{n}",
            title=title or f"Work number {n}",
            url=fields.pop("url", f"https://example.org/works/{n}"),
            site="example.org",
            dated_at=fields.pop("dated_at", datetime(2026, 11, 1, n % 24, tzinfo=UTC)),
            description=fields.pop("description", "What it is about."),
            **fields,
        )
        if state == "rejected":
            return publish.enter_item(item, state=Item.State.REJECTED, reason="off_topic", detail="not ours")
        if state == "duplicate":
            return publish.enter_item(item, state=Item.State.DUPLICATE, reason="duplicate", detail="the same address")
        publish.enter_item(item)
        if state == "in_review":
            publish.hold_item(
                item, likely_tag=tags[likely_tag], confidence=confidence, model_version=None, reason="not sure"
            )
        if state == "published":
            publish.publish_item(item, tag=tags[tag], decided_by=Item.DecidedBy.PERSON)
        return item

    return make


@pytest.fixture
def at_once():
    """Run calls side by side, each in a thread with a connection of its own: their answers, or what they raised."""
    return _side_by_side


def _side_by_side(calls):
    def run(call):
        from django.db import connection

        try:
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001 - it is the answer
            return error
        finally:
            connection.close()

    start = Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def meanwhile():
    """Run one call to its end, and another beside it before the first has committed: it must not end until then.

    `meanwhile(first, second)` gives both answers; with `commits=False` the first is taken back.
    """

    def meanwhile(first, second, *, commits=True):
        from django.db import transaction

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                done = first()
                other = pool.submit(lambda: _side_by_side([second])[0])
                with pytest.raises(NotYetError):
                    other.result(timeout=MEANWHILE_SECONDS)
                transaction.set_rollback(not commits)
            return done, other.result(timeout=60)

    return meanwhile


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """`once(name, make)`: a folder that `make(folder)` fills, once for all processes of this run and for no other run."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine

    def once(name, make):
        folder = shared / name
        folder.mkdir(exist_ok=True)
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "made").exists():
                make(folder)
                (folder / "made").touch()
        return folder

    return once
