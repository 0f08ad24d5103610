"""Models that serve: one that is trained once for all tests, and what surrounds it. A plugin of `conftest.py`."""

import shutil

import pytest


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


@pytest.fixture(autouse=True)
def _no_faults_are_remembered():
    """What a model did in another test is nothing to this one."""
    from winnow.services import away

    away.forget()


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


@pytest.fixture
def labelled(tmp_path):
    """A row file with ten works of each of the four tags."""
    subjects = {
        "natural-language-processing": "parsing of {} sentences",
        "computer-vision": "segmentation of {} images",
        "mlops": "serving of {} models",
        "other": "forecasting of {} series",
    }
    words = ("river", "market", "violin", "harbour", "meadow", "engine", "orchard", "tunnel", "glacier", "kitchen")
    rows = [(subject.format(word), tag) for tag, subject in subjects.items() for word in words]
    path = tmp_path / "labelled.csv"
    lines = [f"{n},{text.capitalize()},About the {text}.,{tag}\n" for n, (text, tag) in enumerate(rows)]
    path.write_text("id,title,description,tag\n" + "".join(lines))
    return path
