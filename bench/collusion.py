"""What one colluding reviewer in five does to the next model, over the services that production uses.

Five reviewers answer hidden gold and then works of ../shared/data/text/lists_labelled.csv; in the second run one of them
says the same wrong tag wherever it is not asked for by chance. The models are compared on works that nobody was asked
about. Writes results/collusion.json. Bar: precision falls by at most one point.
"""

import random
from collections.abc import Sequence

from django.db import transaction

from record import SHARED, record
from throwaway import ensure_ready
from winnow.core.values import Example
from winnow.home import DATA
from winnow.ml.paired import Answers, precision_difference
from winnow.models import Account, Item, Label, ReviewTask, Tag
from winnow.queries.reviewers import reviewers
from winnow.services.deploy import load_version, version_of
from winnow.services.encode import encode
from winnow.services.examples import examples_of_files
from winnow.services.freeze import freeze_dataset
from winnow.services.hide_gold import hide_gold
from winnow.services.review import label_task, open_task
from winnow.services.simulate import Promise, enter
from winnow.services.taxonomy import approved_list
from winnow.services.train import train_model

import numpy as np  # isort: skip

N_LABELS, N_REVIEWERS, N_GOLD = 400, 5, 12
WRONG = "mlops"


def main() -> None:
    """Label honestly, train; let one lie, train again; compare."""
    ensure_ready()
    tags = approved_list()
    known = examples_of_files(sorted((DATA / "gold").glob("*.csv")), tags)
    works = examples_of_files([SHARED / "text" / "lists_labelled.csv"], tags)
    random.Random(11).shuffle(works)
    asked, unseen = works[:N_LABELS], works[N_LABELS:]
    stream = enter(known, asked, promise=Promise()).people.tags
    honest = _run(stream, unseen, n_liars=0)
    _forget()
    lying = _run(stream, unseen, n_liars=1)
    change = precision_difference(lying[0], honest[0])
    record(
        "collusion",
        {
            "reviewers": N_REVIEWERS,
            "labels": N_LABELS,
            "hidden gold each": N_GOLD,
            "precision without": round(float(honest[0].is_right.mean()), 4),
            "precision with one liar of five": round(float(lying[0].is_right.mean()), 4),
            "change": f"{change.value:+.4f} ({change.low:+.4f} to {change.high:+.4f}, n={change.n})",
            "standings without": honest[1],
            "standings with": lying[1],
        },
    )


def _run(stream: dict[int, str], unseen: Sequence[Example], *, n_liars: int) -> tuple[Answers, list[str]]:
    """The next model's answers to works that nobody was asked about, and what became of the reviewers."""
    people = [Account.objects.create(name=f"r{n} {n_liars}", role="reviewer") for n in range(N_REVIEWERS)]
    tags, liars = Tag.objects.in_bulk(), {person.pk for person in people[:n_liars]}
    _answer_gold(liars, tags)
    with transaction.atomic():
        for place, (item, tag) in enumerate(stream.items()):
            person = people[place % N_REVIEWERS]
            task = open_task(item=Item.objects.get(pk=item), reason=ReviewTask.Reason.LOW_CONFIDENCE)
            label_task(task=task, tag=tags[WRONG if person.pk in liars else tag], account=person)
    freeze_dataset(holds_out=False)
    model = load_version(version_of(train_model("best", is_measured=False).model))
    documents = [example.document for example in unseen]
    said = [answer.tag for answer in model.classify(documents, vectors=encode(documents))]
    is_right = np.array([tag == example.tag for tag, example in zip(said, unseen, strict=True)])
    standings = sorted(str(one.standing) for pk, one in reviewers().items() if pk in {p.pk for p in people})
    return Answers(is_right, np.ones(len(is_right), dtype=bool)), standings


def _answer_gold(liars: set[int], tags: dict[str, Tag]) -> None:
    """Everybody answers what is hidden among their tasks, the liar as ever."""
    from django.conf import settings  # noqa: PLC0415 - the number is ours here

    settings.HIDDEN_GOLD = N_GOLD
    hide_gold(seed=5)
    for task in ReviewTask.objects.filter(reason=ReviewTask.Reason.GOLD, closed_at=None).select_related("for_account"):
        truth = Label.objects.filter(item=task.item_id, is_gold=True).order_by("pk").values_list("tag_id", flat=True)[0]
        account = task.for_account
        assert account is not None
        label_task(task=task, tag=tags[WRONG if account.pk in liars else str(truth)], account=account)


def _forget() -> None:
    """What people said in the first run; the seed's own labels stay."""
    Label.objects.filter(account__isnull=False).delete()
    ReviewTask.objects.all().delete()
    Account.objects.filter(role="reviewer").update(role="reader")


if __name__ == "__main__":
    main()
