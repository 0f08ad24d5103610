"""Filters and tags of every template: what a page says of a time, an Item, a Source."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path, PurePath

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as written
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from winnow.core.highlight import Wanted, excerpt, parts_of
from winnow.core.urls import canonical_url
from winnow.core.values import Interval
from winnow.models import Item, Source, Tag
from winnow.web import phrases
from winnow.web.paths import item_path
from winnow.web.popularity import factors_of
from winnow.web.problems import problem_in_words

register = template.Library()
register.filter(phrases.counted)
register.filter(phrases.coded)
register.filter(phrases.either)
register.filter(phrases.ends)
register.filter(phrases.in_words)
register.filter(phrases.figure)
register.filter(phrases.change)
register.filter(phrases.share)
register.filter(phrases.signed)
register.filter(phrases.one_in)
register.filter(phrases.percent)
register.filter(phrases.per_thousand)
register.filter(phrases.reason_in_words)
register.filter(phrases.stop)
register.filter(problem_in_words)
register.filter("path", item_path)
register.filter("factors", factors_of)

TASKS: dict[str, phrases.Word] = {
    "low_confidence": gettext_lazy("The classifier was not sure"),
    "audit": gettext_lazy("Drawn at random, to check how often the classifier is right"),
    "reported": gettext_lazy("A reader said that something is wrong"),
    "duplicate_pair": gettext_lazy("This may be a copy of another work"),
    "probation": gettext_lazy("The model is sure, but the source is on probation"),
    "restored": gettext_lazy("Brought back from what is withheld"),
    "withheld_audit": gettext_lazy("Drawn at random from what is withheld: was it good?"),
    "disagreement": gettext_lazy("People disagreed about it"),
    "label_error": gettext_lazy("Its label looks like a slip"),
    "drift": gettext_lazy("What comes in has changed"),
    "rare_tag": gettext_lazy("It may belong to a tag of which there is little"),
    "guideline": gettext_lazy("Its guideline has changed since it was labelled"),
    "gold": gettext_lazy("Drawn at random"),
    "appeal": gettext_lazy("Its author asks to look again"),
    "take_down": gettext_lazy("Somebody asks to take it down"),
    "edited": gettext_lazy("Its submitter changed its text after somebody decided"),
}

EVENTS: dict[str, phrases.Word] = {
    "source.added": gettext_lazy("added"),
    "source.trusted": gettext_lazy("trusted"),
    "source.on_probation": gettext_lazy("on probation"),
    "source.moved": gettext_lazy("moved"),
    "source.switched_on": gettext_lazy("switched on"),
}
SPARK_WIDTH, SPARK_HEIGHT = 160, 24


@register.simple_tag
def when(at: datetime) -> SafeString:
    """How long ago, with the instant itself for programs and for who points at it."""
    at = timezone.localtime(at)
    full = f"{written(at, _('j F Y, H:i'))} {at:%Z}"
    ago = phrases.ago(at, timezone.now())
    return format_html('<time datetime="{}" title="{}">{}</time>', f"{at:%Y-%m-%dT%H:%M:%S%z}", full, ago)


@register.filter
def named(names: Mapping[str, str], slug: str) -> str:
    """The name of a tag by its slug; a retired one goes by its slug."""
    return names.get(slug, slug)


@register.filter
def web_address(url: str) -> str:
    """The address where it may be linked to (http, https), else nothing: never `javascript:` and its kin."""
    return url if canonical_url(url) is not None else ""


@register.filter
def is_provisional(item: Item) -> bool:
    """Whether a model decided under thresholds that are not yet proved on this installation's own stream."""
    if item.decided_by != Item.DecidedBy.MODEL or item.model_version is None:
        return False
    return bool(item.model_version.policy["is_provisional"])


@register.simple_tag
def mark(item: Item, kind: str, kept: Collection[int]) -> SafeString:
    """The button that sets a mark on an Item, or takes it back where `kept` has it."""
    is_on = item.pk in kept
    word = (
        format_html('{}<span class="unseen">{}</span>', phrases.MARKS[kind][1], _(", take back"))
        if is_on
        else phrases.MARKS[kind][0]
    )
    return format_html(
        '<button class="act{}" form="mark" formaction="/i/{}/{}?on={}" data-mark="{}" aria-describedby="t{}">{}</button>',
        " on" if is_on else "",
        item.pk,
        kind,
        int(not is_on),
        kind,
        item.pk,
        word,
    )


@register.simple_tag
def follow(tag: Tag, followed: Collection[str]) -> SafeString:
    """The button that follows a tag, or does so no more."""
    is_on = tag.slug in followed
    return format_html(
        '<button class="act{}" form="mark" formaction="/t/{}/follow?on={}" data-mark="follow">{}'
        '<span class="unseen"> {}{}</span></button>',
        " on" if is_on else "",
        tag.slug,
        int(not is_on),
        _("Following") if is_on else _("Follow"),
        tag.name,
        _(", stop") if is_on else "",
    )


