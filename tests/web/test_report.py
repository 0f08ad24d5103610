"""This tag is wrong, in one step."""

from functools import partial

import pytest
from django.test import Client

from winnow.models import ItemKey, Report, ReviewTask
from winnow.web.paths import item_path
from winnow.web.report import AGAIN, THANKS


@pytest.fixture
def item(make_item):
    return make_item("Mislabelled", state="published", tag="mlops")


def test_a_report_with_a_tag_is_stored_and_opens_work(send, cast, item):
    answer = send(f"/i/{item.pk}/report", who=cast.reader, tag="other")
    report = Report.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, item_path(item))
    assert (report.item, report.kind, report.tag_id, report.account) == (item, "wrong_tag", "other", cast.reader)
    assert report.reporter == f"account:{cast.reader.pk}"
    assert ReviewTask.objects.get().reason == "reported"


def test_the_thanks_are_shown_where_the_reader_was(client, send, item):
    answer = send(f"/i/{item.pk}/report", tag="other", next="/recent?q=1")
    assert answer["Location"] == "/recent?q=1"
    assert str(THANKS) in client.get("/recent").content.decode()
    assert str(THANKS) not in client.get("/recent").content.decode()


def test_nobody_is_led_away_by_a_report(send, item):
    assert send(f"/i/{item.pk}/report", next="https://evil.example/")["Location"] == item_path(item)


def test_a_script_gets_the_one_line(send, item):
    answers = [send(f"/i/{item.pk}/report", headers={"accept": "text/plain"}, tag="other") for _ in range(2)]
    assert [(a.status_code, a["Content-Type"], a.content.decode()) for a in answers] == [
        (200, "text/plain; charset=utf-8", THANKS),
        (200, "text/plain; charset=utf-8", AGAIN),
    ]


def test_a_stranger_speaks_once_a_day_and_leaves_no_address(send, item):
    for _ in range(3):
        send(f"/i/{item.pk}/report", tag="other")
    (report,) = Report.objects.all()
    kind, _, digest = report.reporter.partition(":")
    assert (kind, len(digest), report.account) == ("anonymous", 32, None)
    assert "127.0.0.1" not in report.reporter


def test_two_strangers_are_two_voices(client, item):
    for address in ("192.0.2.1", "192.0.2.2"):
        client.post(f"/i/{item.pk}/report", {"tag": "other"}, REMOTE_ADDR=address)
    assert Report.objects.values("reporter").distinct().count() == 2


@pytest.mark.parametrize("fields", [{}, {"kind": "off_topic"}, {"kind": "spam", "note": "an advertisement"}])
def test_all_fields_may_be_left_out(send, item, fields):
    send(f"/i/{item.pk}/report", **fields)
    report = Report.objects.get()
    assert (report.kind, report.tag, report.note) == (fields.get("kind", "wrong_tag"), None, fields.get("note", ""))


@pytest.mark.parametrize(
    "fields",
    [{"tag": "no-such"}, {"kind": "odd"}, {"kind": "appeal"}, {"note": "x" * 501}, {"copy_of": "https://x.example/no"}],
)
def test_what_is_none_of_the_choices_is_refused(send, item, fields):
    assert send(f"/i/{item.pk}/report", **fields).status_code == 400
    assert Report.objects.count() == 0


def test_what_is_withheld_cannot_be_reported(send, make_item):
    item = make_item(state="rejected")
    assert send(f"/i/{item.pk}/report").status_code == 409
    assert send("/i/999999/report").status_code == 404


def test_where_strangers_may_not_report_they_are_asked_to_sign_in(send, visit, cast, item, settings):
    settings.ANONYMOUS_REPORTS = False
    assert send(f"/i/{item.pk}/report")["Location"] == "/sign-in"
    assert Report.objects.count() == 0
    assert "Sign in</a> to say that this tag is wrong" in visit(item_path(item)).main
    assert "/report" not in visit("/recent").main
    assert "/report" in visit("/recent", who=cast.reader).main


def test_the_buttons_offer_every_other_tag(visit, item):
    offered = visit("/recent").all(rf'formaction="/i/{item.pk}/report"(?: name="(\w+)" value="([^"]+)")?>')
    assert offered == [
        ("tag", "natural-language-processing"),
        ("tag", "computer-vision"),
        ("tag", "other"),
        ("kind", "off_topic"),
        ("", ""),
    ]


@pytest.mark.parametrize("form", ["/i/{pk}", "{base}/i/{pk}/any-slug", "https://example.org/other?utm_source=x"])
def test_the_other_of_a_duplicate_is_named_by_either_address(send, make_item, item, form, settings):
    other = make_item("The other", state="published", url="https://example.org/other")
    ItemKey.objects.create(item=other, key="url:https://example.org/other")
    send(f"/i/{item.pk}/report", kind="duplicate", copy_of=form.format(pk=other.pk, base=settings.BASE_URL))
    assert Report.objects.get().copy_of == other


def test_the_page_of_a_work_offers_all_that_can_be_wrong(visit, item):
    html = visit(item_path(item))
    assert html.all(r'type="radio" name="kind" value="(\w+)"') == ["duplicate", "off_topic", "broken", "spam"]


def test_a_reviewer_finds_the_other_and_answers_with_it(send, visit, cast, make_item, item):
    other = make_item("The <b>other</b>", state="published")
    send(f"/i/{item.pk}/report", who=cast.reader, kind="duplicate", copy_of=f"/i/{other.pk}")
    html = visit("/review", who=cast.reviewer)
    assert html.all(r'name="tag" value="(copy[^"]*)" data-key="(\w)"') == [(f"copy-{other.pk}", "c")]
    assert "The &lt;b&gt;other&lt;/b&gt;" in html.main
    task = ReviewTask.objects.get()
    assert send(f"/review/{task.pk}/label", tag=f"copy-{item.pk}", token=task.token).status_code == 409
    send(f"/review/{task.pk}/label", tag=f"copy-{other.pk}", token=task.token)
    item.refresh_from_db()
    assert (item.state, item.duplicate_of) == ("duplicate", other)
    report = Report.objects.get()
    assert (report.is_upheld, report.decided_at is None) == (True, False)
    assert "a person agreed" in visit("/yours", who=cast.reader).main


@pytest.mark.django_db(transaction=True)
def test_l02_sixty_at_once_are_answered_and_the_item_stays(item, at_once):
    def report(n):
        return Client(raise_request_exception=False).post(
            f"/i/{item.pk}/report", {"tag": "other"}, REMOTE_ADDR=f"192.0.2.{n % 20}", headers={"accept": "text/plain"}
        )

    statuses = {answer.status_code for answer in at_once([partial(report, n) for n in range(60)])}
    item.refresh_from_db()
    assert statuses <= {200, 409, 429}
    assert (item.state, item.tag_id, Report.objects.count()) == ("published", "mlops", 20)
