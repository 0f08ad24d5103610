"""What is promised and measured, by audits alone, as values and as JSON."""

import json

import pytest
from django.utils import timezone

from winnow.models import DriftCheck, ReviewTask
from winnow.services.alerts import open_alert
from winnow.services.promises import as_json, promises, promises_of
from winnow.services.review import label_task

pytestmark = pytest.mark.django_db


def test_where_nothing_serves_nothing_is_promised():
    assert promises() is None
    assert as_json() == {
        "model": None, "target": None, "precision": None, "is_below_target": None,
        "tags": {}, "drift": [], "false_alarms_a_year": 1.5, "alerts": [],
    }  # fmt: skip


def test_live_precision_and_budgets_count_audits_alone(audited, audited_model, make_item, cast, tags):
    for right in ("mlops", "mlops", "other"):
        audited("mlops", right)
    for reason in ("reported", "low_confidence"):
        item = make_item(state="published", tag="mlops", model_version=audited_model)
        task = ReviewTask.objects.create(item=item, reason=reason)
        label_task(task=task, tag=tags["other"], account=cast.reviewer)
    found = promises()
    assert found == promises_of(audited_model)
    assert (found.ref, found.target, found.n_burnt) == ("v6-1", 0.9, 0)
    assert (found.live.precision.n, round(found.live.precision.value, 3)) == (3, 0.667)
    assert [one.budget.n for one in found.budgets.values()] == [3 if tag == "mlops" else 0 for tag in found.budgets]
    assert found.budgets["mlops"].budget.spent == pytest.approx(1 / 0.3)


def test_all_of_it_is_json(audited, audited_model):
    audited("mlops", "mlops")
    open_alert("away", "champion", says="it is away", remedy="put it back")
    now = timezone.now()
    about = {"begins": now, "ends": now, "n_before": 90, "n_now": 30, "statistic": 0.2, "n_permutations": 99}
    for p_value in (0.5, 0.001):
        is_alarm = p_value < 0.01
        DriftCheck.objects.create(measure="length", p_value=p_value, alpha=0.01, is_alarm=is_alarm, says="s", **about)
    DriftCheck.objects.create(measure="language", p_value=0.2, alpha=0.01, is_alarm=False, says="s", **about)
    told = json.loads(json.dumps(as_json()))
    assert (told["model"], told["is_below_target"], told["precision"]["n"]) == ("v6-1", False, 1)
    assert told["tags"]["mlops"]["audits"] == 1
    assert told["tags"]["other"]["precision"]["value"] is None
    assert [(check["measure"], check["is_alarm"]) for check in told["drift"]] == [("length", True), ("language", False)]
    assert [alert["says"] for alert in told["alerts"]] == ["it is away"]
