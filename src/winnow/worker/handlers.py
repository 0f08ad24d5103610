"""What is done for a job of each kind."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.utils import timezone

from winnow.queries.sources import due_sources
from winnow.services import (
    audit_withheld,
    backup,
    deliver,
    digest,
    drift,
    drift_alarm,
    experiments,
    hide_gold,
    learn,
    look_up,
    mail_answers,
    mirror,
    outbox,
    rejudge,
    renew,
    rollout,
)
from winnow.services.explain import explain_item
from winnow.services.gather import gather_source
from winnow.services.resolve import resolve_item


def _gather(key: str) -> None:
    source = due_sources(timezone.now()).filter(name=key).first()
    if source is not None:
        gather_source(source)


def _explain(key: str) -> None:
    explain_item(int(key))


def _resolve(key: str) -> None:
    resolve_item(int(key))


def _look_up(key: str) -> None:
    look_up.look_up(key)


def _digest(key: str) -> None:
    digest.write_digest(int(key), timezone.now())


def _answers(key: str) -> None:
    mail_answers.write_answers(int(key), timezone.now())


def _send(key: str) -> None:
    deliver.deliver(int(key))


def _give_up(key: str) -> None:
    deliver.give_up(int(key))


def _audit_withheld(_key: str) -> None:
    audit_withheld.draw_withheld(n=settings.AUDIT_WITHHELD, seed=secrets.randbits(32))


def _backup(_key: str) -> None:
    backup.back_up_beside()


def _learn(_key: str) -> None:
    learn.learn_from_answers(seed=secrets.randbits(32))


def _drift(_key: str) -> None:
    drift.watch_works(seed=secrets.randbits(32))


def _renew(_key: str) -> None:
    renew.take_step()


def _rollout(_key: str) -> None:
    rollout.look_at_trials()


def _experiments(_key: str) -> None:
    experiments.look_at_experiments()


def _mirror(_key: str) -> None:
    mirror.mirror_registry(settings.MLFLOW_URI)


def _rejudge(_key: str) -> None:
    rejudge.rejudge_labels(seed=secrets.randbits(32))


def _hide_gold(_key: str) -> None:
    hide_gold.hide_gold(seed=secrets.randbits(32))


HANDLERS: dict[str, Callable[[str], None]] = {
    "gather": _gather,
    "explain": _explain,
    "resolve": _resolve,
    look_up.KIND: _look_up,
    "audit_withheld": _audit_withheld,
    backup.KIND: _backup,
    learn.KIND: _learn,
    drift_alarm.KIND: _drift,
    renew.KIND: _renew,
    rollout.KIND: _rollout,
    experiments.KIND: _experiments,
    mirror.KIND: _mirror,
    "rejudge": _rejudge,
    hide_gold.KIND: _hide_gold,
    digest.KIND: _digest,
    mail_answers.KIND: _answers,
    outbox.KIND: _send,
}
# What else is to be done where a job failed too often.
PARKED: dict[str, Callable[[str], None]] = {outbox.KIND: _give_up}
