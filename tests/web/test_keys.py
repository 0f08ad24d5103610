"""The keys of the site, in a real browser; the sheet, the page of documentation and the script agree."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from winnow.models import Label, Report, ReviewTask
from winnow.services.review import open_task, propose_copy
from winnow.web.paths import item_path

ROOT = Path(__file__).parents[2]
SHEET = (ROOT / "src" / "winnow" / "templates" / "keys.html").read_text()
PAGE = (ROOT / "docs" / "reference" / "keys.md").read_text()


def keys_of(text, key):
    return [tuple(re.findall(key, line)) for line in text.splitlines() if re.search(key, line)]


def test_the_page_and_the_sheet_name_the_same_keys():
    rows = "\n".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))
    assert keys_of(rows, r"`([^`]+)`") == keys_of(SHEET, r"<kbd>([^<]+)</kbd>")


@pytest.fixture
def works(make_item):
    """Three published works; the lists show the last first."""
    return [make_item(f"Work {n}", state="published", tag="mlops") for n in range(3)]


def focused(page):
    return page.evaluate("document.activeElement.querySelector('h2')?.textContent.trim().split('\\n')[0]")


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_j_and_k_walk_the_rows_and_stop_at_the_ends(browse):
    page = browse("/recent")
    seen = []
    for key in "jjjjkkkk":
        page.keyboard.press(key)
        seen.append(focused(page).split(" example")[0])
    assert seen == ["Work 2", "Work 1", "Work 0", "Work 0", "Work 1", "Work 2", "Work 2", "Work 2"]


@pytest.mark.browser
@pytest.mark.parametrize("key", ["o", "Enter"])
def test_a_row_opens_its_page(browse, works, key):
    page = browse("/recent")
    page.keyboard.press("j")
    page.keyboard.press(key)
    page.wait_for_url(f"**{item_path(works[2])}")


@pytest.mark.browser
@pytest.mark.parametrize("path", ["/recent", "item"])
def test_v_follows_the_link_to_the_original(browse, works, path):
    page = browse(item_path(works[2]) if path == "item" else path)
    page.evaluate(
        "document.addEventListener('click', event => {"
        " event.preventDefault(); document.title = event.target.closest('a').href })"
    )
    if path != "item":
        page.keyboard.press("j")
    page.keyboard.press("v")
    assert page.title() == works[2].url


@pytest.mark.browser
def test_f_reports_a_wrong_tag_without_leaving_the_list(browse, works):
    page = browse("/recent")
    page.keyboard.press("j")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("Thank you: a person will look.")
    report = Report.objects.get()
    assert (page.url.endswith("/recent"), report.item, report.tag_id) == (
        True,
        works[2],
        "natural-language-processing",
    )


@pytest.mark.browser
def test_a_report_that_fails_is_said_to_have_failed(browse, works):
    page = browse("/recent")
    Report.objects.all().delete()
    works[2].delete()
    page.keyboard.press("j")
    page.keyboard.press("f")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("That did not work. Reload the page and try again.")


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_slash_searches_and_keys_are_off_while_typing(browse):
    page = browse("/recent")
    page.keyboard.press("/")
    page.keyboard.type("jg r?")
    assert page.input_value("#find") == "jg r?"
    assert page.locator("dialog[open]").count() == 0


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_the_sheet_opens_by_key_and_by_button_and_closes(browse):
    page = browse("/tags")
    for open_it in (lambda: page.keyboard.press("?"), lambda: page.get_by_role("button", name="Keys").click()):
        open_it()
        expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_g_r_goes_to_recent_and_a_late_second_key_does_not(browse):
    page = browse("/tags")
    page.keyboard.press("g")
    # The only wait of these tests: the promise is about a second that has passed.
    page.wait_for_timeout(1100)
    page.keyboard.press("r")
    assert page.url.endswith("/tags")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/recent")


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_keys_with_a_modifier_are_the_browsers_own(browse):
    page = browse("/recent")
    page.keyboard.press("Control+j")
    page.keyboard.press("Alt+j")
    assert page.evaluate("document.activeElement === document.body")


@pytest.mark.browser
@pytest.mark.usefixtures("works")
def test_everything_can_be_reached_by_tab_and_the_first_stop_is_the_way_past_the_rest(browse):
    page = browse("/recent")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Work 2"


@pytest.fixture
def queue(make_item):
    """Three tasks in this order."""
    reason = ReviewTask.Reason.LOW_CONFIDENCE
    items = [make_item(f"Task {n}", state="in_review", likely_tag="other") for n in range(3)]
    return [open_task(item=item, reason=reason, priority=1 - n / 10) for n, item in enumerate(items)]


@pytest.mark.browser
def test_the_queue_is_worked_by_digits_undone_and_skipped(browse, cast, queue):
    page = browse("/review", cast.reviewer)
    title = page.locator("[data-focus]")
    for key, next_title in [("2", "Task 1"), ("0", "Task 2"), ("u", "Task 1"), ("x", "Task 2"), ("4", "Task 1")]:
        page.keyboard.press(key)
        expect(title).to_have_text(next_title)
        expect(title).to_be_focused()
    given = Label.objects.filter(undoes=None, undone_by=None).order_by("pk").values_list("task", "tag")
    assert list(given) == [(queue[0].pk, "computer-vision"), (queue[2].pk, "other")]
    assert page.url.endswith("/review")


@pytest.mark.browser
@pytest.mark.usefixtures("queue")
def test_what_was_done_stays_visible_and_the_answers_stay_in_their_place(browse, cast):
    page = browse("/review", cast.reviewer)
    before = page.locator("#answer-1").bounding_box()
    page.keyboard.press("3")
    expect(page.locator(".last strong")).to_have_text("MLOps")
    assert page.locator("#answer-1").bounding_box() == before


@pytest.mark.browser
@pytest.mark.usefixtures("queue")
def test_the_end_of_the_queue_says_so(browse, cast):
    page = browse("/review", cast.reviewer)
    for left in ("2 tasks open", "1 task open", "0 tasks open"):
        page.keyboard.press("1")
        expect(page.locator(".count")).to_contain_text(left)
    expect(page.locator(".empty")).to_contain_text("The queue is empty")


@pytest.mark.browser
def test_an_answer_that_the_server_refuses_shows_the_page_anew(browse, cast, queue):
    page = browse("/review", cast.reviewer)
    queue[0].item.delete()
    page.keyboard.press("1")
    expect(page.locator("[data-focus]")).to_have_text("Task 1")


@pytest.mark.browser
def test_twenty_decisions_take_less_than_a_minute_by_the_keyboard_alone(browse, cast, make_item):
    for n in range(20):
        open_task(item=make_item(f"Task {n}", state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE, priority=-n)
    page = browse("/review", cast.reviewer)
    title = page.locator("[data-focus]")
    page.set_default_timeout(3_000)
    for n in range(20):
        expect(title).to_have_text(f"Task {n}", timeout=3_000)
        if n:
            expect(title).to_be_focused(timeout=3_000)
        page.keyboard.press(str(1 + n % 4))
    expect(page.locator(".empty")).to_contain_text("The queue is empty")
    assert Label.objects.filter(is_gold=True).count() == 20


@pytest.mark.browser
def test_e_says_that_the_work_named_beside_it_is_the_same(browse, cast, queue, make_item):
    other = make_item("Task 0 again", state="in_review")
    propose_copy(item=other, face=queue[0].item, evidence="titles")
    page = browse("/review", cast.reviewer)
    page.keyboard.press("e")
    page.keyboard.press("2")
    expect(page.locator("[data-focus]")).to_have_text("Task 1")
    other.refresh_from_db()
    assert (other.state, other.duplicate_of_id) == ("duplicate", queue[0].item_id)
