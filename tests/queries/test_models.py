"""The registry as a list."""

import json

import pytest

from winnow.core.errors import NotFoundError
from winnow.models import ModelVersion
from winnow.queries.models import model_row, model_rows

pytestmark = pytest.mark.django_db


def register(ref, **fields):
    return ModelVersion.objects.create(
        ref=ref, recipe="dummy", folder=f"models/{ref}", manifest_sha256=ref * 2, dataset_sha256=ref, policy={}, card={},
        **fields,
    )  # fmt: skip


def roles():
    return {row.ref: row.role for row in model_rows()}


def test_without_models_there_is_no_row():
    assert model_rows() == []


def test_models_come_newest_first():
    for ref in ("a", "b", "c"):
        register(ref)
    assert [row.ref for row in model_rows()] == ["c", "b", "a"]


def test_the_newest_deployment_of_a_role_is_in_force(deployed):
    a, b = register("a"), register("b")
    deployed(a)
    deployed(b)
    assert roles() == {"a": "", "b": "champion"}
    deployed(a)
    assert roles() == {"a": "champion", "b": ""}


def test_roles_are_held_side_by_side(deployed):
    deployed(register("a"))
    deployed(register("b"), "shadow")
    deployed(register("c"), "challenger")
    assert roles() == {"a": "champion", "b": "shadow", "c": "challenger"}


def test_a_row_is_plain_json_and_says_null_where_it_does_not_serve():
    version = register("a")
    (row,) = model_rows()
    assert json.loads(json.dumps(row.as_json())) == {
        "ref": "a",
        "recipe": "dummy",
        "role": None,
        "stage": None,
        "dataset_sha256": "a",
        "manifest_sha256": "aa",
        "created_at": version.created_at.isoformat(),
    }


def test_a_role_that_was_ended_is_none(deployed):
    deployed(register("a"), "challenger", share=0.2)
    deployed(ModelVersion.objects.get(), "challenger", share=0.0)
    assert roles() == {"a": ""}


@pytest.mark.parametrize("n", [1, 12])
def test_it_is_two_queries_whatever_the_number_of_models(n, deployed, django_assert_num_queries):
    for i in range(n):
        deployed(register(f"m{i}"))
    with django_assert_num_queries(2):
        assert len(model_rows()) == n


def test_one_model_is_found_by_its_name_with_its_role(deployed):
    a, b = register("a"), register("b")
    deployed(a)
    assert (model_row("a"), model_row("b")) == ((a, "champion"), (b, ""))
    with pytest.raises(NotFoundError, match="no model 'c'"):
        model_row("c")
