"""Freeze the gold labels into an immutable data set."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import InputError
from winnow.core.text import document, joined
from winnow.core.values import Example
from winnow.ml.expectations import CHECKS, Severity, check_examples
from winnow.ml.language import language_of
from winnow.ml.splits import group_examples, grouped_folds, newest_rows
from winnow.ml.train import dataset_sha256
from winnow.models import DatasetVersion
from winnow.queries.datasets import GoldRow, gold_rows, n_struck_labels, why_gone
from winnow.queries.reviewers import unproved_accounts
from winnow.queries.tags import approved_tags
from winnow.services.log import record_event
from winnow.services.turns import take_turn

# One fold of five is kept for the certificate.
N_FOLDS = 5
SEED = 1
TRAIN, CERTIFY = "train", "certify"
NEWEST = "of each tag the works that came in last"

# Whoever hidden gold has not proved yet is at most this much of a set.
UNPROVED_SHARE = 0.02
# How much a person's answer weighs beside a row that came with its label: it is of the stream that is served.
ANSWER_WEIGHT = 3.0


def freeze_dataset(*, holds_out: bool = True) -> DatasetVersion:
    """The data set of all gold labels as they stand; the same labels give the same row.

    A set that breaks an expectation (no tag without rows, no work on both sides, dates that can have been) is not made.
    A fifth of the works is kept from training for the certificate: of each tag those that came in last, or, where all
    came in together, drawn at random; copies, like titles and shared descriptions stay on one side (see decision 11).
    Unless audits will prove the model: then all of them train.
    Raises InputError where there is no label yet.
    """
    gold, left_out = _bounded(gold_rows())
    if not gold:
        raise InputError("no gold labels yet: import tagged rows, or label items in the review queue")
    groups = group_examples([_whole(row) for row in gold], by_description=True)
    held_out, how = _held_out(groups, gold) if holds_out else ((), "nothing is kept: audits prove what this teaches")
    copied = {work for work, n in Counter(row.work for row in gold).items() if n > 1}
    rows = [
        _row(row, CERTIFY if place in held_out else TRAIN, is_copied=row.work in copied)
        for place, row in enumerate(gold)
    ]
    checks = {
        "looked_at": list(CHECKS),
        "findings": _expect(rows),
        "left_out": left_out,
        "split": {"how": how, "n_works": len(set(groups)), "days": _days(gold, groups, held_out)},
        "languages": _languages(gold),
        "examples_sha256": {split: dataset_sha256(_examples(rows, split)) for split in (TRAIN, CERTIFY)},
    }
    sha256 = hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    with transaction.atomic():
        take_turn("freeze")
        return _store(rows, sha256, checks)


def _bounded(gold: list[GoldRow]) -> tuple[list[GoldRow], dict[str, int]]:
    """Without what exceeds the share of each account that hidden gold has not proved yet: their oldest labels stay."""
    unproved = unproved_accounts()
    most = int(UNPROVED_SHARE * len(gold))
    kept, n_of = [], Counter[int]()
    for row in gold:
        account = int(row.provenance["by"])
        n_of[account] += 1
        if account not in unproved or n_of[account] <= most:
            kept.append(row)
    return kept, {"unproved": len(gold) - len(kept), "struck": n_struck_labels()}


def _whole(row: GoldRow) -> Example:
    """The row with all that says which works are one."""
    return Example(document(row.title, row.description), row.tag, id=str(row.item_id), group=str(row.work))


def _held_out(groups: Sequence[int], gold: Sequence[GoldRow]) -> tuple[Collection[int], str]:
    """What is kept from training, and how it was chosen."""
    labels, arrivals = [row.tag for row in gold], [row.arrived_on for row in gold]
    newest = newest_rows(groups, labels, arrivals, 1 / N_FOLDS)
    if newest:
        return set(newest), NEWEST
    return set(grouped_folds(groups, labels, N_FOLDS, SEED)[0]), "at random, as all works came in together"


def _days(gold: Sequence[GoldRow], groups: Sequence[int], held_out: Collection[int]) -> dict[str, dict[str, list[str]]]:
    """Of each tag the first and the last day on which works of either split came in; a work is as new as its newest row."""
    arrived: defaultdict[int, list[date]] = defaultdict(list)
    for row, group in zip(gold, groups, strict=True):
        arrived[group].append(row.arrived_on)
    days: defaultdict[str, defaultdict[str, list[date]]] = defaultdict(lambda: defaultdict(list))
    for place, (row, group) in enumerate(zip(gold, groups, strict=True)):
        days[row.tag][CERTIFY if place in held_out else TRAIN].append(max(arrived[group]))
    return {
        tag: {split: [min(own).isoformat(), max(own).isoformat()] for split, own in sorted(splits.items())}
        for tag, splits in sorted(days.items())
    }


def _languages(gold: Sequence[GoldRow]) -> dict[str, int]:
    """How many works are in which language, as far as their words tell; the commonest first."""
    counts = Counter(language_of(joined(document(row.title, row.description))) for row in gold)
    return dict(sorted(counts.items(), key=lambda one: (-one[1], one[0])))


def examples_of(dataset: DatasetVersion, split: str) -> list[Example]:
    """The rows of one split as training pairs."""
    return _examples(dataset.rows, split)


def _row(gold: GoldRow, split: str, *, is_copied: bool) -> dict[str, object]:
    row: dict[str, object] = {
        "item": gold.item_id,
        "title": gold.title,
        "description": gold.description,
        "tag": gold.tag,
        "created_on": gold.created_on.isoformat(),
        "url": gold.url,
        "source": gold.source,
        "split": split,
        "label": dict(gold.provenance),
    }
    more = {"weight": ANSWER_WEIGHT} if gold.is_answer else {}
    return row | more | ({"work": gold.work} if is_copied else {})


def _examples(rows: Sequence[Mapping[str, Any]], split: str) -> list[Example]:
    return [
        Example(
            document(row["title"], row["description"]),
            row["tag"],
            id=str(row["item"]),
            group=str(row.get("work", "")),
            # Sets that were frozen before these were kept have none.
            created_on=row.get("created_on", ""),
            url=row.get("url", ""),
            source=row.get("source", ""),
            weight=row.get("weight", 1.0),
        )
        for row in rows
        if row["split"] == split
    ]


def _expect(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, object]]:
    """The warnings, for people who look at the set. Raises InputError for the first expectation that it fails."""
    slugs = [tag.slug for tag in approved_tags()]
    dates = {str(row["item"]): date.fromisoformat(row["created_on"]) for row in rows}
    today = timezone.now().date()
    train, certify = _examples(rows, TRAIN), _examples(rows, CERTIFY)
    findings = check_examples(train, certify, slugs, dates=dates, today=today)
    for finding in findings:
        if finding.severity is Severity.FAILS:
            raise InputError(f"the gold labels cannot be frozen: {finding.message}")
    return [{"check": one.check, "message": one.message, "rows": list(one.rows)} for one in findings]


def _store(rows: list[dict[str, object]], sha256: str, checks: dict[str, object]) -> DatasetVersion:
    known = DatasetVersion.objects.filter(sha256=sha256).first()
    if known is not None:
        return known
    dataset = DatasetVersion.objects.create(
        version=f"gold-{DatasetVersion.objects.count() + 1}",
        sha256=sha256,
        rows=rows,
        n=len(rows),
        checks=checks | {"gone": _gone(rows)},
        per_tag=dict(sorted(Counter(str(row["tag"]) for row in rows).items())),
    )
    record_event("dataset.frozen", version=dataset.version, sha256=sha256, n=dataset.n)
    return dataset


def _gone(rows: list[dict[str, object]]) -> dict[str, str]:
    """Why works of the version before are not in this one."""
    earlier = DatasetVersion.objects.order_by("-pk").first()
    here = {row["item"] for row in rows}
    missing = [int(row["item"]) for row in earlier.rows if row["item"] not in here] if earlier else []
    return {str(item): why for item, why in why_gone(missing).items()}
