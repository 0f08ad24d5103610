"""Times, numbers, probabilities and names of ours in words, in the language of who reads."""

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from django.utils.dateformat import format as written
from django.utils.functional import Promise
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext_lazy

Word = str | Promise
MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH = 30 * DAY
# Below each probability the word beside it holds; the figure always stands next to the word.
CONFIDENCE: tuple[tuple[float, Word], ...] = (
    (0.5, gettext_lazy("a guess")),
    (0.75, gettext_lazy("unsure")),
    (0.9, gettext_lazy("fairly sure")),
    (0.97, gettext_lazy("sure")),
    (2.0, gettext_lazy("very sure")),
)

REASONS: dict[str, Word] = {
    "duplicate": gettext_lazy("Copy of a work that is here"),
    "off_topic": gettext_lazy("Not machine learning"),
    "spam": gettext_lazy("Spam"),
    "invalid": gettext_lazy("Cannot be read"),
    "probation": gettext_lazy("Source on probation"),
}

# Codes of `ml.language`; whatever else it says is the name of a script already.
LANGUAGES: dict[str, Word] = {
    "en": gettext_lazy("English"),
    "de": gettext_lazy("German"),
    "fr": gettext_lazy("French"),
    "es": gettext_lazy("Spanish"),
    "it": gettext_lazy("Italian"),
    "pt": gettext_lazy("Portuguese"),
    "nl": gettext_lazy("Dutch"),
    "cjk": gettext_lazy("Chinese or Japanese"),
    "unknown": gettext_lazy("not to be told"),
}

# What the button of a mark says before and after, and what the page says then.
MARKS: dict[str, tuple[Word, Word, Word, Word]] = {
    "vote": (
        gettext_lazy("Vote"),
        gettext_lazy("Voted"),
        gettext_lazy("You voted for it"),
        gettext_lazy("Your vote is taken back"),
    ),
    "save": (gettext_lazy("Save"), gettext_lazy("Saved"), gettext_lazy("Saved"), gettext_lazy("Not saved any more")),
    "hide": (
        gettext_lazy("Hide"),
        gettext_lazy("Hidden"),
        gettext_lazy("Hidden from your lists"),
        gettext_lazy("On your lists again"),
    ),
}


# What is counted, each noun with its forms.
NOUNS = {
    "answer": ngettext_lazy("{n} answer", "{n} answers", "n"),
    "day": ngettext_lazy("{n} day", "{n} days", "n"),
    "fault": ngettext_lazy("{n} fault", "{n} faults", "n"),
    "hour": ngettext_lazy("{n} hour", "{n} hours", "n"),
    "label": ngettext_lazy("{n} label", "{n} labels", "n"),
    "minute": ngettext_lazy("{n} minute", "{n} minutes", "n"),
    "more place": ngettext_lazy("{n} more place", "{n} more places", "n"),
    "more work": ngettext_lazy("{n} more work", "{n} more works", "n"),
    "opened work": ngettext_lazy("{n} opened work", "{n} opened works", "n"),
    "reading": ngettext_lazy("{n} reading", "{n} readings", "n"),
    "source": ngettext_lazy("{n} source", "{n} sources", "n"),
    "task": ngettext_lazy("{n} task", "{n} tasks", "n"),
    "time": ngettext_lazy("{n} time", "{n} times", "n"),
    "vote": ngettext_lazy("{n} vote", "{n} votes", "n"),
    "work": ngettext_lazy("{n} work", "{n} works", "n"),
}
# Words of the program's own that stand in rows; whatever else stands there is shown as it is.
CODES: dict[str, Word] = {
    "reader": gettext_lazy("reader"),
    "reviewer": gettext_lazy("reviewer"),
    "engineer": gettext_lazy("engineer"),
    "owner": gettext_lazy("owner"),
    "operator": gettext_lazy("operator"),
    "not recorded": gettext_lazy("not recorded"),
    "champion": gettext_lazy("champion"),
    "challenger": gettext_lazy("challenger"),
    "shadow": gettext_lazy("shadow"),
    "staff": gettext_lazy("staff"),
    "internal": gettext_lazy("internal"),
    "canary": gettext_lazy("canary"),
    "ab": gettext_lazy("ab"),
    "draft": gettext_lazy("draft"),
    "running": gettext_lazy("running"),
    "stopped": gettext_lazy("stopped"),
    "passed": gettext_lazy("passed"),
    "failed": gettext_lazy("failed"),
    "not enough evidence": gettext_lazy("not enough evidence"),
    "reported": gettext_lazy("reported"),
    "nearest": gettext_lazy("nearest"),
    "unsure": gettext_lazy("unsure"),
    "random": gettext_lazy("random"),
    "wrong_tag": gettext_lazy("wrong tag"),
    "duplicate": gettext_lazy("duplicate"),
    "off_topic": gettext_lazy("off topic"),
    "broken": gettext_lazy("broken"),
    "spam": gettext_lazy("spam"),
    "appeal": gettext_lazy("appeal"),
    "take_down": gettext_lazy("take down"),
    "met": gettext_lazy("met"),
    "expired": gettext_lazy("expired"),
    "waiting": gettext_lazy("waiting"),
    "never": gettext_lazy("never"),
    "daily": gettext_lazy("daily"),
    "weekly": gettext_lazy("weekly"),
    "day": gettext_lazy("day"),
    "week": gettext_lazy("week"),
    "month": gettext_lazy("month"),
}


