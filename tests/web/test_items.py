"""Front page, lists, search, the page of one Item."""

import re
from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from winnow.core.readers import Reader
from winnow.models import Item, Mark
from winnow.services.encode import pack
from winnow.services.log import record_event
from winnow.services.rank import rank_item
from winnow.web.paths import item_path
from winnow.web.reader import COOKIE, dump

pytestmark = pytest.mark.usefixtures("tags")


def test_the_front_page_ends(visit, make_item):
    for _ in range(6):
        make_item(state="published", tag="mlops")
    html = visit("/")
    assert len(html.all(r'<article class="row"')) == 4
    assert html.all(r"<hr><p>You are up to date\. <a href=\"([^\"]+)\"") == ["/recent"]


def test_a_first_visit_is_told_what_this_is_until_it_is_understood(send, visit, make_item):
    make_item(state="published")
    assert len(visit("/").all(r'<div class="welcome">')) == 1
    send("/reader/told/welcome")
    assert visit("/").all(r'<div class="welcome">') == []


def test_news_is_told_once_and_not_before_the_welcome_is_understood(send, visit):
    event = record_event("model.deployed", ref="v6-1", role="champion", share=1, reason="r")
    assert visit("/").all(r'<p class="news">') == []
    send("/reader/told/welcome")
    assert "A new model sorts the works: v6-1." in visit("/").main
    send(f"/reader/told/news?up-to={event.pk}")
    assert visit("/").all(r'<p class="news">') == []


@pytest.fixture
def come_back(client, make_item):
    """A reader who was here an hour ago, when there were three works; two came since."""
    now = timezone.now()
    old, new = (
        [make_item(f"Old {n}", state="published") for n in range(3)],
        [make_item(f"New {n}", state="published", dated_at=now) for n in range(2)],
    )
    Item.objects.filter(pk__in=[item.pk for item in old]).update(published_at=now - timedelta(hours=2))
    client.cookies[COOKIE] = dump(Reader(visited_at=now - timedelta(hours=1), is_welcomed=True))
    return new


@pytest.mark.usefixtures("come_back")
def test_who_comes_back_sees_what_is_new_and_where_they_left_off(visit, send):
    html = visit("/")
    assert "You were last here" in html.main
    assert "2 of these are new." in html.main
    assert len(html.all('<strong class="new">')) == 2
    html = visit("/recent")
    (before, after) = html.main.split('<p class="left-off">')
    assert ([before.count(f"New {n}<") for n in range(2)], after.count("New ")) == ([1, 1], 0)
    send("/reader/seen")
    assert "nothing here is new since" in visit("/").main
    assert visit("/recent").main.index("left-off") < visit("/recent").main.index('class="row"')


@pytest.mark.usefixtures("come_back")
def test_the_line_is_drawn_on_no_other_list_and_no_later_page(visit):
    assert all("left-off" not in visit(path).main for path in ("/popular", "/t/mlops", "/search?q=old"))


def test_a_first_visit_draws_no_line(visit, make_item):
    make_item(state="published")
    assert all("left-off" not in visit(path).main and "last here" not in visit(path).main for path in ("/", "/recent"))


def test_popular_says_for_each_work_why_it_is_there(visit, make_item):
    face = make_item("Twice", state="published")
    make_item(state="duplicate", duplicate_of=face)
    make_item("Once", state="published", dated_at=timezone.now() - timedelta(days=300))
    assert visit("/popular").all(r'<p class="because">(.*?)</p>') == ["Turned up in 1 more place"]


def test_a_window_is_ordered_by_what_is_best_in_it(visit, make_item, cast):
    now = timezone.now()
    best = make_item("Best", state="published", dated_at=now - timedelta(days=6))
    make_item("Newest", state="published", dated_at=now)
    for n in range(3):
        Mark.objects.create(item=best, kind="vote", voice=f"account:{n}")
    rank_item(best.pk)
    order = lambda path: visit(path).all(r'class="original"[^>]*>(.*?)</a>')  # noqa: E731
    assert (order("/popular"), order("/popular/1w")) == (["Newest", "Best"], ["Best", "Newest"])


def test_the_front_page_is_headed_by_the_date(visit):
    assert visit("/").all(r"<h1[^>]*><time datetime=\"([^\"]+)\"") == [timezone.localdate().isoformat()]


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/", "Nothing is published yet"),
        ("/recent", "Nothing is published yet"),
        ("/t/mlops", "Nothing bears this tag yet"),
        ("/search?q=zebra", "Nothing published fits"),
        ("/withheld", "Nothing is withheld"),
        ("/withheld?q=zebra", "Nothing is withheld for this"),
        ("/sources", "No source is known yet"),
    ],
)
def test_an_empty_page_says_so_and_offers_one_thing_to_do(visit, path, words):
    (empty,) = visit(path).all(r'<p class="empty">(.*?)</p>')
    assert (words in empty, empty.count("<a ")) == (True, 1)


