"""Webhooks are made for addresses that can be asked and events that there are; what an operator does is written down."""

import re
import time
from pathlib import Path

import pytest

from winnow.core.errors import ConflictError, InputError
from winnow.models import Event, Message, Webhook
from winnow.services import webhooks
from winnow.services.deliver import secret_of, signature
from winnow.services.outbox import EVENTS, notify
from winnow.services.webhooks import make_webhook, remove_webhook, switch_webhook, try_webhook

pytestmark = pytest.mark.django_db
URL = "https://hook.example.org/secret-path"
DOCS = Path(__file__).parents[2] / "docs" / "reference" / "webhooks.md"


def made(*events, url=URL, **more):
    return make_webhook(url=url, events=events or EVENTS, **more)[0]


def test_it_listens_to_its_events_and_has_a_secret_of_its_own(cast):
    hook, secret = make_webhook(url=f" {URL} ", events=["alert.opened", "alert.opened"], account=cast.operator)
    _, other_secret = make_webhook(url=URL, events=["alert.opened"])
    assert (hook.url, hook.events, hook.made_by) == (URL, ["alert.opened"], cast.operator)
    assert (secret == secret_of(hook), secret == other_secret) == (True, False)


def test_the_log_knows_the_host_and_not_the_path(cast):
    made(account=cast.operator)
    event = Event.objects.get(kind="webhook.made")
    assert (event.data["host"], event.is_public, "secret-path" in str(event.data)) == ("hook.example.org", False, False)


@pytest.mark.parametrize(
    "url",
    ["", "hook.example.org", "ftp://a.org/", "javascript:alert(1)", "https://user:pass@a.org/", "http://0x7f000001/",
     "https://a.org/\r\nX: y", f"https://a.org/{'x' * 2000}"],
)  # fmt: skip
def test_f12_an_address_that_cannot_be_one_is_refused(url):
    with pytest.raises(InputError, match=r"^url: "):
        made(url=url)


@pytest.mark.parametrize("events", [[], ["item.published", "nonsense"], ["test"]])
def test_events_are_those_that_there_are(events):
    with pytest.raises(InputError, match=r"item\.published, item\.retagged, report\.decided, alert\.opened"):
        make_webhook(url=URL, events=events)


def test_there_are_so_many_at_most(monkeypatch):
    monkeypatch.setattr(webhooks, "MAX_HOOKS", 1)
    made()
    with pytest.raises(ConflictError):
        made()


def test_a_test_goes_to_it_alone():
    hook, _ = made(), made()
    try_webhook(hook=hook)
    message = Message.objects.get()
    assert (message.hook, message.event) == (hook, "test")


def test_off_it_is_told_nothing_and_what_waits_is_given_up(cast):
    hook = made()
    notify("alert.opened", {})
    switch_webhook(hook=hook, is_on=False, account=cast.operator)
    hook.refresh_from_db()
    assert (hook.is_active, notify("alert.opened", {})) == (False, 0)
    assert Message.objects.get().gave_up_at is not None
    assert Event.objects.get(kind="webhook.switched_off").account == cast.operator
    with pytest.raises(ConflictError):
        try_webhook(hook=hook)


def test_on_again_its_failures_are_forgotten(cast):
    hook = made()
    Webhook.objects.update(is_active=False, note="n", failing_since="2026-11-01T00:00:00Z")
    switch_webhook(hook=hook, is_on=True, account=cast.operator)
    hook.refresh_from_db()
    assert (hook.is_active, hook.note, hook.failing_since) == (True, "", None)


def test_removed_it_takes_its_deliveries_along():
    hook = made()
    notify("alert.opened", {})
    remove_webhook(hook=hook)
    assert (Webhook.objects.count(), Message.objects.count()) == (0, 0)


def test_the_example_of_the_documentation_tells_ours_from_others():
    (example,) = re.findall(r"```python\n(.*?)```", DOCS.read_text(), re.DOTALL)
    names = {}
    exec(example, names)
    check, now = names["is_from_winnow"], int(time.time())
    assert check("s", signature("s", b"{}", at=now), b"{}")
    assert not check("other", signature("s", b"{}", at=now), b"{}")
    assert not check("s", signature("s", b"{}", at=now), b"{} ")
    assert not check("s", signature("s", b"{}", at=now - 301), b"{}")


def test_every_event_is_documented():
    listed = re.findall(r"^\| `([\w.]+)` \|", DOCS.read_text(), re.MULTILINE)
    assert [event for event in listed if event != "test"] == list(EVENTS)
