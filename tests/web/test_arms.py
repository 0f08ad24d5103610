"""Readers on the sides of experiments: stable, balanced, counted once, never with a name."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from tests.services.experiments_cast import begun, counted
from tests.services.rollout_cast import NLP, VISION, pairs

from winnow.core.experiments import Arm, arm_at, place_of
from winnow.core.intervals import clopper_pearson
from winnow.models import Account, DayCount, ExperimentCount, Item, ModelVersion
from winnow.queries.experiments import counts_of
from winnow.services.experiments import look_at_experiments, stop_experiment
from winnow.services.index import index_item
from winnow.services.value import flush
from winnow.web import arms
from winnow.web.arms import COOKIE, Place, dump, load
from winnow.web.paths import item_path
from winnow.web.value import VISIT

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture(autouse=True)
def _empty(db):
    flush()
    DayCount.objects.all().delete()


@pytest.fixture
def item(make_item):
    return make_item(state="published", tag="mlops")


@pytest.fixture
def known(client):
    """A visitor whose browser has shown that it keeps what it is given."""
    client.cookies[VISIT] = "1:1"
    return client


@pytest.fixture
def on(monkeypatch):
    """Let chance put whoever comes on a side."""

    def on(arm):
        place = {Arm.CONTROL: 0, Arm.VARIANT: arms.PARTS // 2, Arm.NONE: arms.PARTS - 1}[arm]
        monkeypatch.setattr(arms.secrets, "randbelow", lambda _: place)

    return on


def counts(row):
    flush()
    return dict(counts_of(row))


def place(client, row):
    return load(client.cookies[COOKIE].value)[row.pk]


def test_the_first_page_is_everybodys_and_the_second_draws_a_side_once(client):
    row = begun()
    client.get("/")
    assert COOKIE not in client.cookies
    client.get("/")
    first = client.cookies[COOKIE].value
    for _ in range(3):
        client.get("/")
    assert client.cookies[COOKIE].value == first
    assert counts(row) == {(place(client, row).arm, "reader"): 1}
    assert client.cookies[COOKIE]["httponly"]


def test_chance_makes_sides_of_one_size_and_the_rest_stays_out():
    row, n = begun(share=0.5), 200
    for _ in range(n):
        visitor = Client()
        visitor.cookies[VISIT] = "1:1"
        visitor.get("/")
    found = counts(row)
    n_in = clopper_pearson(sum(found.values()), n, 0.001)
    n_variant = clopper_pearson(found["variant", "reader"], sum(found.values()), 0.001)
    assert n_in.low <= 0.5 <= n_in.high
    assert n_variant.low <= 0.5 <= n_variant.high


def test_who_stays_out_stays_out(known, on):
    row = begun(share=0.5)
    on(Arm.NONE)
    known.get("/")
    on(Arm.CONTROL)
    known.get("/")
    assert (place(known, row), counts(row)) == (Place(Arm.NONE), {})


def test_what_a_reader_does_counts_once_on_the_first_day_alone(known, on, send, item):
    row = begun()
    on(Arm.VARIANT)
    known.get("/")
    for _ in range(2):
        known.get(item_path(item))
        send(f"/i/{item.pk}/save")
        send("/t/mlops/follow")
        send(f"/i/{item.pk}/report", tag="other")
    send("/t/mlops/follow?on=0")
    expected = {("variant", what): 1 for what in ("reader", "find", "save", "follow", "report")}
    assert counts(row) == expected
    day = str(timezone.localdate() - timedelta(days=1))
    known.cookies[COOKIE] = dump({row.pk: Place(Arm.VARIANT, day)})
    known.get("/")
    known.get(item_path(item))
    assert counts(row) == expected


def test_a_find_is_quick_only_at_the_beginning_of_a_visit(client, on, item):
    row = begun()
    on(Arm.CONTROL)
    client.get("/")
    client.get("/")
    client.get(item_path(item))
    assert counts(row) == {("control", what): 1 for what in ("reader", "find", "quick")}


def test_what_was_not_done_is_not_counted(known, on, send, item, settings):
    row = begun()
    on(Arm.CONTROL)
    known.get("/")
    settings.ANONYMOUS_REPORTS = False
    send(f"/i/{item.pk}/report", tag="other")
    send("/t/nothing/follow")
    assert counts(row) == {("control", "reader"): 1}


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"User-Agent": "Googlebot/2.1"}])
def test_programs_take_no_part(known, headers):
    row = begun()
    known.get("/", headers=headers)
    assert (COOKIE in known.cookies, counts(row)) == (False, {})


def test_who_lets_nothing_be_remembered_takes_no_part(known, send):
    row = begun()
    known.get("/")
    send("/for-you/off")
    known.get("/")
    assert known.cookies[COOKIE].value == ""
    known.get("/")
    assert (known.cookies[COOKIE].value, sum(counts(row).values())) == ("", 1)


def test_an_account_is_on_the_same_side_in_every_browser(cast, client_of):
    row = begun()
    for _ in range(2):
        browser = client_of(cast.reader)
        browser.get("/")
        assert place(browser, row).arm == arm_at(place_of(f"account:{cast.reader.pk}", row.name), 1.0)


def test_who_changes_sides_by_signing_in_is_counted_no_more(known, on, item):
    row = begun()
    on(Arm.VARIANT)
    known.get("/")
    number = next(n for n in range(100, 200) if arm_at(place_of(f"account:{n}", row.name), 1.0) is Arm.CONTROL)
    known.force_login(Account.objects.create(pk=number, name="other", role="reader"))
    known.get("/")
    known.get(item_path(item))
    assert (place(known, row), counts(row)) == (Place(Arm.CONTROL), {("variant", "reader"): 1})


def test_a_page_writes_nothing_for_an_experiment(known, item):
    begun()
    known.get("/")
    with CaptureQueriesContext(connection) as asked:
        known.get("/")
        known.get(item_path(item))
    assert [query["sql"] for query in asked if not query["sql"].startswith("SELECT")] == []
    assert not ExperimentCount.objects.exists()


def test_after_harm_the_next_page_is_everybodys(known, on, make_item):
    old, new = make_item("Old", state="published"), make_item("New", state="published")
    make_item("Third", state="published")
    now = timezone.now()
    Item.objects.update(published_at=now)
    Item.objects.filter(pk=old.pk).update(score=10, hotness=1.0)
    Item.objects.filter(pk=new.pk).update(score=1, hotness=1.5)
    row = begun()
    on(Arm.VARIANT)

    def first():
        page = known.get("/").content.decode()
        return min(("Old", "New"), key=page.index)

    assert first() == "Old"
    counted(row, variant={"report": 100})
    assert look_at_experiments() == [row.name]
    assert first() == "New"


@pytest.mark.parametrize("value", ["", "nonsense", dump({})[:-2]], ids=["empty", "nonsense", "cut"])
def test_a_cookie_that_is_none_is_read_as_nothing(known, value):
    begun()
    known.cookies[COOKIE] = value
    assert known.get("/").status_code == 200
    assert load(value) == {}


def test_what_has_ended_leaves_the_cookie(known, item):
    rows = [begun(), begun(name="other", knob="for-you-explored")]
    known.cookies[COOKIE] = dump({rows[1].pk: Place(Arm.CONTROL), 10**6: Place(Arm.CONTROL)})
    stop_experiment(experiment=rows[1], why="enough")
    known.get("/")
    assert set(load(known.cookies[COOKIE].value)) == {rows[0].pk}


@pytest.fixture
def compared(tags, deployed):
    """A model that decides about half of the works, and one work that it calls NLP and the champion vision."""
    about = {"recipe": "r", "folder": "f", "dataset_sha256": "0" * 64, "policy": {"is_provisional": False}, "card": {}}
    old, new = (ModelVersion.objects.create(ref=f"v{n}-1", manifest_sha256=str(n) * 64, **about) for n in (1, 2))
    deployed(new, role="challenger", share=0.5, stage="ab")
    (pair,) = pairs(1, old=old, new=new, is_split=True, is_drawn=False)
    Item.objects.update(decided_by="model", model_version=old, confidence=0.9, published_at=timezone.now())
    index_item(pair.item)
    return begun(knob="tags"), pair.item


@pytest.mark.parametrize(("arm", "slug"), [(Arm.CONTROL, VISION), (Arm.VARIANT, NLP)])
def test_each_side_sees_the_tags_of_its_model_everywhere(known, on, compared, arm, slug):
    row, item = compared
    on(arm)
    for path in ("/recent", "/popular", f"/t/{slug}", "/search?q=site:example.org", item_path(item), "/"):
        page = known.get(path).content.decode()
        assert item.title in page, path
        assert f'href="/t/{slug}" title=' in page, path
    other = {VISION: NLP, NLP: VISION}[slug]
    page = known.get("/recent").content.decode()
    assert (f'name="tag" value="{other}"' in page, f'name="tag" value="{slug}"' in page) == (True, False)
    assert item.title not in known.get(f"/t/{other}").content.decode()
    assert Item.objects.get(pk=item.pk).tag_id == VISION
    assert counts(row)[arm, "reader"] == 1


def test_who_is_shown_nothing_that_differs_takes_no_part(known, compared):
    row, _item = compared
    known.get("/t/mlops")
    assert counts(row) == {}
    known.get("/recent")
    assert sum(counts(row).values()) == 1


def test_without_the_model_at_its_stage_tags_stand_as_they_are(known, on, compared, deployed):
    on(Arm.VARIANT)
    on(Arm.VARIANT)
    deployed(ModelVersion.objects.get(ref="v2-1"), role="challenger", share=0.0, stage="ab")
    assert f'href="/t/{VISION}" title=' in known.get("/recent").content.decode()
    assert COOKIE not in known.cookies


def test_feeds_and_calls_are_the_same_for_everybody(known, on, compared):
    on(Arm.VARIANT)
    known.get("/recent")
    assert f"<category>{VISION}</category>" in known.get("/recent.rss").content.decode()
    assert known.get("/api/v1/items").json()["items"][0]["tag"] == VISION


def test_fewer_are_drawn_at_random_on_the_other_side(known, on, send, item):
    begun(knob="for-you-explored")
    send(f"/i/{item.pk}/save")
    on(Arm.VARIANT)
    assert "One in 10 is drawn at random" in known.get("/for-you").content.decode()


def test_the_sides_of_places_survive_the_cookie():
    places = {1: Place(Arm.VARIANT, "2026-11-27", ("find",)), 2: Place(Arm.NONE)}
    assert load(dump(places)) == places
    assert Counter(map(type, load(dump(places)))) == {int: 2}
