"""What every page knows, and at what price."""

import pytest
from django.contrib.auth.models import AnonymousUser

from winnow.web.context import everywhere


def context(rf, user, path="/recent?after=x"):
    request = rf.get(path)
    request.user = user
    return everywhere(request)


def test_tags_are_read_once_and_only_where_they_are_shown(rf, tags, django_assert_num_queries):
    with django_assert_num_queries(0):
        known = context(rf, AnonymousUser())
    with django_assert_num_queries(1):
        assert [tag.slug for tag in known["tags"]] == list(tags)
        assert str(known["palette"]) == "1.4"
        assert len(known["tags"]) == 4


@pytest.mark.parametrize(
    ("role", "rights"),
    [
        ("reader", {"account", "submit"}),
        ("reviewer", {"account", "submit", "review", "sign", "restore"}),
        ("engineer", {"account", "submit", "review", "sign", "restore", "adjudicate"}),
        (
            "operator",
            {
                *("account", "submit", "review", "sign", "restore", "adjudicate"),
                *("switch_sources", "operate", "value", "experiments"),
            },
        ),
        (
            "owner",
            {
                *("account", "submit", "review", "sign", "write_documents", "restore", "adjudicate"),
                *("value", "experiments"),
            },
        ),
    ],
)
def test_rights_follow_the_role(rf, cast, role, rights):
    assert context(rf, getattr(cast, role))["rights"] == rights


def test_a_stranger_has_no_right(rf):
    assert context(rf, AnonymousUser())["rights"] == set()


@pytest.mark.parametrize(("allowed", "stranger", "reader"), [(True, True, True), (False, False, True)])
def test_who_may_report(rf, cast, settings, allowed, stranger, reader):
    settings.ANONYMOUS_REPORTS = allowed
    seen = (context(rf, AnonymousUser())["may_report"], context(rf, cast.reader)["may_report"])
    assert seen == (stranger, reader)


def test_the_one_address_of_a_page_has_no_query(rf, settings):
    settings.BASE_URL = "https://winnow.example"
    assert context(rf, AnonymousUser())["canonical"] == "https://winnow.example/recent"
