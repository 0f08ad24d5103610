"""The one text that training and serving both see.

Markup is no concern of this file: titles are text, and what comes as HTML is stripped at its gate.
"""

import hashlib
import re
import unicodedata

from winnow.core.values import Document

MAX_TITLE = 500
MAX_DESCRIPTION = 20_000
# A letter of any script bears a handful of marks; text art that bears dozens drowns its neighbours.
MAX_MARKS = 4

_SPACE = re.compile(r"\s+")
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Invisible: controls, bidi embeddings, overrides and isolates, zero-width characters, soft hyphen, tags, blank fillers
# of Hangul, what joins graphemes, and code points that are no characters.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u180b-\u180f\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164"
    "\ufdd0-\ufdef\ufeff\uffa0\ufff9-\ufffb\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Joiners shape letters of some scripts and bind emoji; beside plain letters they only hide.
_STRAY_JOINER = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_JOINER = "\u200d"
_VARIATION = range(0xFE00, 0xFE10)
_SKIN = range(0x1F3FB, 0x1F400)
_FLAG = range(0x1F1E6, 0x1F200)


def clean(raw: str, limit: int = MAX_DESCRIPTION) -> str:
    """One line of visible text in NFC, at most `limit` characters, cut on a grapheme edge. Idempotent."""
    # A bound before any work: what is cut here could never have been kept.
    raw = raw[: limit * (MAX_MARKS + 2)]
    if raw.isascii() and raw.isprintable():
        # Nearly every text: nothing is hidden, and nothing can be joined.
        return truncate(" ".join(raw.split()), limit)
    # NFC can join what cleaning brought together, and cleaning can reveal what NFC hides: twice is stable.
    for _ in range(2):
        visible = _STRAY_JOINER.sub("", _INVISIBLE.sub("", _SPACE.sub(" ", raw)))
        raw = _bound_marks(unicodedata.normalize("NFC", visible))
    return truncate(_SPACE.sub(" ", raw).strip(), limit)


def document(title: str, description: str = "") -> Document:
    """Clean both fields and bind them; every Document comes into being here."""
    return Document(clean(title, MAX_TITLE), clean(description, MAX_DESCRIPTION))


def joined(doc: Document) -> str:
    """The text that a model reads: title, then description."""
    return f"{doc.title}. {doc.description}" if doc.description else doc.title


def words(text: str) -> list[str]:
    """Lower-case words in their order; hyphens and apostrophes inside a word stay.

    >>> words("State-of-the-art: BERT's 2nd edition!")
    ['state-of-the-art', "bert's", '2nd', 'edition']
    """
    return _WORD.findall(text.lower())


def fingerprint(text: str) -> str:
    """A hash that is equal for texts which differ in case, punctuation and accents alone."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = " ".join(_WORD.findall("".join(c for c in plain if not unicodedata.combining(c))))
    return hashlib.sha256(letters.encode()).hexdigest()[:32]


def truncate(text: str, limit: int) -> str:
    """At most `limit` characters, never through the middle of what a person sees as one."""
    if len(text) <= limit:
        return text
    end = limit
    while end > 0 and _continues(text, end):
        end -= 1
    return text[:end].rstrip()


def _continues(text: str, at: int) -> bool:
    """Whether the code point at `at` belongs to the same visible character as the one before it (after UAX 29)."""
    before, char = text[at - 1], text[at]
    if unicodedata.category(char) in ("Mn", "Mc", "Me") or _JOINER in (char, before):
        return True
    point = ord(char)
    return point in _VARIATION or point in _SKIN or (point in _FLAG and _halves_a_flag(text, at))


def _halves_a_flag(text: str, at: int) -> bool:
    """Regional indicators make flags in pairs, counted from the first of their run."""
    start = at
    while start > 0 and ord(text[start - 1]) in _FLAG:
        start -= 1
    return (at - start) % 2 == 1


def _bound_marks(text: str) -> str:
    """Keep at most MAX_MARKS combining marks in a row."""
    if text.isascii():
        return text
    kept: list[str] = []
    run = 0
    for char in text:
        run = run + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if run <= MAX_MARKS:
            kept.append(char)
    return "".join(kept)
