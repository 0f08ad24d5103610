import pytest

from winnow.core.errors import InputError
from winnow.ml.recipes import EXPERIMENTS, RECIPES, load_recipe, read_recipe, recipes

GOOD = 'name = "x"\nversion = "v9"\nkind = "dummy"\nabout = "a"\nseed = 1\nfolds = 5\ntarget = 0.9\ndelta = 0.1\n'


@pytest.mark.parametrize(
    ("name", "version", "kind"),
    [
        ("dummy", "v1", "dummy"),
        ("rules", "v2", "rules"),
        ("linear", "v3", "linear"),
        ("encoder", "v4", "linear"),
        ("joined", "v5", "linear"),
        ("steady", "v6", "linear"),
    ],
)
def test_recipes_are_found_by_name_and_by_version(name, version, kind):
    recipe = load_recipe(name)
    assert (recipe.name, recipe.version, recipe.kind) == (name, version, kind)
    assert load_recipe(version) == recipe
    assert load_recipe(str(RECIPES / f"{name}.toml")) == recipe


def test_best_is_the_steady_one():
    assert load_recipe("best") == load_recipe("steady")


def test_an_unknown_recipe_lists_what_there_is():
    known = r"dummy \(v1\), rules \(v2\), linear \(v3\), encoder \(v4\), joined \(v5\), steady \(v6\), best"
    with pytest.raises(InputError, match=rf"no recipe 'v77'; there are {known}"):
        load_recipe("v77")


def test_another_folder_has_other_recipes(tmp_path):
    (tmp_path / "x.toml").write_text(GOOD)
    recipe = load_recipe("v9", tmp_path)
    assert (recipe.name, recipe.parameters, recipe.guideline_weight, recipe.is_best) == ("x", {}, 0.0, False)
    assert recipe.folder == tmp_path
    with pytest.raises(InputError, match=r"no recipe 'best'; there are x \(v9\)"):
        load_recipe("best", tmp_path)


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (('"v9"', "9"), "version: is missing or not of type str"),
        (('"v9"', f'"{"v" * 21}"'), "version: is longer than 20 characters"),
        (('"x"', f'"{"x" * 41}"'), "name: is longer than 40 characters"),
        (("seed = 1\n", ""), "seed: is missing or not of type int"),
        (("0.9", "90"), "target: has to be a number between 0 and 1"),
        (("0.1", "0.0"), "delta: has to be a number between 0 and 1"),
        (('"dummy"', '"magic"'), "kind: 'magic' is none of dummy, rules, linear"),
        (("folds = 5", "folds = 1"), "folds: has to be 2 or more"),
        (("name", "= name"), "is no TOML"),
    ],
)
def test_a_faulty_recipe_is_named_with_its_field(tmp_path, change, fault):
    path = tmp_path / "x.toml"
    path.write_text(GOOD.replace(*change))
    with pytest.raises(InputError, match=rf"x\.toml: {fault}"):
        read_recipe(path)


def test_a_missing_recipe_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml: cannot be read"):
        load_recipe(str(tmp_path / "none.toml"))


def test_recipes_are_listed_by_version_without_experiments():
    assert [recipe.version for recipe in recipes()] == [f"v{number}" for number in range(1, len(recipes()) + 1)]
    assert {recipe.verdict for recipe in recipes()} == {""}


def test_one_recipe_is_best():
    assert sum(recipe.is_best for recipe in recipes()) == 1


def test_every_experiment_has_a_verdict_and_is_found_by_name():
    found = recipes(EXPERIMENTS)
    assert len(found) >= 6
    assert all(recipe.verdict.endswith(".") and not recipe.is_best for recipe in found)
    assert [load_recipe(recipe.name) for recipe in found] == found


def test_an_experiment_without_a_verdict_is_refused(tmp_path):
    path = tmp_path / "experiments" / "x.toml"
    path.parent.mkdir()
    path.write_text(GOOD)
    with pytest.raises(InputError, match=r"x\.toml: verdict: is missing; an experiment says what came of it"):
        read_recipe(path)
