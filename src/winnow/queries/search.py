"""Find works: what a query wants, forgiving slips and plurals, ranked by text and time, counted by facets.

Ranked is what is newest among all matches and among those whose title holds the words: RANKED of either. The score adds
the share of the wanted words (weighted by rarity) that stand in the title to the age in units of MONTHS_A_TITLE, so that
it does not depend on the present and a cursor stays good: a title that holds all words makes up for so much age.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from time import monotonic

from winnow.core.highlight import Wanted, wanted_by
from winnow.core.search_nodes import Both, Either, Filter, Node, Not, Query, Words
from winnow.core.search_query import read_query
from winnow.core.search_words import words_of
from winnow.models import Item, SearchWord
from winnow.queries.cursors import Page, page_of_scored
from winnow.queries.items import PER_PAGE, listed
from winnow.queries.search_index import PATIENCE_MS, Match, matches
from winnow.queries.spelling import is_beginning, known_words, near_words

SHOWN = (Item.State.PUBLISHED,)
COUNTED = 10_000
RANKED = 500
# Works whose title fits are looked for so long at least, however long all others took.
TITLES_MS = 20
MONTHS_A_TITLE = 8
SECONDS_A_TITLE = MONTHS_A_TITLE * 30.44 * 86_400
LEAST_PLURAL = 4
MAX_FACETS = 6


@dataclass(frozen=True, slots=True)
class Facet:
    """What matches have in common, and how many do: clicking adds `adds` to the query."""

    name: str
    value: str
    n: int

    @property
    def adds(self) -> str:
        """The filter as it is written."""
        return f"{self.name}:{self.value}"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a query: a page of works, how many there are (`is_over` where more than were counted), and by what.

    `instead` maps words that nothing holds to those that were searched as well. `is_cut`: older works could not be searched
    in time.
    """

    query: Query
    page: Page[Item]
    n: int = 0
    is_over: bool = False
    is_cut: bool = False
    instead: dict[str, Sequence[str]] = field(default_factory=dict)
    facets: dict[str, list[Facet]] = field(default_factory=dict)
    wanted: Wanted = field(default_factory=Wanted)


def search(
    text: str,
    *,
    states: Sequence[str] = SHOWN,
    tag: str = "",
    sort: str = "best",
    after: str = "",
    limit: int = PER_PAGE,
) -> Found:
    """A page of what fits a query, best or newest (`recent`) first. Raises InputError for a bad cursor."""
    query = read_query(text)
    if query.wanted is None:
        return Found(query, Page([], None))
    instead = _slips(query)
    node = _forgiving(query.wanted, instead)
    if tag:
        node = Both((Filter("tag", tag), node))
    end = monotonic() + PATIENCE_MS / 1000
    found = matches(node, states=states, limit=COUNTED + 1, end=end)
    best = [match.item_id for match in found.rows[:RANKED]]
    if sort == "best" and len(found.rows) > RANKED and not found.is_cut:
        end = max(end, monotonic() + TITLES_MS / 1000)
        best += [match.item_id for match in matches(_titled(node), states=states, limit=RANKED, end=end).rows]
    scored = _scored(query, dict.fromkeys(best), by_text=sort == "best")
    page = page_of_scored(scored, after=after, limit=limit)
    rows = {item.pk: item for item in listed(Item.objects.filter(pk__in=page.rows))}
    return Found(
        query,
        Page([rows[pk] for pk in page.rows if pk in rows], page.next),
        n=min(len(found.rows), COUNTED),
        is_over=len(found.rows) > COUNTED,
        is_cut=found.is_cut,
        instead=instead,
        facets=_facets(found.rows[:COUNTED]),
        wanted=wanted_by(query, [*_plurals(query), *(word for words in instead.values() for word in words)]),
    )


def matching_pks(text: str, *, states: Sequence[str], limit: int = RANKED) -> list[int] | None:
    """The newest works in these states that fit a query; None where it wants nothing."""
    query = read_query(text)
    if query.wanted is None:
        return None
    found = matches(_forgiving(query.wanted, _slips(query)), states=states, limit=limit)
    return [match.item_id for match in found.rows]


