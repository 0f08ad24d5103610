"""Signatures under the shop of test_release."""

import pytest
from tests.services.test_release import make_shop

from winnow.core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from winnow.models import Account, Event
from winnow.services.release import check_release
from winnow.services.release_sign import SIGNATURES, content_sha256, read_signatures, sign_release, signatures_today

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(tmp_path):
    (tmp_path / "shop").mkdir()
    return make_shop(tmp_path / "shop")


def signed(shop):
    """How the promise `signed(owner)` stands."""
    (one,) = [one for one in check_release("first", project=shop).judged if one.criterion.call.function == "signed"]
    return one.judgement


def test_a_signature_holds_for_the_release_as_it_was_signed(shop, cast):
    made = sign_release("first", project=shop, account=cast.owner, comment="as\n agreed")
    assert (made.role, made.person, made.comment) == ("owner", "owner", "as agreed")
    assert (signed(shop).state, signed(shop).reason) == ("met", f"owner signed as owner on {made.day}")
    with (shop / "first" / "design.md").open("a") as file:
        file.write("\nMore.\n")
    assert signed(shop).state == "expired"
    (standing,) = signatures_today("first", project=shop)
    assert (standing.is_current, standing.is_logged) == (False, True)


def test_it_is_logged_without_the_name_which_a_deleted_account_takes_along(shop, cast):
    sign_release("first", project=shop, account=cast.owner, comment="fine")
    event = Event.objects.get(kind="release.signed")
    assert (event.account, event.is_public, event.data["release"], event.data["role"]) == (
        cast.owner,
        True,
        "first",
        "owner",
    )
    assert "person" not in event.data


def test_who_is_an_owner_is_said_by_the_account_alone(shop, cast):
    sign_release("first", project=shop, account=cast.engineer)
    assert signed(shop).state == "waiting"
    for account in (cast.reader, Account(name="gone", role="owner", is_active=False)):
        with pytest.raises(InputError, match="is signed by"):
            sign_release("first", project=shop, account=account)


def test_a_line_in_the_file_counts_without_a_database_and_is_told_apart(shop):
    line = f"- 2026-11-01 owner Ada of the shop {content_sha256(shop, 'first')}: on paper"
    (shop / "first" / SIGNATURES).write_text(f"# Signatures\n\nsome words\n{line}\n- half a line\n")
    (one,) = read_signatures("first", project=shop)
    assert (one.person, one.comment, str(one)) == ("Ada of the shop", "on paper", line)
    assert signed(shop).state == "met"
    assert [standing.is_logged for standing in signatures_today("first", project=shop)] == [False]


def test_what_was_not_read_is_not_signed(shop, cast):
    seen = content_sha256(shop, "first")
    (shop / "first" / "design.md").write_text("# Design\n")
    with pytest.raises(ConflictError, match="have changed since"):
        sign_release("first", project=shop, account=cast.owner, seen=seen)
    assert not (shop / "first" / SIGNATURES).exists()


@pytest.mark.parametrize("name", ["..", ".", "second", "../shop", ""])
def test_only_a_release_is_signed(shop, cast, name):
    with pytest.raises(NotFoundError):
        sign_release(name, project=shop, account=cast.owner)


def test_no_name_and_no_comment_makes_a_second_line(shop, cast):
    forged = f"x\x85- 2026-01-01 owner eve {'0' * 64}"
    eve = Account.objects.create(name=forged[:80], role="reviewer")
    sign_release("first", project=shop, account=eve, comment=forged + "\n" + forged[:100])
    assert [one.role for one in read_signatures("first", project=shop)] == ["reviewer"]
    with pytest.raises(InputError, match="say it in 300"):
        sign_release("first", project=shop, account=eve, comment="x" * 301)


def test_where_the_file_cannot_be_written_nothing_is_logged(shop, cast):
    (shop / "first" / SIGNATURES).mkdir()
    with pytest.raises(UnavailableError, match="nothing was signed"):
        sign_release("first", project=shop, account=cast.owner)
    assert not Event.objects.filter(kind="release.signed").exists()
