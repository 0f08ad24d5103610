"""Sources are read, each entry once, whatever happens."""

import os
from dataclasses import astuple
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.services.conftest import rss, works

from winnow.models import Item, Source
from winnow.services.gather import gather_address, gather_source
from winnow.services.sources import add_source

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
