"""Every address by every role, method and token scope, as `docs/reference/access.md` says; what has no row fails."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLResolver, get_resolver
from tests.services.experiments_cast import planned

from winnow.api.app import api
from winnow.models import (
    Account,
    ApiToken,
    DatasetVersion,
    Event,
    Item,
    Label,
    ModelVersion,
    Passkey,
    PrivateFeed,
    ReviewTask,
    Role,
    Scope,
    Source,
    Webhook,
)
from winnow.services.invite import issue_token
from winnow.services.review import label_task, open_task
from winnow.services.saved_searches import make_feed, save_search
from winnow.web.feeds import FORMS

TABLE = Path(__file__).parents[1] / "docs" / "reference" / "access.md"
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
COLUMNS = ("anonymous", *Role.values)
ROOT_OF_NINJA = "/api/v1/"  # there is nothing at it, whatever the method
SECRET = {
    "/sign-in/<code>",
    "/reset/<code>",
    "/mail/confirm/<code>",
    "/mail/stop/<code>",
    *(f"/my/<code>.{form}" for form in FORMS),
}
# What belongs to one account: where it begins, and what is done with it.
OWN = [("/account/tokens", "revoke"), ("/account/passkeys", "remove"), ("/search", "forget"), ("/my", "revoke")]

pytestmark = pytest.mark.usefixtures("tags")


@dataclass(frozen=True)
class Row:
    """One address and method, and who may."""

    address: str
    method: str
    cells: tuple[str, ...]
    another: str


def rows_of(heading):
    text = TABLE.read_text().split(f"## {heading}\n")[1].split("\n## ")[0]
    found = re.findall(r"^\| `(\S+)` \| (\w+) \| (.*) \|$", text, re.MULTILINE)
    for address, method, rest in found:
        *cells, another = [cell.strip() for cell in rest.split("|")]
        yield Row(address, method, tuple(cells), another)


PAGES, CALLS = list(rows_of("Pages")), list(rows_of("Calls"))


def addresses(patterns=None, before="/"):
    """Every address of the site, without the kinds of its identifiers."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        whole = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, whole)
        else:
            yield re.sub(r"<\w+:(\w+)>", r"<\1>", whole)


# What an address names that is the same in every test.
NAMED = {
    **{f"/releases/<name>{end}": {"name": "release-1"} for end in ("", "/sign")},
    **{
        f"/releases/<name>/<document>/{end}": {"name": "release-1", "document": "design"} for end in ("edit", "history")
    },
    **{f"/t/<slug>{end}": {"slug": "mlops"} for end in ("", "/recall", "/follow", *(f".{form}" for form in FORMS))},
    **{f"/popular/<window>{end}": {"window": "1w"} for end in ("", *(f".{form}" for form in FORMS))},
    **{f"/sources/<name>{end}": {"name": "feed"} for end in ("", "/decide", "/switch")},
    **{f"{start}/<pk>/{end}": {"pk": 1} for start, end in OWN},
    **{address: {"code": "made-up"} for address in SECRET},
    "/embed/<slug>": {"slug": "mlops"},
    "/sitemap-<number>.xml": {"number": 1},
    "/models/<ref>": {"ref": "v6-1"},
    "/datasets/export/<what>/<form>": {"what": "labels", "form": "csv"},
    "/datasets/<version>": {"version": "gold-1"},
    "/datasets/<version>.jsonl": {"version": "gold-1"},
    "/review/undo/<pk>": {"pk": 1},
    "/api/v1/tags/<slug>": {"slug": "mlops"},
}


