"""`winnow freeze` and `winnow datasets`."""


def test_the_starter_set_freezes_to_the_same_hash_twice(demo):
    first, again = (demo("freeze", "--json").rows[0] for _ in range(2))
    assert first == again
    assert set(first) == {"version", "sha256", "n", "per_tag"}
    assert first["n"] >= 600
    assert min(first["per_tag"].values()) >= 130
    assert demo("freeze").out.startswith(f"{first['version']}: {first['n']} works, {first['sha256'][:12]}")
    (row,) = [row for row in demo("datasets", "--json").rows if row["version"] == first["version"]]
    assert row == first


def test_what_changed_is_listed(demo):
    assert demo("datasets").out.startswith("gold-1 ")
    said = demo("datasets", "gold-1").out.splitlines()
    assert said[0] == "nothing to gold-1"
    assert said[-1].endswith(" because of came with its label")
    (found,) = demo("datasets", "gold-1", "gold-1", "--json").rows
    nothing = {"added": [], "removed": [], "changed": [], "moved": 0, "why": {}}
    assert found == {"from": "gold-1", "to": "gold-1", **nothing}
    (found,) = demo("datasets", "gold-1", "--json").rows
    assert set(found["added"][0]) == {"item", "title", "was", "now", "why"}


def test_a_frozen_set_is_named_in_place_of_a_file(demo):
    (card,) = demo("evaluate", "champion", "--data", "gold-1", "--json").rows
    assert (card["dataset"]["version"], card["dataset"]["split"]) == ("gold-1", "certify")
    assert demo("evaluate", "champion", "--data", "gold-99").status == 1


def test_what_is_not_there_or_too_much_is_one_line(demo, winnow):
    assert (demo("datasets", "gold-9").status, demo("datasets", "a", "b", "c").status) == (1, 2)
    assert demo("datasets", "gold-9").err.count("\n") == 1
    assert winnow("datasets").out.startswith("No data set yet.")
    assert winnow("freeze").status == 1
