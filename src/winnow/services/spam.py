"""Spam by its sender: too many works at once, or one text with many addresses from many accounts.

Asked inside the transaction of the admission, so that the rows it counts are those that the decision is based on.
"""

from functools import lru_cache

from django.utils import timezone

from winnow.core.text import fingerprint
from winnow.core.urls import canonical_url
from winnow.core.values import Document
from winnow.home import DATA
from winnow.ml.spam import SpamRules, load_spam_rules
from winnow.models import Account, Item, Role

MAX_COMPARED = 200


@lru_cache(maxsize=1)
def rules() -> SpamRules:
    """The rules of the starter material."""
    return load_spam_rules(DATA / "offtopic.toml")


def spam_by_sender(*, account: Account | None, doc: Document, url: str, face_id: int | None) -> str | None:
    """Why this work of an account is spam by who sends it, or None.

    `face_id` is the Item that the work duplicates. Sources have a trust of their own, and people with a role on this
    site may send as much as they like: the rules are for readers.
    """
    if account is None or account.role != Role.READER:
        return None
    return _too_many(account) or (_one_text(account, doc, url, face_id) if face_id is not None else None)


def _too_many(account: Account) -> str | None:
    rule = rules().velocity
    n = Item.objects.filter(submitted_by=account, admitted_at__gte=timezone.now() - rule.within).count()
    return rule.reason if n >= rule.limit else None


def _one_text(account: Account, doc: Document, url: str, face_id: int) -> str | None:
    """A work that many like has one address; a text that is sent around has a new one each time."""
    rule = rules().same_text
    recent = Item.objects.filter(admitted_at__gte=timezone.now() - rule.within, submitted_by__isnull=False)
    rows = recent.filter(pk=face_id) | recent.filter(duplicate_of_id=face_id)
    text = _text(doc.title, doc.description)
    fields = rows.values_list("submitted_by_id", "url", "title", "description")[:MAX_COMPARED]
    same = [(sender, canonical_url(link)) for sender, link, title, body in fields if _text(title, body) == text]
    senders = {sender for sender, _ in same} | {account.pk}
    addresses = {link for _, link in same} | {canonical_url(url)}
    return rule.reason if min(len(senders), len(addresses)) > rule.limit else None


def _text(title: str, description: str) -> str:
    return fingerprint(f"{title} {description}")
