"""The public history of an Item in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from winnow.models import Event

SENTENCES = {
    "item.admitted": "Came in",
    "item.barred": "Not taken: this work was taken down here",
    "item.withheld": "Withheld: {detail}",
    "item.held": "Kept for a person: {reason}",
    "item.published": "Published under {tag} by {decided_by}",
    "item.retagged": "Moved to {tag} by {decided_by}",
    "item.resembles": "May be the same work as another: {detail}",
    "item.moved": "Its address has moved",
    "item.restored": "Brought back from what is withheld",
    "item.reverted": "A decision was taken back",
    "item.reported": "A reader said that something is wrong",
    "item.report_burst": "Many readers reported it at the same time",
    "item.labelled": "A person said: {tag}",
    "item.edited": "Its submitter changed title or description",
    "item.removed": "Taken off the site",
    "item.appealed": "Its submitter asked for another decision",
    "item.take_down_asked": "Somebody asked for it to be taken down",
    "item.author_submitted": "Sent in by an author of it",
    "item.tag_proposed": "{tag} was proposed with it",
}
DECIDERS = {"model": "the model", "person": "a person"}


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened, and when."""

    at: datetime
    sentence: str


def history_of(events: Iterable[Event], names: Mapping[str, str]) -> list[Moment]:
    """One sentence an Event, in their order; kinds without a sentence are for programs. `names` of tags by slug."""
    return [Moment(event.created_at, sentence_of(event, names)) for event in events if event.kind in SENTENCES]


def sentence_of(event: Event, names: Mapping[str, str]) -> str:
    """What happened to an Item, as a sentence; a kind without one by its name."""
    if event.kind not in SENTENCES:
        return f"{event.kind.replace('.', ': ').replace('_', ' ').capitalize()}."
    data = event.data
    slug = data.get("tag") or ""
    words = SENTENCES[event.kind].format(
        tag=names.get(slug, slug or "not machine learning"),
        detail=data.get("detail") or "no reason was given",
        reason=data.get("reason") or "no reason was given",
        decided_by=DECIDERS.get(data.get("decided_by", ""), "somebody"),
    )
    return words.removesuffix(".") + "."