def test_what_is_not_published_is_on_no_list(visit, make_item):
    for state in ("admitted", "in_review", "rejected"):
        make_item(f"Hidden {state}", state=state)
    shown = make_item("Shown", state="published")
    make_item("Hidden copy", state="duplicate", duplicate_of=shown)
    for path in ("/", "/recent", "/t/mlops", "/search?q=hidden"):
        assert "Hidden" not in visit(path).main


def test_recent_goes_on_by_cursor_and_shows_everything_once(visit, make_item):
    made = [make_item(state="published").title for _ in range(60)]
    seen, path, sizes = [], "/recent", []
    while path:
        html = visit(path)
        rows = html.all(r'<article class="row".*?class="original"[^>]*>(.*?)</a>')
        seen, sizes = seen + rows, [*sizes, len(rows)]
        path = next(iter(html.all(r'rel="next" href="([^"]+)"')), "").replace("&amp;", "&")
        path = path and f"/recent{path}"
    assert (sorted(seen), sizes) == (sorted(made), [25, 25, 10])


@pytest.mark.parametrize("path", ["/recent", "/t/mlops", "/search", "/withheld"])
@pytest.mark.parametrize("cursor", ["!", "bm9uZQ", "W251bGwsMV0", "A" * 300])
def test_a_bad_cursor_is_a_page_of_400(visit, path, cursor):
    html = visit(path, status=400, after=cursor, **({"q": "x"} if path == "/search" else {}))
    assert "not a cursor of this list" in html.main


@pytest.mark.parametrize("path", ["/i/{pk}", "/i/{pk}/", "/i/{pk}/something-else"])
def test_the_words_of_an_address_are_mended(client, make_item, path):
    item = make_item("A fine title", state="published")
    answer = client.get(path.format(pk=item.pk))
    expected = (404, None) if path.endswith("/") else (302, f"/i/{item.pk}/a-fine-title")
    assert (answer.status_code, answer.get("Location")) == expected


@pytest.mark.parametrize("pk", [0, 2**63, 10**30])
def test_an_item_that_is_not_here_is_a_calm_404(visit, pk):
    assert "there is no such item here" in visit(f"/i/{pk}", status=404).main


def test_a_removed_item_is_gone(visit, make_item):
    item = make_item("Removed", state="published")
    Item.objects.filter(pk=item.pk).update(state="removed")
    assert "Removed" not in visit(f"/i/{item.pk}", status=404).text


def why(html):
    return [re.sub(r"<[^>]+>", "", row).split("\n")[0] for row in html.all(r"<tr><th.*?</tr>")]


def test_a_decision_of_the_model_is_explained_and_open_while_provisional(visit, make_decided):
    html = visit(f"/i/{make_decided('Gateways').pk}/gateways")
    assert why(html) == [
        "Decided bythe model v5-1",
        "Confidencesure (.94)",
        "Counted for itgateway +.21 ",
        "Against itpoem −.04 ",
        "Runner-upOther machine learning (.06)",
        "Thresholdsprovisional: proved on the starter set, not yet on your stream",
    ]
    assert len(html.all(r'<details class="why" open>')) == 1
    assert len(html.all(r'<a class="chip place-2 ring"')) == 1


def test_a_certified_decision_is_folded_and_its_dot_filled(visit, make_decided, model_version):
    model_version.policy = {"provenance": "certified on 124 audited items", "is_provisional": False}
    model_version.save()
    html = visit(f"/i/{make_decided('Gateways').pk}/gateways")
    assert len(html.all(r'<details class="why">')) == 1
    assert len(html.all(r'<a class="chip place-2"')) == 1


def test_words_that_are_not_worked_out_yet_are_said_to_be_so(visit, make_decided):
    html = visit(f"/i/{make_decided('Gateways', words=None).pk}/gateways")
    assert why(html)[2] == "What countedbeing worked out"


@pytest.mark.parametrize("words", [[], [["of", 0.004], ["a", -0.001]]])
def test_words_that_change_nothing_are_not_shown(visit, make_decided, words):
    html = visit(f"/i/{make_decided('Gateways', words=words).pk}/gateways")
    assert why(html)[2] == "What countedno single word stood out"


def test_a_decision_of_a_person_says_so(visit, make_item):
    html = visit(f"/i/{make_item('By hand', state='published').pk}/by-hand")
    assert why(html) == ["Decided bya person"]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("in_review", "Waits for a person."),
        ("admitted", "Just in."),
        ("rejected", "Withheld: not machine learning."),
        ("duplicate", "Copy of a work that is here:"),
    ],
)
def test_an_item_that_is_not_on_the_lists_has_a_page_that_says_so(visit, make_item, state, words):
    face = make_item("The face", state="published")
    item = make_item("Not shown", state=state, duplicate_of=face if state == "duplicate" else None)
    html = visit(f"/i/{item.pk}/not-shown")
    assert html.all(r'<p class="state[^"]*"><strong>(.*?)</strong>') == [words]
    assert ("The face" in html.main) == (state == "duplicate")


