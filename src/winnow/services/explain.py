"""Work out which words counted for a decision, and keep them with it."""

from winnow.core.values import Document
from winnow.ml.encoder import Progress
from winnow.ml.explain import explain
from winnow.ml.serving import Model
from winnow.models import ModelVersion, Prediction
from winnow.services.deploy import load_version, serving
from winnow.services.encode import encoder


def explain_item(item_id: int) -> bool:
    """Store the words that counted for the newest prediction of an Item. False where there is nothing to explain."""
    prediction = (
        Prediction.objects.select_related("item", "model_version").filter(item_id=item_id).order_by("-pk").first()
    )
    if prediction is None or prediction.words is not None:
        return False
    model = _model(prediction.model_version)
    document = Document(prediction.item.title, prediction.item.description)
    explanation = explain(model, document, encoder=encoder() if model.needs_encoder else None)
    words = [[word, round(change, 4)] for word, change in explanation.words]
    return bool(Prediction.objects.filter(pk=prediction.pk, words__isnull=True).update(words=words))


def _model(version: ModelVersion) -> Model:
    """What serves is held already; another is read from its folder."""
    champion = serving("champion")
    return champion.loaded if champion and champion.version == version else load_version(version)


def explain_waiting(*, progress: Progress | None = None) -> int:
    """Explain every decision that is not explained yet; returns how many."""
    waiting = list(Prediction.objects.filter(words__isnull=True).order_by("pk").values_list("item_id", flat=True))
    n_done = 0
    for position, item_id in enumerate(waiting, start=1):
        n_done += explain_item(item_id)
        if progress is not None:
            progress(position, len(waiting))
    return n_done
