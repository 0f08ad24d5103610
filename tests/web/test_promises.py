"""The owner's page: open to anybody, with what burns and what to do about it."""

import pytest
from django.utils import timezone

from winnow.models import DriftCheck, Source, TagBurn
from winnow.services.alerts import close_alert, open_alert

EVIL = "<script>alert(1)</script>"


def test_where_nothing_is_there_is_one_thing_to_do_in_each_part(visit, tags):
    html = visit("/promises")
    assert html.all(r'<p class="empty">.*?<a href="([^"]+)"') == ["/log", "/models", "/sources"]


def test_promise_measurement_and_picture_stand_side_by_side(visit, audited):
    for right in ("mlops", "mlops", "other"):
        audited("mlops", right)
    html = visit("/promises")
    assert "90.0 % is to be right" in html.main
    rows = html.all(
        r'<tr><th scope="row">(?:<a [^>]*>)?([^<]+)(?:</a>)?</th><td>([^<]*)</td><td>([^<]*)</td><td>(\d+)</td>'
    )
    assert [(name, value, n) for name, value, _, n in rows] == [("All works", ".667", "3"), ("MLOps", ".667", "3")]
    assert len(html.all(r"<svg ")) == 1
    assert "333.3 %" in html.main
    assert html.main.count("not yet audited") == len(html.all(r'class="unknown"'))
    assert "Live precision" in visit("/models/v6-1").main


@pytest.mark.parametrize(
    ("threshold", "state"), [(None, "burnt: people decide"), (0.93, "burnt: threshold raised to 0.93")]
)
def test_what_burns_is_said_where_the_tag_stands(visit, audited, audited_model, threshold, state):
    label = audited("mlops", "other")
    about = {"wrong": 9, "n": 12, "allowed": 0.1, "threshold": threshold, "label": label}
    TagBurn.objects.create(model_version=audited_model, tag="mlops", **about)
    assert f"<strong>{state}</strong>" in visit("/promises").main
    assert "burnt" in visit("/t/mlops").main
    assert "burnt" not in visit("/t/other").main


def test_open_alerts_stand_first_with_their_remedy_and_closed_ones_last(visit, tags):
    open_alert("drift", "length", says=f"longer {EVIL}", remedy="answer the tasks")
    open_alert("drift", "length", says=f"longer {EVIL}", remedy="answer the tasks")
    open_alert("away", "champion", says="it was away", remedy="put it back")
    close_alert("away", "champion")
    main = visit("/promises").main
    assert EVIL not in main
    assert main.index("answer the tasks") < main.index("Do works change?") < main.index("it was away")
    assert "found 2 times" in main
    assert "put it back" not in main


def test_the_newest_look_of_each_monitor_is_shown(visit, tags):
    source = Source.objects.create(name="papers", kind="feed", address="https://papers.test/")
    now = timezone.now()
    about = {"begins": now, "ends": now, "n_before": 90, "n_now": 30, "statistic": 0.2, "n_permutations": 99}
    DriftCheck.objects.create(
        measure="tags", source=source, p_value=0.0001, alpha=0.001, is_alarm=True, says="more <b>mlops", **about
    )
    main = visit("/promises").main
    assert "<td>0.0001, 0.0010</td><td>30, 90</td>" in main
    assert "<strong>alarm</strong>: more &lt;b&gt;mlops" in main
    assert 'href="/sources/papers"' in main


def test_it_is_json_too(client, audited):
    audited("mlops", "mlops")
    told = client.get("/promises.json").json()
    assert (told["model"], told["tags"]["mlops"]["audits"]) == ("v6-1", 1)


def test_it_asks_the_database_little_however_many_tags_there_are(visit, audited, django_assert_max_num_queries):
    audited("mlops", "mlops")
    visit("/promises")
    with django_assert_max_num_queries(20):
        visit("/promises")
