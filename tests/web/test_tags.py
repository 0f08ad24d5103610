"""The approved list, and the page of one tag."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import Evidence

pytestmark = pytest.mark.usefixtures("tags")


def test_the_list_has_every_tag_with_its_figures(visit, make_item):
    make_item(state="published", tag="mlops")
    make_item(state="in_review", likely_tag="mlops")
    html = visit("/tags")
    assert html.all(r'<a class="open dot" href="([^"]+)"') == [
        "/t/natural-language-processing",
        "/t/computer-vision",
        "/t/mlops",
        "/t/other",
    ]
    assert html.all(r'<div class="facts">(.*?)<button')[2] == (
        "<span>1 work</span><span>1 waiting for a person</span>"
        '<span class="precision">Precision: not yet audited</span>\n'
    )
    assert len(html.all('data-mark="follow"')) == 4


SAYS = r"Precision \.750 \(\.\d{3} to \.\d{3}, n = 4, audited up to \d+ \w+ \d{4}\)"


def words(html):
    return [re.sub(r"<[^>]+>", "", one).strip() for one in html.all(r'<span class="precision">(.*?)\n')]


def test_audited_precision_stands_with_interval_n_and_date(visit, audited):
    for right in ("mlops", "mlops", "mlops", "other"):
        audited("mlops", right)
    nlp, vision, mlops, other = words(visit("/tags"))
    assert [nlp, vision, other] == ["Precision: not yet audited"] * 3
    assert re.fullmatch(SAYS, mlops)
    assert len(visit("/tags").all('<svg class="spark interval"')) == 1
    assert words(visit("/t/mlops")) == [mlops]
    assert words(visit("/t/other")) == ["Precision: not yet audited"]


def test_a_tag_is_followed_on_its_page(visit, send):
    assert visit("/t/mlops").all(r'formaction="(/t/[^"]+)"') == ["/t/mlops/follow?on=1"]
    send("/t/mlops/follow")
    assert visit("/t/mlops").all(r'formaction="(/t/[^"]+)"') == ["/t/mlops/follow?on=0"]


def test_the_best_of_the_month_are_few_and_something_speaks_for_them(visit, make_item):
    now = timezone.now()
    for n in range(5):
        face = make_item(f"Face {n}", state="published", dated_at=now - timedelta(days=n))
        for _ in range(n):
            make_item(state="duplicate", duplicate_of=face)
    old = make_item("Old", state="published", dated_at=now - timedelta(days=40))
    make_item(state="duplicate", duplicate_of=old)
    (best,) = visit("/t/mlops").all(r'<section class="best".*?</section>')
    assert re.findall(r"Face \d|Old", best) == ["Face 4", "Face 3", "Face 2"]
    assert "Turned up in 4 more places" in best
    assert visit("/t/other").all(r'<section class="best"') == []


def test_related_tags_are_said_with_how_often_they_are_mistaken(visit, audited_model):
    Evidence.objects.create(
        metric="confusion",
        scope="mlops as other",
        value=0.052,
        low=0.01,
        high=0.1,
        n=58,
        model_sha256=audited_model.manifest_sha256,
    )
    (related,) = visit("/t/mlops").all(r'<p class="says related">Most like (.*?)</p>')
    assert re.sub(r"<[^>]+>", "", related) == "Other machine learning (5.2 % of its works are taken for that, n = 58)."


def test_a_tag_has_its_guideline_and_its_works_alone(visit, make_item):
    make_item("In it", state="published", tag="mlops")
    make_item("Elsewhere", state="published", tag="other")
    html = visit("/t/mlops")
    assert html.all(r'class="original"[^>]*>(.*?)</a>') == ["In it"]
    assert html.all(r"<h2>(.*?)</h2>") == ["Belongs here", "Belongs elsewhere", "Hard cases"]
    assert html.all(r"<dd><strong>(.*?)</strong>")[0] in {
        "Natural language processing",
        "Computer vision",
        "MLOps",
        "Other machine learning",
    }


@pytest.mark.parametrize("slug", ["none", "MLOps", "a" * 300, "<b>"])
def test_what_is_not_approved_is_a_calm_404_that_names_what_is(visit, slug):
    assert "approved are natural-language-processing, " in visit(f"/t/{slug}", status=404).main


def test_a_retired_tag_has_no_page(visit, tags):
    tags["other"].is_approved = False
    tags["other"].save()
    visit("/t/other", status=404)