def ago(at: datetime, now: datetime) -> str:
    """`3 hours ago`; after a month the day itself."""
    seconds = (now - at).total_seconds()
    if seconds < MINUTE:
        return _("just now")
    if seconds >= MONTH:
        return day(at, now)
    unit, name = next(pair for pair in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")) if seconds >= pair[0])
    return _("{time} ago").format(time=counted(int(seconds // unit), name))


def lasting(seconds: float) -> str:
    """`3 hours`, `2 days`; below a minute that alone is said."""
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            return counted(round(seconds / size), name)
    return _("less than a minute")


def day(at: datetime, now: datetime) -> str:
    """`3 May`, with the year where it is not this one."""
    return written(at, _("j F") if at.year == now.year else _("j F Y"))


def counted(n: int, noun: str) -> str:
    """`1 work`, `2 works`; thousands set apart."""
    return str(NOUNS[noun] % {"n": n}).format(n=f"{n:,}")


def in_words(probability: float) -> str:
    """A probability as a word: `very sure`."""
    return str(next(word for limit, word in CONFIDENCE if probability < limit))


def figure(probability: float) -> str:
    """A probability to two places, never rounded up to certainty: `.98`, `over .99`."""
    return _("over .99") if probability > 0.99 else f"{probability:.2f}".removeprefix("0")


def change(difference: float) -> str:
    """A change of probability with its sign: `+.12`, with a true minus below zero."""
    return f"{'−' if difference < 0 else '+'}{f'{abs(difference):.2f}'.removeprefix('0')}"


def share(value: float) -> str:
    """A share to three places, as tables of figures have it: `.982`, `1.000`."""
    return f"{value:.3f}".removeprefix("0") if 0.0 <= value < 0.9995 else f"{value:.3f}"


def signed(value: float) -> str:
    """A figure that may be below zero, to three places with a true minus: `.743`, `−.120`."""
    return f"{'−' if value < -0.0005 else ''}{share(abs(value))}"


def one_in(probability: float) -> str:
    """A small probability as one chance in so many: `10` of .1."""
    return f"{round(1 / probability):,}"


def stop(text: object) -> str:
    """The full stop that a sentence needs after `text`; none where it brings its own end."""
    return "" if str(text).rstrip().endswith((".", "!", "?", "…")) else "."


def reason_in_words(reason: str) -> str:
    """Why something is withheld."""
    return str(REASONS.get(reason, reason))


def percent(value: float) -> str:
    """A share in per cent, to one place."""
    return f"{100 * value:.1f} %"


def per_thousand(value: float) -> str:
    """A share as so many in a thousand, to one place."""
    return f"{1000 * value:.1f}"


def language_in_words(code: str) -> str:
    """`English`; a script by its name where the language is not told."""
    return str(LANGUAGES.get(code, code.capitalize()))


def coded(code: str) -> str:
    """A word of the program's own as readers know it."""
    return str(CODES.get(code, code))


class Ends(Protocol):
    """What has the two ends of an interval."""

    low: float
    high: float


FORMS = {"share": share, "signed": signed, "percent": percent, "per_thousand": per_thousand}


def ends(of: Ends, form: str) -> str:
    """Both ends of an interval in one of FORMS: `.951 to .982`."""
    return _("{low} to {high}").format(low=FORMS[form](of.low), high=FORMS[form](of.high))


def either(words: Iterable[str]) -> SafeString:
    """Words that somebody searched for, one of which may be meant."""
    return format_html_join(_(" or "), "<q>{}</q>", ((word,) for word in words))
