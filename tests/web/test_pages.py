"""What every page has: structure, head, strict headers, a constant number of queries."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from winnow.models import Item, Source
from winnow.services.review import open_task

LISTS = [
    "/",
    "/recent",
    "/popular",
    "/popular/1w",
    "/for-you",
    "/digest",
    "/saved",
    "/t/mlops",
    "/search?q=work",
    "/withheld",
    "/log",
    "/sources",
    "/tags",
    "/models",
    "/canvas",
    "/releases",
    "/releases/release-1",
]
OPEN = [
    *LISTS,
    "/models/v5-1",
    "/models/none",
    "/search",
    "/privacy",
    "/promises",
    "/sign-in",
    "/sign-in/some-code",
    "/nowhere",
    "/recent?after=!",
    "/withheld?reason=odd",
]
CLOSED = [
    "/account",
    "/account/second-factor",
    "/experiments",
    "/review/practice",
    "/submit",
    "/submit?url=https://example.org/new",
    "/submit?url=nonsense",
    "/review",
]

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def filled(make_item, make_decided, task, measured):
    """Something of everything; gives the Items."""
    return [
        make_item(state="published", tag="mlops"),
        make_decided("Decided by the model"),
        make_item("Kept out", state="rejected"),
        task.item,
    ]


@pytest.mark.parametrize("path", [*OPEN, *CLOSED])
@pytest.mark.usefixtures("filled")
def test_every_page_has_one_head_one_main_and_begins_with_the_way_past_the_rest(client, cast, path):
    client.force_login(cast.operator)
    html = client.get(path).content.decode()
    body = html[html.index("<body>") + len("<body>") :]
    assert [len(re.findall(pattern, html)) for pattern in (r"<h1[ >]", r"<main[ >]", r"<title>")] == [1, 1, 1]
    assert body.lstrip().startswith('<a class="skip" href="#main">')
    assert 'lang="en"' in html
    for tag in ('name="description"', 'name="viewport"', 'name="color-scheme"', 'rel="canonical"', 'rel="icon"'):
        assert html[: html.index("<body>")].count(tag) == 1


@pytest.mark.parametrize("path", [*OPEN, *CLOSED])
@pytest.mark.usefixtures("filled")
def test_no_page_holds_script_or_style_of_its_own(client, cast, path):
    client.force_login(cast.operator)
    html = client.get(path).content.decode()
    assert re.findall(r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:", html) == []
    assert re.findall(r'(?:src|href|action)="(?:https?:)?//(?!example\.org)[^"]*"', html) == [
        f'href="http://127.0.0.1:8000{path.split("?")[0]}"'
    ]


@pytest.mark.parametrize("path", ["/", "/nowhere", "/recent?after=!", "/sign-in"])
def test_the_policy_allows_our_own_files_and_nothing_else(client, path):
    policy = dict(
        part.strip().split(" ", 1) for part in client.get(path)["Content-Security-Policy"].split(";") if part.strip()
    )
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "manifest-src": "'self'",
    }


@pytest.mark.parametrize("path", [*LISTS, "/i/{pk}/decided-by-the-model"])
@pytest.mark.usefixtures("filled")
def test_the_number_of_queries_does_not_grow_with_the_rows(
    client, make_item, make_decided, path, django_assert_num_queries
):
    path = path.format(pk=Item.objects.get(title="Decided by the model").pk)
    # Whoever has been here before may be in an experiment, and what runs is asked for.
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        assert client.get(path).status_code == 200
    for n in range(12):
        source = Source.objects.create(name=f"source-{n}", kind="feed", address=f"https://example.org/{n}")
        face = make_item(state="published", tag="mlops", source=source)
        make_item(state="duplicate", duplicate_of=face, source=source)
        make_item(state="rejected")
        make_decided()
    with django_assert_num_queries(len(few)):
        client.get(path)


@pytest.mark.usefixtures("task")
def test_the_number_of_queries_of_the_review_page_does_not_grow(client, cast, make_item, django_assert_num_queries):
    client.force_login(cast.reviewer)
    open_task(item=make_item(state="in_review"), reason="low_confidence", priority=0.9)
    # The first visit claims a task; from then on it is held.
    client.get("/review")
    with CaptureQueriesContext(connection) as few:
        client.get("/review")
    for _ in range(10):
        open_task(item=make_item(state="in_review"), reason="low_confidence", priority=0.1)
    with django_assert_num_queries(len(few)):
        client.get("/review")


@pytest.mark.parametrize("path", ["/recent", "/"])
def test_a_full_list_weighs_little_with_all_that_it_loads(client, make_decided, cast, path):
    client.force_login(cast.reader)
    for n in range(30):
        make_decided(f"A title as long as titles commonly are, number {n}", description="Some words. " * 40)
    page = client.get(path, headers={"accept-encoding": "gzip"})
    parts = re.findall(r'(?:<link rel="stylesheet" href|<script src)="([^"]+)"', client.get(path).content.decode())
    weight = len(page.content) + sum(len(b"".join(client.get(part))) for part in parts)
    # As sent; the bar for a first view is 60,000. Style and script go unpacked and are kept for a month.
    assert (page["Content-Encoding"], len(parts), weight < 40_000) == ("gzip", 4, True)


@pytest.mark.parametrize(
    ("role", "extra"), [(None, []), ("reader", []), ("reviewer", ["/review"]), ("operator", ["/review"])]
)
def test_the_way_to_the_queue_is_shown_to_those_who_may_go(visit, cast, role, extra):
    html = visit("/", who=role and getattr(cast, role))
    (nav,) = html.all(r'<nav aria-label="Site">.*?</nav>')
    assert re.findall(r'href="([^"]+)"', nav) == [
        "/recent",
        "/popular",
        "/for-you",
        "/tags",
        "/saved",
        "/submit",
        *extra,
    ]


def test_head_requests_are_answered_like_gets(client):
    answers = [(client.head(path).status_code, client.head(path).content) for path in ("/", "/recent", "/tags")]
    assert answers == [(200, b"")] * 3
