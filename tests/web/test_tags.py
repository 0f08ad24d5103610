"""The approved list, and the page of one tag."""

import pytest

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
    assert html.all(r'<div class="facts">(.*?)</div>')[2] == ("<span>1 work</span><span>1 waiting for a person</span>")


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
