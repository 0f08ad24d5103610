"""What is sent arrives signed and named; what fails is tried again, rests, and is given up with its reason."""

import hashlib
import hmac
import json
import threading
from datetime import timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.utils import timezone
from tests.sink import sink

from winnow.core.errors import FetchError
from winnow.models import Event, Job, Message, Webhook
from winnow.services import deliver, network
from winnow.services.jobs import PutOffError
from winnow.services.outbox import send_mail, send_webhook
from winnow.worker.loop import run_worker

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _fresh(monkeypatch):
    monkeypatch.setattr(deliver, "_resting", {})
    network.client.cache_clear()
    yield
    network.client.cache_clear()


@pytest.fixture
def mails(settings):
    with sink() as server:
        settings.MAIL_RELAY = {"host": "127.0.0.1", "port": server.port, "tls": "none"}
        yield server


class _Receiver(BaseHTTPRequestHandler):
    def __init__(self, got, status, *rest):
        self.got, self.status = got, status
        super().__init__(*rest)

    def do_POST(self):
        self.got.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status[0])
        for name, value in self.status[1:]:
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def receiver(settings):
    """A program that is told: what it got, and the status that it answers with."""
    got, status = [], [204]
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Receiver, got, status))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    settings.EGRESS_ALLOW = f"127.0.0.1:{server.server_port}"
    server.got, server.status, server.url = got, status, f"http://127.0.0.1:{server.server_port}/hook"
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def hook(receiver):
    return Webhook.objects.create(url=receiver.url, events=["item.published"], salt="salt")


def call(hook, **data):
    return send_webhook(hook=hook, event="item.published", data=data)


def mail(key="k", **more):
    return send_mail(**{"key": key, "to": "a@example.org", "subject": "S", "text": "T\n", **more})


def again(message):
    message.refresh_from_db()
    return message


def test_a_mail_arrives_under_its_name_with_both_parts(mails):
    message = mail(html="<p>T</p>", headers={"List-Unsubscribe": "<https://x.test/stop>"})
    deliver.deliver(message.pk)
    (got,) = mails.mails
    assert got["Message-ID"] == f"<{message.delivery}@localhost>"
    assert (got["List-Unsubscribe"], got["Auto-Submitted"]) == ("<https://x.test/stop>", "auto-generated")
    assert got.get_body(("plain",)).get_content().strip() == "T"
    assert got.get_body(("html",)).get_content().strip() == "<p>T</p>"
    assert again(message).sent_at is not None


@pytest.mark.parametrize(
    ("base", "given", "sender"),
    [
        ("https://winnow.example.org", "", "Winnow <winnow@winnow.example.org>"),
        ("http://127.0.0.1:8000", "", "Winnow <winnow@localhost>"),
        ("http://[::1]:8000", "", "Winnow <winnow@localhost>"),
        ("https://winnow.example.org", "News <news@example.org>", "News <news@example.org>"),
    ],
)
def test_mails_come_from_the_site_or_from_whom_the_operator_says(mails, settings, base, given, sender):
    settings.BASE_URL, settings.MAIL_FROM = base, given
    assert deliver.mail_of(mail())["From"] == sender


def test_what_was_sent_is_not_sent_again(mails):
    message = mail()
    for _ in range(2):
        deliver.deliver(message.pk)
    assert len(mails.raw) == 1


def test_h6_no_header_takes_a_line_break(mails):
    message = mail(headers={"List-Unsubscribe": "<x>\r\nBcc: all@example.org"})
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        deliver.deliver(message.pk)
    assert mails.raw == []


def test_an_address_that_the_relay_refuses_is_given_up_at_once(mails):
    mails.says = {"RCPT": "550 unknown"}
    message = mail()
    deliver.deliver(message.pk)
    assert (again(message).gave_up_at is not None, message.error) == (True, "the mail relay answers 550")
    mails.says = {}
    other = mail("other")
    deliver.deliver(other.pk)
    assert len(mails.raw) == 1


def test_while_no_relay_is_set_a_mail_waits(mails, settings):
    message = mail()
    settings.MAIL_RELAY = {}
    with pytest.raises(PutOffError):
        deliver.deliver(message.pk)
    assert again(message).n_attempts == 0


def test_a_call_is_signed_over_time_and_body(hook, receiver):
    message = call(hook, title="Ünïcode")
    deliver.deliver(message.pk)
    ((headers, body),) = receiver.got
    at, signed = (part.split("=")[1] for part in headers["Winnow-Signature"].split(","))
    expected = hmac.new(deliver.secret_of(hook).encode(), at.encode() + b"." + body, hashlib.sha256).hexdigest()
    assert (signed, headers["Winnow-Delivery"], headers["Winnow-Event"]) == (
        expected,
        message.delivery,
        "item.published",
    )
    assert json.loads(body) == message.content
    assert (again(message).status, message.n_attempts) == (204, 1)


def test_a6_the_secret_of_a_hook_does_not_stand_in_the_database(hook, settings):
    secret = deliver.secret_of(hook)
    assert not any(secret in str(value) or str(value) == secret[4:] for value in vars(hook).values())
    settings.SECRET_KEY = "another installation"
    assert deliver.secret_of(hook) != secret


