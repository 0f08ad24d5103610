"""Find, open, report, review, submit: all of it with scripts switched off."""

import pytest
from playwright.sync_api import expect

from winnow.models import Label, Report
from winnow.services.invite import invite
from winnow.web.paths import item_path


@pytest.mark.browser
def test_a_reader_finds_opens_and_reports(browse, make_item):
    item = make_item("Sparse attention", state="published", tag="mlops")
    page = browse("/", scripts=False)
    page.get_by_role("searchbox", name="Search").fill("attention")
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Why").click()
    page.get_by_text("This tag is wrong").click()
    page.get_by_role("button", name="NLP").click()
    assert page.get_by_role("status").inner_text() == "Thank you: a person will look."
    assert page.url.endswith(item_path(item))
    assert Report.objects.get().tag_id == "natural-language-processing"


@pytest.mark.browser
def test_a_reader_reports_from_the_list(browse, make_item):
    make_item("Sparse attention", state="published", tag="mlops")
    page = browse("/recent", scripts=False)
    page.get_by_text("Wrong tag", exact=True).click()
    page.get_by_role("button", name="Not ML").click()
    assert page.url.endswith("/recent")
    assert Report.objects.get().kind == "off_topic"


@pytest.mark.browser
@pytest.mark.usefixtures("task")
def test_a_reviewer_signs_in_labels_and_undoes(browse):
    link = invite(role="reviewer", name="ada").url
    page = browse("/sign-in/" + link.rsplit("/", 1)[1] + "?next=/review", scripts=False)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Computer vision").click()
    expect(page.locator(".last")).to_contain_text("You chose Vision for Which tag is this?")
    page.get_by_role("button", name="Undo").click()
    assert page.locator("[data-focus]").inner_text() == "Which tag is this?"
    assert Label.objects.count() == 2


@pytest.mark.browser
def test_nothing_is_offered_that_needs_a_script(browse, make_item):
    make_item(state="published")
    page = browse("/recent", scripts=False)
    assert page.get_by_role("button", name="Keys").count() == 0
