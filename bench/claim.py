"""How long claiming a task takes with a million waiting: turn, eligibility, lease and token, committed.

`claim.py [N]` on SQLite, or on `DATABASE_URL`, which must be empty. Writes results/claim_DATABASE.json. Bar: p95 20 ms.
"""

import sys
from time import perf_counter

from django.db import connection, transaction
from django.utils import timezone

from record import quantiles, record
from throwaway import ensure_ready
from winnow.models import Account, Item, ReviewTask
from winnow.services.claim import SHARES, claim_task
from winnow.services.publish import enter_item

CLAIMS = 500
REASONS = ("low_confidence", "reported", "audit", "rare_tag", "duplicate_pair", "probation")


def main() -> None:
    """Fill the queue, let many people claim, each once and then again."""
    ensure_ready()
    fill(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
    people = [Account.objects.create(name=f"reviewer {n}", role="reviewer") for n in range(CLAIMS)]
    fresh = [_timed(account) for account in people]
    again = [_timed(account) for account in people]
    taken = ReviewTask.objects.filter(holder__isnull=False).values_list("reason", flat=True)
    figures = {
        "waiting": ReviewTask.objects.filter(closed_at=None).count(),
        "reasons": len(REASONS),
        "shares": {reason: SHARES[reason] for reason in REASONS},
        "claim, ms": quantiles(fresh),
        "claim again, ms": quantiles(again),
        "tasks held": len(taken),
    }
    record(f"claim_{connection.vendor}", figures, {"claim": fresh, "again": again})


def _timed(account: Account) -> float:
    started = perf_counter()
    claim_task(account)
    return (perf_counter() - started) * 1000


def fill(n: int) -> None:
    """One work as admission stores it, copied in the database, with a task for each copy."""
    first = enter_item(Item(external_id="0", title="A work", dated_at=timezone.now()))
    columns = [field.column for field in Item._meta.local_concrete_fields if not field.primary_key]  # noqa: SLF001
    copied = ", ".join("CAST(number AS TEXT)" if name == "external_id" else name for name in columns)
    names = ", ".join(columns)
    numbers = f"WITH RECURSIVE n(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM n WHERE number < {n - 1})"
    kinds = " ".join(f"WHEN {at} THEN '{reason}'" for at, reason in enumerate(REASONS))
    opened = "CURRENT_TIMESTAMP"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO winnow_item ({names}) {numbers} SELECT {copied} FROM winnow_item, n WHERE id = %s", [first.pk]
        )
        cursor.execute(
            "INSERT INTO winnow_reviewtask (item_id, reason, priority, probability, n_wanted, is_blind, token, opened_at)"
            f" SELECT id, CASE id %% {len(REASONS)} {kinds} END, (id * 7919 %% 10007) / 10007.0, 1, 1, %s, 0, {opened}"
            " FROM winnow_item",
            [False],
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


if __name__ == "__main__":
    main()
