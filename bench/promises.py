"""`docs/reference/promises.md`, written from the results that are kept: python bench/promises.py."""

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "reference" / "promises.md"
HEAD = """# Promises

What Winnow promises, the test that keeps it, and the last figure where it is measured.
Written by `bench/promises.py` from `bench/results/`; `tests/docs/test_security.py` checks that it is what the results say and that every test exists.

| promise | kept by | last figure |
|---|---|---|
"""
NO_FIGURE = "yes or no: the test says"


def of(name: str, *keys: str) -> Any:
    """A figure of a result that is kept."""
    found = json.loads((ROOT / "bench" / "results" / f"{name}.json").read_text())["figures"]
    for key in keys:
        found = found[key]
    return found


def share(found: dict[str, Any]) -> str:
    """A share with its interval and n."""
    return f"{found['value']} ({found['interval'][0]} to {found['interval'][1]}, n={found['n']})"


def certificates() -> str:
    """How often a certificate was wrong where it was hardest."""
    found = of("certificates", "just below the target")
    return (
        f"just below the target {found['broken']} of {of('certificates', 'runs')} runs certified wrongly: "
        f"{found['share']} ({found['low']} to {found['high']}), allowed {of('certificates', 'delta')}"
    )


def kills() -> str:
    """What was lost of acknowledged answers."""
    told = [(name, of(f"review_kill_{name}")) for name in ("sqlite", "postgresql")]
    return "; ".join(
        f"{name}: of {found['acknowledged']} answers {found['lost']} lost, {found['doubled']} doubled, "
        f"with {found['killed']} reviewers killed and {found['frozen past their lease']} frozen"
        for name, found in told
    )


def gathering() -> str:
    """What was lost when gathering was killed."""
    told = [(name, of(f"gather_kill_{name}")) for name in ("sqlite", "postgresql")]
    return "; ".join(
        f"{name}: {found['kills']} kills, {found['lost']} of {found['entries']} entries lost, {found['doubled']} doubled"
        for name, found in told
    )


def hostile() -> str:
    """What became of hostile feeds."""
    found = of("feeds", "hostile feeds")
    return f"{found['n']} hostile feeds, all ended in a count or a typed error"


def fuzz() -> str:
    """Calls that ended in a fault of ours."""
    return f"{of('api_fuzz', 'n_5xx')} of {of('api_fuzz', 'n_calls')} calls"


def noticed() -> str:
    """How many of the changes tried in code that guards are noticed by its tests."""
    return "; ".join(f"{name}: {_noticed(found)}" for name, found in of("mutation").items())


def _noticed(found: dict[str, Any]) -> str:
    """Of all that were tried; those that make no difference to anybody are named, and count as not noticed."""
    equal = f"; without difference to anybody: {len(found['equivalent'])}" if found["equivalent"] else ""
    tried = f"{found['killed']} of {found['n']} changes tried noticed ({found['low']} to {found['high']}; of {found['changes']} possible"
    return f"{tried}{equal})"


def latency(name: str) -> str:
    """The 95th percentile of one kind of answer."""
    found = of("serving", name)
    return f"p95 {found['p95']} ms (n={found['n']}) at {of('serving', 'rate')} a second"


def lists(kind: str) -> str:
    """How long pages or searches take among a million works, on either database."""
    told = [(name, of(f"lists_{name}", "1,000,000 works", f"{kind}, ms")) for name in ("sqlite", "postgresql")]
    return "; ".join(
        f"{name}: p95 {found['p95']:.0f} ms, at most {found['max']:.0f} (n={found['n']})" for name, found in told
    )


def chaos() -> str:
    """What was lost when everything was killed, at random moments."""
    found = of("chaos")
    n = found["works acknowledged"] + found["answers acknowledged"]
    torn = len(found["faults of integrity, references and pointers"])
    return f"{found['kills']} kills: of {n} acknowledged writes {found['lost']} lost, {found['doubled']} doubled, {torn} faults"


def backups() -> str:
    """How many backups under load came back whole."""
    found = of("backup_sqlite")
    return f"{found['backups'] - found['not whole']} of {found['backups']} made while {found['written meanwhile']} rows were written"


def dropped() -> str:
    """After how many audits a drop of five points is told."""
    found = of("drift", "told, target 0.95, precision 0.95 to 0.90 after 0 audits")
    low, high = found["interval of the median"]
    return f".95 to .90: median {found['median audits']:.0f} audits ({low:.0f} to {high:.0f}, n={found['n']})"


def swapped() -> str:
    """Calls that failed while models were exchanged or taken away."""
    return (
        f"{of('swap', 'failed')} of {of('swap', 'calls')} calls while {of('swap', 'swaps')} models were exchanged; "
        f"{of('model_away', 'answers that are not 2xx')} of {of('model_away', 'calls')} while files were taken away"
    )


