"""How much one voice may say: newcomers are slowed and not locked out, programs of the operator hardly at all."""

from datetime import timedelta

from django.utils import timezone

from winnow.models import Account, Role
from winnow.services.throttle import Limit, take

NEW_FOR = timedelta(days=7)
MINUTE, HOUR, DAY = 60, 3600, 24 * 3600
# Tokens made on the command line are the operator's own: the limit stops a loop that went wild and nothing else.
PROGRAM = (Limit("program", 6000, MINUTE),)
REPORTS = {
    "new": (Limit("report.new", 15, MINUTE), Limit("report.new.day", 100, DAY)),
    "known": (Limit("report.known", 60, MINUTE), Limit("report.known.day", 1000, DAY)),
    "program": PROGRAM,
}
# A newcomer who floods the site fills at most five places of it in an hour.
SUBMISSIONS = {
    "new": (Limit("submit.new", 5, HOUR), Limit("submit.new.day", 20, DAY)),
    "known": (Limit("submit.known", 60, HOUR), Limit("submit.known.day", 300, DAY)),
    "program": PROGRAM,
}
# Each is a request of ours to another's server.
LOOK_UPS = {
    "new": (Limit("look_up.new", 15, HOUR), Limit("look_up.new.day", 60, DAY)),
    "known": (Limit("look_up.known", 120, HOUR), Limit("look_up.known.day", 600, DAY)),
    "program": PROGRAM,
}
EDITS = {
    "new": (Limit("edit.new", 10, HOUR), Limit("edit.new.day", 40, DAY)),
    "known": (Limit("edit.known", 60, HOUR), Limit("edit.known.day", 300, DAY)),
    "program": PROGRAM,
}

# Votes are cheap to give and to take back; a newcomer who presses all of them still stays within a page or two.
VOTES = {
    "new": (Limit("vote.new", 20, MINUTE), Limit("vote.new.day", 100, DAY)),
    "known": (Limit("vote.known", 60, MINUTE), Limit("vote.known.day", 1000, DAY)),
    "program": PROGRAM,
}


def take_vote(*, voice: str, account: Account | None) -> None:
    """Count a vote of this voice, given or taken back. Raises TooManyError."""
    _take(VOTES, voice, account, "you have voted a lot in a short time; go on a little later")


def take_report(*, voice: str, account: Account | None) -> None:
    """Count a report of this voice. Raises TooManyError."""
    _take(REPORTS, voice, account, "you have reported a lot in a short time; go on a little later")


def take_submission(*, voice: str, account: Account | None) -> None:
    """Count a submission of this voice. Raises TooManyError."""
    _take(SUBMISSIONS, voice, account, "you have submitted a lot in a short time; go on a little later")


def take_look_up(*, account: Account) -> None:
    """Count an address that is read for this account. Raises TooManyError."""
    _take(LOOK_UPS, "", account, "you have asked for a lot of addresses in a short time; type the title yourself")


def take_edit(*, account: Account) -> None:
    """Count a change that this account makes to a work. Raises TooManyError."""
    _take(EDITS, "", account, "you have changed a lot in a short time; go on a little later")


def standing(voice: str, account: Account | None) -> str:
    """`new`, `known` or `program`: how far the voice is trusted not to flood us.

    A token without an account was made on the command line. Readers without an account are as new ones.
    """
    if account is None:
        return "program" if voice.startswith("token:") else "new"
    is_new = account.role == Role.READER and timezone.now() - account.created_at < NEW_FOR
    return "new" if is_new else "known"


def _take(limits: dict[str, tuple[Limit, ...]], voice: str, account: Account | None, words: str) -> None:
    counted = f"account:{account.pk}" if account else voice
    for limit in limits[standing(voice, account)]:
        take(limit, counted, words)