@register.filter
def n_votes(item: Item) -> int:
    """How many voted for an Item."""
    return int(item.heat.get("votes", 0)) + int(item.heat.get("new_votes", 0))


@register.filter
def why_chip(item: Item) -> str:
    """One sentence that says why the Item bears its tag."""
    if item.seen_tag is not None:
        return "Another model gives this tag; it is shown to some readers, to compare."
    if item.decided_by == Item.DecidedBy.PERSON:
        return _("A person decided.")
    if item.confidence is None:
        return _("Nobody has decided yet.")
    sure = f"{phrases.in_words(item.confidence)} ({phrases.figure(item.confidence)})"
    if item.decided_by != Item.DecidedBy.MODEL:
        return _("Likeliest, but {sure}: a person will look.").format(sure=sure)
    if is_provisional(item):
        return _("The model {model} decided, {sure}; provisional.").format(model=item.model_version, sure=sure)
    return _("The model {model} decided, {sure}.").format(model=item.model_version, sure=sure)


@register.filter
def task_in_words(reason: str) -> str:
    """Why a task is in the queue."""
    return str(TASKS.get(reason, reason))


@register.filter
def address_of(source: Source) -> str:
    """Where a source is, as anybody may know it: of a file the name alone, not the folders of this machine."""
    return PurePath(source.address).name if source.kind == "file" else source.address


@register.simple_tag
def spark(values: Sequence[float], said: str) -> SafeString:
    """A small picture of how values went, oldest on the left; `said` is what it tells to who cannot see it."""
    top = max(values, default=0.0) or 1.0
    step = SPARK_WIDTH / max(len(values) - 1, 1)
    points = " ".join(
        f"{n * step:.1f},{SPARK_HEIGHT - 1 - value / top * (SPARK_HEIGHT - 2):.1f}" for n, value in enumerate(values)
    )
    return format_html(
        '<svg class="spark" viewBox="0 0 {} {}" role="img" aria-label="{}"><polyline points="{}"/></svg>',
        SPARK_WIDTH,
        SPARK_HEIGHT,
        said,
        points,
    )


@register.simple_tag
def interval(of: Interval) -> SafeString:
    """A thin line from the low to the high end of a share, with a dot at its value; from .5 to 1 across."""
    low, value, high = (max(0.0, (end - 0.5) / 0.5) * SPARK_WIDTH for end in (of.low, of.value, of.high))
    return format_html(
        '<svg class="spark interval" viewBox="-4 0 {} {}" aria-hidden="true"><path class="axis" d="M0 12H{}"/>'
        '<path d="M{} 12H{}"/><circle cx="{}" cy="12" r="3.5"/></svg>',
        SPARK_WIDTH + 8,
        SPARK_HEIGHT,
        SPARK_WIDTH,
        f"{low:.1f}",
        f"{high:.1f}",
        f"{value:.1f}",
    )


@register.filter
def pause(seconds: float) -> str:
    """How long something takes: `3 hours`."""
    return phrases.lasting(seconds)


@register.filter
def event_in_words(kind: str) -> str:
    """What happened to a source."""
    return str(EVENTS.get(kind, kind))


@register.simple_tag
def asset(name: str) -> str:
    """The address of one of our static files, with its content's hash, so that it can be cached for long."""
    return _versioned(f"winnow/{name}")


@lru_cache
def _versioned(file: str) -> str:
    found = finders.find(file)
    if not isinstance(found, str):
        raise template.TemplateSyntaxError(f"there is no static file {file}")
    return f"{static(file)}?v={hashlib.sha256(Path(found).read_bytes()).hexdigest()[:8]}"


@register.simple_tag
def marked(text: str, wanted: Wanted) -> SafeString:
    """A text in which the words of a query are marked; everything else of it stays text."""
    return format_html_join(
        "",
        "{}",
        ((format_html("<mark>{}</mark>", part.text) if part.is_hit else part.text,) for part in parts_of(text, wanted)),
    )


@register.simple_tag
def marked_excerpt(text: str, wanted: Wanted) -> SafeString:
    """The part of a long text that holds the words of a query, marked."""
    return marked(excerpt(text, wanted), wanted)


@register.filter
def spaced(code: str) -> str:
    """A name of ours as words: `in review`."""
    return code.replace("_", " ")


@register.filter
def with_filter(q: str, filtered: str) -> str:
    """A query narrowed by one more filter."""
    return q if filtered in q.split() else f"{q} {filtered}"


@register.filter
def tag_links(tags: Iterable[Tag]) -> SafeString:
    """Tags as links in a row, for a sentence."""
    return format_html_join(", ", '<a href="/t/{}">{}</a>', ((tag.slug, tag.short) for tag in tags))
