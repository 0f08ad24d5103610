"""Frozen data sets: what they hold, where it came from, what changed."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.core.charts import matrix_chart
from winnow.models import DatasetVersion
from winnow.queries.datasets import before, dataset_named, dataset_rows, difference
from winnow.queries.tags import approved_tags
from winnow.web.pictures import drawn

SPLITS = {"train": "teaches", "certify": "proves"}
# Of long lists the first so many are named.
NAMED = 20


@require_safe
def datasets(request: HttpRequest) -> HttpResponse:
    """Every version, newest first."""
    return render(request, "datasets.html", {"datasets": dataset_rows()})


@require_safe
def dataset(request: HttpRequest, version: str) -> HttpResponse:
    """One version: its datasheet with pictures and tables, and the difference to the one before."""
    found = dataset_named(version)
    names = {tag.slug: tag.short for tag in approved_tags()}
    earlier = before(found)
    shown = {
        "dataset": found,
        "picture": _picture(found.rows, names),
        "counts": _counts(found.rows, names),
        "origins": [(title, _shares(found.rows, of)) for title, of in ORIGINS.items()],
        "earlier": earlier,
        "change": difference(earlier, found) if earlier else None,
        "named": NAMED,
        "names": names,
        "models": found.model_versions.order_by("-pk"),
    }
    return render(request, "dataset.html", shown)


@require_safe
def download(_request: HttpRequest, version: str) -> StreamingHttpResponse:
    """A version as JSON Lines, row by row with its provenance."""
    found = dataset_named(version)
    answer = StreamingHttpResponse(_lines(found), content_type="application/x-ndjson")
    answer["Content-Disposition"] = f'attachment; filename="{found.version}.jsonl"'
    return answer


def _lines(found: DatasetVersion) -> Iterator[str]:
    for row in found.rows:
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _counts(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> list[tuple[str, int, int]]:
    """Of each tag how many teach and how many prove."""
    n = Counter((row["tag"], row["split"]) for row in rows)
    slugs = [*names, *sorted({row["tag"] for row in rows} - set(names))]
    return [(names.get(slug, slug), n[slug, "train"], n[slug, "certify"]) for slug in slugs]


def _picture(rows: Sequence[Mapping[str, Any]], names: Mapping[str, str]) -> str:
    counts = _counts(rows, names)
    return drawn(
        matrix_chart(
            "Works by tag and by use", [row[0] for row in counts], list(SPLITS.values()), [row[1:] for row in counts]
        )
    )


def _asked(row: Mapping[str, Any]) -> str:
    return str(row.get("label", {}).get("asked", "not recorded")).replace("_", " ")


def _role(row: Mapping[str, Any]) -> str:
    return str(row.get("label", {}).get("role", "not recorded"))


def _year(row: Mapping[str, Any]) -> str:
    return str(row.get("created_on", ""))[:4] or "unknown"


def _source(row: Mapping[str, Any]) -> str:
    return str(row.get("source", "")) or "no source"


ORIGINS = {"Why people were asked": _asked, "Who labelled": _role, "Year of the work": _year, "Source": _source}


def _shares(rows: Sequence[Mapping[str, Any]], of: Any) -> list[tuple[str, int]]:
    """The commonest values of one origin; the rest together."""
    counts = Counter(of(row) for row in rows).most_common()
    rest = sum(n for _, n in counts[NAMED:])
    return [*counts[:NAMED], *([("others", rest)] if rest else [])]
