"""The registry, and the page of one model."""

import pytest

from winnow.models import Evidence

pytestmark = pytest.mark.usefixtures("tags")


def test_without_models_there_is_one_thing_to_do(visit):
    assert visit("/models").all(r'<p class="empty">.*?<a href="([^"]+)"') == ["/tags"]


def test_the_list_says_what_serves(visit, measured, deployed):
    html = visit("/models")
    assert html.all(r'<h2><a class="open" href="([^"]+)">') == ["/models/v5-1"]
    assert "does not serve" in html.main
    deployed(measured)
    assert "serves as champion" in visit("/models").main
    assert "serves as champion" in visit("/models/v5-1").main


@pytest.mark.usefixtures("measured")
def test_a_model_says_what_it_learned_from_and_what_the_certificate_holds_for(visit):
    html = visit("/models/v5-1")
    rows = dict(html.all(r'<tr><th scope="row">([^<]+)</th><td>(.*?)</td></tr>'))
    assert rows["Learned from"] == "40 works: MLOps 30, Other ML 10"
    assert (rows["Model"], rows["Data"]) == (f"<code>{'0' * 64}</code>",) * 2
    certificate = ("Target", "Delta", "Threshold", "Bound", "Answers counted (n)", "Wrong among them (k)", "Coverage")
    assert [rows[name] for name in certificate] == [".900", ".100", ".700", ".921", "120", "5", ".800"]


@pytest.mark.usefixtures("measured")
def test_every_figure_stands_in_a_table_with_interval_and_n_and_pictures_beside(visit):
    html = visit("/models/v5-1")
    titles = html.all(r"<h3>(.*?)</h3>")
    assert titles == [
        "As a whole",
        "Precision by tag",
        "Precision against coverage",
        "Is confidence a probability?",
        "What is taken for what",
        "By kind of work",
        "Behavioural tests",
        "While training",
    ]
    assert len(html.all(r"<svg ")) == 6
    assert len(html.all(r"<table class=\"sheet\"><caption")) == len(titles)
    rows = html.all(r'<tr><th scope="row">([^<]*)</th><td>([^<]*)</td><td>([^<]*)</td><td>40</td></tr>')
    assert ("short title", ".800", ".700 to .900") in rows
    # Of each figure but those of the matrix and the ends of a bin there is a row.
    assert len(rows) == Evidence.objects.exclude(metric__in=("confusion", "mean confidence")).count()


def test_a_model_without_a_certificate_says_what_is_missing(visit, measured):
    measured.policy["certificate"] |= {"threshold": None, "missing": 17}
    measured.save()
    assert "at least 17 labels more are needed" in visit("/models/v5-1").main
    measured.policy = {"provenance": "", "is_provisional": True}
    measured.save()
    assert "There is none" in visit("/models/v5-1").main


@pytest.mark.usefixtures("model_version")
def test_a_model_that_was_not_measured_says_how_to(visit):
    assert "winnow evaluate v5-1 --data FILE" in visit("/models/v5-1").main


def test_a_model_that_is_not_here_is_not_found(visit):
    visit("/models/v9-9", status=404)


@pytest.mark.usefixtures("measured")
def test_the_number_of_queries_does_not_grow_with_the_figures(client, django_assert_max_num_queries):
    for number in range(30):
        row = Evidence.objects.first()
        row.pk, row.scope = None, f"slice {number}"
        row.save()
    with django_assert_max_num_queries(9):
        client.get("/models/v5-1")


def test_what_audits_proved_stands_in_the_place_of_what_came_with_the_model(visit, measured):
    from winnow.services.recertify import look

    look(measured, target=0.95, delta=0.1)
    page = visit("/models/v5-1").main
    assert "Not enough evidence for precision .95" in page
    assert "drawn at random and labelled blind" in page
