"""An address becomes a source."""

import pytest
from tests.services.conftest import rss, works

from winnow.core.errors import FetchError, InputError
from winnow.models import Source
from winnow.services.discover import export_opml, find_source, import_opml
from winnow.services.gather import gather_address

pytestmark = pytest.mark.django_db
PAGE = '<html><head><link rel="alternate" type="application/rss+xml" href="f.xml" title="The blog"></head>'


def test_a_page_is_the_feed_that_it_names(feed_server):
    folder, base = feed_server
    (folder / "index.html").write_text(PAGE)
    (folder / "f.xml").write_text(rss(*works(1)))
    source, is_new = find_source(address=f" {base}/ ", name="blog")
    assert (is_new, source.kind, source.address, source.title) == (True, "feed", f"{base}/f.xml", "The blog")
    assert find_source(address=f"{base}/f.xml") == (source, False)


def test_a_page_that_is_gathered_is_the_feed_that_it_names_too(feed_server, champion):
    folder, base = feed_server
    (folder / "index.html").write_text(PAGE)
    (folder / "f.xml").write_text(rss(*works(2)))
    gathered = gather_address(f"{base}/index.html")
    assert (gathered.error, gathered.address, gathered.counts.admitted) == (None, f"{base}/index.html", 2)
    assert Source.objects.get().address == f"{base}/f.xml"


def test_a_page_without_a_feed_is_no_source(feed_server):
    folder, base = feed_server
    (folder / "index.html").write_text("<html>")
    with pytest.raises(FetchError, match="names none"):
        find_source(address=f"{base}/")
    assert not Source.objects.exists()


def test_a_place_that_does_not_answer_just_now_is_taken_as_it_is(feed_server):
    _, base = feed_server
    source, _ = find_source(address=f"{base}/gone.xml")
    assert source.address == f"{base}/gone.xml"


@pytest.mark.parametrize("address", ["http://10.0.0.1/f", "http://[::1]:22/", "http://169.254.169.254/"])
def test_f1_a_forbidden_address_is_no_source(address):
    with pytest.raises(FetchError) as caught:
        find_source(address=address)
    assert caught.value.code == "blocked_address"
    assert not Source.objects.exists()


@pytest.mark.parametrize("address", ["", "ftp://a.test/", "javascript:alert(1)", "http://["])
def test_f12_what_is_no_web_address_is_no_source(address):
    with pytest.raises(InputError):
        find_source(address=address)


def test_known_places_need_no_network(monkeypatch):
    source, _ = find_source(address="https://www.reddit.com/r/MachineLearning/")
    assert (source.kind, source.address) == ("reddit", "https://www.reddit.com/r/MachineLearning/new.json")
    assert source.host == "reddit.com"


OPML = """<opml version="2.0"><body><outline text="Blogs">
<outline text="Ada" xmlUrl="https://ada.test/feed"/><outline text="Passwords" xmlUrl="/etc/passwd"/>
</outline><outline text="Repository" xmlUrl="https://github.com/numpy/numpy"/></body></opml>"""


def test_lists_come_in_and_go_out(tmp_path):
    path = tmp_path / "mine.opml"
    path.write_text(OPML)
    done = import_opml(path)
    assert (done.added, done.known, [line for line, _ in done.refused]) == (2, 0, [2])
    assert sorted(Source.objects.values_list("address", "folder", "trust")) == [
        ("https://ada.test/feed", "Blogs", "probation"),
        ("https://github.com/numpy/numpy/releases.atom", "", "probation"),
    ]
    again = import_opml(path)
    assert (again.added, again.known) == (0, 2)
    path.write_text(export_opml())
    Source.objects.all().delete()
    assert import_opml(path).added == 2
    assert Source.objects.get(address="https://ada.test/feed").folder == "Blogs"


def test_a_list_that_is_none_says_so(tmp_path):
    path = tmp_path / "mine.opml"
    path.write_text("<html>")
    with pytest.raises(InputError, match=r"mine.opml:1: is no proper XML"):
        import_opml(path)
