"""What a query is read into."""

from winnow.core.search_nodes import Both, Either, Filter, Not, Query, Words

GRAPH, NET = Words(("graph",)), Words(("net",))


def test_what_is_wanted_is_listed_in_its_order_and_what_is_not_wanted_is_left_out():
    query = Query("q", Both((Either((GRAPH, Filter("tag", "mlops"))), Not(NET), NET)))
    assert query.leaves == (GRAPH, Filter("tag", "mlops"), NET)
    assert Query("", None).leaves == Query("-net", Not(NET)).leaves == ()


def test_where_a_filter_stands_does_not_make_it_another():
    assert Filter("tag", "mlops", at=0) == Filter("tag", "mlops", at=9) != Filter("tag", "other", at=0)
