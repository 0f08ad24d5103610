"""Who wrote a work, as far as two bylines can be compared."""

import re
import unicodedata

_BETWEEN = re.compile(r"\s*(?:[;,&]|\band\b|\bet al\b\.?)\s*", re.IGNORECASE)
_AFFILIATION = re.compile(r"\([^()]*\)")
_WORD = re.compile(r"[^\W\d_]+")
_ACCOUNT = re.compile(r"[\d_/@]")
# A byline this long was cut, or is no list of people.
MOST = 60


def authors_of(byline: str) -> frozenset[str]:
    """People of a byline as family name and first initial; no one where it names none.

    What is one word is the name of an account, and says nothing of who wrote a work.

    >>> sorted(authors_of("Ada Lovelace and Grace B. Hopper (Yale)"))
    ['hopper g', 'lovelace a']
    >>> authors_of("throwaway42")
    frozenset()
    """
    plain = unicodedata.normalize("NFKD", _AFFILIATION.sub(" ", byline)).casefold()
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    people = [_WORD.findall(one) for one in _BETWEEN.split(plain) if not _ACCOUNT.search(one)]
    return frozenset(f"{words[-1]} {words[0][0]}" for words in people[:MOST] if len(words) > 1)
