"""What somebody must look at now, and what was put in order lately."""

from django.db.models import QuerySet

from winnow.models import Alert


def open_alerts() -> QuerySet[Alert]:
    """The alerts that are open, newest first."""
    return Alert.objects.filter(closed_at=None).order_by("-pk")


def closed_alerts(n: int = 10) -> list[Alert]:
    """The newest that are closed."""
    return list(Alert.objects.exclude(closed_at=None).order_by("-closed_at")[:n])
