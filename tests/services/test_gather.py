"""Sources are read, each entry once, whatever happens."""

import os
from dataclasses import astuple
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.services.conftest import rss, works

from winnow.core.errors import ConflictError, FetchError, InputError
from winnow.models import Event, Item, Signal, Source
from winnow.services import gather, sources
from winnow.services.gather import _mark_failed, gather_address, gather_source
from winnow.services.sources import accept_move, add_source

pytestmark = pytest.mark.usefixtures("champion")


def counts(gathered):
    return astuple(gathered.counts)


def rewrite(path, content):
    """Change a served file; the server dates it to the second, so a second passes on its clock."""
    path.write_text(content)
    later = path.stat().st_mtime + 2
    os.utime(path, (later, later))


def states():
    return dict.fromkeys(Item.objects.values_list("state", flat=True)).keys()


def test_every_entry_ends_published_in_review_or_withheld(feed_server):
    folder, base = feed_server
    (folder / "f.xml").write_text(
        rss(
            *works(6),
            ("soup", "Lentil soup", "https://soup.example/1", "Boil lentils."),
            ("x", "", "https://x.example/", ""),
        )
    )
    gathered = gather_address(f"{base}/f.xml")
    assert counts(gathered) == (8, 6, 0, 1, 1)
    assert gathered.error is None
    assert Item.objects.count() == 8
    assert states() <= {"published", "in_review", "rejected"}


def test_gathering_twice_admits_nothing_twice(feed_server):
    folder, base = feed_server
    (folder / "f.xml").write_text(rss(*works(5)))
    first, second = gather_address(f"{base}/f.xml"), gather_address(f"{base}/f.xml")
    assert (counts(first), counts(second)) == ((5, 5, 0, 0, 0), (5, 0, 5, 0, 0))
    assert Item.objects.count() == 5


def test_only_what_is_new_is_admitted_when_a_feed_grows(feed_server):
    folder, base = feed_server
    (folder / "f.xml").write_text(rss(*works(3)))
    gather_address(f"{base}/f.xml")
    rewrite(folder / "f.xml", rss(*works(5)))
    assert counts(gather_address(f"{base}/f.xml")) == (5, 2, 3, 0, 0)


def test_x11_the_same_item_in_two_feeds_is_one_item_with_two_sightings(feed_server):
    folder, base = feed_server
    (folder / "a.xml").write_text(rss(("a", "Neural parsing of Czech", "https://example.org/p", "We train a parser.")))
    (folder / "b.xml").write_text(
        rss(("b", "Neural parsing of Czech", "http://www.example.org/p/?utm_source=b", "We train a parser."))
    )
    gather_address(f"{base}/a.xml")
    assert counts(gather_address(f"{base}/b.xml")) == (1, 0, 1, 0, 0)
    face = Item.objects.exclude(state="duplicate").get()
    assert face.duplicates.get().source.address == f"{base}/b.xml"


def test_x14_a_feed_that_shrinks_to_nothing_deletes_nothing(feed_server):
    folder, base = feed_server
    (folder / "f.xml").write_text(rss(*works(3)))
    gather_address(f"{base}/f.xml")
    rewrite(folder / "f.xml", rss())
    assert counts(gather_address(f"{base}/f.xml")) == (0, 0, 0, 0, 0)
    assert Item.objects.count() == 3


def test_a_source_that_fails_is_marked_and_backs_off(feed_server):
    folder, base = feed_server
    gathered = gather_address(f"{base}/missing.xml")
    source = Source.objects.get()
    assert gathered.error["code"] == "status"
    assert counts(gathered) == (0, 0, 0, 0, 0)
    assert (source.n_failures, source.error_code) == (1, "status")
    assert source.next_fetch_at > timezone.now()
    (folder / "missing.xml").write_text(rss(*works(1)))
    assert gather_source(source).error is None
    source.refresh_from_db()
    assert (source.n_failures, source.error_code, source.error_message) == (0, "", "")


def test_f24_a_page_in_place_of_the_feed_leaves_items_alone(feed_server):
    folder, base = feed_server
    (folder / "f.xml").write_text(rss(*works(2)))
    gather_address(f"{base}/f.xml")
    rewrite(folder / "f.xml", "<html><body>Please sign in to this network</body></html>")
    assert gather_address(f"{base}/f.xml").error["code"] == "not_a_feed"
    assert Item.objects.count() == 2


@pytest.mark.parametrize(
    ("address", "code"),
    [
        ("http://10.0.0.1/feed", "blocked_address"),
        ("http://169.254.169.254/latest", "blocked_address"),
        ("ftp://example.org/f", "invalid_input"),
        ("http://[::1]/f", "blocked_address"),
    ],
)
def test_f1_a_forbidden_address_is_a_typed_error(tags, address, code):
    assert gather_address(address).error["code"] == code
    assert Item.objects.count() == 0


def test_a_local_feed_file_is_a_source_too(tmp_path):
    path = tmp_path / "f.xml"
    path.write_text(rss(*works(2)))
    assert counts(gather_address(str(path))) == (2, 2, 0, 0, 0)
    assert Source.objects.get().kind == "file"


