"""Thirty-four kinds of markup in a real browser: nothing of it runs, and the content policy has nothing to refuse."""

from urllib.parse import quote

import pytest

from winnow.models import Source
from winnow.services.review import open_task
from winnow.web.paths import item_path

RUN = "window.ran=1"
KINDS = [
    f"<script>{RUN}</script>",
    f"<ScRiPt src=data:text/javascript,{RUN}></ScRiPt>",
    f"<img src=x onerror={RUN}>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f'<iframe src="javascript:{RUN}"></iframe>',
    f'<iframe srcdoc="<script>{RUN}</script>"></iframe>',
    f"<object data=javascript:{RUN}>",
    f"<embed src=javascript:{RUN}>",
    f"<a href=javascript:{RUN}>go</a>",
    f"<form action=javascript:{RUN}><button>go</button></form>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}>",
    f"<details open ontoggle={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<math><mtext></mtext><script>{RUN}</script></math>",
    "<style>body{display:none}</style>",
    '<link rel=stylesheet href="data:text/css,body{display:none}">',
    '<meta http-equiv=refresh content="0;url=/nowhere">',
    '<base href="https://evil.example/">',
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f'" onmouseover={RUN} autofocus onfocus={RUN} x="',
    f"' onfocus={RUN} autofocus tabindex=0 x='",
    f"{{{{constructor.constructor('{RUN}')()}}}} ${{{RUN}}} <%= {RUN} %>",
    f"\u202e<b>{RUN}</b>\u2066&lt;script&gt;{RUN}&lt;/script&gt;",
]
WATCH = (
    "window.refused=[];document.addEventListener('securitypolicyviolation',e=>window.refused.push(e.violatedDirective))"
)


@pytest.fixture
def works(make_item):
    """Every kind as title, description, author and address of a work, published, withheld and waiting."""
    source = Source.objects.create(
        name="source", kind="feed", address=KINDS[11], title=KINDS[0], error_code="x", error_message=KINDS[2]
    )
    made = [
        make_item(
            kind, state="published", description=f"{kind} graph", author=kind, url=f"https://example.org/{quote(kind)}/{n}",
            source=source,
        )
        for n, kind in enumerate(KINDS)
    ]  # fmt: skip
    for kind in KINDS[::5]:
        make_item(kind, state="rejected", description=kind)
        open_task(item=make_item(kind, state="in_review", description=kind), reason="low_confidence")
    return made


def test_there_are_thirty_four_kinds():
    assert len(set(KINDS)) == 34


@pytest.mark.browser
def test_no_kind_of_markup_runs_on_any_page(browse, works, cast):
    page = browse("/privacy", cast.operator)
    page.add_init_script(WATCH)
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    base = page.url.removesuffix("/privacy")
    paths = [
        "/",
        "/recent",
        "/recent?after=",
        "/popular",
        "/t/mlops",
        "/withheld",
        "/log",
        "/sources",
        "/review",
        "/digest",
    ]
    paths += [item_path(item) for item in works[::3]]
    paths += [f"/search?q={quote(kind)}" for kind in KINDS]
    paths += [f"/t/{quote(kind, safe='')}" for kind in KINDS[::4]]
    for path in paths:
        page.goto(base + path)
        assert page.evaluate("window.ran") is None, path
        assert page.evaluate("window.refused") == [], path
        assert page.locator("main").is_visible(), path


@pytest.mark.browser
@pytest.mark.parametrize("form", ["rss", "atom"])
def test_no_kind_runs_in_a_feed_that_a_browser_opens(browse, works, form):
    page = browse("/privacy")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    answer = page.request.get(f"{page.url.removesuffix('/privacy')}/recent.{form}")
    assert answer.ok
    assert "<script" not in answer.text()
    assert "nosniff" in answer.headers["x-content-type-options"]
