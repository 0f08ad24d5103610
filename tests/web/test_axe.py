"""No page has a fault that axe-core finds, in either theme, narrow or wide."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.utils import timezone
from tests.services.experiments_cast import begun_with_readers

from winnow.models import Mark, ReaderState, Report, ReviewTask, Source
from winnow.services.drift_audits import look_at_audits
from winnow.services.invite import issue_token
from winnow.services.password import make_reset_link
from winnow.services.readers import follow_tag, mark_item
from winnow.services.release import check_release
from winnow.services.release_build import build_release
from winnow.services.release_history import record_change
from winnow.services.report import report_item
from winnow.services.review import label_task, open_task
from winnow.web.paths import item_path

AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
PATHS = [
    "/",
    "/recent",
    "/popular",
    "/popular/1w",
    "/for-you",
    "/digest",
    "/saved",
    "/saved?of=hide",
    "/t/mlops",
    "/tags",
    "/search",
    "/search?q=work",
    "/search?q=work (tag: after:soon",
    "/search?q=nothing-at-all",
    "/log",
    "/promises",
    "/value",
    "/experiments",
    "/experiments/slower",
    "/status",
    "/privacy",
    "/review/practice",
    "/review/agreement",
    "/withheld",
    "/sources",
    "/canvas",
    "/releases",
    "/releases/release-1",
    "/models",
    "/models/v5-1",
    "/submit",
    "/submit?url=https://example.org/new",
    "/submit?url=nonsense",
    "/yours",
    "/review",
    "/sign-in",
    "/sign-in/code",
    "/account",
    "/account/second-factor",
    "/webhooks",
    "/embed/mlops",
    "reset",
    "/nowhere",
    "decided",
    "waiting",
    "copy",
    "edit",
]
OWNERS = ["/releases/release-1", "/releases/release-1/design/edit", "/releases/release-1/design/history"]
# What stands open is looked at too.
OPEN_ALL = "for (const details of document.querySelectorAll('details')) details.open = true"
RUN = "axe.run().then(({violations}) => violations.map(v => [v.id, v.nodes.map(n => n.html)]))"


@pytest.fixture
def addresses(make_item, make_decided, cast, tags, task, measured):
    """Something of everything; the addresses of the Items that have none of their own in PATHS."""
    source = Source.objects.create(
        name="feed",
        kind="feed",
        address="https://example.org/feed",
        error_code="timeout",
        error_message="it did not answer",
    )
    decided = make_decided("Decided by the model", source=source)
    copy = make_item("A copy", state="duplicate", duplicate_of=decided, source=source)
    make_item("مرحبا", state="published", tag="other")
    make_item("Off topic", state="rejected")
    for account in (cast.operator, cast.engineer):
        mark_item(item=decided, kind=Mark.Kind.VOTE, is_on=True, account=account)
    for kind in (Mark.Kind.SAVE, Mark.Kind.HIDE):
        mark_item(item=make_item(f"To {kind}", state="published"), kind=kind, is_on=True, account=cast.operator)
    follow_tag(tag=tags["mlops"], is_on=True, account=cast.operator)
    ReaderState.objects.create(account=cast.operator, visited_at=timezone.now(), left_at=timezone.now())
    done = open_task(item=make_item(state="in_review"), reason=ReviewTask.Reason.LOW_CONFIDENCE)
    label_task(task=done, tag=tags["other"], account=cast.operator)
    begun_with_readers()
    issue_token(name="a program", scopes=["classify"], account=cast.operator)
    reset = "/reset/" + make_reset_link(cast.operator).url.rsplit("/", 1)[1]
    mine = make_item(state="in_review", submitted_by=cast.operator)
    make_item(state="rejected", submitted_by=cast.operator)
    report_item(item=decided, reporter="o", kind=Report.Kind.DUPLICATE, copy_of=mine, account=cast.operator)
    return {
        "reset": reset,
        "decided": item_path(decided),
        "waiting": item_path(task.item),
        "copy": item_path(copy),
        "edit": f"/i/{mine.pk}/edit",
    }


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browse, cast, addresses, scheme):
    page = browse("/", cast.operator, scheme=scheme)
    origin = page.url.rstrip("/")
    found = {}
    for path in PATHS:
        page.goto(origin + addresses.get(path, path))
        page.evaluate(OPEN_ALL)
        # Evaluated by the driver, so the page's own policy against foreign scripts stays in force.
        page.evaluate(AXE)
        if faults := page.evaluate(RUN):
            found[path] = faults
    assert found == {}


@pytest.mark.browser
@pytest.mark.usefixtures("tags")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_owners_write(browse, cast, scheme):
    path = settings.PROJECT / "release-1" / "design.md"
    record_change(
        account=cast.owner, path="release-1/design.md", before="old\n", after=path.read_text(), comment="because"
    )
    page = browse("/", cast.owner, scheme=scheme, width=320)
    origin = page.url.rstrip("/")
    found = {}
    for path in OWNERS:
        page.goto(origin + path)
        page.evaluate(OPEN_ALL)
        if path.endswith("edit"):
            page.get_by_role("button", name="Look at it").click()
            page.locator("#preview h2").wait_for()
        is_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        page.evaluate(AXE)
        if (faults := page.evaluate(RUN)) or is_wide:
            found[path] = (faults, is_wide)
    assert found == {}


@pytest.fixture(scope="module")
def built(tmp_path_factory, django_db_setup, django_db_blocker):
    """This product's own release as a frozen site."""
    out = tmp_path_factory.mktemp("site") / "built"
    with django_db_blocker.unblock():
        build_release(check_release("release-1", project=settings.PROJECT), out)
    return out


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_a_built_site_and_no_link_leads_nowhere(chromium, built, scheme):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 320, "height": 800})
    page = context.new_page()
    found, pages = {}, sorted(built.glob("*.html"))
    for path in pages:
        page.goto(path.as_uri())
        assert page.evaluate("getComputedStyle(document.querySelector('.skip')).position") == "absolute"
        page.evaluate(AXE)
        targets = page.evaluate("[...document.querySelectorAll('[href], [src]')].map(e => e.href || e.src)")
        gone = [to for to in targets if to.startswith("file:") and not Path(unquote(urlsplit(to).path)).exists()]
        is_wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        if (faults := page.evaluate(RUN)) or gone or is_wide:
            found[path.name] = (faults, gone, is_wide)
    context.close()
    assert found == {}
    assert len(pages) > 5


