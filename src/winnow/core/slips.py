"""Words one slip apart: a letter too many, one missing, another one, or two neighbours swapped.

Each such pair shares a form: one of them without one letter, or both without one (the deletions of SymSpell,
https://github.com/wolfgarbe/SymSpell), so known words are found by a few look-ups however many there are.
"""

import zlib

LEAST, MOST = 4, 24


def codes_of(word: str) -> list[int]:
    """Numbers of the word and of its forms without one letter; empty where it is too short or long for slips."""
    if not LEAST <= len(word) <= MOST:
        return []
    forms = dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))])
    return sorted({zlib.crc32(form.encode()) for form in forms})


def is_slip(word: str, other: str) -> bool:
    """Whether one slip makes the one of the other (optimal string alignment distance 1).

    >>> [is_slip("transfomer", other) for other in ("transformer", "transfomer", "transforming")]
    [True, False, False]
    """
    if len(word) > len(other):
        word, other = other, word
    if word == other or len(other) - len(word) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), len(word))
    if len(word) < len(other):
        return word[at:] == other[at + 1 :]
    swapped = word[at + 1 : at + 2] + word[at]
    return word[at + 1 :] == other[at + 1 :] or swapped + word[at + 2 :] == other[at:]
