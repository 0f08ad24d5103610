"""Change a document of a release in the browser."""

import shutil

import pytest
from django.conf import settings as project_settings
from playwright.sync_api import expect

from winnow.models import Event

pytestmark = pytest.mark.usefixtures("tags")
PATH = "/releases/release-1/design/edit"
FOREIGN = "</textarea><script>alert(1)</script>"


@pytest.fixture
def project(tmp_path, settings):
    """A copy of this product's own documents, which may be written."""
    shutil.copytree(project_settings.PROJECT, tmp_path / "project")
    settings.PROJECT = tmp_path / "project"
    return settings.PROJECT


@pytest.fixture
def design(project):
    return project / "release-1" / "design.md"


def began_on(page):
    return page.all(r'name="began" value="(\w{64})"')[0]


def test_an_owner_changes_a_document_and_the_file_is_changed(visit, send, cast, design):
    page = visit(PATH, cast.owner)
    assert "# Design" in page.text
    text = design.read_text() + "\nMore about <b>it</b>.\n"
    answer = send(PATH, cast.owner, text=text.replace("\n", "\r\n"), began=began_on(page), comment="it was missing")
    assert (answer.status_code, answer["Location"]) == (302, "/releases/release-1")
    assert design.read_text() == text
    assert "More about &lt;b&gt;it&lt;/b&gt;." in visit("/releases/release-1", cast.owner).text
    assert "design of release-1 was changed by an owner." in visit("/log").text


def test_the_preview_names_slips_by_line_and_saves_nothing(send, visit, cast, design):
    before = design.read_text()
    text = before + f"\n{FOREIGN}\n" + "\n```criteria\nprecison(published) >= 0.9\n```\n"
    page = send(PATH, cast.owner, text=text, began="x", do="preview").content.decode()
    line = text.split("\n").index("precison(published) >= 0.9") + 1
    assert f"Line {line}: " in page
    assert "did you mean" in page
    assert "<script>alert" not in page
    assert 'value="x"' in page
    assert design.read_text() == before


def test_who_was_slower_loses_nothing_and_sees_both(visit, send, cast, design):
    began = began_on(visit(PATH, cast.owner))
    design.write_text(design.read_text().replace("# Design", "# Design\n\nFrom git."))
    mine = f"# Design\n\nMine {FOREIGN}\n"
    answer = send(PATH, cast.owner, text=mine, began=began, comment="because")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody was faster" in page
    assert "<ins>+ Mine &lt;/textarea&gt;" in page
    assert "From git." in page
    assert 'value="because"' in page
    assert "From git." in design.read_text()
    again = page.split('name="began" value="')[1][:64]
    assert send(PATH, cast.owner, text=mine, began=again).status_code == 302
    assert design.read_text() == mine


def test_the_history_tells_who_and_brings_a_version_back(visit, send, cast, design):
    old = design.read_text()
    send(PATH, cast.owner, text="# Design\n\nShort.\n", began=began_on(visit(PATH, cast.owner)), comment="<i>why</i>")
    design.write_text("# Design\n\nOther.\n")
    page = visit("/releases/release-1/design/history", cast.owner)
    assert page.text.index("Changed outside") < page.text.index("&lt;i&gt;why&lt;/i&gt;")
    pk = Event.objects.get(kind="release.text").pk
    assert f"edit?of={pk}&amp;before" in page.text
    opened = visit(f"{PATH}?of={pk}&before", cast.owner)
    assert old.splitlines()[2].split("<")[0] in opened.text
    send(PATH, cast.owner, text=old, began=began_on(opened))
    assert design.read_text() == old
    visit(f"{PATH}?of={pk + 999}", cast.owner, status=404)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": "a\x00"}, "no text"),
        ({"text": "x" * 200_001}, "the most here"),
        ({"text": "a", "comment": "c" * 301}, "300"),
    ],
)
def test_what_cannot_be_kept_is_said_and_stays_in_the_field(visit, send, cast, design, fields, words):
    before = design.read_text()
    answer = send(PATH, cast.owner, began=began_on(visit(PATH, cast.owner)), **fields)
    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert design.read_text() == before
    if "\x00" in fields["text"]:
        assert send(PATH, cast.owner, began="x", do="preview", **fields).status_code == 422


def test_a_folder_that_cannot_be_written_is_said_with_what_was_typed(visit, send, cast, design, monkeypatch):
    before, began = design.read_text(), began_on(visit(PATH, cast.owner))
    # Root may write into any folder, so the system's answers are given here.
    monkeypatch.setattr("os.access", lambda *_args: False)
    monkeypatch.setattr("tempfile.mkstemp", _refuse)
    assert "Read only here" in visit(PATH, cast.owner).text
    answer = send(PATH, cast.owner, text="# Mine\n", began=began)
    assert (answer.status_code, "nothing was saved" in answer.content.decode()) == (503, True)
    assert "# Mine" in answer.content.decode()
    assert design.read_text() == before


def _refuse(*_args, **_kwargs):
    raise OSError(30, "Read-only file system")


@pytest.mark.parametrize("stem", ["nothing", "signatures", "..%2Fcanvas"])
def test_no_other_file_is_reached(visit, cast, project, stem):
    visit(f"/releases/release-1/{stem}/edit", cast.owner, status=404)


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_a_preview_with_and_without_scripts_keeps_what_was_typed(browse, cast, design, scripts):
    page = browse(PATH, cast.owner, scripts=scripts)
    page.get_by_label("Text, as Markdown").fill("# Design\n\nNew words.\n")
    page.get_by_role("button", name="Look at it").click()
    expect(page.locator("#preview")).to_contain_text("New words.")
    expect(page.get_by_role("status")).to_contain_text("would keep it from being built")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("h1")).to_have_text("release-1")
    assert design.read_text() == "# Design\n\nNew words.\n"
