"""A guess at the language of a title: enough to see that a stream has changed its own."""

import unicodedata
from collections import Counter

from winnow.core.text import words

UNKNOWN = "unknown"
LETTERS = 400
# The commonest small words of each language, without those that another one of the list has too.
_SMALL = {
    "en": "the of and to in for with on is are by from that this we an as be can how what using",
    "de": "der die das und ist nicht ein eine einer mit für auf den dem von zu im wird sich auch wie",
    "fr": "le les des et est une du dans pour qui sur pas avec au aux plus nous ce cette sont",
    "es": "el los las del una por con para se que como más su al lo es y este esta son",
    "it": "il gli della delle di che per con una sono nel nella più da dei come questo questa alla ed",
    "pt": "o os uma um do da dos das não com para em no na são mais ao pela pelo você",
    "nl": "het een van en dat niet voor met zijn aan ook naar bij uit wordt deze wij hoe maar ik",
}  # fmt: skip
_LANGUAGES: dict[str, tuple[str, ...]] = {}
for _language, _list in _SMALL.items():
    for _word in _list.split():
        _LANGUAGES[_word] = (*_LANGUAGES.get(_word, ()), _language)


def language_of(text: str) -> str:
    """A two-letter code where small words of the Latin script tell it, the script for others, or `unknown`.

    >>> language_of("How to train a network with the data of others"), language_of("Обучение сетей"), language_of("YOLO")
    ('en', 'cyrillic', 'unknown')
    """
    script = _script(text[:LETTERS])
    if script != "latin":
        return script or UNKNOWN
    votes: Counter[str] = Counter()
    for word in words(text[: 4 * LETTERS]):
        languages = _LANGUAGES.get(word.lower(), ())
        votes.update(dict.fromkeys(languages, 1))
    (best, n_best), (_, n_next) = [*votes.most_common(2), (UNKNOWN, 0), (UNKNOWN, 0)][:2]
    return best if n_best >= 2 and n_best > n_next else UNKNOWN


def _script(text: str) -> str:
    counts = Counter(unicodedata.name(char, "?").split(" ", 1)[0].lower() for char in text if char.isalpha())
    return counts.most_common(1)[0][0] if counts else ""
