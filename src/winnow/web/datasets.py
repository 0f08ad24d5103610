"""Frozen data sets: what they hold, where it came from, what changed."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from winnow.core.charts import bar_chart, matrix_chart
from winnow.core.errors import NotFoundError
from winnow.core.label_formats import FORMATS
from winnow.core.urls import site_of
from winnow.models import Account, DatasetVersion
from winnow.queries.datasets import (
    Change,
    Difference,
    before,
    dataset_named,
    dataset_rows,
    difference,
    taken_down,
)
from winnow.queries.evidence import measured_on
from winnow.queries.tags import approved_tags
from winnow.services.exchange_labels import WHAT, export_labels
from winnow.services.freeze import NEWEST
from winnow.web.access import requires
from winnow.web.directories import announced
from winnow.web.phrases import Word, language_in_words
from winnow.web.pictures import drawn

FILES = {
    "jsonl": ("application/x-ndjson", "jsonl"),
    "csv": ("text/csv; charset=utf-8", "csv"),
    "doccano": ("application/x-ndjson", "jsonl"),
    "label-studio": ("application/json", "json"),
}
Row = Mapping[str, Any]
SPLITS: dict[str, Word] = {"train": gettext_lazy("teaches"), "certify": gettext_lazy("proves")}
# Of long lists the first so many are named.
NAMED = 20
# A picture of more bars is hard to read; the table beside it has them.
BARS = 12


@dataclass(frozen=True, slots=True)
class Origin:
    """How many works there are of each kind of one thing, as a picture and as rows for the table of the same."""

    title: str
    rows: Sequence[tuple[str, int]]
    picture: SafeString


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """Every version, newest first."""
    return render(
        request, "datasets.html", {"datasets": dataset_rows(), "what": WHAT, "forms": FORMATS} | announced("datasets")
    )


@require_safe
def dataset(request: HttpRequest, version: str) -> HttpResponse:
    """One version: its datasheet with pictures and tables, and the difference to another, the one before unless named."""
    found = dataset_named(version)
    since = request.GET.get("since", "")
    earlier = dataset_named(since) if since else before(found)
    names = {tag.slug: tag.short for tag in approved_tags()}
    counts = _counts(found.rows, names)
    change = difference(earlier, found) if earlier else None
    hidden = taken_down()
    shown = {
        "dataset": found,
        "n_hidden": sum(row["item"] in hidden for row in found.rows),
        "picture": _picture(counts),
        "counts": counts,
        "origins": _origins(found),
        "people": _people(found.rows),
        "found": _checks(found.checks),
        "measured": measured_on(found.checks.get("examples_sha256", {}).get("certify", "")),
        "earlier": earlier,
        "others": [one for one in dataset_rows() if one.pk != found.pk],
        "change": change,
        "changes": _changes(change) if change else [],
        "newest": NEWEST,
        "named": NAMED,
        "names": names,
        "models": found.model_versions.order_by("-pk"),
    }
    return render(request, "dataset.html", shown)


@require_safe
def download(_request: HttpRequest, version: str) -> StreamingHttpResponse:
    """A version as JSON Lines, row by row with its provenance; a row file, too, so that commands read it.

    Without the works that were taken down since.
    """
    found = dataset_named(version)
    answer = StreamingHttpResponse(_lines(found), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{found.version}.jsonl"'
    return answer


@require_safe
@requires("adjudicate")
def export(_request: HttpRequest, _account: Account, what: str, form: str) -> HttpResponseBase:
    """Labels, or works that wait for one, as other tools read them."""
    if what not in WHAT or form not in FORMATS:
        raise NotFoundError(f"there is no such file; there are {', '.join(WHAT)} as {', '.join(FORMATS)}")
    kind, ending = FILES[form]
    answer = StreamingHttpResponse(export_labels(form, what=what), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{what}-{form}.{ending}"'
    return answer


def _lines(found: DatasetVersion) -> Iterator[str]:
    hidden = taken_down()
    for row in (row for row in found.rows if row["item"] not in hidden):
        yield json.dumps({"id": row["item"], **row}, ensure_ascii=False) + "\n"


def _counts(rows: Sequence[Row], names: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Of each tag how many teach and how many prove."""
    n = Counter((row["tag"], row["split"]) for row in rows)
    slugs = [*names, *sorted({row["tag"] for row in rows} - set(names))]
    return [(names.get(slug, slug), n[slug, "train"], n[slug, "certify"]) for slug in slugs]


def _picture(counts: Sequence[tuple[str, int, int]]) -> SafeString:
    rows, cells = [row[0] for row in counts], [row[1:] for row in counts]
    return drawn(matrix_chart(_("Works by tag and by use"), rows, [str(use) for use in SPLITS.values()], cells))


def _checks(checks: Mapping[str, Any]) -> list[tuple[str, list[str]]]:
    """Each check with what it has to say; nothing where all is as it should be."""
    found = checks.get("findings", [])
    looked_at = checks.get("looked_at") or sorted({one["check"] for one in found})
    return [(check, [one["message"] for one in found if one["check"] == check]) for check in looked_at]


def _people(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    """By role how many people labelled, and how much; nobody is named."""
    by_role = Counter(_role(row) for row in rows)
    people = Counter(role for role, who in {(_role(row), row.get("label", {}).get("by", 0)) for row in rows} if who)
    return [(role, people[role], n) for role, n in by_role.most_common()]


def _changes(change: Difference) -> list[tuple[str, Sequence[Change], bool, bool]]:
    """Each list with its name, and whether its works had a tag before and have one now."""
    return [
        (_("Added"), change.added, False, True),
        (_("Removed"), change.removed, True, False),
        (_("Another tag"), change.changed, True, True),
    ]


def _asked(row: Row) -> str:
    return str(row.get("label", {}).get("asked", "not recorded")).replace("_", " ")


def _role(row: Row) -> str:
    return str(row.get("label", {}).get("role", "not recorded"))


def _year(row: Row) -> str:
    return str(row.get("created_on", ""))[:4] or _("unknown")


def _source(row: Row) -> str:
    """Where a work came in, or where it lies where it came with its label."""
    return str(row.get("source", "")) or site_of(str(row.get("url", ""))) or _("none")


def _origins(found: DatasetVersion) -> list[Origin]:
    languages = [(language_in_words(code), n) for code, n in found.checks.get("languages", {}).items()]
    years = sorted(Counter(_year(row) for row in found.rows).items())
    kinds = {
        _("Sources"): _commonest(found.rows, _source),
        _("Languages"): _cut(languages),
        _("Year of the work"): years[-NAMED:],
        _("Why people were asked"): _commonest(found.rows, _asked),
    }
    return [Origin(title, rows, _bars(title, rows)) for title, rows in kinds.items() if rows]


def _bars(title: str, rows: Sequence[tuple[str, int]]) -> SafeString:
    """The first of what is ordered by number, the newest of years."""
    shown = rows[-BARS:] if title == _("Year of the work") else rows[:BARS]
    return drawn(bar_chart(_("Works by: {what}").format(what=title.lower()), shown))


def _commonest(rows: Sequence[Row], of: Callable[[Row], str]) -> list[tuple[str, int]]:
    return _cut(Counter(of(row) for row in rows).most_common())


def _cut(counts: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """The first of them, and the rest together."""
    rest = sum(n for _, n in counts[NAMED:])
    return [*counts[:NAMED], *([(_("others"), rest)] if rest else [])]
