"""Recipes: how a classifier is trained, as TOML. They are the only place where hyperparameters stand."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from winnow.core.errors import InputError

RECIPES = Path(__file__).parents[3] / "recipes"
EXPERIMENTS = RECIPES / "experiments"
BEST = "best"
_KINDS = ("dummy", "rules", "linear")
_REQUIRED = {"name": str, "version": str, "kind": str, "about": str, "seed": int, "folds": int}
# The version is the first part of a model's name, which numbers follow.
_LIMITS = {"name": 40, "version": 20}
_SHARES = ("target", "delta")


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to train.

    `parameters` are the hyperparameters of the classifier of this `kind`; `guideline_weight` is the weight of each
    typical description of a tag as an extra example (0: none); `folds` and `seed` make the out-of-fold scores;
    `target` and `delta` are those of the certificate. Paths among the parameters start from `folder`.
    A recipe with a `verdict` is an experiment: it may be trained into a folder and never serves. `method` names what
    bench/experiments.py does around its model.
    """

    name: str
    version: str
    kind: str
    about: str
    parameters: Mapping[str, Any]
    seed: int
    folds: int
    guideline_weight: float
    target: float
    delta: float
    folder: Path
    is_best: bool = False
    verdict: str = ""
    method: str = ""


def recipes(folder: Path = RECIPES) -> list[Recipe]:
    """All recipes of a folder, in the order of their versions, then names."""
    return sorted((read_recipe(path) for path in folder.glob("*.toml")), key=lambda one: (one.version, one.name))


def load_recipe(ref: str, folder: Path = RECIPES) -> Recipe:
    """The recipe with a name, a version ("v5"), "best", of an experiment by its name, or at a path that ends in .toml.

    Raises InputError that lists what there is, or names the field that is wrong.
    """
    if ref.endswith(".toml"):
        return read_recipe(Path(ref))
    found = recipes(folder)
    for recipe in found:
        if ref in {recipe.name, recipe.version} or (ref == BEST and recipe.is_best):
            return recipe
    for recipe in recipes(folder / EXPERIMENTS.name):
        if ref == recipe.name:
            return recipe
    known = ", ".join(f"{recipe.name} ({recipe.version})" for recipe in found)
    raise InputError(f"no recipe {ref!r}; there are {known}, {BEST}, or the path of a .toml file")


def recipe_of(kept: Mapping[str, Any], folder: Path = RECIPES) -> Recipe:
    """The recipe that a model carries in its folder; the files that its parameters name are those of `folder`."""
    return Recipe(**{**kept, "folder": folder})


def read_recipe(path: Path) -> Recipe:
    """The recipe in a file. Raises InputError with file and field."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError.at(path, 0, "", f"cannot be read ({error.strerror})") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError.at(path, 0, "", f"is no TOML: {error}") from error
    _check(path, raw)
    return Recipe(
        **{field: raw[field] for field in (*_REQUIRED, *_SHARES)},
        parameters=raw.get("parameters", {}),
        guideline_weight=float(raw.get("guideline_weight", 0.0)),
        folder=path.parent,
        is_best=bool(raw.get("is_best", False)),
        verdict=str(raw.get("verdict", "")),
        method=str(raw.get("method", "")),
    )


def _check(path: Path, raw: Mapping[str, Any]) -> None:
    for field, kind in _REQUIRED.items():
        if not isinstance(raw.get(field), kind):
            raise InputError.at(path, 0, field, f"is missing or not of type {kind.__name__}")
    for field, limit in _LIMITS.items():
        if len(raw[field]) > limit:
            raise InputError.at(path, 0, field, f"is longer than {limit} characters")
    for field in _SHARES:
        if not (isinstance(raw.get(field), float) and 0.0 < raw[field] < 1.0):
            raise InputError.at(path, 0, field, "has to be a number between 0 and 1")
    if raw["kind"] not in _KINDS:
        raise InputError.at(path, 0, "kind", f"{raw['kind']!r} is none of {', '.join(_KINDS)}")
    if path.parent.name == EXPERIMENTS.name and not raw.get("verdict"):
        raise InputError.at(path, 0, "verdict", "is missing; an experiment says what came of it")
    if raw["folds"] < 2:
        raise InputError.at(path, 0, "folds", "has to be 2 or more")
