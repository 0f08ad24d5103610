"""The search page: what was found, what it has in common, what is wrong with a query, what is kept."""

import pytest

from winnow.models import SavedSearch
from winnow.services.index import catch_up


def test_search_wants_every_word_and_keeps_the_query(visit, make_item):
    make_item("Sparse attention", state="published")
    make_item("Sparse trees", state="published")
    html = visit("/search", q="  sparse ATTENTION ")
    assert html.all(r'class="original"[^>]*>(.*?)</a>') == ["<mark>Sparse</mark> <mark>attention</mark>"]
    assert html.all(r'<input id="q"[^>]* value="([^"]*)"') == ["sparse ATTENTION"]


@pytest.mark.parametrize("q", ["\x00", "%", "'; DROP TABLE", "a" * 5000, "<script>alert(1)</script>"])
def test_search_takes_any_text(visit, make_item, q):
    make_item("Sparse trees", state="published")
    assert "<script>alert" not in visit("/search", q=q).main


def test_words_are_marked_in_title_and_text_and_nothing_else_is_markup(visit, make_item):
    make_item("Sparse <b>attention</b>", state="published", description="On <i>sparse</i> things. " * 30)
    main = visit("/search", q="sparse attention").main
    assert "<mark>Sparse</mark> &lt;b&gt;<mark>attention</mark>&lt;/b&gt;" in main
    assert "&lt;i&gt;<mark>sparse</mark>&lt;/i&gt;" in main
    assert "<i>" not in main


def test_what_is_wrong_with_a_query_is_said_where_it_is(visit, make_item):
    make_item("Sparse trees", state="published")
    html = visit("/search", q="sparse (tag: after:soon")
    assert len(html.all(r"<li><q")) == 3
    assert "at place 8" in html.main
    assert "Sparse" in html.all(r'class="original"[^>]*>(.*?)</a>')[0]


def test_a_slip_is_forgiven_and_said(visit, make_item):
    for n in range(2):
        make_item(f"Attention {n}", state="published")
    catch_up()
    main = visit("/search", q="attentoin ").main
    assert "No work holds" in main
    assert main.count('class="original"') == 2


def test_facets_narrow_the_query(visit, make_item):
    make_item("Sparse a1", state="published", tag="mlops")
    make_item("Sparse b2", state="published", tag="other")
    html = visit("/search", q="sparse ")
    links = html.all(r'href="(\?q=sparse[^"]*tag[^"]*)"')
    assert len(links) == 2
    narrowed = visit("/search" + links[0].replace("&amp;", "&"))
    assert len(narrowed.all(r'class="original"')) == 1


def test_order_is_chosen_and_an_odd_one_is_the_best_first(visit, make_item):
    make_item("Sparse trees", state="published")
    assert visit("/search", q="sparse", sort="recent").all(r'aria-current="page">(Newest first)')
    assert visit("/search", q="sparse", sort="odd").all(r'aria-current="page">(Best first)')


def test_a_search_is_kept_once_and_let_go(send, visit, cast):
    for _ in range(2):
        send("/search/save", cast.reader, q=" sparse   trees ")
    kept = SavedSearch.objects.get()
    assert (kept.account, kept.q) == (cast.reader, "sparse trees")
    assert 'href="/search?q=sparse%20trees&amp;sort=recent"' in visit("/search").main
    send(f"/search/{kept.pk}/forget")
    assert not SavedSearch.objects.exists()


def test_nothing_and_what_is_anothers_cannot_be_kept_or_let_go(send, cast):
    assert send("/search/save", cast.reader, q=" !!! ").status_code == 400
    kept = SavedSearch.objects.create(account=cast.engineer, q="sparse")
    assert send(f"/search/{kept.pk}/forget", cast.reader).status_code == 404
    assert SavedSearch.objects.exists()


def test_an_empty_search_shows_how_it_is_done(visit, tags):
    assert visit("/search").main.count('href="/search?q=') == 5


def test_the_other_number_of_a_word_is_found_and_marked(visit, make_item):
    make_item("Language Models", state="published")
    assert "<mark>Models</mark>" in visit("/search", q="model language").main