@pytest.fixture
def things(make_item, cast, tags):
    """One of everything that an address can name."""
    Source.objects.create(name="feed", kind="feed", address="https://example.org/feed")
    shown = make_item(state="published")
    about = {"folder": "models/none", "manifest_sha256": "0" * 64, "dataset_sha256": "0" * 64}
    ModelVersion.objects.create(ref="v6-1", recipe="steady", policy={}, card={}, **about)
    DatasetVersion.objects.create(version="gold-1", sha256="0" * 64, rows=[], per_tag={}, n=0)
    task = open_task(item=make_item(state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)
    experiment = planned()
    hook = Webhook.objects.create(url="https://hook.test/", events=[], salt="s")
    return NAMED | {
        "/i/<pk>": {"pk": shown.pk},
        "/i/<pk>/<slug>": {"pk": shown.pk, "slug": "x"},
        **{
            f"/i/<pk>/{end}": {"pk": shown.pk}
            for end in (
                *("report", "vote", "save", "hide", "appeal", "edit", "put-back"),
                *("withdraw", "take-down", "picture.png", "right"),
            )
        },
        **{f"/experiments/<name>{end}": {"name": experiment.name} for end in ("", "/start", "/stop")},
        "/withheld/<pk>/restore": {"pk": make_item(state="rejected").pk},
        **{f"/review/<pk>/{end}": {"pk": task.pk} for end in ("label", "skip", "keep")},
        "/api/v1/tasks/<task_id>/label": {"task_id": task.pk},
        **{f"/webhooks/<pk>/{end}": {"pk": hook.pk} for end in ("try", "switch", "remove")},
        "/api/v1/items/<item_id>": {"item_id": shown.pk},
        "/api/v1/items/<item_id>/reports": {"item_id": shown.pk},
    }


@pytest.fixture
def ask(things):
    """Ask an address; whatever the answer changed is taken back, so that no row disturbs the next."""

    def ask(address, method, who=None, token="", body="{}"):
        path = re.sub(r"<(\w+)>", lambda found: str(things[address][found[1]]), address)
        client = Client(raise_request_exception=False)
        if who is not None:
            client.force_login(who)
        headers = {"authorization": f"Bearer {token}"} if token else {}
        is_call = address.startswith("/api/")
        kind = "application/json" if is_call else "application/x-www-form-urlencoded"
        with transaction.atomic():
            sent = {} if method in ("GET", "HEAD") else {"data": body if is_call else "tag=mlops", "content_type": kind}
            answer = client.generic(method, path, headers=headers, **sent)
            transaction.set_rollback(True)
        return answer

    return ask


def verdict(answer):
    """The word of the table for an answer."""
    if answer.status_code == 403:
        return "no"
    return "sign in" if answer.get("Location", "").startswith("/sign-in") else "yes"


def test_every_address_has_a_row_and_every_row_an_address():
    assert {row.address for row in (*PAGES, *CALLS)} == set(addresses()) - {ROOT_OF_NINJA}


def test_every_call_of_the_description_has_a_row_with_its_scope():
    paths = api.get_openapi_schema(path_prefix="/api/v1/")["paths"]
    described = {
        (re.sub(r"{(\w+)}", r"<\1>", path), method.upper(), bool(call.get("security")))
        for path, methods in paths.items()
        for method, call in methods.items()
    }
    listed = {(row.address, row.method, row.cells != ("anyone",)) for row in CALLS}
    assert described == listed - {("/api/v1/openapi.json", "GET", False)}


def test_the_table_is_whole():
    assert all(len(row.cells) == len(COLUMNS) and set(row.cells) <= {"yes", "no", "sign in"} for row in PAGES)
    assert all(set(row.cells) <= {"anyone", *Scope.values} for row in CALLS)
    assert all((row.another in ("shown", "not there")) == ("<" in row.address) for row in (*PAGES, *CALLS))


@pytest.mark.parametrize("role", COLUMNS)
def test_a08_each_page_opens_to_whom_the_table_says(ask, cast, role):
    who = None if role == "anonymous" else getattr(cast, role)
    asked = {(row.address, row.method): verdict(ask(row.address, row.method, who)) for row in PAGES}
    assert asked == {(row.address, row.method): row.cells[COLUMNS.index(role)] for row in PAGES}


@pytest.mark.parametrize("role", ["anonymous", "operator"])
def test_no_other_method_is_taken(ask, cast, role):
    who = None if role == "anonymous" else getattr(cast, role)
    known = {(row.address, row.method) for row in (*PAGES, *CALLS)}
    others = [(a, m) for a in {row.address for row in (*PAGES, *CALLS)} for m in METHODS if (a, m) not in known]
    assert {pair: ask(*pair, who).status_code for pair in others} == dict.fromkeys(others, 405)


def test_head_goes_where_get_goes(ask, cast):
    for row in (row for row in (*PAGES, *CALLS) if row.method == "GET"):
        for who in (None, cast.reader):
            assert ask(row.address, "HEAD", who).status_code == ask(row.address, "GET", who).status_code, row


@pytest.mark.parametrize("method", METHODS)
def test_there_is_nothing_at_the_root_of_the_calls(client, method):
    assert client.generic(method, ROOT_OF_NINJA, "{}", "application/json").status_code in (404, 405)


@pytest.mark.parametrize("scope", Scope.values)
def test_a07_each_call_opens_to_its_scope_alone(ask, scope):
    token = issue_token(name="t", scopes=[scope]).token
    for row in CALLS:
        is_open = row.cells[0] in ("anyone", scope)
        assert (ask(row.address, row.method, token=token).status_code == 403) is not is_open, row


@pytest.mark.parametrize("role", COLUMNS)
def test_without_a_token_a_call_with_a_scope_is_401_whoever_has_a_session(ask, cast, role):
    who = None if role == "anonymous" else getattr(cast, role)
    for row in CALLS:
        assert (ask(row.address, row.method, who).status_code == 401) is (row.cells[0] != "anyone"), row


def test_a_token_opens_no_page(ask):
    token = issue_token(name="t", scopes=Scope.values).token
    for row in PAGES:
        assert verdict(ask(row.address, row.method, token=token)) == row.cells[0], row


def test_what_is_refused_changes_nothing(ask, cast):
    before = snapshot()
    for row in PAGES:
        for role, cell in zip(COLUMNS, row.cells, strict=True):
            if cell != "yes" and row.method == "POST":
                ask(row.address, row.method, None if role == "anonymous" else getattr(cast, role))
    assert snapshot() == before


def snapshot():
    return [
        *Item.objects.order_by("pk").values_list("state", "tag"),
        *Source.objects.values_list("is_active"),
        *Account.objects.order_by("pk").values_list("role", "is_active"),
        (Label.objects.count(), ApiToken.objects.count(), Event.objects.count()),
    ]


@pytest.fixture
def foreign(things, cast, make_item, tags):
    """What is another's, or one's own where only others may: for a reviewer, who has every right but that one."""
    mine = make_item(state="in_review", submitted_by=cast.reviewer)
    own_work = open_task(item=mine, reason=ReviewTask.Reason.REPORTED)
    task = ReviewTask.objects.get(pk=things["/review/<pk>/label"]["pk"])
    label = label_task(task=task, tag=tags["mlops"], account=cast.other_reviewer)
    issue_token(name="theirs", scopes=["classify"], account=cast.other_reviewer)
    search = save_search(q="graph", account=cast.other_reviewer)
    key = Passkey.objects.create(account=cast.other_reviewer, name="k", credential_id="k", public_key=b"k")
    make_feed(account=cast.other_reviewer)
    found = {
        "/review/<pk>/label": {"pk": own_work.pk},
        "/review/<pk>/skip": {"pk": own_work.pk},
        "/review/<pk>/keep": {"pk": own_work.pk},
        "/review/undo/<pk>": {"pk": label.pk},
        "/account/tokens/<pk>/revoke": {"pk": ApiToken.objects.get().pk},
        "/account/passkeys/<pk>/remove": {"pk": key.pk},
        "/search/<pk>/forget": {"pk": search.pk},
        "/my/<pk>/revoke": {"pk": PrivateFeed.objects.get().pk},
        **{f"/i/<pk>/{end}": {"pk": make_item(submitted_by=cast.reader).pk} for end in ("edit", "put-back")},
        **{address: {"code": "made-up"} for address in SECRET},
    }
    things.update(found)
    return found


def test_a09_what_is_anothers_is_not_there(ask, foreign, cast):
    guarded = [row for row in (*PAGES, *CALLS) if row.another == "not there"]
    assert {row.address for row in guarded} == set(foreign)
    before = snapshot()
    for row in guarded:
        # The page of a sign-in link is the same for every code: only pressing its button asks whether it is one.
        expected = 200 if (row.address, row.method) == ("/sign-in/<code>", "GET") else 404
        assert ask(row.address, row.method, cast.reviewer).status_code == expected, row
    assert snapshot() == before


@pytest.mark.parametrize("number", ["0", str(10**6), str(2**63), str(10**30), "-1", "1e3", "%00"])
def test_a09_a_number_that_names_nothing_is_404(client, cast, number):
    client.force_login(cast.operator)
    for row in (*PAGES, *CALLS):
        if re.search(r"<(pk|item_id|task_id)>", row.address):
            path = re.sub(r"<(pk|item_id|task_id)>", number, row.address).replace("<slug>", "x")
            kind = "application/json" if row.address.startswith("/api/") else "application/x-www-form-urlencoded"
            status = client.generic(row.method, path, "tag=mlops", kind).status_code
            assert status in (404, 422 if "/api/" in path else 404, 401 if row.method == "POST" else 404), path


def test_a16_no_address_makes_an_account_for_a_stranger(client, things, db):
    n_before = Account.objects.count()
    for row in (*PAGES, *CALLS):
        path = re.sub(r"<(\w+)>", lambda found, row=row: str(things[row.address][found[1]]), row.address)
        client.generic(row.method, path, "name=root&role=operator&password=x", "application/x-www-form-urlencoded")
        assert (Account.objects.count(), client.get("/account").status_code) == (n_before, 302), row
