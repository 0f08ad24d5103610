"""Serve a model folder: verified whole before anything of it is used, and quick. Imports nothing that training needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winnow.core.errors import ArtifactError, ConflictError
from winnow.core.policy import Policy
from winnow.core.text import joined
from winnow.core.values import Certificate, Classification, Document, Tag
from winnow.ml.artifacts import read_artifact
from winnow.ml.base import Predictor, Vectors
from winnow.ml.dummy import DummyPredictor
from winnow.ml.encoder import Encoder
from winnow.ml.linear import LinearPredictor
from winnow.ml.rules import RulePredictor

KIND = "classifier"
MODEL_FILE = "model.json"
PREDICTOR_FILE = "predictor.json"
_PREDICTORS: Mapping[str, type[Predictor]] = {
    "dummy": DummyPredictor,
    "rules": RulePredictor,
    "linear": LinearPredictor,
}


@dataclass(frozen=True, slots=True)
class Model:
    """A loaded artifact. `sha256` is that of its manifest and so of all of it; `card` says how it came to be."""

    predictor: Predictor
    policy: Policy
    card: Mapping[str, Any]
    recipe: Mapping[str, Any]
    dataset_sha256: str
    encoder_sha256: str | None
    sha256: str

    @property
    def classes_(self) -> tuple[str, ...]:
        """The tags, in the order of the probabilities."""
        return self.predictor.classes_

    @property
    def needs_encoder(self) -> bool:
        """Whether `classify` needs an encoder or vectors."""
        return self.predictor.needs_encoder

    def classify(
        self, documents: Sequence[Document], encoder: Encoder | None = None, vectors: Vectors | None = None
    ) -> list[Classification]:
        """One Classification a document, in order, whatever the other documents are.

        `vectors` (n, d) are those of the encoder that the model was trained with; without them `encoder` makes them.
        Raises ConflictError where it is another encoder, or none and one is needed.
        """
        if not self.needs_encoder:
            return self.predictor.classify(documents)
        if vectors is None:
            vectors = self._encode(documents, encoder)
        return self.predictor.classify(documents, vectors)

    def _encode(self, documents: Sequence[Document], encoder: Encoder | None) -> Vectors:
        if encoder is None:
            raise ConflictError("this model needs an encoder; set WINNOW_ENCODER")
        self.check_encoder(encoder)
        return encoder.encode([joined(doc) for doc in documents])

    def check_encoder(self, encoder: Encoder) -> None:
        """Raises ConflictError where this is not the encoder whose vectors the model reads."""
        if encoder.sha256 != self.encoder_sha256:
            raise ConflictError(
                "this model was trained with another encoder; train it again or set WINNOW_ENCODER back"
            )


def load_artifact(folder: Path, tags: Sequence[Tag]) -> Model:
    """The model in a folder, for exactly the approved `tags` in their order.

    Raises ArtifactError, in one line, for anything torn, changed, hostile, or made for other tags.
    """
    artifact = read_artifact(folder, KIND)
    try:
        model = artifact.texts[MODEL_FILE]
        classes = tuple(model["classes"])
        if classes != tuple(tag.slug for tag in tags):
            raise ArtifactError(
                f"{folder}: was trained for the tags {', '.join(classes)}; train it for the list in force"
            )
        kind = _PREDICTORS[model["recipe"]["kind"]]
        predictor = kind.restore(classes, dict(artifact.arrays), artifact.texts[PREDICTOR_FILE])
        return Model(
            predictor=predictor,
            policy=policy_from_json(model["policy"]),
            card=model["card"],
            recipe=model["recipe"],
            dataset_sha256=model["dataset_sha256"],
            encoder_sha256=model["encoder_sha256"],
            sha256=artifact.sha256,
        )
    except (KeyError, ValueError, TypeError, IndexError, AttributeError) as error:
        raise ArtifactError(f"{folder}: does not hold what a model has to hold ({error!r}); train it again") from error


def policy_from_json(value: Mapping[str, Any]) -> Policy:
    """The Policy that `dataclasses.asdict` made this of."""
    certificate = value["certificate"]
    return Policy(
        threshold=value["threshold"],
        per_tag=dict(value["per_tag"]),
        certificate=None if certificate is None else Certificate(**certificate),
        provenance=value["provenance"],
        is_provisional=value["is_provisional"],
        withdrawn=tuple(value.get("withdrawn", ())),
    )
