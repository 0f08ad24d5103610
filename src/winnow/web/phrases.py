"""Times, numbers and probabilities in words."""

from datetime import datetime

MINUTE, HOUR, DAY = 60, 3600, 86_400
MONTH = 30 * DAY
# Below each probability the word beside it holds; the figure always stands next to the word.
CONFIDENCE = ((0.5, "a guess"), (0.75, "unsure"), (0.9, "fairly sure"), (0.97, "sure"), (2.0, "very sure"))

REASONS = {
    "duplicate": "Copy of a work that is here",
    "off_topic": "Not machine learning",
    "spam": "Spam",
    "invalid": "Cannot be read",
    "probation": "Source on probation",
}

# Codes of `ml.language`; whatever else it says is the name of a script already.
LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "cjk": "Chinese or Japanese",
    "unknown": "not to be told",
}

# What the button of a mark says before and after, and what the page says then.
MARKS = {
    "vote": ("Vote", "Voted", "You voted for it", "Your vote is taken back"),
    "save": ("Save", "Saved", "Saved", "Not saved any more"),
    "hide": ("Hide", "Hidden", "Hidden from your lists", "On your lists again"),
}


def ago(at: datetime, now: datetime) -> str:
    """`3 hours ago`; after a month the day itself."""
    seconds = (now - at).total_seconds()
    if seconds < MINUTE:
        return "just now"
    if seconds >= MONTH:
        return day(at, now)
    unit, name = next(pair for pair in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")) if seconds >= pair[0])
    return f"{counted(int(seconds // unit), name)} ago"


def lasting(seconds: float) -> str:
    """`3 hours`, `2 days`; below a minute that alone is said."""
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            return counted(round(seconds / size), name)
    return "less than a minute"


def day(at: datetime, now: datetime) -> str:
    """`3 May`, with the year where it is not this one."""
    return f"{at.day} {at:%B}" if at.year == now.year else f"{at.day} {at:%B %Y}"


def counted(n: int, noun: str) -> str:
    """`1 work`, `2 works`; thousands set apart."""
    return f"{n:,} {noun}{'' if n == 1 else 's'}"


def in_words(probability: float) -> str:
    """A probability as a word: `very sure`."""
    return next(word for limit, word in CONFIDENCE if probability < limit)


def figure(probability: float) -> str:
    """A probability to two places, never rounded up to certainty: `.98`, `over .99`."""
    return "over .99" if probability > 0.99 else f"{probability:.2f}".removeprefix("0")


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
    return REASONS.get(reason, reason)


def percent(value: float) -> str:
    """A share in per cent, to one place."""
    return f"{100 * value:.1f} %"


def per_thousand(value: float) -> str:
    """A share as so many in a thousand, to one place."""
    return f"{1000 * value:.1f}"


def language_in_words(code: str) -> str:
    """`English`; a script by its name where the language is not told."""
    return LANGUAGES.get(code, code.capitalize())
