"""Splits that never part what is one work: groups of near-identical examples, and folds over groups."""

import random
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from datetime import date

import numpy as np
from rapidfuzz import fuzz, process

from winnow.core.text import fingerprint, words
from winnow.core.values import Example

# Below this, titles of a series ("Part 1", "Part 2") and of different works become one another's neighbours.
SIMILARITY = 92
MIN_WORDS = 4
# Shorter descriptions ("Official implementation.") are shared by works that have nothing else in common.
MIN_SHARED_WORDS = 8
_ROWS_AT_ONCE = 512


def group_examples(examples: Sequence[Example], *, by_description: bool = False) -> list[int]:
    """A group number for each example. In one group are rows with one `group`, one title, or near-identical titles.

    Titles are equal apart from case, punctuation and accents, or, from four words on, at least 92 % alike
    in any order of their words. `by_description` puts together, too, what shares a description of eight words or more.
    """
    parents = list(range(len(examples)))
    keys: defaultdict[Hashable, list[int]] = defaultdict(list)
    for row, example in enumerate(examples):
        keys["title", fingerprint(example.document.title)].append(row)
        if example.group:
            keys["group", example.group].append(row)
        if by_description and len(words(example.document.description)) >= MIN_SHARED_WORDS:
            keys["description", fingerprint(example.document.description)].append(row)
    for rows in keys.values():
        for row in rows[1:]:
            _join(parents, rows[0], row)
    for first, second in _near_titles(examples):
        _join(parents, first, second)
    roots = [_root(parents, row) for row in range(len(examples))]
    numbers = {root: number for number, root in enumerate(dict.fromkeys(roots))}
    return [numbers[root] for root in roots]


def grouped_folds(groups: Sequence[int], labels: Sequence[str], n_folds: int, seed: int) -> list[list[int]]:
    """Rows of each fold, in their order. No group is in two folds, and each fold has about its share of every label.

    Largest groups first, in an order drawn by `seed`; each goes where its label is rarest.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    order = sorted(members)
    random.Random(seed).shuffle(order)  # noqa: S311  a split is no secret
    order.sort(key=lambda group: -len(members[group]))
    folds: list[list[int]] = [[] for _ in range(n_folds)]
    counts: list[Counter[str]] = [Counter() for _ in range(n_folds)]
    for group in order:
        label = labels[members[group][0]]
        best = min(range(n_folds), key=lambda fold: (counts[fold][label], len(folds[fold])))
        folds[best].extend(members[group])
        counts[best].update(labels[row] for row in members[group])
    return [sorted(fold) for fold in folds]


def newest_rows(groups: Sequence[int], labels: Sequence[str], dates: Sequence[date], share: float) -> list[int]:
    """About the newest `share` of the rows of each label, in their order; whole groups, so that no work is parted.

    A group is as new as its newest row. Groups of one date are taken together, as their order is not known; where that
    takes more than twice the share of any label, the dates do not tell new from old, and the answer is empty.
    """
    members: defaultdict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(groups):
        members[group].append(row)
    by_label: defaultdict[str, list[list[int]]] = defaultdict(list)
    for rows in members.values():
        by_label[labels[rows[0]]].append(rows)
    taken: list[int] = []
    for own in by_label.values():
        newest = _newest(own, dates, share)
        if len(newest) > 2 * share * sum(map(len, own)):
            return []
        taken += newest
    return sorted(taken)


def _newest(groups: Sequence[Sequence[int]], dates: Sequence[date], share: float) -> list[int]:
    """Rows of the newest groups, date by date, until they are the share or more."""
    by_date: defaultdict[date, list[int]] = defaultdict(list)
    for rows in groups:
        by_date[max(dates[row] for row in rows)].extend(rows)
    wanted = share * sum(map(len, groups))
    taken: list[int] = []
    for day in sorted(by_date, reverse=True):
        if len(taken) >= wanted:
            break
        taken += by_date[day]
    return taken


def _near_titles(examples: Sequence[Example]) -> list[tuple[int, int]]:
    rows = [row for row, example in enumerate(examples) if len(words(example.document.title)) >= MIN_WORDS]
    titles = [" ".join(sorted(words(examples[row].document.title))) for row in rows]
    pairs = []
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = titles[start : start + _ROWS_AT_ONCE]
        likeness = process.cdist(part, titles, scorer=fuzz.ratio, score_cutoff=SIMILARITY, dtype=np.uint8)
        pairs += [(rows[start + a], rows[b]) for a, b in np.argwhere(likeness).tolist() if start + a < b]
    return pairs


def _join(parents: list[int], first: int, second: int) -> None:
    a, b = _root(parents, first), _root(parents, second)
    parents[max(a, b)] = min(a, b)


def _root(parents: list[int], row: int) -> int:
    while parents[row] != row:
        parents[row] = parents[parents[row]]
        row = parents[row]
    return row
