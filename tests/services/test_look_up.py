"""What an address says of itself is read by the worker, never by the page that asks."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from winnow.models import Job, LookUp
from winnow.services.look_up import ask_look_up, drop_old, look_up
from winnow.services.network import client
from winnow.worker.handlers import HANDLERS

PAGE = '<title>Masks - A site</title><meta property="og:site_name" content="A site"><meta name=description content="Of masks.">'


@pytest.fixture
def served(feed_server):
    folder, base = feed_server
    (folder / "work.html").write_text(PAGE)
    (folder / "work.pdf").write_bytes(b"%PDF-1.7")
    return base


def test_asking_makes_a_job_and_reads_nothing(cast):
    row = ask_look_up("https://example.org/new", account=cast.reader)
    assert (row.done_at, row.title) == (None, "")
    assert list(Job.objects.values_list("kind", "key")) == [("look_up", row.key)]


def test_the_worker_reads_title_and_description(served, cast):
    row = ask_look_up(f"{served}/work.html", account=cast.reader)
    HANDLERS["look_up"](row.key)
    row.refresh_from_db()
    assert (row.title, row.description, row.error) == ("Masks", "Of masks.", "")
    assert row.done_at is not None


@pytest.mark.parametrize(
    ("url", "read"),
    [
        ("https://arxiv.org/pdf/1706.03762v2", "https://arxiv.org/abs/1706.03762"),
        ("http://example.org/x?utm_source=a", "http://example.org/x?utm_source=a"),
    ],
)
def test_of_a_paper_its_page_is_read_and_of_others_what_was_given(cast, url, read):
    assert ask_look_up(f" {url} ", account=cast.reader).url == read


@pytest.mark.parametrize(("path", "error"), [("gone.html", "status"), ("work.pdf", "")])
def test_what_says_nothing_is_done_with_nothing(served, cast, path, error):
    row = ask_look_up(f"{served}/{path}", account=cast.reader)
    look_up(row.key)
    row.refresh_from_db()
    assert (row.title, row.error, row.done_at is None) == ("", error, False)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/", "http://169.254.169.254/latest/meta-data", "http://[::1]/x"])
def test_the_door_guards_look_ups_too(cast, settings, url):
    settings.EGRESS_ALLOW = ""
    client.cache_clear()
    row = ask_look_up(url, account=cast.reader)
    if row is not None:
        look_up(row.key)
        row.refresh_from_db()
        assert (row.title, row.error) == ("", "blocked_address")
    client.cache_clear()


def test_within_a_day_an_address_is_read_once_for_everybody(cast):
    first = ask_look_up("https://example.org/new", account=cast.reader)
    LookUp.objects.update(title="T", done_at=timezone.now())
    Job.objects.update(done_at=timezone.now())
    again = ask_look_up("https://example.org/new?utm_source=x", account=cast.reviewer)
    assert (again.pk, again.title, Job.objects.count()) == (first.pk, "T", 1)


@pytest.mark.parametrize(("error", "age", "n_jobs"), [("", 23 * 60, 1), ("", 25 * 60, 2), ("dns", 4, 1), ("dns", 6, 2)])
def test_after_a_time_it_is_read_anew_and_sooner_where_it_failed(cast, error, age, n_jobs):
    ask_look_up("https://example.org/new", account=cast.reader)
    LookUp.objects.update(error=error, done_at=timezone.now(), asked_at=timezone.now() - timedelta(minutes=age))
    Job.objects.update(done_at=timezone.now())
    ask_look_up("https://example.org/new", account=cast.reader)
    assert Job.objects.count() == n_jobs


def test_who_asks_for_much_is_slowed_and_not_refused(cast):
    answers = [ask_look_up(f"https://example.org/{n}", account=cast.reader) for n in range(20)]
    assert [row is None for row in answers] == [False] * 15 + [True] * 5
    assert ask_look_up("https://example.org/0", account=cast.reader) == answers[0]


@pytest.mark.parametrize("url", ["", "nonsense", "javascript:alert(1)"])
def test_what_is_no_address_is_not_looked_up(cast, url):
    assert ask_look_up(url, account=cast.reader) is None
    assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_asked_for_at_once_it_is_one_job(cast, at_once):
    calls = [partial(ask_look_up, "https://example.org/new", account=cast.reader)] * 6
    assert {row.pk for row in at_once(calls)} == {LookUp.objects.get().pk}
    assert Job.objects.count() == 1


def test_old_readings_are_dropped(cast):
    ask_look_up("https://example.org/old", account=cast.reader)
    LookUp.objects.update(asked_at=timezone.now() - timedelta(days=2))
    young = ask_look_up("https://example.org/new", account=cast.reader)
    assert (drop_old(), drop_old()) == (1, 0)
    assert LookUp.objects.get() == young
    assert look_up("gone").title == ""
