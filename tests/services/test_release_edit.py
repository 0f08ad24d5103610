"""Documents of the shop of test_release, changed from a page."""

import hashlib

import pytest
from tests.services.test_release import make_shop

from winnow.core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from winnow.models import Event
from winnow.services.release_edit import MAX_TEXT, check_draft, open_document, save_document
from winnow.services.release_history import history_of


@pytest.fixture
def shop(tmp_path, db):
    (tmp_path / "shop").mkdir()
    return make_shop(tmp_path / "shop")


@pytest.fixture
def save(shop, cast):
    """Save a text, from the one that stands there unless told."""

    def save(text, stem="design", began=None, **more):
        began = began or open_document("first", stem, project=shop).sha256
        return save_document("first", stem, project=shop, account=cast.owner, text=text, began=began, **more)

    return save


def test_the_file_is_the_text_and_the_change_says_who(shop, save, cast):
    before = (shop / "first" / "design.md").read_text()
    (shop / "first" / "design.md").chmod(0o640)
    opened = save("# Design\r\n\r\nNew\r\n\r\n", comment="so\nthat")
    assert (shop / "first" / "design.md").read_bytes() == b"# Design\n\nNew\n"
    assert (shop / "first" / "design.md").stat().st_mode & 0o777 == 0o640
    assert (opened.path, opened.text) == ("first/design.md", "# Design\n\nNew\n")
    event = Event.objects.get(kind="release.text")
    assert (event.account, event.data["before"], event.data["comment"]) == (cast.owner, before, "so that")
    public = Event.objects.get(kind="release.edited")
    assert (public.is_public, public.data) == (True, {"release": "first", "document": "design"})


def test_who_began_from_an_older_text_overwrites_nothing(shop, save):
    began = open_document("first", "canvas", project=shop).sha256
    (shop / "canvas.md").write_text("# Canvas\n\nfrom git\n")
    with pytest.raises(ConflictError, match="since you opened it"):
        save("# Canvas\n\nmine\n", "canvas", began=began)
    assert (shop / "canvas.md").read_text() == "# Canvas\n\nfrom git\n"
    assert not Event.objects.filter(kind__startswith="release.").exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told(shop, save, at_once):
    began = open_document("first", "design", project=shop).sha256
    answers = at_once([lambda n=n: save(f"# Design {n}\n", began=began) for n in range(4)])
    assert sorted(isinstance(answer, ConflictError) for answer in answers) == [False, True, True, True]
    (won,) = [answer for answer in answers if not isinstance(answer, ConflictError)]
    assert (shop / "first" / "design.md").read_text() == won.text
    assert Event.objects.filter(kind="release.text").count() == 1


def test_the_same_text_is_no_change(shop, save):
    save((shop / "first" / "design.md").read_text())
    assert not Event.objects.filter(kind="release.text").exists()


def test_a_change_in_git_stands_in_the_history_as_one_from_outside(shop, save):
    save("# Design\n\none\n")
    (shop / "first" / "design.md").write_text("# Design\n\ntwo\n")
    found = history_of("first/design.md", now=open_document("first", "design", project=shop).text)
    assert [one.is_outside for one in found.changes] == [True, False]


@pytest.mark.parametrize(
    ("name", "stem"),
    [("first", "../canvas"), ("first", "signatures"), ("first", "/etc/passwd"), ("..", "design"), ("first", "")],
)
def test_no_name_but_a_documents_own_leads_to_a_file(shop, name, stem):
    (shop / "first" / "signatures.md").write_text("# Signatures\n")
    with pytest.raises(NotFoundError):
        open_document(name, stem, project=shop)


def test_a_link_out_of_the_folder_is_not_followed(shop, tmp_path):
    (tmp_path / "secret").write_text("secret")
    (shop / "first" / "design.md").unlink()
    (shop / "first" / "design.md").symlink_to(tmp_path / "secret")
    with pytest.raises(InputError, match="leads out"):
        open_document("first", "design", project=shop)


@pytest.mark.parametrize(
    ("text", "words"),
    [("x" * (MAX_TEXT + 1), "the most here"), ("a\nb\x00", "line 2"), ("\x1b[2J", "line 1"), ("\ud800", "no text")],
)
def test_what_is_no_text_or_too_long_is_refused(shop, save, text, words):
    with pytest.raises(InputError, match=words):
        save(text)
    with pytest.raises(InputError, match="say it in 300"):
        save("# Design\n", comment="c" * 301)


def test_where_the_file_cannot_be_written_nothing_is_kept(shop, save, monkeypatch):
    began = open_document("first", "design", project=shop).sha256
    # Root, who runs this on some machines, may write into any folder, so the system's answer is given here.
    monkeypatch.setattr("tempfile.mkstemp", _refuse)
    with pytest.raises(UnavailableError, match="nothing was saved"):
        save("# Design\n", began=began)
    assert not Event.objects.filter(kind__startswith="release.").exists()


def _refuse(*_args, **_kwargs):
    raise OSError(30, "Read-only file system")


def test_a_missing_document_can_be_begun(shop, save):
    (shop / "first" / "design.md").unlink()
    assert open_document("first", "design", project=shop).sha256 == hashlib.sha256(b"").hexdigest()
    save("# Design\n")
    assert (shop / "first" / "design.md").read_text() == "# Design\n"


def test_a_draft_is_judged_before_it_is_saved(shop):
    opened = open_document("first", "project-plan", project=shop)
    draft = opened.text.replace("signed(owner)", "signed(oner)")
    checked = check_draft("first", opened, draft, project=shop)
    line = draft.split("\n").index("signed(oner)") + 1
    assert [(fault.path, fault.line) for fault in checked.faults] == [("project/first/project-plan.md", line)]
    assert open_document("first", "project-plan", project=shop) == opened
