"""`winnow promote`, `winnow rollback` and `winnow verify`, as an operator types them."""

from concurrent.futures import ThreadPoolExecutor


def roles(demo):
    return {row["ref"]: row["role"] for row in demo("models", "--json").rows}


def test_from_training_to_shadow_and_back(demo):
    ref = demo("train", "dummy", "--json").rows[0]["model"]
    refused = demo("promote", ref, "--as", "challenger")
    assert refused.status == 1
    assert refused.err.startswith(f"winnow: {ref} may not serve as challenger: behaviour failed: ")
    assert roles(demo) == {ref: None, "v6-1": "champion"}
    said = demo("promote", ref, "--as", "shadow").out.splitlines()
    assert [line.split()[:2] for line in said[:-1]] == [
        ["passed", name] for name in ("smoke", "tags", "size", "latency")
    ]
    assert said[-1] == f"{ref} serves as shadow; `winnow rollback --as shadow` takes that back."
    assert roles(demo) == {ref: "shadow", "v6-1": "champion"}
    assert demo("rollback", "--as", "shadow").out == "Nothing serves as shadow any more.\n"
    assert {row["ref"]: row["role"] for row in demo("promote", ref, "--as", "shadow", "--json").rows}[ref] == "shadow"
    assert {row["ref"]: row["role"] for row in demo("rollback", "--as", "shadow", "--json").rows}[ref] is None


def test_of_several_at_the_same_time_one_wins(demo):
    """Real processes on the database of the run: a later one finds what the first has put there, before or after its own judgement."""
    ref = demo("train", "dummy", "--json").rows[0]["model"]
    before = len(demo("models", "--json").rows)
    with ThreadPoolExecutor(3) as pool:
        ends = list(pool.map(lambda _: demo("promote", ref, "--as", "shadow"), range(3)))
    refused = [end for end in ends if end.status == 1]
    assert (sum(end.status == 0 for end in ends), len(refused)) == (1, 2)
    assert {end.err.strip() for end in refused} <= {
        f"winnow: {ref}: another model was promoted to shadow meanwhile; look at it first",
        f"winnow: {ref} serves as shadow already",
    }
    assert (roles(demo)[ref], before) == ("shadow", 2)


def test_what_serves_so_already_is_not_promoted_again(demo):
    ref = demo("train", "dummy", "--json").rows[0]["model"]
    demo("promote", ref, "--as", "shadow")
    assert demo("promote", ref, "--as", "shadow").err == f"winnow: {ref} serves as shadow already\n"
    assert demo("promote", ref, "--as", "shadow", "--share", "0.5").status == 0
    assert demo("promote", ref, "--as", "shadow").status == 0


def test_a_stage_is_a_role_with_a_name(demo):
    ref = demo("train", "dummy", "--json").rows[0]["model"]
    said = demo("promote", ref, "--as", "staff").out.splitlines()
    assert said[-1] == f"{ref} serves as staff; `winnow rollback --as shadow` takes that back."
    row = {row["ref"]: row for row in demo("models", "--json").rows}[ref]
    assert (row["role"], row["stage"]) == ("shadow", "staff")


def test_what_cannot_be_is_one_line(demo):
    for words, status in (
        (("promote", "v9-9", "--as", "champion"), 1),
        (("promote", "v6-1", "--as", "king"), 1),
        (("promote", "v6-1"), 2),
        (("promote", "v6-1", "--as", "challenger", "--share", "2"), 1),
        (("promote", "v6-1", "--as", "challenger", "--share", "much"), 2),
        (("rollback",), 1),
        (("rollback", "--as", "king"), 1),
        (("verify", "v9-9"), 1),
    ):
        done = demo(*words)
        assert (words, done.status, done.err.count("\n")) == (words, status, 1)
    assert roles(demo)["v6-1"] == "champion"


def test_the_champion_of_the_demo_is_made_again_byte_for_byte(demo):
    (row,) = demo("verify", "champion", "--json").rows
    assert (row["model"], row["is_same"], row["differing"], row["code_changed"]) == ("v6-1", True, [], False)
    assert demo("verify", "champion").out.startswith("v6-1: the same bytes again (")
