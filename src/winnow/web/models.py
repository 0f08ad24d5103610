"""The registry, and the page of one model."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.queries.datasets import splits_by_sha256
from winnow.queries.evidence import measurements_of
from winnow.queries.models import model_row, model_rows
from winnow.queries.tags import approved_tags
from winnow.services.certificates import policy_in_force
from winnow.services.promises import promises_of
from winnow.web.datasets import SPLITS
from winnow.web.directories import announced
from winnow.web.model_figures import figures_of
from winnow.web.promises import live_of

GATES_SHOWN = 5


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """Every model, newest first, with what serves."""
    return render(request, "models.html", {"models": model_rows()} | announced("models"))


@require_safe
def model(request: HttpRequest, ref: str) -> HttpResponse:
    """One model: what it learned from, what is proved of it, and all that was measured."""
    version, role = model_row(ref)
    tags = list(approved_tags())
    names = {tag.slug: tag.short for tag in tags}
    # Works first, newest first among them; then the tests of behaviour, which are of no data set.
    runs = sorted(measurements_of(version), key=lambda run: not run.of("accuracy"))
    splits = {sha256: (name, SPLITS[split]) for sha256, (name, split) in splits_by_sha256().items()}
    history = list(version.deployments.select_related("takes_back").order_by("-pk"))
    n_per_tag = version.card.get("n_per_tag", {})
    shown = {
        "version": version,
        # What audits proved on the stream counts from when there is some; until then what came with the model.
        "policy": policy_in_force(version) or version.policy,
        "role": role,
        "gates": version.gate_decisions.order_by("-pk")[:GATES_SHOWN],
        "history": history,
        "tags": tags,
        "live": live_of(promises_of(version), tags) if history else None,
        "runs": [(run, figures_of(run, names), splits.get(run.dataset_sha256)) for run in runs],
        "n_per_tag": [(name, n_per_tag[slug]) for slug, name in names.items() if slug in n_per_tag],
    }
    return render(request, "model.html", shown)