def _slips(query: Query) -> dict[str, Sequence[str]]:
    """Of the plain words that no work holds, the known ones one slip away."""
    leaves = [leaf for leaf in query.leaves if isinstance(leaf, Words) and not leaf.is_exact and len(leaf.words) == 1]
    known = known_words([leaf.words[0] for leaf in leaves])
    strange = [leaf for leaf in leaves if leaf.words[0] not in known]
    unknown = [leaf.words[0] for leaf in strange if not (leaf.is_prefix and is_beginning(leaf.words[0]))]
    near = {word: near_words(word) for word in unknown}
    return {word: words for word, words in near.items() if words}


def _forgiving(node: Node, instead: dict[str, Sequence[str]]) -> Node:
    """The same query with other numbers of its plain words, and with what they may be slips of."""
    if isinstance(node, Both | Either):
        return replace(node, parts=tuple(_forgiving(part, instead) for part in node.parts))
    if isinstance(node, Not):
        return Not(_forgiving(node.part, instead))
    if not isinstance(node, Words) or node.is_exact or len(node.words) > 1:
        return node
    (word,) = node.words
    others = [*_numbers(word), *instead.get(word, ())]
    return Either((node, *(Words((other,)) for other in others))) if others else node


def _plurals(query: Query) -> list[str]:
    """The other numbers of the plain words of a query, which are found as well."""
    plain = [leaf for leaf in query.leaves if isinstance(leaf, Words) and not leaf.is_exact and len(leaf.words) == 1]
    return [other for leaf in plain for other in _numbers(leaf.words[0])]


def _numbers(word: str) -> list[str]:
    """The singular or plural of an English word, where a plain `s` makes it."""
    if len(word) < LEAST_PLURAL or not word.isascii() or not word.isalpha():
        return []
    if word.endswith("s"):
        return [] if word.endswith("ss") else [word[:-1]]
    return [f"{word}s"]


def _titled(node: Node) -> Node:
    """The same query, its whole words sought in titles alone."""
    if isinstance(node, Both | Either):
        return replace(node, parts=tuple(_titled(part) for part in node.parts))
    if not isinstance(node, Words) or node.is_prefix:
        return node
    return Both(tuple(Filter("t", word) for word in node.words))


def _scored(query: Query, pks: dict[int, None], *, by_text: bool) -> list[tuple[float, int]]:
    rows = Item.objects.filter(pk__in=list(pks)).values_list("pk", "title", "dated_at")
    wanted = wanted_by(query)
    weights = _weights(wanted) if by_text else {}
    return sorted(((_score(title, at, wanted, weights), pk) for pk, title, at in rows), reverse=True)


def _weights(wanted: Wanted) -> dict[str, float]:
    """Each word by its rarity, all together 1: the inverse document frequency, -log of the share of works."""
    held = dict(SearchWord.objects.filter(word__in=wanted.words).values_list("word", "n"))
    most = max([*held.values(), 1]) + 1
    rarity = {word: 1.0 + math.log(most / (held.get(word, 0) + 1)) for word in wanted.words}
    total = sum(rarity.values())
    return {word: value / total for word, value in rarity.items()}


def _score(title: str, at: datetime, wanted: Wanted, weights: dict[str, float]) -> float:
    """How much of what is wanted stands in the title, and how new it is."""
    age = at.timestamp() / SECONDS_A_TITLE
    if not weights:
        return round(age, 6)
    held = set(words_of(title))
    text = sum(
        weight
        for word, weight in weights.items()
        if word in held or _begun(word, wanted, held) or held & {*_numbers(word)}
    )
    return round(text + age, 6)


def _begun(word: str, wanted: Wanted, held: set[str]) -> bool:
    return word in wanted.beginnings and any(other.startswith(word) for other in held)


def _facets(rows: Sequence[Match]) -> dict[str, list[Facet]]:
    """The commonest tags and kinds among the matches; nothing where all share one."""
    counted = {"tag": Counter(row.tag for row in rows if row.tag), "is": Counter(row.kind for row in rows if row.kind)}
    return {
        name: [Facet(name, value, n) for value, n in counts.most_common(MAX_FACETS)]
        for name, counts in counted.items()
        if len(counts) > 1
    }
