"""Digests reach everybody whatever kills the worker: none is lost, and each death makes at most one copy more."""

import subprocess
import sys
import threading
import time
from collections import Counter

import pytest
from tests.databases import ask
from tests.management.conftest import environment
from tests.management.test_work import start
from tests.sink import sink

READERS = 5
FILL = f"""
import django; django.setup()
from datetime import UTC, datetime
from winnow.models import Account, FollowedTag, Item, Mailbox, Tag
from winnow.services import publish
tag = Tag.objects.get(slug="mlops")
item = Item(external_id="1", title="A work", url="https://example.org/1", site="example.org", dated_at=datetime.now(UTC))
publish.enter_item(item)
publish.publish_item(item, tag=tag, decided_by="person")
for n in range({READERS}):
    account = Account.objects.create(name=f"reader-{{n}}", role="reader")
    FollowedTag.objects.create(account=account, tag=tag)
    Mailbox.objects.create(account=account, address=f"reader-{{n}}@example.org", confirmed_at=datetime.now(UTC))
"""


@pytest.fixture
def mails():
    with sink() as server:
        yield server


@pytest.fixture
def readers(winnow, mails, monkeypatch):
    """A home with readers whose digest is due, a relay, and nothing else to do."""
    for name, value in {"HOST": "127.0.0.1", "PORT": str(mails.port), "TLS": "none"}.items():
        monkeypatch.setenv(f"WINNOW_MAIL_{name}", value)
    monkeypatch.setenv("WINNOW_AUDIT_WITHHELD", "0")
    assert winnow("tags").status == 0
    own = {**environment(winnow.home), "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    subprocess.run([sys.executable, "-c", FILL], env=own, check=True, timeout=60)
    return winnow


def wait_for(condition):
    until = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < until
        time.sleep(0.005)


def kill(worker, home):
    """Kill it as the kernel does, and let its lease run out."""
    worker.kill()
    worker.communicate()
    ask(home, "UPDATE winnow_job SET lease_until = '2026-01-01 00:00:00' WHERE done_at IS NULL")


def told(mails):
    """How often each mail came in, by its name, and who got one."""
    got = mails.mails
    return Counter(mail["Message-ID"] for mail in got), {mail["To"] for mail in got}


def test_digests_go_to_everybody_once(readers, mails):
    assert readers("work", "--once").status == 0
    names, people = told(mails)
    assert (len(people), set(names.values())) == (READERS, {1})
    assert readers("work", "--once").out == "0 jobs done.\n"


def test_j1_killed_between_claim_and_send_none_is_lost_and_each_death_makes_one_copy_more_at_most(readers, mails):
    # Once as soon as a digest is claimed, once as soon as a mail is; and twice when the relay has a mail and has not said so.
    for kind in ("digest", "send"):
        worker = start(readers.home)
        claimed = f"SELECT count(*) FROM winnow_job WHERE kind = '{kind}' AND token > 0"
        wait_for(lambda claimed=claimed: ask(readers.home, claimed) != [(0,)])
        kill(worker, readers.home)
    n_killed_before_the_answer = 2
    for _ in range(n_killed_before_the_answer):
        taken, go_on = threading.Event(), threading.Event()
        mails.hold = lambda taken=taken, go_on=go_on: (taken.set(), go_on.wait(60))
        worker = start(readers.home)
        assert taken.wait(60)
        kill(worker, readers.home)
        mails.hold = lambda: None
        go_on.set()
    assert readers("work", "--once").status == 0
    names, people = told(mails)
    assert people == {f"reader-{n}@example.org" for n in range(READERS)}
    assert len(names) == READERS
    assert READERS < sum(names.values()) <= READERS + 4
    assert ask(readers.home, "SELECT count(*) FROM winnow_message WHERE sent_at IS NULL") == [(0,)]
    assert ask(readers.home, "SELECT count(*) FROM winnow_job WHERE kind = 'send' AND done_at IS NULL") == [(0,)]
