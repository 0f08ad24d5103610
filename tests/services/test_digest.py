"""A digest holds the best of its time under the followed tags, is due once a slot, and foreign text stays text in it."""

from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from django.utils import timezone

from winnow.models import FollowedTag, Item, Mailbox, Mark, Message
from winnow.services.accounts import close_account
from winnow.services.deliver import deliver, mail_of
from winnow.services.digest import PER_TAG, digest_of, due_digests, html_of, slot, text_of, write_digest

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)  # a Wednesday
EVIL = "<img src=x onerror=alert(1)>\r\nBcc: all@example.org\r\n\r\n\u202egnp.exe <script>alert(2)</script>"


@pytest.fixture(autouse=True)
def _with_folder(settings, tmp_path):
    settings.MAIL_RELAY = {"folder": tmp_path / "mail"}


@pytest.fixture
def box(cast):
    then = timezone.now() - timedelta(days=9)
    return Mailbox.objects.create(account=cast.reader, address="reader@example.org", confirmed_at=then)


@pytest.fixture
def published(make_item):
    def published(title="", *, ago=timedelta(hours=2), score=1.0, tag="mlops", now=NOW, **fields):
        item = make_item(title, state="published", tag=tag, **fields)
        Item.objects.filter(pk=item.pk).update(published_at=now - ago, score=score)
        return item

    return published


def pks(digest):
    return [item.pk for _, items in digest.sections for item in items]


def test_it_holds_the_best_first_and_ends(published):
    made = [published(score=n) for n in range(PER_TAG + 3)]
    assert pks(digest_of(every="daily", until=NOW)) == [item.pk for item in reversed(made)][:PER_TAG]


def test_it_holds_what_was_published_in_its_time(published):
    published(ago=timedelta(hours=25))
    within = published(ago=timedelta(hours=23))
    published(ago=timedelta(hours=-1))
    assert pks(digest_of(every="daily", until=NOW)) == [within.pk]
    assert len(pks(digest_of(every="weekly", until=NOW))) == 2


def test_followed_tags_alone_and_nothing_hidden(published, cast):
    mine, hidden = published(tag="mlops"), published(tag="mlops")
    other = published(tag="other")
    assert pks(digest_of(every="daily", until=NOW, followed=["mlops"], hidden=[hidden.pk])) == [mine.pk]
    assert other.pk in pks(digest_of(every="daily", until=NOW))


def test_what_is_taken_off_the_site_is_not_told(published):
    Item.objects.filter(pk=published().pk).update(state="removed")
    assert digest_of(every="daily", until=NOW).n == 0


@pytest.mark.parametrize(
    ("every", "now", "expected"),
    [
        ("daily", NOW, datetime(2026, 11, 25, 6, tzinfo=UTC)),
        ("daily", NOW.replace(hour=5), datetime(2026, 11, 24, 6, tzinfo=UTC)),
        ("weekly", NOW, datetime(2026, 11, 23, 6, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 23, 5, tzinfo=UTC), datetime(2026, 11, 16, 6, tzinfo=UTC)),
        ("weekly", datetime(2026, 11, 23, 6, tzinfo=UTC), datetime(2026, 11, 23, 6, tzinfo=UTC)),
    ],
)
def test_slots_begin_at_six_and_on_mondays(every, now, expected):
    assert slot(every, now) == expected


def test_j9_a_slot_has_one_digest_whoever_asks_and_one_that_was_missed_is_made_up_for_once(box, published):
    published(ago=timedelta(days=1, hours=20))
    published()
    Mailbox.objects.update(digest_at=NOW - timedelta(days=4))
    assert due_digests(NOW) == [box.pk]
    assert [write_digest(box.pk, NOW) for _ in range(3)] == [True, False, False]
    assert Message.objects.get().content["subject"] == "2 works, 25 November 2026"
    assert due_digests(NOW + timedelta(hours=17)) == []
    assert due_digests(NOW + timedelta(hours=18)) == [box.pk]


