"""`POST /classify`."""

from django.http import HttpRequest
from ninja import Router

from winnow.api.auth import Token
from winnow.api.quick import SERVED
from winnow.api.schemas import AnswersOut, ClassifyIn
from winnow.core.text import document
from winnow.models import Scope
from winnow.services.classify import champion, classify_documents

router = Router()


@router.post("/classify", auth=Token(Scope.CLASSIFY), response=AnswersOut, summary="Classify documents")
def classify(request: HttpRequest, body: ClassifyIn) -> dict[str, object]:
    """Tag, calibrated confidence and decision for each document; nothing is stored.

    A model that is away means the decision review, with no tag.
    """
    documents = [document(given.title, given.description) for given in body.items]
    model = champion()
    # For `api/quick.py`, which answers the next such call.
    request.META[SERVED] = model
    answers = classify_documents(documents, model=model)
    return {"items": [answer.as_json() for answer in answers]}
