"""People and programs add a work: through the same gates as a source, answered at once from what was sent."""

from dataclasses import dataclass

from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.text import MAX_TITLE, clean, document, fingerprint
from winnow.core.urls import canonical_url
from winnow.core.values import Candidate
from winnow.models import Account, Item, Tag
from winnow.services.admit import Admission, admit, prepare
from winnow.services.classify import Answer, champion, classify_admitted, classify_documents
from winnow.services.log import record_event
from winnow.services.quota import take_submission
from winnow.services.resolve import ask_to_resolve
from winnow.services.screen import Outcome


@dataclass(frozen=True, slots=True)
class Submission:
    """What became of it. `item` holds the work now; it may have been here before."""

    item: Item
    outcome: Outcome
    reason: str
    duplicate_of: int | None


def submit_work(
    *,
    url: str,
    title: str,
    description: str = "",
    tag: Tag | None = None,
    is_author: bool = False,
    account: Account | None = None,
    voice: str = "",
) -> Submission:
    """Screen, admit, classify and decide. `voice` is who asks where that is no account.

    Raises InputError (with the field) for what can never be admitted, TooManyError where a voice adds too much at once,
    ConflictError for what was taken down.
    """
    candidate = _candidate(url, title, description)
    take_submission(voice=voice, account=account)
    admission = admit(prepare([candidate])[0], account=account)
    if admission.item.state == Item.State.REMOVED:
        raise ConflictError("this work was taken off the site; whoever runs it can say why")
    if admission.is_new and admission.verdict.outcome is Outcome.ACCEPTED:
        ask_to_resolve(admission.item, is_submitted=True)
    if tag is not None:
        record_event("item.tag_proposed", item=admission.item, account=account, tag=tag.slug)
    if is_author:
        record_event("item.author_submitted", item=admission.item, account=account)
    classify_admitted()
    admission.item.refresh_from_db()
    return _submission(admission)


def _candidate(url: str, title: str, description: str) -> Candidate:
    if canonical_url(url) is None:
        raise InputError("url: not an address of the form https://host/path; give the work's own page")
    if not clean(title, MAX_TITLE):
        raise InputError("title: empty; give the name of the work")
    external_id = fingerprint(f"{url} {timezone.now().isoformat()}")
    return Candidate(external_id, title, description, url.strip(), published_at=timezone.now())


def _submission(admission: Admission) -> Submission:
    """A copy is answered with the Item that it copies."""
    face = admission.item.duplicate_of
    return Submission(
        item=face or admission.item,
        outcome=admission.verdict.outcome,
        reason=admission.verdict.reason,
        duplicate_of=face.pk if face else None,
    )


def preview(title: str, description: str) -> Answer:
    """What the classifier would make of a text, before anybody sends it; nothing is stored."""
    return classify_documents([document(title, description)], model=champion())[0]
