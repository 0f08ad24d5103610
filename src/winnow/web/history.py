"""The public history of an Item in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from winnow.models import Event
from winnow.web.phrases import Word

SENTENCES: dict[str, Word] = {
    "item.admitted": gettext_lazy("Came in"),
    "item.barred": gettext_lazy("Not taken: this work was taken down here"),
    "item.withheld": gettext_lazy("Withheld: {detail}"),
    "item.held": gettext_lazy("Kept for a person: {reason}"),
    "item.published": gettext_lazy("Published under {tag} by {decided_by}"),
    "item.retagged": gettext_lazy("Moved to {tag} by {decided_by}"),
    "item.resembles": gettext_lazy("May be the same work as another: {detail}"),
    "item.moved": gettext_lazy("Its address has moved"),
    "item.restored": gettext_lazy("Brought back from what is withheld"),
    "item.reverted": gettext_lazy("A decision was taken back"),
    "item.reported": gettext_lazy("A reader said that something is wrong"),
    "item.report_burst": gettext_lazy("Many readers reported it at the same time"),
    "item.labelled": gettext_lazy("A person said: {tag}"),
    "item.edited": gettext_lazy("Its submitter changed title or description"),
    "item.removed": gettext_lazy("Taken off the site"),
    "item.appealed": gettext_lazy("Its submitter asked for another decision"),
    "item.take_down_asked": gettext_lazy("Somebody asked for it to be taken down"),
    "item.author_submitted": gettext_lazy("Sent in by an author of it"),
    "item.tag_proposed": gettext_lazy("{tag} was proposed with it"),
}
DECIDERS: dict[str, Word] = {"model": gettext_lazy("the model"), "person": gettext_lazy("a person")}


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
    words = str(SENTENCES[event.kind]).format(
        tag=names.get(slug, slug or _("not machine learning")),
        detail=data.get("detail") or _("no reason was given"),
        reason=data.get("reason") or _("no reason was given"),
        decided_by=DECIDERS.get(data.get("decided_by", ""), _("somebody")),
    )
    return words.removesuffix(".") + "."
