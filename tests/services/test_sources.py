"""Sources are added once, named apart, switched on and off."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.utils import timezone

from winnow.core.errors import InputError, NotFoundError
from winnow.home import DATA
from winnow.models import Event, Source
from winnow.services.sources import add_source, load_starter_sources, set_active

pytestmark = pytest.mark.django_db
FEED = "https://jmlr.org/jmlr.xml"


def test_a_new_source_is_on_due_now_and_in_the_log(cast):
    source, is_new = add_source(address=FEED, account=cast.operator)
    assert (is_new, source.kind, source.address, source.is_active) == (True, "feed", FEED, True)
    assert source.next_fetch_at <= timezone.now()
    event = Event.objects.get(kind="source.added")
    assert (event.account, event.data) == (cast.operator, {"source": source.name, "kind": "feed", "address": FEED})


def test_the_same_address_again_is_the_same_source():
    first, _ = add_source(address=FEED, name="jmlr")
    assert add_source(address=f"  {FEED}\n", name="another") == (first, False)
    assert Event.objects.filter(kind="source.added").count() == 1


def test_a_file_is_one_source_however_it_is_written(tmp_path, monkeypatch):
    path = tmp_path / "f.xml"
    path.write_text("<rss/>")
    monkeypatch.chdir(tmp_path)
    added = [add_source(address=address) for address in (str(path), "./f.xml", f"file://{path}")]
    assert [is_new for _, is_new in added] == [True, False, False]
    assert (added[0][0].kind, added[0][0].address) == ("file", str(path))


@pytest.mark.parametrize(
    ("address", "name", "expected"),
    [
        (FEED, "", "jmlr-org-jmlr-xml"),
        ("https://example.org/", "", "example-org"),
        ("https://пример.example/лента", "", "xn-e1afmkfd-example"),
        (FEED, "My feed, at last!", "My-feed-at-last"),
        (FEED, "///", "source"),
        (FEED, "x" * 300, "x" * 70),
    ],
)
def test_names_are_short_and_plain(address, name, expected):
    source, _ = add_source(address=address, name=name)
    assert source.name == expected


def test_a_name_that_is_taken_gets_a_number():
    names = [add_source(address=f"https://example.org/{n}", name="mine")[0].name for n in range(4)]
    assert names == ["mine", "mine-2", "mine-3", "mine-4"]


@pytest.mark.parametrize(
    "address", ["gopher://example.org/", "javascript:alert(1)", "https://", "", " ", "http://[::1"]
)
def test_what_nothing_reads_is_refused(address):
    with pytest.raises(InputError):
        add_source(address=address)
    assert Source.objects.count() == 0


@pytest.mark.parametrize("address", ["https://example.org/" + "x" * 2000, "/" + "ä" * 1001])
def test_an_address_that_is_longer_than_its_column_is_refused(address):
    with pytest.raises(InputError):
        add_source(address=address)
    assert Source.objects.count() == 0


def test_a_kind_that_is_none_is_refused_with_those_that_exist():
    with pytest.raises(NotFoundError, match="file, arxiv, hackernews, reddit, github, x, feed"):
        add_source(address=FEED, kind="pigeon")


@pytest.mark.django_db(transaction=True)
def test_side_by_side_one_address_is_one_source_and_all_get_it():
    def add(n):
        try:
            return add_source(address=FEED, name=f"mine-{n % 2}")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        added = list(pool.map(add, range(8)))
    assert {source.pk for source, _ in added} == {Source.objects.get().pk}
    assert sum(is_new for _, is_new in added) == 1


@pytest.mark.django_db(transaction=True)
def test_side_by_side_one_name_is_given_once():
    def add(n):
        try:
            return add_source(address=f"https://example.org/{n}", name="mine")[0].name
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        names = list(pool.map(add, range(8)))
    assert sorted(names) == ["mine", *(f"mine-{n}" for n in range(2, 9))]


def test_switching_off_and_on_is_in_the_log_and_what_changes_nothing_is_not(cast):
    source, _ = add_source(address=FEED)
    for is_active in (False, False, True, True):
        set_active(source=source, is_active=is_active, account=cast.operator)
    kinds = Event.objects.filter(account=cast.operator).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["source.switched_off", "source.switched_on"]
    source.refresh_from_db()
    assert (source.is_active, source.next_fetch_at <= timezone.now()) == (True, True)


def test_a_source_that_is_off_is_never_due():
    source, _ = add_source(address=FEED)
    set_active(source=source, is_active=False, account=None)
    source.refresh_from_db()
    assert (source.is_active, source.next_fetch_at) == (False, None)


def test_the_starter_list_is_known_once_and_off():
    n_new = load_starter_sources(DATA / "sources.toml")
    assert (n_new > 5, load_starter_sources(DATA / "sources.toml")) == (True, 0)
    assert Source.objects.filter(is_active=False, next_fetch_at=None).count() == n_new


def test_the_starter_list_leaves_what_somebody_switched_on_alone():
    mine, _ = add_source(address="https://rss.arxiv.org/atom/cs.CL", name="mine")
    load_starter_sources(DATA / "sources.toml")
    mine.refresh_from_db()
    assert (mine.name, mine.is_active) == ("mine", True)
