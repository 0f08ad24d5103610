import pytest

from winnow.models import Evidence, ModelVersion
from winnow.queries.evidence import evidence_of, measured_on, measurements_of

pytestmark = pytest.mark.django_db
HASH = "0" * 64


@pytest.fixture
def model_version():
    return ModelVersion.objects.create(
        ref="v5-1", recipe="joined", folder="models/none", manifest_sha256=HASH, dataset_sha256="d", policy={}, card={}
    )


def keep(metric, scope="", model=HASH, method="a run", dataset="d", code="c", value=0.5):
    return Evidence.objects.create(
        metric=metric,
        scope=scope,
        value=value,
        low=0.4,
        high=0.6,
        n=10,
        method=method,
        model_sha256=model,
        dataset_sha256=dataset,
        policy_sha256="p",
        code_sha256=code,
    )


def test_the_evidence_of_a_model_is_of_no_other(model_version):
    own = keep("accuracy")
    keep("accuracy", model="1" * 64)
    assert evidence_of(model_version) == [own]


def test_a_measurement_is_one_method_on_one_data_set_by_one_code_newest_first(model_version):
    first = [keep("accuracy"), keep("precision", "mlops")]
    second = keep("accuracy", dataset="e")
    third = keep("accuracy", code="later", value=0.6)
    found = measurements_of(model_version)
    assert [list(run.rows) for run in found] == [[third], [second], first]
    assert [(run.dataset_sha256, run.code_sha256) for run in found] == [("d", "later"), ("e", "c"), ("d", "c")]


def test_figures_are_found_by_metric_and_the_beginning_of_their_scope(model_version):
    rows = {scope: keep("accuracy", scope) for scope in ("", "slice short title", "slice long description", "bin 01")}
    keep("precision", "slice short title")
    (run,) = measurements_of(model_version)
    assert run.of("accuracy", "slice ") == [
        ("long description", rows["slice long description"]),
        ("short title", rows["slice short title"]),
    ]
    assert run.of("accuracy", "none") == []


def test_the_figures_of_a_model_are_read_in_one_query(model_version, django_assert_num_queries):
    for number in range(20):
        keep("accuracy", f"slice {number}")
    with django_assert_num_queries(1):
        measurements_of(model_version)


def test_models_that_were_measured_on_the_same_works_newest_first(model_version):
    later = ModelVersion.objects.create(
        ref="v6-9", recipe="r", folder="f", manifest_sha256="1" * 64, dataset_sha256="", policy={}, card={}
    )
    keep("accuracy")
    keep("accuracy", "slice short title")
    keep("precision")
    own, other = keep("accuracy", code="later", value=0.6), keep("accuracy", model="1" * 64)
    keep("accuracy", dataset="e")
    assert measured_on("d") == [(later, other), (model_version, own)]
    assert measured_on("") == []