@pytest.mark.parametrize("url", ["http://169.254.169.254/latest", "http://127.0.0.1:8000/hook", "http://[::1]/"])
def test_f26_the_address_of_a_hook_meets_the_guard(hook, url):
    Webhook.objects.update(url=url)
    message = call(hook)
    deliver.deliver(message.pk)
    assert (again(message).gave_up_at is not None, message.status) == (True, None)


def test_a_redirect_is_a_failure_and_followed_nowhere(hook, receiver):
    receiver.status[:] = [302, ("Location", receiver.url)]
    message = call(hook)
    with pytest.raises(FetchError):
        deliver.deliver(message.pk)
    assert (len(receiver.got), again(message).n_attempts) == (1, 1)


def test_a_failure_is_written_down_and_the_place_rests(hook, receiver):
    receiver.status[:] = [503]
    first, second = call(hook), call(hook)
    with pytest.raises(FetchError):
        deliver.deliver(first.pk)
    assert (again(first).status, first.error, first.sent_at) == (503, "the server answered 503", None)
    with pytest.raises(PutOffError):
        deliver.deliver(second.pk)
    assert (len(receiver.got), again(second).n_attempts) == (1, 0)
    hook.refresh_from_db()
    assert hook.failing_since is not None


def test_f22_a_wait_that_the_server_asks_for_is_kept_within_bounds(hook, receiver):
    receiver.status[:] = [429, ("Retry-After", "1000000000")]
    with pytest.raises(FetchError):
        deliver.deliver(call(hook).pk)
    with pytest.raises(PutOffError) as rest:
        deliver.deliver(call(hook).pk)
    assert timedelta(minutes=10) < rest.value.until - timezone.now() < timedelta(seconds=deliver.LONGEST_REST * 1.4)


def test_one_dead_place_does_not_keep_the_others(hook, receiver, mails):
    receiver.status[:] = [500]
    with pytest.raises(FetchError):
        deliver.deliver(call(hook).pk)
    deliver.deliver(mail().pk)
    assert len(mails.raw) == 1


def test_what_arrives_again_ends_the_failing(hook, receiver, monkeypatch):
    receiver.status[:] = [500]
    message = call(hook)
    with pytest.raises(FetchError):
        deliver.deliver(message.pk)
    monkeypatch.setattr(deliver, "_resting", {})
    receiver.status[:] = [200]
    deliver.deliver(message.pk)
    hook.refresh_from_db()
    assert (hook.failing_since, again(message).error, message.n_attempts) == (None, "", 2)


def test_a_hook_that_nothing_reached_for_days_is_switched_off_with_a_note(hook):
    other, message = call(hook), call(hook)
    Message.objects.filter(pk=message.pk).update(error="the server answered 500")
    Webhook.objects.update(failing_since=timezone.now() - deliver.FAILS_FOR)
    deliver.give_up(message.pk)
    hook.refresh_from_db()
    assert (hook.is_active, "the server answered 500" in hook.note) == (False, True)
    assert (again(other).gave_up_at is not None, other.error) == (True, "the webhook was switched off")
    assert Event.objects.get(kind="webhook.switched_off").is_public is False


def test_a_hook_that_failed_for_a_short_time_stays(hook):
    Webhook.objects.update(failing_since=timezone.now() - timedelta(hours=12))
    deliver.give_up(call(hook).pk)
    hook.refresh_from_db()
    assert hook.is_active


def test_a_hook_that_is_gone_for_good_is_switched_off_at_once(hook, receiver):
    receiver.status[:] = [410]
    deliver.deliver(call(hook).pk)
    hook.refresh_from_db()
    assert (hook.is_active, "410" in hook.note) == (False, True)


def test_the_worker_sends_and_ends_the_job(hook, receiver, mails):
    message = call(hook)
    mail()
    run_worker(once=True)
    assert (len(receiver.got), len(mails.raw), again(message).status) == (1, 1, 204)
    assert not Job.objects.filter(kind="send", done_at=None).exists()


def test_the_worker_puts_off_what_rests_and_that_is_no_attempt(hook, receiver):
    receiver.status[:] = [500]
    messages = [call(hook), call(hook)]
    run_worker(once=True)
    jobs = {job.key: job for job in Job.objects.filter(kind="send")}
    tried, waits = (jobs[str(message.pk)] for message in messages)
    assert (tried.n_attempts, waits.n_attempts, len(receiver.got)) == (1, 0, 1)
    assert waits.run_at > timezone.now()


def test_j4_what_fails_too_often_is_parked_and_given_up(hook, receiver, monkeypatch):
    monkeypatch.setattr(deliver, "FIRST_REST", 0.0)
    receiver.status[:] = [500]
    message = call(hook)
    Job.objects.filter(kind="send").update(n_attempts=17)
    run_worker(once=True)
    assert (again(message).gave_up_at is not None, message.error) == (True, "the server answered 500")
    assert Job.objects.get(kind="send").parked_at is not None
