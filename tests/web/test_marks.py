"""One click, and one to take it back: with an account, without one, without a script, by key."""

import re

import pytest
from playwright.sync_api import expect

from winnow.core.readers import Reader
from winnow.models import Event, Mark
from winnow.queries.readers import reader_of
from winnow.services.invite import invite
from winnow.web.paths import item_path
from winnow.web.reader import COOKIE, LIMITS, dump, load

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def item(make_item):
    return make_item("A work worth keeping", state="published", tag="mlops")


@pytest.fixture
def kept(client):
    """What the stranger's browser keeps."""
    return lambda: load(client.cookies[COOKIE].value) if COOKIE in client.cookies else Reader()


@pytest.mark.parametrize(("kind", "name"), [("vote", "voted"), ("save", "saved"), ("hide", "hidden")])
def test_an_account_marks_and_takes_back(send, cast, item, kind, name):
    for query, there in (("", (item.pk,)), ("?on=1", (item.pk,)), ("?on=0", ()), ("?on=0", ())):
        answer = send(f"/i/{item.pk}/{kind}{query}", who=cast.reader, next="/recent?after=")
        assert (answer.status_code, answer["Location"]) == (302, "/recent?after=")
        assert getattr(reader_of(cast.reader), name) == there


@pytest.mark.parametrize(("kind", "name"), [("save", "saved"), ("hide", "hidden")])
def test_a_stranger_marks_and_takes_back_and_makes_no_row(send, item, kept, kind, name):
    send(f"/i/{item.pk}/{kind}")
    assert getattr(kept(), name) == (item.pk,)
    send(f"/i/{item.pk}/{kind}?on=0")
    assert (getattr(kept(), name), Mark.objects.count()) == ((), 0)


def test_a_stranger_is_led_to_sign_in_to_vote(send, visit, item, settings):
    assert send(f"/i/{item.pk}/vote")["Location"] == "/sign-in"
    assert 'data-mark="vote"' not in visit("/recent").text
    settings.ANONYMOUS_VOTES = True
    send(f"/i/{item.pk}/vote")
    assert Mark.objects.get().voice.startswith("anonymous:")
    assert "Voted" in visit("/recent").main


def test_the_page_says_what_was_done_and_offers_to_undo_it(client, send, visit, item):
    send(f"/i/{item.pk}/hide", next="/recent")
    (words,) = visit("/recent").all(r'<div class="messages".*?</div>')
    assert "Hidden from your lists." in words
    (undo,) = re.findall(r' action="([^"]+)"', words)
    client.post(undo)
    assert "A work worth keeping" in visit("/recent").main


def test_what_is_hidden_is_on_no_list_of_that_reader(send, visit, item, cast):
    send(f"/i/{item.pk}/hide", who=cast.reader)
    for path in ("/", "/recent", "/popular", "/popular/1y", "/t/mlops"):
        assert ("A work" in visit(path, who=cast.reader).main, "A work" in visit(path, who=cast.reviewer).main) == (
            False,
            True,
        )


def test_a_script_gets_what_the_button_says_now(send, item):
    plain = {"accept": "text/plain"}
    answers = [send(f"/i/{item.pk}/save?on={on}", headers=plain) for on in (1, 0)]
    assert [(a.status_code, a.content.decode()) for a in answers] == [(200, "Saved"), (200, "Save")]


def test_a_full_cookie_lets_nothing_go_that_was_saved(client, send, visit, item, kept):
    full = Reader(saved=tuple(range(10**6, 10**6 + LIMITS["saved"])))
    client.cookies[COOKIE] = dump(full)
    assert send(f"/i/{item.pk}/save", headers={"accept": "text/plain"}).status_code == 409
    send(f"/i/{item.pk}/save", next="/recent")
    assert (kept(), "Sign in to save more" in visit("/recent").main) == (full, True)


def test_nobody_is_led_away(send, item):
    assert send(f"/i/{item.pk}/save", next="https://evil.example/")["Location"] == item_path(item)


def test_marking_a_copy_marks_its_face(send, make_item, item, cast):
    copy = make_item(state="duplicate", duplicate_of=item)
    send(f"/i/{copy.pk}/save", who=cast.reader)
    assert reader_of(cast.reader).saved == (item.pk,)


@pytest.mark.parametrize("path", ["/i/999999/save", "/t/cooking/follow"])
def test_what_is_not_here_cannot_be_kept(send, path):
    assert send(path).status_code == 404


