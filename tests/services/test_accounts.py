"""What happens to an account after the invitation."""

import threading

import pytest
from django.db import connection

from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.models import (
    Account,
    ApiToken,
    Event,
    Label,
    PrivateFeed,
    Role,
    SavedSearch,
    SignInLink,
    StoredAnswer,
)
from winnow.services.accounts import close_account, delete_account, open_account, set_role
from winnow.services.invite import invite, issue_token, token_of, use_link
from winnow.services.password import change_password, make_reset_link
from winnow.services.report import report_item
from winnow.services.review import label_task, open_task


def stored_texts(*prefixes):
    """Every text and number that the tables hold whose names begin so."""
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith(prefixes)]
        rows = []
        for table in tables:
            cursor.execute(f"SELECT * FROM {table}")
            rows += [str(value) for row in cursor.fetchall() for value in row]
    return rows


def test_a_role_is_changed_and_written_down(cast):
    assert set_role(account=cast.reader, role="reviewer", by=cast.operator).role == "reviewer"
    event = Event.objects.get(kind="account.role_set")
    assert (event.account, event.is_public) == (cast.reader, False)
    assert event.data == {"by": cast.operator.pk, "before": "reader", "role": "reviewer"}


def test_the_same_role_again_ends_nothing(cast):
    token = issue_token(name="t", scopes=["classify"], account=cast.reader).token
    set_role(account=cast.reader, role="reader")
    assert token_of(token) is not None
    assert Event.objects.filter(kind="account.role_set").count() == 0


def test_an_unknown_role_is_refused(cast):
    with pytest.raises(InputError, match="reader, reviewer, engineer, owner, operator"):
        set_role(account=cast.reader, role="king")


@pytest.mark.parametrize(
    "act",
    [
        lambda a: set_role(account=a, role="reviewer"),
        lambda a: close_account(account=a),
        lambda a: delete_account(account=a),
    ],
    ids=["role", "close", "delete"],
)
def test_a05_tokens_and_unused_links_die_with_role_closing_and_deletion(cast, act):
    token = issue_token(name="t", scopes=["classify"], account=cast.reader).token
    code = invite(role="reader", name="reader").url.rsplit("/", 1)[1]
    before = cast.reader.get_session_auth_hash()
    act(cast.reader)
    assert token_of(token) is None
    with pytest.raises(NotFoundError):
        use_link(code)
    assert Account.objects.get(pk=cast.reader.pk).get_session_auth_hash() != before


def test_a05_tokens_of_others_live_on(cast):
    token = issue_token(name="t", scopes=["classify"], account=cast.reviewer).token
    close_account(account=cast.reader)
    assert token_of(token) is not None


def test_a_closed_account_can_be_opened_but_its_tokens_stay_dead(cast):
    token = issue_token(name="t", scopes=["classify"], account=cast.reader).token
    close_account(account=cast.reader)
    assert open_account(account=cast.reader).is_active
    assert token_of(token) is None
    assert [event.kind for event in Event.objects.filter(account=cast.reader).order_by("pk")][1:] == [
        "account.closed",
        "account.opened",
    ]


def test_a_closed_account_gets_no_link(cast):
    close_account(account=cast.reader)
    with pytest.raises(InputError, match="winnow accounts open"):
        invite(role="reader", name="reader")


@pytest.mark.parametrize(
    "act",
    [
        lambda a: set_role(account=a, role="owner"),
        lambda a: close_account(account=a),
        lambda a: delete_account(account=a),
    ],
)
def test_a17_the_last_operator_stays(cast, act):
    with pytest.raises(ConflictError, match="last operator"):
        act(cast.operator)
    cast.operator.refresh_from_db()
    assert (cast.operator.role, cast.operator.is_active) == ("operator", True)


def test_a17_of_two_operators_one_may_go_and_then_none(cast):
    set_role(account=cast.owner, role="operator")
    close_account(account=cast.operator, by=cast.owner)
    with pytest.raises(ConflictError):
        set_role(account=cast.owner, role="reader", by=cast.owner)
    set_role(account=cast.owner, role="operator")


@pytest.mark.django_db(transaction=True)
def test_a17_two_operators_who_shut_each_other_out_at_once_leave_one():
    operators = [Account.objects.create(name=f"operator-{n}", role=Role.OPERATOR) for n in range(2)]
    gate = threading.Barrier(2)

    def work(account):
        try:
            gate.wait()
            close_account(account=account)
        except ConflictError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(account,)) for account in operators]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Account.objects.filter(role=Role.OPERATOR, is_active=True).count() == 1


def test_a18_of_a_deleted_person_only_what_they_said_stays(cast, tags, make_item):
    person = Account.objects.create(name="Ada Lovelace", role=Role.REVIEWER, password="a-hash")
    task = open_task(item=make_item(state="in_review"), reason="low_confidence")
    label = label_task(task=task, tag=tags["mlops"], account=person)
    submitted = make_item(submitted_by=person)
    report_item(item=make_item(state="published"), reporter=f"account:{person.pk}", account=person)
    issue_token(name="Ada Lovelace's laptop", scopes=["classify"], account=person)
    StoredAnswer.objects.create(
        caller=f"token:{ApiToken.objects.get().pk}", key="Ada", request_sha256="0", status=200, body={}
    )
    SavedSearch.objects.create(account=person, q="Ada")
    PrivateFeed.objects.create(account=person, code_sha256="0", last4="Ada")
    invite(role="reviewer", name=person.name)
    gone = delete_account(account=person, by=cast.operator)
    assert (gone.pk, gone.is_active, gone.role, gone.has_usable_password()) == (person.pk, False, "reader", False)
    assert [text for text in stored_texts("winnow_") if "Ada" in text or "a-hash" in text] == []
    assert (SignInLink.objects.count(), ApiToken.objects.count()) == (0, 0)
    assert Label.objects.get(pk=label.pk).account_id == person.pk
    submitted.refresh_from_db()
    assert submitted.submitted_by_id == person.pk


def test_a18_pseudonyms_differ_and_lead_nowhere(cast):
    names = {delete_account(account=account).name for account in (cast.reader, cast.reviewer)}
    assert len(names) == 2
    assert all(name.startswith("deleted-") and str(cast.reader.pk) != name[8:] for name in names)


def test_a18_what_is_deleted_stays_deleted(cast):
    name = delete_account(account=cast.reader).name
    with pytest.raises(ConflictError, match="was deleted"):
        open_account(account=cast.reader)
    assert delete_account(account=cast.reader).name == name


def test_a06_a_copy_of_the_database_lets_nobody_in(cast, client):
    client.force_login(cast.operator)
    cookie = client.cookies["sessionid"].value
    token = issue_token(name="t", scopes=["operator"], account=cast.operator).token
    codes = [
        link.url.rsplit("/", 1)[1]
        for link in (invite(role="operator", name="operator"), make_reset_link(cast.operator))
    ]
    change_password(account=cast.reader, new="four words nobody joins")
    texts = "\n".join(stored_texts("winnow_", "django_"))
    for secret in (cookie, token, *codes, "four words nobody joins"):
        assert secret not in texts
