"""The cast, and what tests share."""

import fcntl
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYetError
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from threading import Barrier

import pytest

# Long enough for what does not wait to come through, on a busy machine too.
MEANWHILE_SECONDS = 0.5
SHARED = Path(__file__).parents[1].parent / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data():
    """Real material beside the checkout; tests that need it say in one line when it is not there."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared/data beside this checkout")
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def _emptied_between_tests():
    """The database guards rows that are written once; a test's own database is emptied as a whole all the same."""
    from django.db.backends.base.operations import BaseDatabaseOperations

    from winnow.models import guards

    flush = BaseDatabaseOperations.execute_sql_flush

    def lifted(operations, statements):
        guards.lift(operations.connection)
        flush(operations, statements)

    BaseDatabaseOperations.execute_sql_flush = lifted
    yield
    BaseDatabaseOperations.execute_sql_flush = flush


@pytest.fixture(autouse=True)
def _no_chance_in_the_queue(settings):
    """Whether a task is blind, or asks two people, is drawn at random; tests that are about it say so."""
    settings.REVIEW_BLIND = settings.REVIEW_OVERLAP = 0
    settings.REVIEW_PRACTICE = False


@pytest.fixture(autouse=True)
def _counts_are_fresh(monkeypatch):
    """Counting takes long on a busy machine; what is remembered then is another test's."""
    monkeypatch.setattr("winnow.queries.counts.SLOW_SECONDS", float("inf"))


@pytest.fixture(autouse=True)
def _counts_of_readers_wait(monkeypatch):
    """What readers do is written by and by, from a thread; tests that are about it write it themselves."""
    monkeypatch.setattr("winnow.services.value.FLUSH_SECONDS", float("inf"))


@pytest.fixture
def tags(db):
    """The starter taxonomy, by slug."""
    from django.conf import settings

    from winnow.services.taxonomy import apply_taxonomy

    return {tag.slug: tag for tag in apply_taxonomy(settings.TAXONOMY)}


@pytest.fixture
def cast(db):
    """One account of each role: `cast.reader`, `cast.reviewer`, `cast.other_reviewer`, `cast.operator`, ..."""
    from types import SimpleNamespace

    from winnow.models import Account, Role

    accounts = {role.value: Account.objects.create(name=role.value, role=role) for role in Role}
    other = Account.objects.create(name="other-reviewer", role=Role.REVIEWER)
    return SimpleNamespace(**accounts, other_reviewer=other)


@pytest.fixture
def make_item(tags):
    """A maker of Items in any state, straight through the one writer of states."""
    from winnow.models import Item
    from winnow.services import publish

    numbers = count(1)

    def make(title="", *, state="admitted", tag="mlops", likely_tag="mlops", confidence=0.6, **fields):
        n = next(numbers)
        item = Item(
            external_id=f"made-{n}",
            title=title or f"Work number {n}",
            url=fields.pop("url", f"https://example.org/works/{n}"),
            site="example.org",
            dated_at=fields.pop("dated_at", datetime(2026, 11, 1, n % 24, tzinfo=UTC)),
            description=fields.pop("description", "What it is about."),
            **fields,
        )
        if state == "rejected":
            return publish.enter_item(item, state=Item.State.REJECTED, reason="off_topic", detail="not ours")
        if state == "duplicate":
            return publish.enter_item(item, state=Item.State.DUPLICATE, reason="duplicate", detail="the same address")
        publish.enter_item(item)
        if state == "in_review":
            publish.hold_item(
                item, likely_tag=tags[likely_tag], confidence=confidence, model_version=None, reason="not sure"
            )
        if state == "published":
            publish.publish_item(item, tag=tags[tag], decided_by=Item.DecidedBy.PERSON)
        return item

    return make


@pytest.fixture
def at_once():
    """Run calls side by side, each in a thread with a connection of its own: their answers, or what they raised."""
    return _side_by_side


def _side_by_side(calls):
    def run(call):
        from django.db import connection

        try:
            start.wait()
            return call()
        except Exception as error:  # noqa: BLE001 - it is the answer
            return error
        finally:
            connection.close()

    start = Barrier(len(calls))
    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def meanwhile():
    """Run one call to its end, and another beside it before the first has committed: it must not end until then.

    `meanwhile(first, second)` gives both answers; with `commits=False` the first is taken back.
    """

    def meanwhile(first, second, *, commits=True):
        from django.db import transaction

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                done = first()
                other = pool.submit(lambda: _side_by_side([second])[0])
                with pytest.raises(NotYetError):
                    other.result(timeout=MEANWHILE_SECONDS)
                transaction.set_rollback(not commits)
            return done, other.result(timeout=60)

    return meanwhile


@pytest.fixture(scope="session")
def once(tmp_path_factory):
    """`once(name, make)`: a folder that `make(folder)` fills, once for all processes of this run and for no other run."""
    mine = tmp_path_factory.getbasetemp()
    shared = mine.parent if "PYTEST_XDIST_WORKER" in os.environ else mine

    def once(name, make):
        folder = shared / name
        folder.mkdir(exist_ok=True)
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (folder / "made").exists():
                make(folder)
                (folder / "made").touch()
        return folder

    return once


