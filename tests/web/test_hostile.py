"""Texts of strangers are shown and never obeyed."""

import re
from pathlib import Path
from urllib.parse import quote

import pytest

import winnow
from winnow.models import Report, Source
from winnow.services.review import open_task
from winnow.web.paths import item_path

TEXTS = {
    "script": "<script>alert(1)</script>",
    "image": '"><img src=x onerror=alert(1)>',
    "template": "{{ settings.SECRET_KEY }}{% debug %}",
    "right to left": "\u202eمرحبا <b>بالعالم",
    "long": "W" * 300,
    "attribute": "' onmouseover='alert(1)",
}
ADDRESSES = ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,<script>alert(1)</script>", "//evil.example"]

pytestmark = pytest.mark.usefixtures("tags")


def harm_in(html):
    """Elements and attributes that none of our templates holds."""
    return [
        (name, attributes)
        for name, attributes in html.elements
        if name in ("img", "b", "style", "iframe")
        or (name == "script" and not attributes.get("src", "").startswith("/static/winnow/"))
        or any(key.startswith("on") for key in attributes)
        or any((value or "").lower().startswith(("javascript:", "data:", "//")) for value in attributes.values())
    ]


@pytest.fixture(params=TEXTS.values(), ids=TEXTS.keys())
def hostile(request, make_item):
    text = request.param
    source = Source.objects.create(
        name="source", kind="feed", address="javascript:alert(1)", title=text[:200], error_code="x", error_message=text
    )
    made = {
        state: make_item(text, state=state, description=text, author=text, url="javascript:alert(1)", source=source)
        for state in ("published", "rejected", "in_review")
    }
    open_task(item=made["in_review"], reason="low_confidence")
    return made


@pytest.mark.parametrize("path", ["/", "/recent", "/withheld", "/sources", "/review", "/search?q=W", "item"])
def test_a_hostile_text_is_inert_everywhere(visit, cast, hostile, path):
    path = item_path(hostile["published"]) if path == "item" else path
    assert harm_in(visit(path, who=cast.operator)) == []


def test_a_hostile_query_is_inert(visit):
    for text in TEXTS.values():
        for path in ("/search", "/withheld"):
            assert harm_in(visit(path, q=text)) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_only_web_addresses_become_links(visit, make_item, address):
    item = make_item("A work", state="published", url=address)
    for path in ("/recent", f"/i/{item.pk}/a-work"):
        links = [attributes.get("href", "") for name, attributes in visit(path).elements if name == "a"]
        assert [link for link in links if "alert" in link or "evil" in link] == []


def test_foreign_texts_find_their_own_direction(visit, make_item):
    make_item("مرحبا", state="published", description="وصف")
    html = visit("/recent")
    assert html.all(r'dir="auto">(مرحبا|وصف)<') == ["مرحبا", "وصف"]


def test_no_template_marks_a_text_as_safe():
    root = Path(winnow.__file__).parent
    sources = [*root.rglob("*.html"), *(root / "web").rglob("*.py"), *(root / "templatetags").rglob("*.py")]
    marked = [path.name for path in sources if re.search(r"\|\s*safe\b|mark_safe|autoescape off", path.read_text())]
    # Pictures of `core/charts.py`, which escapes each text that it draws (tests/core/test_charts.py).
    assert marked == ["pictures.py"]
    assert len(sources) > 30


@pytest.mark.parametrize("n", [1_001, 200_000])
def test_a13_a_form_of_very_many_fields_is_refused(client, make_item, n):
    item = make_item(state="published")
    body = "&".join(f"f{i}=1" for i in range(n))
    answer = client.post(f"/i/{item.pk}/report", body, "application/x-www-form-urlencoded")
    assert (answer.status_code, Report.objects.count()) == (400, 0)


@pytest.mark.parametrize("text", ["a\r\nINFO forged: line", "a\x1b[31mred", "%0aINFO forged", "\u2028forged"])
def test_a15_what_is_sent_makes_no_line_of_its_own_in_the_log(client, caplog, make_item, text):
    item = make_item(state="published")
    for path in (f"/{quote(text)}", f"/t/{quote(text)}", f"/sign-in/{quote(text)}"):
        client.get(path)
    client.post(f"/i/{item.pk}/report", {"kind": text, "note": text})
    client.post("/sign-in", {"name": text, "password": text})
    lines = [record.getMessage() for record in caplog.records]
    assert len(lines) >= 3
    assert [line for line in lines if len(line.splitlines()) > 1 or "\x1b" in line] == []


def test_a15_the_log_never_holds_a_password_or_a_code(client, caplog, cast):
    client.post("/sign-in", {"name": "reader", "password": "planted secret words"})
    client.post("/sign-in", {"name": "reader", "password": "planted secret words", "next": "//evil"})
    assert "planted secret" not in caplog.text
