"""Which of many phrases are in a text: found word by word, not phrase by phrase.

A phrase is one word or several; case does not matter, a `*` stands for the rest of a word, and a space may be a hyphen.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

_WORD = re.compile(r"\w+")
_PLAIN = re.compile(r"\w+\*?(?: \w+\*?)*")
_STEM = 2
# Of the words seen before, and of the letters of one: texts of others fill no memory.
_MOST_WORDS, _MOST_LETTERS = 20_000, 40


def phrase_pattern(phrases: Sequence[str]) -> re.Pattern[str]:
    """One pattern, for lower-case text, that matches where any of the phrases is; no phrases match nothing."""
    parts = [re.escape(phrase.lower()).replace(r"\*", r"\w*").replace(r"\ ", r"[\s-]+") for phrase in phrases]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)")


@dataclass(frozen=True, slots=True)
class PhraseIndex:
    """Answers in bits: bit i stands for phrase i. It finds what `phrase_pattern` of each alone would find.

    Of several words the first and the last are looked up, and only a text that has both is searched.
    """

    phrases: tuple[str, ...]
    _known: "_Known" = field(init=False, repr=False, compare=False)
    _patterns: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)
    _always: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words: dict[str, int] = {}
        always = 0
        for place, phrase in enumerate(self.phrases):
            if not _PLAIN.fullmatch(phrase):
                always |= 1 << place
                continue
            for word, bits in self._bits(place, phrase.lower().split(" ")):
                words[word] = words.get(word, 0) | bits
        stems: dict[str, list[tuple[str, int]]] = {}
        for word in [word for word in words if word.endswith("*")]:
            start, bits = word[:-1], words.pop(word)
            stems.setdefault(start[:_STEM], []).append((start, bits))
        object.__setattr__(self, "_known", _Known(words, stems))
        object.__setattr__(self, "_always", always)
        object.__setattr__(self, "_patterns", tuple(phrase_pattern([phrase]) for phrase in self.phrases))

    def _bits(self, place: int, words: Sequence[str]) -> list[tuple[str, int]]:
        """What each word adds: the phrase itself, or that it may begin or end here, each in a field of its own."""
        n = len(self.phrases)
        if len(words) == 1:
            return [(words[0], 1 << place)]
        return [(words[0], 1 << place + n), (words[-1], 1 << place + 2 * n)]

    def find(self, texts: Sequence[str]) -> list[int]:
        """The phrases of each text."""
        return [self._find_one(text.lower()) for text in texts]

    def _find_one(self, text: str) -> int:
        bits = 0
        for word in set(_WORD.findall(text)):
            bits |= self._known[word]
        n = len(self.phrases)
        found = bits & (1 << n) - 1
        candidates = (bits >> n & bits >> 2 * n) | self._always
        while candidates:
            place = candidates.bit_length() - 1
            candidates ^= 1 << place
            if self._patterns[place].search(text):
                found |= 1 << place
        return found


class _Known(dict[str, int]):
    """Words seen lately with their bits; a new one is worked out once. Threads may ask at once."""

    def __init__(self, words: dict[str, int], stems: dict[str, list[tuple[str, int]]]) -> None:
        super().__init__()
        self._words, self._stems = words, stems

    def __missing__(self, word: str) -> int:
        bits = self._words.get(word, 0)
        for length in range(1, _STEM + 1):
            for start, own in self._stems.get(word[:length], ()) if length <= len(word) else ():
                if word.startswith(start):
                    bits |= own
        if len(self) >= _MOST_WORDS:
            self.clear()
        if len(word) <= _MOST_LETTERS:
            self[word] = bits
        return bits