def test_tags_are_followed_and_left(send, visit, kept, cast):
    assert send("/t/mlops/follow")["Location"] == "/t/mlops"
    assert kept().followed == ("mlops",)
    assert "MLOps" in visit("/saved").main
    send("/t/mlops/follow?on=0")
    assert kept().followed == ()
    send("/t/mlops/follow", who=cast.reader)
    assert reader_of(cast.reader).followed == ("mlops",)


@pytest.mark.parametrize("who", [None, "reader"])
def test_seen_up_to_here_is_kept(send, cast, kept, who):
    account = who and getattr(cast, who)
    assert send("/reader/seen", who=account)["Location"] == "/"
    left = (reader_of(account) if account else kept()).left_at
    assert left is not None


@pytest.mark.parametrize("who", [None, "reader"])
@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("/reader/told/welcome", (True, 0)),
        ("/reader/told/news?up-to=7", (False, 7)),
        ("/reader/told/news?up-to=x", (False, 0)),
        ("/reader/told/news?up-to=99999999999999999999", (False, 0)),
    ],
)
def test_what_was_told_is_not_told_again(send, cast, kept, who, path, told):
    account = who and getattr(cast, who)
    send(path, who=account)
    reader = reader_of(account) if account else kept()
    assert (reader.is_welcomed, reader.news) == told


def saved_titles(html):
    return html.all(r'<article class="row".*?class="original"[^>]*>(.*?)</a>')


@pytest.mark.parametrize("who", [None, "reader"])
def test_what_was_saved_is_listed_newest_first_whatever_became_of_it(send, visit, make_item, cast, who):
    account = who and getattr(cast, who)
    works = [make_item(f"Kept {state}", state=state) for state in ("published", "in_review", "rejected")]
    for work in works:
        send(f"/i/{work.pk}/save", who=account)
    assert saved_titles(visit("/saved")) == ["Kept rejected", "Kept in_review", "Kept published"]
    assert saved_titles(visit("/saved", of="hide")) == []


def test_saved_works_go_on_by_cursor(send, visit, make_item, cast):
    for _ in range(30):
        send(f"/i/{make_item(state='published').pk}/save", who=cast.reader)
    html = visit("/saved")
    (older,) = html.all(r'rel="next" href="([^"]+)"')
    assert (len(saved_titles(html)), len(saved_titles(visit(f"/saved{older}")))) == (25, 5)
    assert "not a cursor" in visit("/saved", status=400, after="!").main


def test_an_odd_list_of_saved_is_a_calm_404(visit):
    assert "there is no such list" in visit("/saved", status=404, of="love").main


def test_signing_in_brings_along_what_the_browser_kept(client, send, item, visit, cast):
    send(f"/i/{item.pk}/save")
    link = invite(role="reader", name="newcomer").url
    client.post("/sign-in/" + link.rpartition("/")[2])
    assert saved_titles(visit("/saved")) == ["A work worth keeping"]
    assert client.cookies[COOKIE].value == ""


def test_keeping_something_is_nobody_elses_business(send, item, cast):
    n_before = Event.objects.count()
    for kind in ("vote", "save", "hide"):
        send(f"/i/{item.pk}/{kind}", who=cast.reader)
    assert Event.objects.count() == n_before


@pytest.mark.browser
@pytest.mark.parametrize("who", [None, "reader"])
def test_s_and_h_mark_the_row_in_its_place(browse, item, cast, who):
    page = browse("/recent", who and getattr(cast, who))
    page.keyboard.press("j")
    for key, name, back in (("s", "Saved", "Save"), ("h", "Hidden", "Hide")):
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=name)).to_be_visible()
        page.keyboard.press(key)
        expect(page.get_by_role("button", name=back, exact=True)).to_be_visible()
    assert page.url.endswith("/recent")
    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Saved")).to_be_visible()
    page.goto(page.url.replace("/recent", "/saved"))
    expect(page.get_by_role("heading", name="A work worth keeping")).to_be_visible()


@pytest.mark.browser
def test_without_a_script_the_buttons_do_the_same(browse, item):
    page = browse("/recent", scripts=False)
    page.get_by_role("button", name="Hide").click()
    expect(page.get_by_role("status")).to_contain_text("Hidden from your lists.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="A work worth keeping")).to_be_visible()
