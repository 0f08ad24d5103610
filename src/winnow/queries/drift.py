"""What the monitors of drift found last."""

from datetime import timedelta

from django.utils import timezone

from winnow.models import DriftCheck

# A monitor that was not looked at for so long has too little to look at.
SHOWN = timedelta(days=30)


def newest_checks() -> list[DriftCheck]:
    """The newest look of each monitor, alarms first, then those of all works before those of single sources."""
    rows = DriftCheck.objects.filter(created_at__gt=timezone.now() - SHOWN).select_related("source").order_by("pk")
    newest = {(check.measure, check.source_id): check for check in rows}
    return sorted(newest.values(), key=lambda check: (not check.is_alarm, check.source_id is not None, check.p_value))
