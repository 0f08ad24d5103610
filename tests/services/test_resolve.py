"""Addresses are followed by the worker."""

import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone

from winnow.core.values import Candidate
from winnow.models import Apart, Event, Item, Job
from winnow.services import network, resolve
from winnow.services.admit import admit, prepare
from winnow.services.resolve import Destination, ask_to_resolve, resolve_item
from winnow.services.submit import submit_work

TEXT = "We train a network that tells mosses apart, and compare it with three baselines on photographs."


class _Site(BaseHTTPRequestHandler):
    """Answers as the test says: a status, headers and a body for each path."""

    pages: dict

    def do_GET(self):
        status, headers, body = self.pages.get(self.path, (404, {}, ""))
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body.encode())))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def site(settings):
    """A site on loopback: its base address, and the pages that it has."""
    settings.EGRESS_ALLOW = "127.0.0.0/8"
    network.client.cache_clear()
    handler = type("Site", (_Site,), {"pages": {}})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", handler.pages
    server.shutdown()
    server.server_close()
    thread.join()
    network.client.cache_clear()


@pytest.fixture
def held(tags):
    """Admits works of which nothing else is alike."""

    def admitted(n, title, url, description=TEXT):
        candidate = Candidate(str(n), title, description, url)
        return admit(prepare([candidate], screens_topic=False)[0]).item

    return admitted


def moved(to, status=301):
    return (status, {"Location": to}, "")


def page(head=""):
    return (200, {"Content-Type": "text/html"}, f"<html><head>{head}</head><body>A page.</body></html>")


def test_an_address_that_moved_to_a_known_work_is_that_work(site, held):
    base, pages = site
    pages |= {"/old": moved("/new"), "/new": page()}
    face = held(1, "Telling mosses apart", f"{base}/new")
    later = held(2, "A wholly other title", f"{base}/old", "Nothing in common with it.")
    resolve_item(later.pk)
    later.refresh_from_db()
    assert (later.state, later.duplicate_of) == ("duplicate", face)
    assert later.reason_detail == f"its address has moved to {base}/new"
    assert Event.objects.filter(item=later, kind="item.withheld", data__face=face.pk).exists()


def test_an_address_that_moved_to_nothing_known_lends_its_name(site, held):
    base, pages = site
    pages |= {"/old": moved("/new", 308), "/new": page()}
    item = held(1, "Telling mosses apart", f"{base}/old")
    assert resolve_item(item.pk) == Destination(f"{base}/new")
    item.refresh_from_db()
    assert item.moved_to == f"{base}/new"
    later = held(2, "A wholly other title", f"{base}/new", "Nothing in common with it.")
    assert later.duplicate_of == item


def test_a_page_that_gives_another_address_is_weighed_by_its_text(site, held):
    base, pages = site
    pages |= {"/a": page('<link rel="canonical" href="/b">'), "/b": page()}
    face = held(1, "Telling mosses apart", f"{base}/b")
    near = held(2, "Telling the mosses from one another", f"{base}/a", f"{TEXT} With code.")
    resolve_item(near.pk)
    near.refresh_from_db()
    assert near.duplicate_of == face
    assert near.reason_detail.startswith(f"its address leads to {base}/b: one links to")


def test_a_page_that_gives_the_address_of_something_else_is_a_question(site, held):
    base, pages = site
    pages |= {"/a": page('<link rel="canonical" href="/b">'), "/b": page()}
    face = held(1, "Telling mosses apart", f"{base}/b")
    far = held(2, "Soup", f"{base}/a", "Boil lentils for an hour.")
    resolve_item(far.pk)
    far.refresh_from_db()
    assert (far.duplicate_of, far.resembles, far.tasks.get().reason) == (None, face, "duplicate_pair")


def test_a_temporary_redirect_only_speaks_for_it(site, held):
    base, pages = site
    pages |= {"/a": moved("/b", 302), "/b": page()}
    held(1, "Telling mosses apart", f"{base}/b")
    far = held(2, "Soup", f"{base}/a", "Boil lentils for an hour.")
    assert resolve_item(far.pk) == Destination("", (f"{base}/b",))
    far.refresh_from_db()
    assert (far.moved_to, far.duplicate_of) == ("", None)


@pytest.mark.parametrize("to", ["/", "/login?next=/old", "/sorry/index", "/404"])
def test_what_everything_leads_to_says_nothing(site, held, to):
    base, pages = site
    pages |= {"/old": moved(to), to: page('<link rel="canonical" href="/">')}
    item = held(1, "Telling mosses apart", f"{base}/old")
    assert resolve_item(item.pk) == Destination()


def test_what_a_person_told_apart_stays_apart(site, held, cast):
    base, pages = site
    pages |= {"/old": moved("/new"), "/new": page()}
    face, later = held(1, "Telling mosses apart", f"{base}/new"), held(2, "Other", f"{base}/old", "Nothing in common.")
    Apart.objects.create(item=face, other=later, account=cast.reviewer)
    resolve_item(later.pk)
    later.refresh_from_db()
    assert (later.duplicate_of, later.tasks.count()) == (None, 0)


def test_what_is_shown_stays_shown(site, held, make_item):
    base, pages = site
    pages |= {"/old": moved("/new"), "/new": page()}
    waiting = held(1, "Telling mosses apart", f"{base}/new")
    shown = make_item("Other", url=f"{base}/old", state="published")
    resolve_item(shown.pk)
    waiting.refresh_from_db()
    shown.refresh_from_db()
    assert (waiting.duplicate_of, shown.state) == (shown, "published")


def test_a_place_that_does_not_answer_is_no_fault_of_the_work(site, held):
    base, _ = site
    item = held(1, "Telling mosses apart", f"{base}/gone")
    assert resolve_item(item.pk) == Destination()
    assert Event.objects.get(item=item, kind="address.unreachable").data == {"code": "status"}
    assert resolve_item(item.pk + 1) == Destination()


def test_a_submission_is_followed_and_only_by_the_worker(tags):
    """No server is there: were the address followed in the request, it would fail or be written down."""
    item = submit_work(url="https://mossnotes.example/a", title="Telling mosses apart", description=TEXT).item
    job = Job.objects.get(kind="resolve")
    assert (job.key, job.done_at) == (str(item.pk), None)


def test_a_name_that_cannot_move_is_not_followed(make_item):
    followed = {
        url: ask_to_resolve(make_item(url=url), is_submitted=True)
        for url in ("https://arxiv.org/abs/2399.04417", "https://github.com/a/b", "https://mossnotes.example/a", "")
    }
    assert list(followed.values()) == [False, True, True, False]


def test_gathered_works_have_a_budget_and_wait(make_item, monkeypatch):
    monkeypatch.setattr(resolve, "GATHERED_PER_DAY", 2)
    items = [make_item() for _ in range(4)]
    assert [ask_to_resolve(item, is_submitted=False) for item in items] == [True, True, False, False]
    assert ask_to_resolve(items[2], is_submitted=True)
    assert Job.objects.filter(payload__gathered=True).earliest("run_at").run_at > timezone.now() + timedelta(minutes=9)
    assert Item.objects.count() == 4
