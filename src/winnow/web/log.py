"""The public log: whatever was decided about works, sources, guidelines and models, newest first."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from winnow.models import Event, Item
from winnow.queries.log import public_events
from winnow.queries.tags import approved_tags
from winnow.web.feeds import KINDS, Entry, Feed, feed_response
from winnow.web.history import sentence_of
from winnow.web.paths import item_path
from winnow.web.phrases import Word

PATH = "/log"
SAYS = gettext_lazy("Whatever was decided here, newest first.")
REMOVED = gettext_lazy("a work that was taken down")
# Of what is not about one work: what happened, with what the Event holds.
OTHERS: dict[str, Word] = {
    "alert.closed": gettext_lazy("What needed a look is in order again: {says}"),
    "alert.opened": gettext_lazy("Somebody must look: {says}"),
    "dataset.frozen": gettext_lazy("The gold data were frozen as {version}: {n} works."),
    "drift.alarmed": gettext_lazy("Drift was found, and people are asked for labels: {says}."),
    "experiment.stopped": gettext_lazy("The experiment on readers {experiment} was stopped: {why}."),
    "guideline.changed": gettext_lazy("The guideline of {tag} was changed; it is version {version} now."),
    "guideline.rejudged": gettext_lazy("Labels under an older guideline are judged again."),
    "model.certified": gettext_lazy("The model {ref} was certified anew."),
    "model.deployed": gettext_lazy("The model {ref} serves as {role}."),
    "model.judged": gettext_lazy("The gates judged the model {ref}: {verdict}."),
    "model.registered": gettext_lazy("The model {ref} was registered."),
    "release.edited": gettext_lazy("{document} of {release} was changed by an owner."),
    "release.signed": gettext_lazy("{release} was signed as {role}."),
    "rows.imported": gettext_lazy("Works were imported from a file."),
    "source.added": gettext_lazy("A source was added: {name}."),
    "source.moved": gettext_lazy("A source has moved: {name}."),
    "source.switched_on": gettext_lazy("A source was switched on: {name}."),
    "source.switched_off": gettext_lazy("A source was switched off: {name}."),
    "tag.burnt": gettext_lazy("The error budget of {tag} is burnt: {says}."),
    "taxonomy.applied": gettext_lazy("The list of approved tags was applied."),
}


@require_safe
def log(request: HttpRequest) -> HttpResponse:
    """A page of the log."""
    page, names = public_events(after=request.GET.get("after", "")), _names()
    rows = [(event, _words(event, names), _path(event)) for event in page.rows]
    return render(request, "log.html", {"rows": rows, "page": page, "feed": _feed([]), "feed_kinds": KINDS})


@require_safe
def feed(request: HttpRequest, form: str) -> HttpResponse:
    """The same for feed readers and programs."""
    names = _names()
    events = public_events(after=request.GET.get("after", "")).rows
    entries = [
        Entry(_path(event) or f"{PATH}?event={event.pk}", _title(event, names), "", event.created_at)
        for event in events
    ]
    return feed_response(request, form, _feed(entries))


def _feed(entries: list[Entry]) -> Feed:
    return Feed(_("Log · Winnow"), str(SAYS), PATH, {}, entries)


def _names() -> dict[str, str]:
    return {tag.slug: tag.name for tag in approved_tags()}


def _title(event: Event, names: Mapping[str, str]) -> str:
    return f"{title_of(event.item)}: {_words(event, names)}" if event.item else _words(event, names)


def title_of(item: Item) -> str:
    """What an Item is called here; what was taken down has no name any more."""
    return str(REMOVED) if item.state == Item.State.REMOVED else str(item)


def _path(event: Event) -> str:
    return item_path(event.item) if event.item and event.item.state != Item.State.REMOVED else ""


def _words(event: Event, names: Mapping[str, str]) -> str:
    if event.item_id is not None:
        return sentence_of(event, names)
    words = OTHERS.get(event.kind)
    if words is None:
        return f"{event.kind.replace('.', ': ').replace('_', ' ').capitalize()}."
    data = {key: names.get(str(value), value) for key, value in event.data.items()}
    return str(words).format_map(_Unknown(data))


class _Unknown(dict[str, object]):
    """What an Event of an older release does not hold."""

    def __missing__(self, key: str) -> str:
        return "?"