@pytest.fixture(scope="session")
def trained_folder(once):
    """The folder of a model trained by the best recipe on the starter works, as this process's home holds it."""
    from django.conf import settings

    folder = settings.HOME / "models" / "shared-by-tests"
    shutil.copytree(once("trained", _train) / "model", folder)
    return folder


def _train(shared):
    from django.conf import settings

    from winnow.home import DATA
    from winnow.ml.encoder import load_encoder
    from winnow.ml.job import TrainingJob
    from winnow.ml.recipes import load_recipe
    from winnow.ml.taxonomy import load_taxonomy
    from winnow.ml.train import train
    from winnow.services.examples import examples_of_files

    tags = load_taxonomy(settings.TAXONOMY)
    examples = examples_of_files(sorted((DATA / "gold").glob("*.csv")), tags)
    job = TrainingJob(
        recipe=load_recipe("best"),
        examples=[example for n, example in enumerate(examples) if n % 4],
        held_out=[example for n, example in enumerate(examples) if not n % 4],
        tags=tags,
        encoder=load_encoder(settings.ENCODER, settings.CACHE),
        provenance="for tests",
    )
    train(job, shared / "model")


@pytest.fixture
def deployed():
    """The rows of a deployment and of the gate that it rests on, for a model without a folder."""
    from winnow.models import Deployment, GateDecision

    def make(version, role="champion", verdict="passed", **fields):
        hashes = {
            "model_sha256": version.manifest_sha256,
            "dataset_sha256": version.dataset_sha256,
            "policy_sha256": "p",
            "code_sha256": "c",
        }
        gate = GateDecision.objects.create(model_version=version, role=role, verdict=verdict, checks=[], **hashes)
        own = {"role": role, "model_version": version, "gate": gate, "reason": "r"}
        return Deployment.objects.create(**(own | hashes | fields))

    return make


@pytest.fixture
def let_serve():
    """Deploy a model that "passed": what the gates themselves do is shown in the tests of the gates."""
    from winnow.ml.gates import Check, Verdict
    from winnow.services.deploy import deploy
    from winnow.services.gates import keep_decision
    from winnow.services.trial import Trial

    def serve(version, role="champion", reason="for tests", **others):
        gate = keep_decision(Trial(version, role), [Check("for tests", Verdict.PASSED, "as tests want it")])
        return deploy(gate, reason=reason, **others)

    return serve


@pytest.fixture
def undeploy():
    """Forget every deployment, which nobody but a test may do."""
    from django.db import connection, transaction

    from winnow.models import Deployment, guards

    def forget():
        with transaction.atomic():
            guards.lift(connection)
            Deployment.objects.all().delete()
            guards.install(connection)

    return forget


@pytest.fixture
def champion(trained_folder, tags, let_serve):
    """The trained model, registered and serving."""
    from winnow.ml.serving import load_artifact
    from winnow.models import ModelVersion
    from winnow.services.deploy import register_model
    from winnow.services.taxonomy import approved_list

    version = register_model(load_artifact(trained_folder, approved_list()), dataset=None)
    ModelVersion.objects.filter(pk=version.pk).update(folder="models/shared-by-tests")
    version.refresh_from_db()
    let_serve(version)
    return version


@pytest.fixture
def own_folder(champion, settings, tmp_path, monkeypatch):
    """The champion's folder as a copy that this test may harm, in a process that has loaded no model yet."""
    from winnow.models import ModelVersion
    from winnow.services import deploy

    folder = tmp_path / "own-model"
    shutil.copytree(settings.HOME / champion.folder, folder)
    ModelVersion.objects.filter(pk=champion.pk).update(folder=str(folder))
    monkeypatch.setattr(deploy, "_loaded", {})
    return folder


@pytest.fixture
def other_encoder(tmp_path, settings):
    """An installation whose encoder is another one than the models here were trained with."""
    from winnow.services.encode import encoder

    bundled = encoder()
    folder = tmp_path / "other-encoder"
    folder.mkdir()
    (folder / "model.onnx").write_bytes(bundled._files.read_graph())
    (folder / "tokenizer.json").write_text(bundled._files.read_tokenizer())
    settings.ENCODER = str(folder)
    encoder.cache_clear()
    yield encoder()
    encoder.cache_clear()


@pytest.fixture
def audited_model(tags, deployed):
    """A model that serves, for audits of it."""
    from winnow.models import ModelVersion

    policy = {"threshold": 0.7, "per_tag": {}, "certificate": None, "provenance": "p", "is_provisional": True}
    version = ModelVersion.objects.create(
        ref="v6-1", recipe="r", manifest_sha256="1" * 64, dataset_sha256="2" * 64, policy=policy, card={}
    )
    deployed(version)
    return version


@pytest.fixture
def audited(audited_model, make_item, tags, cast):
    """A maker of audits of what the model said with a confidence, each answered by a person."""
    from django.utils import timezone

    from winnow.models import Audit, Label, ReviewTask

    def audited(said, right, confidence=0.9, of=None):
        item = make_item(state="published", tag=said)
        task = ReviewTask.objects.create(item=item, reason="audit", closed_at=timezone.now())
        about = {"tag": said, "confidence": confidence, "probability": 0.5, "floor": 0.5}
        Audit.objects.create(item=item, task=task, model_version=of or audited_model, **about)
        return Label.objects.create(item=item, task=task, tag=tags[right], account=cast.reviewer, is_gold=True)

    return audited
