"""Pages of releases, over the documents of this product."""

import re

import pytest

pytestmark = pytest.mark.usefixtures("tags")


def test_releases_say_how_promises_stand(client):
    page = client.get("/releases").content.decode()
    assert 'href="/releases/release-1"' in page
    assert "not enough evidence" in page


def test_a_release_shows_what_is_broken_first_its_timeline_and_its_documents(client):
    page = client.get("/releases/release-1").content.decode()
    assert page.index('<td class="state-not-enough-evidence">') < page.index('<td class="state-met">')
    assert "<svg" in page
    assert "Scaling out</th><td>Not done: 0 of 1 criteria are met" in page
    assert "User stories" in page
    assert page.count("<h1") == 1


@pytest.mark.parametrize("name", ["none", "..", "evidence x"])
def test_a_release_that_is_not_there_is_a_404(client, name):
    assert client.get(f"/releases/{name}").status_code == 404


def test_the_canvas_can_be_printed_on_one_page(client, settings, tmp_path):
    assert 'href="/canvas.pdf"' in client.get("/canvas").content.decode()
    answer = client.get("/canvas.pdf")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
    settings.PROJECT = tmp_path
    assert client.get("/canvas.pdf").status_code == 404


@pytest.mark.browser
def test_the_page_of_the_canvas_prints_on_one_sheet_that_lies(browse):
    page = browse("/canvas")
    sheets = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    width, height = (float(side) for side in re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", sheets).groups())
    assert width > height


def test_the_canvas_is_one_page_and_without_a_project_a_404(client, settings, tmp_path):
    assert "Value proposition" in client.get("/canvas").content.decode()
    settings.PROJECT = tmp_path
    assert client.get("/canvas").status_code == 404
    assert "No release is documented yet" in client.get("/releases").content.decode()
