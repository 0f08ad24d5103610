"""Say that somebody must look, once a matter however often it is found, and say when it is in order again."""

from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from winnow.models import Alert
from winnow.services.log import record_event
from winnow.services.outbox import notify, send_mail

MAX_WORDS = 500


@transaction.atomic
def open_alert(kind: str, subject: str, *, says: str, remedy: str) -> Alert:
    """The open alert of this kind and subject, with what is said of it now; webhooks and mail tell when it opens.

    Written in the caller's transaction, so that it is there if and only if its cause is.
    """
    now = timezone.now()
    words = {"says": says[:MAX_WORDS], "remedy": remedy[:MAX_WORDS], "seen_at": now}
    known = Alert.objects.filter(kind=kind, subject=subject, closed_at=None)
    if not known.update(**words, n=F("n") + 1):
        try:
            with transaction.atomic():
                return _open(Alert(kind=kind, subject=subject, **words))
        except IntegrityError:
            # Somebody else found it at the same moment; theirs is the alert.
            known.update(**words, n=F("n") + 1)
    return known.get()


@transaction.atomic
def close_alert(kind: str, subject: str = "") -> bool:
    """Close the alert of this kind and subject: what was wrong is in order again. False where none is open."""
    found = Alert.objects.filter(kind=kind, subject=subject, closed_at=None).first()
    if found is None or not Alert.objects.filter(pk=found.pk, closed_at=None).update(closed_at=timezone.now()):
        return False
    record_event("alert.closed", alert=found.pk, kind_of_alert=kind, subject=subject, says=found.says)
    _mail(found, "in order again", f"In order again: {found.says}\n")
    return True


def payload(alert: Alert) -> dict[str, Any]:
    """An alert as webhooks and pages in JSON tell it."""
    return {
        "id": alert.pk,
        "kind": alert.kind,
        "subject": alert.subject,
        "says": alert.says,
        "remedy": alert.remedy,
        "opened_at": alert.opened_at.isoformat(),
    }


def _open(alert: Alert) -> Alert:
    alert.save(force_insert=True)
    record_event(
        "alert.opened",
        alert=alert.pk,
        kind_of_alert=alert.kind,
        subject=alert.subject,
        says=alert.says,
        remedy=alert.remedy,
    )
    notify("alert.opened", {"alert": payload(alert)}, key=str(alert.pk))
    _mail(alert, "look", f"{alert.says}\n\nWhat to do: {alert.remedy}\n")
    return alert


def _mail(alert: Alert, what: str, text: str) -> None:
    """To those whom WINNOW_ALERT_MAIL names: no account has to be there, nor an address confirmed."""
    foot = f"\nAll that is open: {settings.BASE_URL}/promises\n"
    for address in settings.ALERT_MAIL:
        send_mail(
            key=f"alert:{alert.pk}:{what}:{address}", to=address, subject=f"Winnow, {what}: {alert}", text=text + foot
        )
