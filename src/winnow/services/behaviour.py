"""What a model does with the behavioural cases of `data/behaviour`."""

from winnow.home import DATA
from winnow.ml.behaviour import BehaviourCard, run_behaviour
from winnow.ml.behaviour_cases import load_cases
from winnow.ml.serving import Model
from winnow.services.encode import encoder

# By the hash of the model: a model's answers to the same cases never change while a process lives.
_cards: dict[str, BehaviourCard] = {}


def behaviour_of(model: Model) -> BehaviourCard:
    """The card of a model; empty for a taxonomy that has no cases. Worked out once a process."""
    if model.sha256 not in _cards:
        cases = load_cases(DATA / "behaviour", model.classes_)
        _cards[model.sha256] = run_behaviour(model, encoder() if model.needs_encoder else None, cases)
    return _cards[model.sha256]
