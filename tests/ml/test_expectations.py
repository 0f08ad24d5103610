from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.values import Document, Example
from winnow.ml.expectations import CHECKS, Finding, Severity, check_examples, fails

CLASSES = ("tea", "coffee")
LONG = "How the leaves are picked and dried in the hills"
WORDS = ("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "heath", "islet", "jetty")


def works(tag, n, start=0):
    """Works whose titles have nothing in common."""
    rows = range(start, start + n)
    return [
        Example(Document(f"{WORDS[i % 10]} {WORDS[i // 10 % 10]} {tag}", f"It is {i}."), tag, id=f"{tag}-{i}")
        for i in rows
    ]


TRAIN = works("tea", 25) + works("coffee", 25)
HELD_OUT = works("tea", 5, 30) + works("coffee", 5, 30)


def found(train=TRAIN, held_out=HELD_OUT, **more):
    return check_examples(train, held_out, CLASSES, **more)


def changed(**fields):
    return [*TRAIN[:-1], replace(TRAIN[-1], **fields)]


def test_a_sound_set_has_no_findings():
    assert found() == ()
    assert not fails(found())


@pytest.mark.parametrize(
    ("fields", "finding"),
    [
        (
            {"document": Document("", "Words.")},
            Finding("schema", Severity.FAILS, "rows without a title: coffee-24", ("coffee-24",)),
        ),
        (
            {"weight": 0.0},
            Finding("schema", Severity.FAILS, "rows whose weight is not above 0: coffee-24", ("coffee-24",)),
        ),
        (
            {"weight": float("nan")},
            Finding("schema", Severity.FAILS, "rows whose weight is not above 0: coffee-24", ("coffee-24",)),
        ),
        ({"id": "tea-0"}, Finding("schema", Severity.FAILS, "ids of more than one row: tea-0", ("tea-0",))),
        (
            {"tag": "cocoa"},
            Finding(
                "tags", Severity.FAILS, "rows that bear 'cocoa', which is no approved tag: coffee-24", ("coffee-24",)
            ),
        ),
    ],
)
def test_a_row_that_cannot_train_fails_and_is_named(fields, finding):
    assert found(changed(**fields)) == (finding,)


def test_a_row_without_an_id_is_named_by_its_place():
    (finding,) = found(changed(id="", tag="cocoa"))
    assert finding.rows == ("train row 50",)


@pytest.mark.parametrize(
    "twin",
    [
        Example(TRAIN[0].document, "tea", id="twin"),
        Example(Document("AMBER, amber: tea!"), "tea", id="twin"),
        Example(Document("Tea amber ambre", "Else."), "coffee", id="twin", group="one"),
        Example(Document("Something else altogether", LONG), "tea", id="twin"),
    ],
)
def test_the_same_or_nearly_the_same_work_on_both_sides_fails(twin):
    first = TRAIN[0] if not twin.group else replace(TRAIN[0], group="one")
    first = replace(first, document=replace(first.document, description=LONG))
    assert found([first, *TRAIN[1:]], [*HELD_OUT, twin]) == (
        Finding(
            "leaks",
            Severity.FAILS,
            "twin (held out) and tea-0 (train) are the same work or nearly",
            ("tea-0", "twin"),
        ),
    )


def test_a_near_title_on_both_sides_fails():
    train = changed(document=Document("Brewing coffee in the cold northern hills"))
    twin = Example(Document("Brewing coffee in the cold Northern hill"), "coffee", id="twin")
    (finding,) = found(train, [*HELD_OUT, twin])
    assert (finding.check, finding.severity, finding.rows) == ("leaks", Severity.FAILS, ("coffee-24", "twin"))


def test_a_short_description_in_common_is_no_leak():
    train = changed(document=Document("Kettles", "Official code."))
    assert found(train, [*HELD_OUT, Example(Document("Mugs"), "tea", id="x")]) == ()


def test_one_work_under_two_tags_warns():
    twin = Example(TRAIN[0].document, "coffee", id="twin")
    assert found([*TRAIN, twin]) == (
        Finding(
            "conflicts", Severity.WARNS, "one work or nearly, under coffee and tea: tea-0, twin", ("tea-0", "twin")
        ),
    )


def test_a_tag_without_rows_fails_and_one_with_few_warns():
    assert found(works("tea", 19), works("tea", 2, 30)) == (
        Finding("balance", Severity.FAILS, "no training row bears coffee"),
        Finding("balance", Severity.WARNS, "19 training rows bear tea; 20 are few"),
        Finding("balance", Severity.WARNS, "no held-out row bears coffee, so that nothing measures it"),
    )


def test_a_set_out_of_balance_warns():
    tea = [
        Example(Document(f"{a} {b} {c}", "Hot."), "tea", id=a + b + c) for a in WORDS for b in WORDS for c in WORDS[:3]
    ]
    (finding,) = found([*tea, *works("coffee", 25)], [])
    assert finding == Finding("balance", Severity.WARNS, "tea has 300 rows, coffee 25: more than 10 to 1")


def test_rows_of_another_script_warn_when_they_are_more_than_a_few():
    chinese = [Example(Document(f"茶{'叶水杯'[i]}树{'山河'[i % 2]}"), "tea", id=f"zh-{i}") for i in range(3)]
    assert found(TRAIN + chinese) == ()
    more = [Example(Document(f"茶{c}"), "tea", id=f"zh-{c}") for c in "木火土金水日月星"]
    (finding,) = found(TRAIN + more)
    assert (finding.check, finding.rows) == ("language", tuple(e.id for e in more))
    assert finding.message.endswith("zh-水 and 3 more")


def test_a_set_of_bare_titles_warns():
    bare = [replace(e, document=Document(e.document.title)) for e in TRAIN]
    (finding,) = found(bare)
    assert (finding.check, finding.severity, len(finding.rows)) == ("schema", Severity.WARNS, 50)


def test_dates_that_cannot_be_fail():
    dates = {"tea-0": date(2027, 1, 1), "tea-1": date(1899, 1, 1), "tea-2": date(2020, 1, 1), "nobody": date(1, 1, 1)}
    assert found(dates=dates, today=date(2026, 11, 25)) == (
        Finding("dates", Severity.FAILS, "rows dated after today: tea-0", ("tea-0",)),
        Finding("dates", Severity.FAILS, "rows dated before 1950: tea-1", ("tea-1",)),
    )


def test_measuring_on_older_works_warns():
    old, new = date(2019, 1, 1), date(2024, 1, 1)
    backwards = {e.id: new for e in TRAIN} | {e.id: old for e in HELD_OUT}
    assert [one.check for one in found(dates=backwards)] == ["dates"]
    forwards = {e.id: old for e in TRAIN} | {e.id: new for e in HELD_OUT}
    assert found(dates=forwards) == ()


def test_what_fails_comes_first_and_decides():
    findings = found([*works("tea", 5), replace(works("tea", 1, 7)[0], tag="cocoa")], [])
    severities = [finding.severity for finding in findings]
    assert severities == sorted(severities, key=lambda one: one is Severity.WARNS)
    assert fails(findings)
    assert not fails([finding for finding in findings if finding.severity is Severity.WARNS])


def test_nothing_at_all_lacks_every_tag():
    assert {finding.message for finding in check_examples([], [], CLASSES)} == {
        "no training row bears tea",
        "no training row bears coffee",
    }


@given(st.lists(st.sampled_from(TRAIN), min_size=1, max_size=5, unique_by=lambda e: e.id))
def test_every_row_that_is_on_both_sides_is_named(shared):
    leaks = [finding for finding in found(held_out=HELD_OUT + shared) if finding.check == "leaks"]
    assert {row for finding in leaks for row in finding.rows} == {example.id for example in shared}


def test_the_starter_set_may_be_trained_on(examples, unseen, slugs):
    assert not fails(check_examples(examples, unseen, slugs))


def test_every_finding_is_of_a_check_that_is_named():
    strange = replace(TRAIN[0], id="strange", tag="cooking", document=Document(""))
    findings = check_examples([*TRAIN, strange], HELD_OUT + TRAIN[:1], CLASSES, dates={"strange": date(1900, 1, 1)})
    assert {"schema", "tags", "leaks", "dates"} <= {finding.check for finding in findings} <= set(CHECKS)