def test_what_a_killed_run_left_undecided_is_decided_by_the_next(feed_server, make_item):
    left = make_item("Neural segmentation of livers in scans")
    folder, base = feed_server
    (folder / "f.xml").write_text(rss(*works(1)))
    gather_address(f"{base}/f.xml")
    left.refresh_from_db()
    assert left.state in ("published", "in_review")


def test_a_source_is_due_again_after_its_interval(feed_server):
    folder, base = feed_server
    (folder / "f.xml").write_text(rss(*works(1)))
    source, _ = add_source(address=f"{base}/f.xml")
    gather_source(source)
    source.refresh_from_db()
    assert timedelta(minutes=53) < source.next_fetch_at - timezone.now() <= timedelta(hours=1)


def test_each_source_is_read_at_its_own_rhythm(feed_server):
    folder, base = feed_server
    dated = [
        f"<item><title>Neural parsing of language {n}</title><link>https://e.test/{n}</link>"
        f"<pubDate>Wed, 25 Nov 2020 {n:02}:00:00 GMT</pubDate></item>"
        for n in range(0, 20, 4)
    ]
    (folder / "f.xml").write_text(f"<rss><channel><title>F</title>{''.join(dated)}</channel></rss>")
    source, _ = add_source(address=f"{base}/f.xml")
    gather_source(source)
    source.refresh_from_db()
    # Four hours between entries, but silent for years: once a day.
    assert source.interval_seconds == 24 * 3600
    assert timedelta(hours=21) < source.next_fetch_at - timezone.now() <= timedelta(hours=24)


def test_f25_a_source_that_moved_is_read_and_proposed_for_change(feed_server, settings):
    source, _ = add_source(address="https://example.org/old.xml")
    with pytest.raises(ConflictError, match="does not say"):
        accept_move(source=source, account=None)
    Source.objects.filter(pk=source.pk).update(moved_to="https://example.net/new.xml")
    source.refresh_from_db()
    moved = accept_move(source=source, account=None)
    assert (moved.address, moved.host, moved.moved_to) == ("https://example.net/new.xml", "example.net", "")
    assert Event.objects.get(kind="source.moved").data["before"] == "https://example.org/old.xml"


def test_f25_a_move_to_where_another_source_is_changes_nothing():
    source, _ = add_source(address="https://example.org/old.xml")
    other, _ = add_source(address="https://example.org/new.xml")
    Source.objects.filter(pk=source.pk).update(moved_to=other.address)
    source.refresh_from_db()
    with pytest.raises(ConflictError, match="another source"):
        accept_move(source=source, account=None)


def test_f22_a_host_that_asks_to_be_left_alone_is_left_alone_by_all_of_its_sources():
    source, _ = add_source(address="https://example.org/a.xml")
    neighbour, _ = add_source(address="https://www.example.org/b.xml")
    other, _ = add_source(address="https://example.net/c.xml")
    _mark_failed(source, FetchError("status", "the server answered 429", retry_after=7200.0))
    for one, is_left in ((source, True), (neighbour, True), (other, False)):
        one.refresh_from_db()
        assert (one.next_fetch_at > timezone.now() + timedelta(minutes=90)) is is_left


def test_f28_one_host_has_no_crowd_of_sources(monkeypatch):
    monkeypatch.setattr(sources, "MAX_PER_HOST", 2)
    for n in range(2):
        add_source(address=f"https://example.org/{n}")
    with pytest.raises(InputError, match=r"example.org has 2 sources in use already"):
        add_source(address="https://example.org/3")
    add_source(address="https://example.net/3")


def test_f27_the_own_site_is_no_source(settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://winnow.example.org", ["winnow.example.org"]
    gather.client.cache_clear()
    error = gather_address("https://winnow.example.org/recent.rss").error
    gather.client.cache_clear()
    assert (error["code"], error["message"]) == ("blocked_address", "the address leads to this site itself")


def test_x13_an_entry_that_is_edited_again_and_again_is_one_item_classified_once(feed_server):
    folder, base = feed_server
    for n in range(5):
        (folder / "f.xml").write_text(
            rss(("g", f"Neural parsing of Czech, edition {n}", "https://example.org/p", f"Edition {n} of a parser."))
        )
        os.utime(folder / "f.xml", (n, n))
        gather_address(f"{base}/f.xml")
    assert Item.objects.count() == 1
    assert Item.objects.get().predictions.count() == 1


def test_a_connector_without_its_credentials_says_so_in_one_line():
    error = gather_address("https://x.com/ada").error
    assert error == {
        "code": "no_credentials",
        "message": "X needs WINNOW_X_TOKEN or WINNOW_X_TOKEN_FILE, a bearer token of its interface v2",
    }


def test_signals_are_kept_with_their_time_and_refreshed(tmp_path):
    def feed(comments):
        return (
            '<rss xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><channel><title>F</title><item><guid>1</guid>'
            "<title>Neural parsing of Czech</title><link>https://example.org/p</link>"
            f"<slash:comments>{comments}</slash:comments></item></channel></rss>"
        )

    path = tmp_path / "f.xml"
    path.write_text(feed(3))
    gather_address(str(path))
    first = Signal.objects.get()
    assert (first.name, first.value, first.item.title) == ("comments", 3.0, "Neural parsing of Czech")
    path.write_text(feed(8))
    gather_address(str(path))
    again = Signal.objects.get()
    assert (again.pk, again.value, again.read_at > first.read_at) == (first.pk, 8.0, True)