def test_the_places_where_a_work_turned_up_are_listed(visit, make_item):
    face = make_item("The face", state="published")
    for n in range(2):
        make_item(f"Copy {n}", state="duplicate", duplicate_of=face)
    html = visit(f"/i/{face.pk}/the-face")
    (places,) = html.all(r'<section id="places">.*?</section>')
    assert ("Copy 0" in places, "Copy 1" in places) == (True, True)
    assert html.all(r'<a href="#places">(.*?)</a>') == ["+2 sources"]


def test_links_to_originals_give_nothing_away(visit, make_item):
    item = make_item("Linked", state="published", url="https://example.org/paper")
    for path in ("/recent", f"/i/{item.pk}/linked"):
        rels = visit(path).all(r'href="https://example\.org/paper" rel="([^"]+)"')
        assert rels == ["noopener noreferrer nofollow ugc"]


def test_a_merge_shows_its_evidence_its_rule_and_the_way_back(visit, make_item, cast):
    face = make_item("Face", state="published", url="https://arxiv.org/abs/2399.04417")
    copy = make_item("Copy", state="duplicate", duplicate_of=face, url="https://github.com/quillmoss/fernlight")
    html = visit(item_path(face))
    (places,) = html.all(r'<section id="places">.*?</section>')
    assert "The same address" in places
    assert "The one that came first stands for all" in places
    assert "Restore" not in places
    (facets,) = html.all(r'<section id="facets">.*?</section>')
    assert ("Paper: " in facets, "Code: " in facets) == (True, True)
    assert f'action="/withheld/{copy.pk}/restore"' in visit(item_path(face), who=cast.reviewer).main


def test_a_page_says_to_programs_what_it_is(visit, make_item):
    item = make_item('A "paper" <b>', state="published", url="https://arxiv.org/abs/2399.04417", author="Ada")
    html = visit(item_path(item))
    described = {a["itemprop"]: a.get("content", a.get("href", "")) for _, a in html.elements if "itemprop" in a}
    (kind,) = [a["itemtype"] for _, a in html.elements if "itemtype" in a]
    assert kind == "https://schema.org/ScholarlyArticle"
    assert set(described) == {
        "name", "datePublished", "image", "mainEntityOfPage", "genre", "author", "description", "url"
    }  # fmt: skip
    assert described["datePublished"].startswith(item.dated_at.date().isoformat())
    cards = {a["property"]: a["content"] for name, a in html.elements if name == "meta" and "property" in a}
    assert cards["og:title"] == 'A "paper" <b>'
    assert cards["og:url"] == described["mainEntityOfPage"] == f"http://127.0.0.1:8000{item_path(item)}"
    assert cards["og:image"] == f"http://127.0.0.1:8000/i/{item.pk}/picture.png"


def test_works_like_it_are_named(visit, make_item):
    vectors = [np.array([1, 0], np.float32), np.array([0.8, 0.6], np.float32)]
    item, like = (
        make_item(f"Work {n}", state="published", vector=pack(vector), encoder_sha256="e" * 64)
        for n, vector in enumerate(vectors)
    )
    (section,) = visit(item_path(item)).all(r'<section id="similar">.*?</section>')
    assert (item_path(like) in section, item_path(item) in section) == (True, False)


def test_the_page_says_why_it_is_popular_and_lets_one_vote(visit, send, make_item, cast):
    item = make_item("Voted", state="published")
    assert 'href="/sign-in">Vote' in visit(item_path(item)).main
    send(f"/i/{item.pk}/vote", who=cast.reviewer)
    html = visit(item_path(item))
    assert html.all(r'<span class="because">(.*?)</span>') == ["1 vote here"]
    assert html.all(r'data-mark="(\w+)"') == ["vote", "save", "hide"]


def test_who_sent_it_in_is_said_only_where_they_allow_it(visit, send, make_item, cast):
    item = make_item("Sent in", state="published", submitted_by=cast.reader)
    for path in (item_path(item), "/recent"):
        assert "submitted by a reader" in visit(path, who=cast.reviewer).main
    assert send("/yours/name", who=cast.reader)["Location"] == "/yours"
    for path in (item_path(item), "/recent"):
        assert "submitted by <bdi>reader</bdi>" in visit(path, who=cast.reviewer).main
    send("/yours/name?on=0", who=cast.reader)
    assert "submitted by a reader" in visit("/recent", who=cast.reviewer).main
