"""The loop on a labelled stream, through the services of production."""

import random

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from tests.services.loop_cast import rows

from winnow.core.errors import ConflictError, InputError
from winnow.core.text import document
from winnow.core.values import Example
from winnow.models import Item, Label, Prediction
from winnow.services.simulate import Promise, enter

LABELS = 80


def examples(part):
    return [Example(document(title, description), tag, str(n)) for n, (title, description, tag) in enumerate(part)]


@pytest.fixture(scope="module")
def halves():
    """Forty works that are known and a hundred and twenty that stream in."""
    every = rows(20)
    twice = [(f"{title} at night", description, tag) for title, description, tag in every]
    return examples(every[:40]), examples([*every[40:], *twice])


def _number_anew():
    """Begin with the same numbers, which a roll-back of PostgreSQL does not give back: a work's number is part of a data set."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), apps.get_models()):
            cursor.execute(statement)


@pytest.fixture
def replay(tags, halves):
    """Enter the halves and spend the labels; `change` makes other tags of those that people know."""

    def run(change=dict):
        _number_anew()
        with transaction.atomic():
            known, coming = halves
            made = enter(known, coming, promise=Promise(recipe="encoder"))
            made.people.tags = change(made.people.tags)
            steps = [made.begin(), *made.spend(LABELS)]
            decided = {
                int(item.external_id): (item.state, item.tag_id, item.decided_by, item.confidence)
                for item in Item.objects.all()
            }
            asked = {label.item_id for label in Label.objects.filter(account=made.people.account)}
            n_predictions = Prediction.objects.count()
            total = made.total()
            transaction.set_rollback(True)
        return made, steps, decided, asked, n_predictions, total

    return run


def test_the_loop_asks_counts_and_publishes_only_what_is_certified(replay):
    made, steps, decided, asked, _, total = replay()
    assert [step.name for step in steps] == ["begin", "learn", "learn", "learn", "retrain", "audit", "certify"]
    assert made.people.n_asked == len(asked) == total.labels_used == LABELS
    assert [step.labels_used for step in steps] == [0, 9, 18, 27, 27, LABELS, LABELS]
    assert total.published == sum(by == "model" for _, _, by, _ in decided.values())
    assert total.coverage == total.published / (120 - LABELS)
    assert [step.published for step in steps[:-1]] == [0] * 6
    assert total.published > 0
    assert total.published_precision >= 0.9
    assert [stage.labels for stage in made.stages()] == [step.labels_used for step in steps]


def test_tags_that_were_never_asked_change_no_decision(replay):
    made, steps, decided, asked, n_predictions, _ = replay()

    def permuted(tags):
        others = [item for item in tags if item not in asked]
        shuffled = random.Random(1).sample([tags[item] for item in others], len(others))
        return tags | dict(zip(others, shuffled, strict=True))

    again, same_steps, same, same_asked, same_predictions, _ = replay(permuted)
    assert again.people.tags != made.people.tags
    assert (same_steps, same, same_asked, same_predictions) == (steps, decided, asked, n_predictions)


def test_a_home_that_is_in_use_is_refused(make_item, halves):
    make_item()
    with pytest.raises(ConflictError, match="home of its own"):
        enter(*halves, promise=Promise())


@pytest.mark.parametrize("shares", [{"target": 1.0}, {"delta": 0.0}])
def test_a_promise_is_between_nothing_and_certainty(shares):
    with pytest.raises(InputError, match="between 0 and 1"):
        Promise(**shares)
