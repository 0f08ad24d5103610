"""Promotion and taking back, with the real gates."""

import shutil
import threading

import pytest
from django.db import connection

from winnow.core.errors import ArtifactError, ConflictError, InputError, NotFoundError
from winnow.models import Deployment, Event, GateDecision, ModelVersion, ReviewTask
from winnow.services import promote as promoting
from winnow.services.deploy import serving, version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.promote import promote, promote_version, rollback, standing
from winnow.services.simulate import GATES
from winnow.services.train import train_model


@pytest.fixture
def gold(labelled, tags):
    import_file(labelled)
    freeze_dataset(holds_out=False)


@pytest.fixture
def weak(gold):
    """A model that says the commonest tag, whatever it is asked."""
    return version_of(train_model("dummy", is_measured=False).model)


def refs(role="champion"):
    return [row.model_version.ref for row in standing(role)]


def test_a_weak_model_is_refused_in_words_and_the_champion_goes_on(champion, weak):
    with pytest.raises(
        ConflictError, match="v1-1 may not serve as challenger: behaviour failed: minimum functionality"
    ):
        promote("v1-1", role="challenger")
    assert (serving("champion").version, serving("challenger")) == (champion, None)
    assert GateDecision.objects.get(model_version=weak).verdict == "failed"


def test_a_shadow_has_to_be_safe_and_no_more(champion, weak):
    deployment = promote("v1-1", role="shadow", reason="to look at")
    assert (deployment.share, deployment.reason, serving("shadow").version) == (1.0, "to look at", weak)
    assert [check["verdict"] for check in deployment.gate.checks] == ["passed"] * 4


@pytest.mark.usefixtures("gold")
def test_the_first_model_of_all_passes_what_compares_by_a_waiver_that_is_written_down(trained_folder):
    version = version_of(train_model("best", is_measured=False).model)
    promote(version.ref, role="champion")
    decision = GateDecision.objects.get()
    waived = {check["name"]: check["says"] for check in decision.checks if check["verdict"] == "waived"}
    assert waived["precision"] == "waived: first model"
    assert waived["certificate"].startswith("waived: first model; ")
    assert (Deployment.objects.get().gate, decision.compared_with) == (decision, None)


@pytest.mark.parametrize(
    ("ref", "options", "words"),
    [
        ("v9-9", {"role": "champion"}, "no model 'v9-9'"),
        ("v1-1", {"role": "king"}, "--as: 'king'"),
        ("v1-1", {"role": "challenger", "share": 0.0}, "--share: 0 cannot be"),
        ("v1-1", {"role": "challenger", "share": 1.5}, "--share: 1.5 cannot be"),
        ("v1-1", {"role": "challenger", "share": float("nan")}, "--share: nan cannot be"),
        ("v1-1", {"role": "champion", "share": 0.5}, "a champion serves all works"),
    ],
)
def test_what_is_mistyped_changes_nothing(champion, weak, ref, options, words):
    with pytest.raises((NotFoundError, InputError), match=words):
        promote(ref, **options)
    assert refs() == [champion.ref]


def test_what_serves_already_is_not_promoted(champion):
    with pytest.raises(ConflictError, match="serves as champion already"):
        promote(champion.ref, role="shadow")


def test_where_evidence_is_all_that_lacks_people_are_asked(champion, weak, make_item, monkeypatch, tmp_path):
    """A gate that compares needs labels that neither learned from, and the queue gets the works that would give them."""
    for _ in range(5):
        make_item(state="in_review", likely_tag="mlops")
    gates = tmp_path / "gates.toml"
    gates.write_text(
        '[[gates]]\nname="precision"\ncheck="precision"\nsays="x"\ncompares=true\n'
        "margin=0.02\nmargin_of_parts=0.1\nn_whole=100\nn_part=30\n"
    )
    with pytest.raises(
        ConflictError, match=r"precision not enough evidence: 0 labelled works .*; 5 works were put into"
    ):
        promote_version(weak, role="challenger", reason="r", gates=gates)
    assert ReviewTask.objects.filter(reason="rare_tag", probability=1.0).count() == 5


