"""Readers who use the keyboard alone, or what a screen reader is told: find, open, save, report, submit."""

import pytest
from playwright.sync_api import expect

from winnow.models import Item, Mark, Report


@pytest.fixture
def works(make_item):
    """A work that is sought among others."""
    for n in range(3):
        make_item(f"Another {n}", state="published", tag="other")
    return make_item("Sparse attention", state="published", tag="mlops")


def tab_to(page, text, limit=80):
    """Press Tab until what has the focus says `text`."""
    for _ in range(limit):
        page.keyboard.press("Tab")
        said = page.evaluate("(document.activeElement.innerText || document.activeElement.value || '').trim()")
        if said.startswith(text):
            return
    pytest.fail(f"{text} is not reached by Tab")


def tab_to_field(page, name, limit=80):
    """Press Tab until a field has the focus."""
    for _ in range(limit):
        if page.evaluate("document.activeElement.name") == name:
            return
        page.keyboard.press("Tab")
    pytest.fail(f"the field {name} is not reached by Tab")


@pytest.mark.browser
def test_by_the_keyboard_alone_a_work_is_found_opened_saved_and_reported(browse, works, cast):
    page = browse("/", cast.reader)
    page.keyboard.press("/")
    page.keyboard.type("sparse")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=sparse")
    page.keyboard.press("j")
    page.keyboard.press("s")
    expect(page.locator(".row").first).to_contain_text("Saved")
    page.locator(".row").first.focus()
    page.keyboard.press("o")
    page.wait_for_url("**/i/**")
    page.keyboard.press("f")
    tab_to(page, "Vision")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("a person will look")
    assert Mark.objects.get(kind="save").item == works
    assert Report.objects.get().tag_id == "computer-vision"


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_by_the_keyboard_alone_a_work_is_submitted(browse, cast):
    page = browse("/", cast.reader)
    tab_to(page, "Submit")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submit")
    tab_to_field(page, "url")
    page.keyboard.type("https://example.org/mine")
    page.keyboard.press("Enter")
    page.wait_for_url("**/submit?url=**")
    tab_to_field(page, "title")
    page.keyboard.type("A tool that deploys models")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("A tool that deploys models")
    assert Item.objects.get(title="A tool that deploys models").submitted_by == cast.reader


@pytest.mark.browser
def test_by_what_a_screen_reader_is_told_a_work_is_found_opened_saved_and_reported(browse, works):
    page = browse("/")
    page.get_by_role("searchbox", name="Search").fill("sparse")
    page.get_by_role("searchbox", name="Search").press("Enter")
    row = page.get_by_role("article").filter(has=page.get_by_role("heading", name="Sparse attention"))
    row.get_by_role("button", name="Save").click()
    expect(row.get_by_role("button", name="Saved")).to_be_visible()
    row.get_by_role("link", name="Why").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sparse attention")
    expect(page.get_by_role("main")).to_have_count(1)
    page.get_by_text("This tag is wrong").click()
    page.get_by_role("button", name="NLP").click()
    expect(page.get_by_role("status").filter(has_text="a person will look").first).to_be_visible()
    assert Report.objects.get().item == works