@pytest.mark.browser
def test_a_built_site_prints_its_words_black_on_white_without_its_ways(chromium, built):
    context = chromium.new_context(color_scheme="dark", viewport={"width": 794, "height": 1123})
    page = context.new_page()
    page.emulate_media(media="print")
    for path in sorted(built.glob("*.html")):
        page.goto(path.as_uri())
        assert not page.locator("nav").is_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        page.evaluate(AXE)
        assert page.evaluate(RUN) == [], path
    context.close()


@pytest.mark.browser
@pytest.mark.parametrize("width", [320, 768, 2560])
def test_no_page_is_wider_than_the_window(browse, cast, addresses, make_item, width):
    make_item("W" * 300, state="published", description="M" * 900, url=f"https://example.org/{'l' * 500}")
    page = browse("/", cast.operator, width=width)
    origin = page.url.rstrip("/")
    too_wide = []
    for path in PATHS:
        page.goto(origin + addresses.get(path, path))
        page.evaluate(OPEN_ALL)
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            too_wide.append(path)
    assert too_wide == []


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_what_was_audited_fits_on_the_narrowest_screen_and_axe_finds_nothing(browse, cast, audited, scheme):
    for n in range(24):
        audited("mlops", "mlops" if n % 3 else "other")
    look_at_audits(timezone.now(), every=timedelta(days=7))
    page = browse("/promises", cast.operator, scheme=scheme, width=320)
    assert page.get_by_text("not contradicted").first.is_visible()
    assert page.get_by_text("audits wrong").first.is_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.evaluate(AXE)
    assert page.evaluate(RUN) == []
