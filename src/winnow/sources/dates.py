"""Dates as files and feeds write them; all that comes out of here is in UTC."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

# Before the web there were no feeds: such a date is a clock that was never set.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)

_ISO = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)(?:[T ](?P<time>\d\d:\d\d(?::\d\d)?)(?P<fraction>[.,]\d+)?\s?(?P<zone>[Zz]|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)
_YEAR_MONTH = re.compile(r"\d{4}(?:-\d\d)?", re.ASCII)


def parse_iso(text: str) -> datetime:
    """Read `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, or date and time; without a zone it is UTC. Raises ValueError.

    >>> parse_iso("2020-02"), parse_iso("2020-02-20 06:43:18+02:00").isoformat()
    (datetime.datetime(2020, 2, 1, 0, 0, tzinfo=datetime.timezone.utc), '2020-02-20T04:43:18+00:00')
    """
    if _YEAR_MONTH.fullmatch(text):
        return datetime.fromisoformat(f"{text}-01-01"[:10]).replace(tzinfo=UTC)
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is no date")
    fraction = (
        (match["fraction"] or "").replace(",", ".")[:7] if match["time"] and match["time"].count(":") == 2 else ""
    )
    moment = datetime.fromisoformat(
        f"{match['date']}T{match['time'] or '00:00'}{fraction}{match['zone'] or ''}".upper()
    )
    try:
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} lies outside of the calendar") from error


def parse_feed_date(text: str) -> datetime | None:
    """Read a date in the forms of ISO 8601 or of mail (RFC 5322); None for anything else."""
    try:
        return parse_iso(text.strip())
    except ValueError:
        pass
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def plausible(moment: datetime | None, now: datetime | None = None) -> datetime | None:
    """The moment, or None where it lies in the future or before EARLIEST: a false date would top every list."""
    return moment if moment is not None and EARLIEST <= moment <= (now or datetime.now(UTC)) else None