def test_taking_back_twice_goes_back_two(champion, weak, let_serve):
    let_serve(weak)
    let_serve(champion)
    assert refs() == [champion.ref, "v1-1", champion.ref]
    assert rollback(reason="worse").reason == "worse"
    assert (refs(), serving("champion").version) == ([champion.ref, "v1-1"], weak)
    rollback()
    assert (refs(), serving("champion").version) == ([champion.ref], champion)
    with pytest.raises(ConflictError, match="no champion before"):
        rollback()
    assert Deployment.objects.count() == 5


def test_a_challenger_that_is_taken_back_just_ends(champion, weak, let_serve):
    let_serve(weak, "challenger", share=0.2)
    assert serving("challenger").version == weak
    assert rollback("challenger").share == 0.0
    assert (serving("challenger"), refs("challenger")) == (None, [])
    with pytest.raises(NotFoundError):
        version_of("challenger")
    with pytest.raises(ConflictError, match="nothing serves as challenger"):
        rollback("challenger")
    let_serve(weak, "challenger", share=0.2)
    assert refs("challenger") == ["v1-1"]


@pytest.mark.parametrize("harm", [shutil.rmtree, lambda folder: (folder / "model.json").write_text("{}")])
def test_a_challenger_whose_folder_is_gone_or_torn_ends_all_the_same(own_folder, weak, champion, let_serve, harm):
    let_serve(weak)
    trial = let_serve(ModelVersion.objects.get(pk=champion.pk), "challenger", share=0.2)
    harm(own_folder)
    assert rollback("challenger").takes_back == trial
    assert (serving("challenger"), refs("challenger")) == (None, [])


def test_a_role_that_is_none_is_not_taken_back(champion):
    with pytest.raises(InputError, match="'king' is none of"):
        rollback("king")


def test_what_is_gone_is_not_gone_back_to(own_folder, champion, weak, let_serve):
    let_serve(weak)
    shutil.rmtree(own_folder)
    with pytest.raises(ArtifactError):
        rollback()
    assert serving("champion").version == weak


def test_a_shadow_that_becomes_champion_is_no_shadow_any_more(champion, weak):
    promote("v1-1", role="shadow")
    promote_version(weak, role="champion", reason="r", gates=GATES)
    assert (serving("champion").version, serving("shadow")) == (weak, None)


def test_two_promotions_at_once_one_wins(champion, weak, monkeypatch):
    """Both are judged against the same champion; the second finds another one there."""
    judge = promoting.judge

    def judged_and_overtaken(version, **others):
        decision = judge(version, **others)
        monkeypatch.setattr(promoting, "judge", judge)
        promote_version(version, role="champion", reason="first", gates=GATES)
        return decision

    monkeypatch.setattr(promoting, "judge", judged_and_overtaken)
    with pytest.raises(ConflictError, match="another model was promoted meanwhile"):
        promote_version(weak, role="champion", reason="second", gates=GATES)
    assert [row.reason for row in standing("champion")] == ["for tests", "first"]


@pytest.mark.django_db(transaction=True)
def test_of_six_at_the_same_time_one_wins(champion, weak):
    ends = []

    def run():
        try:
            promote_version(weak, role="champion", reason="r", gates=GATES)
            ends.append("won")
        except ConflictError:
            ends.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["refused"] * 5 + ["won"]
    assert Deployment.objects.filter(model_version=weak).count() == 1


def test_a_promotion_whose_turn_comes_after_the_same_one_is_refused(champion, weak):
    promote_version(weak, role="shadow", reason="first")
    with pytest.raises(ConflictError, match="v1-1 serves as shadow already"):
        promote_version(weak, role="shadow", reason="second")
    assert [row.reason for row in standing("shadow")] == ["first"]


def test_every_step_is_in_the_log(champion, weak):
    promote("v1-1", role="shadow", reason="why")
    judged, deployed = (Event.objects.filter(kind=kind).last().data for kind in ("model.judged", "model.deployed"))
    assert judged == {"ref": "v1-1", "role": "shadow", "verdict": "passed"}
    assert deployed == {"ref": "v1-1", "role": "shadow", "stage": "shadow", "share": 1.0, "reason": "why"}
