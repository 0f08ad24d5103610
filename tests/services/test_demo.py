"""The demo looks before each step: killed anywhere and run again it ends the same."""

import pytest
from tests.services.conftest import rss, works

from winnow.models import Deployment, Item, ModelVersion, Source
from winnow.services import demo
from winnow.services.demo import example_feeds, figures, invitations, make_demo
from winnow.services.explain import explain_waiting
from winnow.services.gather import gather_address
from winnow.services.import_rows import import_file
from winnow.services.invite import use_link


@pytest.fixture
def small_demo(tmp_path, monkeypatch, champion):
    """A demo of two row files and two feeds, whose model is trained already."""
    gold, feeds = tmp_path / "gold", tmp_path / "feeds"
    gold.mkdir()
    feeds.mkdir()
    for n, tag in enumerate(("mlops", "other")):
        rows = [f"{n}{i},Work {i} about {tag},What it is about,{tag}\n" for i in range(3)]
        (gold / f"{n}.csv").write_text("id,title,description,tag\n" + "".join(rows))
        (feeds / f"{n}.xml").write_text(rss(*works(3, start=3 * n)))
    (feeds / "README.md").write_text("Not a feed.")
    monkeypatch.setattr(demo, "GOLD", gold)
    monkeypatch.setattr(demo, "FEEDS", feeds)
    return tmp_path


def run():
    """Make the demo; gives what it said."""
    said = []
    make_demo(said.append, lambda *_: None)
    return said


def contents():
    return sorted(Item.objects.values_list("title", "state", "tag"))


def test_each_step_is_told_and_done(small_demo):
    said = run()
    assert [line.split()[0] for line in said] == ["Loaded", "Loaded", "Gathered", "Gathered", "Worked"]
    assert said[:2] == ["Loaded 3 starter works from 0.csv", "Loaded 3 starter works from 1.csv"]
    assert said[2] == "Gathered 0.xml: 3 new, 0 duplicates, 0 off-topic, 0 unusable"
    assert (Item.objects.count(), Source.objects.count(), explain_waiting()) == (12, 2, 0)


def test_a_second_demo_says_and_changes_nothing(small_demo):
    run()
    before = contents()
    assert (run(), contents()) == ([], before)


def test_killed_after_the_first_file_and_the_first_feed_it_goes_on_with_the_rest(small_demo):
    import_file(small_demo / "gold" / "0.csv")
    gather_address(str(small_demo / "feeds" / "0.xml"))
    said = run()
    assert said[:2] == [
        "Loaded 3 starter works from 1.csv",
        "Gathered 1.xml: 3 new, 0 duplicates, 0 off-topic, 0 unusable",
    ]
    assert (Item.objects.count(), run()) == (12, [])


def test_what_serves_already_goes_on_serving(small_demo, champion):
    run()
    assert (Deployment.objects.get().model_version, ModelVersion.objects.count()) == (champion, 1)


def test_the_figures_count_what_there_is(small_demo, make_item):
    make_item(state="rejected")
    run()
    counts = figures()
    states = list(Item.objects.values_list("state", flat=True))
    assert counts == {
        "published": states.count("published"),
        "waiting": states.count("in_review"),
        "withheld": states.count("rejected"),
    }


def test_each_invitation_signs_its_role_in(db):
    links = invitations()
    accounts = [use_link(link.url.rsplit("/", 1)[-1]) for link in links]
    assert [(account.name, account.role) for account in accounts] == [
        ("reviewer", "reviewer"),
        ("operator", "operator"),
    ]


def test_the_example_feeds_come_in_order_without_their_readme(small_demo):
    assert [path.name for path in example_feeds()] == ["0.xml", "1.xml"]
