"""The one page that may be framed, which has nothing to gain by it."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

pytestmark = pytest.mark.django_db


def policy(answer):
    parts = (part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    return {name: rest for name, *rest in parts if name}


def test_it_may_be_framed_and_may_do_nothing(client, make_item):
    make_item("A work", state="published", tag="mlops")
    answer = client.get("/embed/mlops")
    told = policy(answer)
    assert told["frame-ancestors"] == ["*"]
    assert [told[name] for name in ("default-src", "script-src", "form-action", "connect-src")] == [["'none'"]] * 4
    assert "X-Frame-Options" not in answer
    html = answer.content.decode()
    assert not any(tag in html for tag in ("<script", "<form", "<button", "<iframe"))


@pytest.mark.parametrize("path", ["/", "/t/mlops", "/digest", "/embed/nothing"])
def test_h7_nothing_else_may_be_framed(client, tags, path):
    answer = client.get(path)
    assert (answer["X-Frame-Options"], policy(answer)["frame-ancestors"]) == ("DENY", ["'none'"])


def test_it_is_the_same_for_everybody_and_sets_no_cookie(client, make_item, cast):
    make_item("A work", state="published", tag="mlops")
    stranger = client.get("/embed/mlops")
    client.force_login(cast.operator)
    known = client.get("/embed/mlops")
    assert (stranger.content, dict(known.cookies)) == (known.content, {})
    assert "Cookie" not in known.get("Vary", "")


def test_its_links_leave_the_frame_and_lead_here(client, make_item):
    item = make_item("A <b>work</b>", state="published", tag="mlops")
    html = client.get("/embed/mlops").content.decode()
    assert f'<a href="http://127.0.0.1:8000/i/{item.pk}/a-bworkb" target="_top" dir="auto">A &lt;b&gt;work' in html
    assert html.count("<a ") == html.count('target="_top"')


def test_it_holds_the_newest_few(client, make_item):
    for _ in range(12):
        make_item(state="published", tag="mlops")
    assert client.get("/embed/mlops").content.decode().count("<li>") == 10


def test_of_an_empty_tag_it_says_so(client, tags):
    assert "Nothing bears this tag yet." in client.get("/embed/mlops").content.decode()


@pytest.fixture
def elsewhere(live_server, tmp_path):
    """Another site, whose page frames ours: the address of it."""
    framing = f'<!doctype html><title>x</title><iframe src="{live_server.url}/embed/mlops" title="list"></iframe>'
    (tmp_path / "index.html").write_text(framing)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=tmp_path))
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/index.html"
    server.shutdown()
    server.server_close()


@pytest.mark.django_db(transaction=True)
@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_within_another_page(browse, elsewhere, make_item, scheme):
    make_item("A work to be framed", state="published", tag="mlops")
    page = browse("/embed/mlops", scheme=scheme, width=360)
    assert page.locator("main li").count() == 1
    other = page.context.new_page()
    other.goto(elsewhere)
    assert "A work to be framed" in other.frame_locator("iframe").locator("main").inner_text()
    assert page.context.cookies() == []
