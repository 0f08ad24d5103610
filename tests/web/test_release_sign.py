"""Sign a release on its page."""

import shutil

import pytest
from django.conf import settings as project_settings

from winnow.services.release_sign import read_signatures

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def project(tmp_path, settings):
    """A copy of this product's own documents, which may be written."""
    shutil.copytree(project_settings.PROJECT, tmp_path / "project")
    settings.PROJECT = tmp_path / "project"
    return settings.PROJECT


def seen_on(page):
    return page.all(r'name="seen" value="(\w{64})"')[0]


def test_an_owner_signs_and_a_later_change_is_said(visit, send, cast, project):
    seen = seen_on(visit("/releases/release-1", cast.owner))
    answer = send("/releases/release-1/sign", cast.owner, comment="<b>agreed</b>", seen=seen)
    assert answer["Location"] == "/releases/release-1"
    page = visit("/releases/release-1", cast.owner)
    assert "holds" in page.text
    assert "&lt;b&gt;agreed&lt;/b&gt;" in page.text
    assert "by an account of this site" in page.text
    assert [one.role for one in read_signatures("release-1", project=project)] == ["owner"]
    assert "release-1 was signed as owner." in visit("/log").text
    with (project / "release-1" / "design.md").open("a") as file:
        file.write("\nMore.\n")
    assert "expired: a document was changed since" in visit("/releases/release-1").text


def test_what_changed_under_the_form_is_not_signed(visit, send, cast, project):
    seen = seen_on(visit("/releases/release-1", cast.owner))
    (project / "release-1" / "design.md").write_text("# Design\n")
    send("/releases/release-1/sign", cast.owner, seen=seen)
    assert "Not signed: the documents have changed" in visit("/releases/release-1", cast.owner).text
    assert read_signatures("release-1", project=project) == []


def test_who_may_not_sign_sees_no_form(visit, cast):
    assert '/sign"' not in visit("/releases/release-1", cast.reader).main
    assert "Sign as reviewer" in visit("/releases/release-1", cast.reviewer).main
