"""Recommended, for accounts and strangers, and the switch."""

import numpy as np
import pytest
from django.utils import timezone

from winnow.core.readers import Reader
from winnow.models import Mark
from winnow.queries.readers import reader_of
from winnow.services.encode import pack
from winnow.web.paths import item_path
from winnow.web.reader import COOKIE, dump, load

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def works(make_item):
    vector = pack(np.ones(4, np.float32) / 2)
    return [
        make_item(f"Work {n}", state="published", tag=tag, vector=vector, encoder_sha256="e" * 64)
        for n, tag in enumerate(["mlops", "other"] * 4)
    ]


def reasons(html):
    return html.all(r'<p class="because"[^>]*>(.*?)</p>')


def test_who_is_not_known_is_told_how_to_begin(visit, works):
    html = visit("/for-you")
    assert ("Nothing is known of you yet" in html.main, reasons(html)) == (True, [])
    assert len(html.all('data-mark="follow"')) == 4


@pytest.mark.parametrize("who", [None, "reader"])
def test_every_work_has_its_reason(send, visit, cast, works, who):
    account = who and getattr(cast, who)
    send("/t/mlops/follow", who=account)
    send(f"/i/{works[0].pk}/save", who=account)
    told = reasons(visit("/for-you"))
    assert len(told) == 7
    assert "Like “Work 0”, which you saved" in told or "You follow MLOps" in told
    assert sum(reason.startswith("Drawn at random from ") for reason in told) == 1
    assert "One in 5 is drawn at random" in visit("/for-you").main


def test_what_was_opened_is_learned_from(visit, cast, works):
    assert visit(item_path(works[0]), who=cast.reader)
    visit(item_path(works[0]), who=cast.reader)
    assert reader_of(cast.reader).read == (works[0].pk,)
    assert "1 opened work" in visit("/for-you").main


def test_a_stranger_who_only_followed_a_link_gets_no_cookie(client, visit, works):
    visit(item_path(works[0]))
    assert COOKIE not in client.cookies
    visit("/")
    visit(item_path(works[0]))
    assert load(client.cookies[COOKIE].value).read == (works[0].pk,)


def test_what_a_browser_fetches_ahead_is_not_read(client, cast, works, make_item):
    client.force_login(cast.reader)
    client.get(item_path(works[0]), headers={"sec-purpose": "prefetch"})
    client.head(item_path(works[0]))
    client.get(item_path(make_item("Waiting", state="in_review")))
    assert Mark.objects.count() == 0


@pytest.mark.parametrize("who", [None, "reader"])
def test_off_forgets_what_was_opened_and_learns_no_more(client, send, visit, cast, works, who):
    account = who and getattr(cast, who)
    kept = lambda: reader_of(account) if account else load(client.cookies[COOKIE].value)  # noqa: E731
    visit("/", who=account)
    visit(item_path(works[0]), who=account)
    send(f"/i/{works[1].pk}/save", who=account)
    send("/for-you/off")
    assert (kept().read, kept().saved, kept().is_learning) == ((), (works[1].pk,), False)
    visit(item_path(works[2]), who=account)
    assert kept().read == ()
    html = visit("/for-you")
    assert ("turned off" in html.main, reasons(html)) == (True, [])
    send("/for-you/on")
    assert len(reasons(visit("/for-you"))) == 7


def test_forgetting_leaves_it_on(client, send, visit, works):
    client.cookies[COOKIE] = dump(Reader(read=(works[0].pk,), visited_at=timezone.now()))
    send("/for-you/forget")
    assert load(client.cookies[COOKIE].value) == Reader(visited_at=load(client.cookies[COOKIE].value).visited_at)


def test_who_has_met_everything_is_told_so(visit, client, works):
    client.cookies[COOKIE] = dump(Reader(saved=tuple(item.pk for item in works)))
    assert "You have met all that is here" in visit("/for-you").main
