"""`winnow models`."""


def test_without_a_model_it_says_how_to_make_one_and_json_is_empty(winnow):
    assert winnow("models").out.startswith("No model yet. `winnow train best`")
    assert (winnow("models", "--json").out, winnow("models").status) == ("", 0)


def test_the_one_that_serves_is_shown_with_its_role(demo):
    (row,) = demo("models", "--json").rows
    assert set(row) == {"ref", "recipe", "role", "stage", "dataset_sha256", "manifest_sha256", "created_at"}
    assert (row["ref"], row["recipe"], row["role"]) == ("v6-1", "steady", "champion")
    line = demo("models").out.split()
    assert (line[:3], line[-1]) == (["v6-1", "steady", "champion"], row["dataset_sha256"][:12])