def test_the_first_one_comes_at_once(box, published):
    published()
    assert write_digest(box.pk, NOW)


def test_of_nothing_there_is_no_mail_and_the_time_is_told(box):
    assert not write_digest(box.pk, NOW)
    box.refresh_from_db()
    assert (box.digest_at, Message.objects.count(), due_digests(NOW)) == (NOW, 0, [])


@pytest.mark.parametrize("change", [{"every": "never"}, {"confirmed_at": None}])
def test_who_wants_none_gets_none(box, change, published):
    published()
    Mailbox.objects.update(**change)
    assert (due_digests(NOW), write_digest(box.pk, NOW)) == ([], False)


def test_a_closed_account_gets_none(box, cast):
    close_account(account=cast.reader)
    assert due_digests(NOW) == []


def test_a_weekly_one_is_due_on_monday(box):
    Mailbox.objects.update(every="weekly", digest_at=datetime(2026, 11, 23, 7, tzinfo=UTC))
    assert due_digests(datetime(2026, 11, 29, 12, tzinfo=UTC)) == []
    assert due_digests(datetime(2026, 11, 30, 6, tzinfo=UTC)) == [box.pk]


def test_without_a_relay_none_is_due_and_none_is_missed(box, settings):
    settings.MAIL_RELAY = {}
    assert due_digests(NOW) == []


def test_the_reader_chooses_what_is_in_it(box, published, cast, tags):
    FollowedTag.objects.create(account=cast.reader, tag=tags["mlops"])
    published("Shown here")
    Mark.objects.create(account=cast.reader, item=published("Hidden one"), kind="hide", voice="v")
    published("Of another tag", tag="other")
    write_digest(box.pk, NOW)
    content = Message.objects.get().content
    for part in ("text", "html"):
        told = [name in content[part] for name in ("Shown here", "Hidden one", "Of another tag")]
        assert told == [True, False, False]


def test_one_click_stops_it(box, published):
    published()
    write_digest(box.pk, NOW)
    content = Message.objects.get().content
    link = content["headers"]["List-Unsubscribe"][1:-1]
    assert content["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in content["text"]
    assert link in content["html"]


def test_what_waits_for_a_closed_account_is_not_sent(box, published, cast, settings):
    published()
    write_digest(box.pk, NOW)
    close_account(account=cast.reader)
    message = Message.objects.get()
    deliver(message.pk)
    message.refresh_from_db()
    assert (message.sent_at, message.error) == (None, "the account is closed")


class _Elements(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def test_h2_h6_foreign_text_is_text_in_every_part(box, published):
    published(EVIL, description=EVIL)
    digest = digest_of(every="daily", until=NOW)
    text, html = text_of(digest, "https://x.test/stop"), html_of(digest, "https://x.test/stop")
    assert not {"\u202e", "\r"} & set(text + html)
    assert "\nBcc:" not in text
    elements = _Elements(html).found
    assert {tag for tag, _ in elements} <= {
        *("html", "head", "meta", "title", "body", "p", "h2", "a", "strong", "br", "hr", "small")
    }
    assert not any(name.startswith("on") or name in ("src", "style") for _, attrs in elements for name in attrs)
    write_digest(box.pk, NOW)
    mail = mail_of(Message.objects.get())
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]


def test_its_number_of_queries_does_not_grow_with_what_came(published, django_assert_num_queries):
    published()
    tags = 4 + 2
    with django_assert_num_queries(tags):
        digest_of(every="daily", until=NOW)
    for _ in range(12):
        published()
    with django_assert_num_queries(tags):
        digest_of(every="daily", until=NOW)


def test_a_long_description_is_cut_and_says_so(published):
    published(description="word " * 100)
    digest = digest_of(every="daily", until=NOW)
    for told in (text_of(digest, "https://x.test/stop"), html_of(digest, "https://x.test/stop")):
        assert "word …" in told
        assert told.count("word") == 32
