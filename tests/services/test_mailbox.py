"""An address is confirmed by who reads there, used for what was asked for, and forgotten with all that held it."""

from datetime import timedelta

import pytest
from django.core import signing
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, NotFoundError, TooManyError
from winnow.models import Mailbox, Message
from winnow.services import mailbox
from winnow.services.accounts import delete_account
from winnow.services.mailbox import (
    ANSWERS,
    DIGEST,
    choose,
    confirm_address,
    drop_unconfirmed,
    forget_address,
    set_address,
    stop,
    stop_link,
)
from winnow.services.outbox import send_mail

pytestmark = pytest.mark.django_db
ADDRESS = "reader@example.org"


@pytest.fixture(autouse=True)
def _with_folder(settings, tmp_path):
    settings.MAIL_RELAY = {"folder": tmp_path / "mail"}


def code_in(message):
    return message.content["text"].split("/mail/confirm/")[1].split()[0]


def given(account, address=ADDRESS):
    set_address(account=account, address=address)
    return code_in(Message.objects.latest("pk"))


def code_of(link):
    return link.rsplit("/", 1)[1]


def test_an_address_is_used_once_its_reader_says_so(cast):
    code = given(cast.reader)
    assert Mailbox.objects.get().confirmed_at is None
    confirm_address(code)
    confirm_address(code)
    assert (Mailbox.objects.get().confirmed_at is not None, Mailbox.objects.get().every) == (True, "daily")


def test_the_link_holds_no_address(cast):
    assert "reader" not in str(signing.loads(given(cast.reader), salt=mailbox.CONFIRM))


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a@b", "a@example.org\r\nBcc: b@example.org", "a@example.org, b@example.org", "Å@example.org",
     "<a@example.org>", f"{'a' * 250}@example.org", "a@example.org\u202e"],
)  # fmt: skip
def test_h6_what_is_no_plain_address_is_refused(cast, address):
    with pytest.raises(InputError):
        set_address(account=cast.reader, address=address)
    assert not Message.objects.exists()


def test_without_a_relay_nothing_is_taken(cast, settings):
    settings.MAIL_RELAY = {}
    with pytest.raises(ConflictError, match="WINNOW_MAIL_HOST"):
        set_address(account=cast.reader, address=ADDRESS)
    assert not Mailbox.objects.exists()


def test_nobody_is_drowned_in_links(cast):
    for account in (cast.reader, cast.reviewer, cast.owner):
        given(account)
    with pytest.raises(TooManyError):
        set_address(account=cast.engineer, address=ADDRESS.upper())
    for n in range(4):
        given(cast.reader, f"other-{n}@example.org")
    with pytest.raises(TooManyError):
        set_address(account=cast.reader, address="one-more@example.org")


def test_a_link_of_another_address_or_an_old_one_is_dead(cast, monkeypatch):
    code = given(cast.reader)
    given(cast.reader, "new@example.org")
    for dead in (code, "made-up", code_of(stop_link(cast.reader.pk, DIGEST))):
        with pytest.raises(NotFoundError):
            confirm_address(dead)
    fresh = given(cast.reader)
    monkeypatch.setattr(mailbox, "CONFIRM_DAYS", -1)
    with pytest.raises(NotFoundError):
        confirm_address(fresh)


def test_another_address_has_to_be_confirmed_anew_and_the_old_one_gets_nothing_more(cast):
    confirm_address(given(cast.reader))
    waits = send_mail(key="digest:1", to=ADDRESS, subject="S", text="T", account=cast.reader)
    given(cast.reader, "new@example.org")
    assert Mailbox.objects.get().confirmed_at is None
    assert not Message.objects.filter(pk=waits.pk).exists()


def test_who_confirmed_may_choose(cast):
    with pytest.raises(ConflictError):
        choose(account=cast.reader, every="weekly", wants_answers=False)
    confirm_address(given(cast.reader))
    choose(account=cast.reader, every="weekly", wants_answers=False)
    box = Mailbox.objects.get()
    assert (box.every, box.wants_answers) == ("weekly", False)
    with pytest.raises(InputError, match="never, daily, weekly"):
        choose(account=cast.reader, every="hourly", wants_answers=True)


@pytest.mark.parametrize(("what", "left"), [(DIGEST, ("never", True)), (ANSWERS, ("daily", False))])
def test_a_link_stops_its_kind_alone_and_what_waits_of_it(cast, what, left):
    confirm_address(given(cast.reader))
    for kind in (DIGEST, ANSWERS):
        send_mail(key=f"{kind}:{cast.reader.pk}:1", to=ADDRESS, subject="S", text="T", account=cast.reader)
    for _ in range(2):
        assert stop(code_of(stop_link(cast.reader.pk, what))) == what
    box = Mailbox.objects.get()
    assert (box.every, box.wants_answers) == left
    waits = Message.objects.exclude(key__startswith="confirm").values_list("key", flat=True)
    assert [key.split(":")[0] for key in waits] == [ANSWERS if what == DIGEST else DIGEST]


def test_a_link_that_is_none_stops_nothing(cast):
    confirm_address(code := given(cast.reader))
    for wrong in (code, "made-up", code_of(stop_link(cast.reader.pk, DIGEST))[:-1]):
        with pytest.raises(NotFoundError):
            stop(wrong)
    assert Mailbox.objects.get().every == "daily"


def everything(account):
    rows = [*Mailbox.objects.values_list(), *Message.objects.values_list()]
    return ADDRESS in str(rows)


def test_what_is_forgotten_stands_nowhere(cast):
    confirm_address(given(cast.reader))
    assert everything(cast.reader)
    forget_address(account=cast.reader)
    assert not everything(cast.reader)


def test_a18_a_deleted_account_takes_its_address_along(cast):
    confirm_address(given(cast.reader))
    delete_account(account=cast.reader)
    assert not everything(cast.reader)


def test_an_address_that_nobody_confirmed_is_forgotten_in_days(cast):
    given(cast.reader)
    confirm_address(given(cast.owner, "owner@example.org"))
    Mailbox.objects.update(created_at=timezone.now() - timedelta(days=4))
    assert (drop_unconfirmed(), drop_unconfirmed()) == (1, 0)
    assert Mailbox.objects.get().account == cast.owner


def test_an_address_that_is_changed_has_as_many_days_to_be_confirmed_in_as_the_first(cast):
    confirm_address(given(cast.reader))
    Mailbox.objects.update(created_at=timezone.now() - timedelta(days=400))
    code = given(cast.reader, "new@example.org")
    assert drop_unconfirmed() == 0
    assert confirm_address(code).address == "new@example.org"