def abused() -> str:
    """What good readers notice of abuse."""
    worst = max(of("abuse", "p95 against that alone").items(), key=lambda pair: pair[1])
    return f"p95 at most {worst[1]} times that without abuse ({worst[0]}); dearest small request {of('abuse', 'dearest, CPU seconds')} s of CPU"


def rows() -> list[tuple[str, str, str]]:
    """Promise, test, last figure."""
    return [
        ("What is certified holds its precision, at the stated risk", "tests/services/test_recertify.py::test_right_audits_certify_and_what_waited_is_published", certificates()),
        ("Without a certificate nothing is published by a model", "tests/services/test_recertify.py::test_without_audits_nothing_is_published_and_those_missing_are_opened", NO_FIGURE),
        ("A model never overrules a person", "tests/services/test_publish.py::test_a_model_never_overrules_a_person", NO_FIGURE),
        ("Nothing serves without a passed gate, whoever asks the database", "tests/models/test_guards.py::test_without_a_gate_nothing_serves", NO_FIGURE),
        ("An answer that was acknowledged is kept, once", "tests/services/test_jobs.py::test_j2_a_frozen_holder_commits_nothing", kills()),
        ("What is gathered is neither lost nor doubled by a kill", "tests/services/test_jobs.py::test_what_a_killed_holder_held_is_free_again", gathering()),
        ("Merged works are the same work", "tests/services/test_publish.py::test_a_copy_makes_its_face_hotter", "precision of merges " + share(of("duplicates", "looked_at: with addresses", "precision_of_merges"))),
        ("No request leaves but through the guarded door", "tests/egress/test_only_door.py::test_only_the_egress_floor_imports_what_opens_connections", NO_FIGURE),
        ("A hostile feed harms nothing", "tests/sources/test_parse.py::test_x1_billion_laughs_are_refused", hostile()),
        ("Foreign text runs nowhere", "tests/web/test_markup.py::test_no_kind_of_markup_runs_on_any_page", NO_FIGURE),
        ("A model folder is never executed, and a changed byte is noticed", "tests/ml/test_artifacts.py::test_each_byte_that_is_changed_is_noticed", NO_FIGURE),
        ("No call ends in a fault of ours", "tests/api/test_fuzz.py", fuzz()),
        ("Classifying over HTTP is quick", "tests/api/test_classify.py", latency("classify_ms")),
        ("A model can be exchanged, and may go away, while it is asked", "tests/services/test_away.py::test_m4_files_that_are_gone_mean_review_and_their_return_is_found_by_itself", swapped()),
        ("A drop of precision is told soon", "tests/ml/test_change.py::test_a_drop_is_found_within_two_hundred_audits_after_quiet_ones_too", dropped()),
        ("Whatever is killed, nothing acknowledged is lost, doubled or torn", "tests/management/test_kills.py", chaos()),
        ("A backup counts after its own restore, and holds what was acknowledged", "tests/services/test_backup.py::test_under_load_each_backup_shows_one_moment", backups()),
        ("Whoever floods is slowed, and others hardly notice", "tests/web/test_door.py::test_a_flood_from_one_address_is_429_and_others_go_on", abused()),
        ("Pages are quick among a million works", "tests/web/test_lists.py", lists("pages")),
        ("Searches are quick among a million works", "tests/queries/test_search.py", lists("searches")),
        ("Searches that mean ill are no slower (bar: 150 ms)", "tests/queries/test_search_index.py", lists("hostile searches")),
        ("Pages are quick", "tests/web/test_pages.py::test_the_number_of_queries_does_not_grow_with_the_rows", latency("pages_ms")),
        ("Who may do what stands in one table, and each cell holds", "tests/test_urls.py::test_a08_each_page_opens_to_whom_the_table_says", NO_FIGURE),
        ("No way in goes around a second factor", "tests/web/test_second_factor.py::test_no_way_in_goes_around_it", NO_FIGURE),
        ("A code of a second factor works once", "tests/services/test_second_factor.py::test_a19_of_two_that_bring_the_same_code_at_once_one_is_let_in", NO_FIGURE),
        ("A copy of the database lets nobody in", "tests/services/test_accounts.py::test_a06_a_copy_of_the_database_lets_nobody_in", NO_FIGURE),
        ("Of a deleted person only what they said stays", "tests/services/test_accounts.py::test_a18_of_a_deleted_person_only_what_they_said_stays", NO_FIGURE),
        ("Every page can be used by keyboard and read aloud", "tests/web/test_axe.py::test_axe_finds_nothing", NO_FIGURE),
        ("The image serves from a root that it does not write", "tests/deploy/test_image.py::test_nothing_is_written_outside_the_home", NO_FIGURE),
        ("Tests notice when the code that guards is changed (bar: 90 %)", "tests/services/test_jobs.py", noticed()),
    ]  # fmt: skip


def page() -> str:
    """The whole page."""
    return HEAD + "".join(f"| {promise} | `{test}` | {figure} |\n" for promise, test, figure in rows())


if __name__ == "__main__":
    PAGE.write_text(page())
    print(f"{len(rows())} promises")
