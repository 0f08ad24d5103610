from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.core.values import Document, Example
from winnow.ml.splits import group_examples, grouped_folds, newest_rows


def groups_of(*titles, groups=None):
    names = groups or [""] * len(titles)
    return group_examples(
        [Example(Document(title), "a", group=name) for title, name in zip(titles, names, strict=True)]
    )


def test_titles_equal_but_for_case_accents_and_punctuation_are_one_group():
    assert groups_of("Réseaux de neurones!", "other", "reseaux  de NEURONES") == [0, 1, 0]


def test_long_titles_that_are_nearly_the_same_are_one_group():
    first = "Show, Attend and Tell: Neural Image Caption Generation"
    assert groups_of(first, "Show Attend & Tell - Neural Image Captions Generation") == [0, 0]
    assert groups_of("Neural Image Caption Generation, Show Attend and Tell", first) == [0, 0]


def test_short_titles_that_are_nearly_the_same_stay_apart():
    assert groups_of("YOLOv4", "YOLOv5", "GPT-2 model") == [0, 1, 2]


def test_a_stated_group_joins_and_joining_is_transitive():
    assert groups_of("one", "two", "three", "ONE", groups=["x", "x", "", ""]) == [0, 0, 1, 0]


def test_a_long_description_in_common_joins_where_it_is_asked_for():
    about = "One description of eight words that two works share."
    rows = [
        Example(Document(title, text), "a") for title, text in (("one", about), ("two", about), ("three", "Short."))
    ]
    rows.append(Example(Document("four", "Short."), "a"))
    assert group_examples(rows) == [0, 1, 2, 3]
    assert group_examples(rows, by_description=True) == [0, 0, 1, 2]


def test_no_examples_no_groups():
    assert group_examples([]) == []
    assert grouped_folds([], [], 3, 0) == [[], [], []]


ROWS = st.lists(st.tuples(st.integers(0, 30), st.sampled_from("abcd")), min_size=1, max_size=80)


@given(ROWS, st.integers(2, 6), st.integers(0, 5))
def test_folds_cover_every_row_once_and_part_no_group(rows, n_folds, seed):
    groups, labels = [group for group, _ in rows], [label for _, label in rows]
    folds = grouped_folds(groups, labels, n_folds, seed)
    assert sorted(row for fold in folds for row in fold) == list(range(len(rows)))
    homes = Counter(group for fold in folds for group in {groups[row] for row in fold})
    assert set(homes.values()) == {1}
    assert folds == grouped_folds(groups, labels, n_folds, seed)


def test_folds_have_their_share_of_every_label_and_depend_on_the_seed():
    labels = ["a"] * 50 + ["b"] * 25 + ["c"] * 5
    folds = grouped_folds(list(range(80)), labels, 5, 1)
    assert [Counter(labels[row] for row in fold) for fold in folds] == [Counter(a=10, b=5, c=1)] * 5
    assert folds != grouped_folds(list(range(80)), labels, 5, 2)


def days(*numbers):
    return [date(2026, 1, 1) + timedelta(days=number) for number in numbers]


def test_the_newest_share_of_each_label_is_taken():
    labels = ["a"] * 5 + ["b"] * 5
    assert newest_rows(range(10), labels, days(5, 4, 3, 2, 1, 11, 12, 13, 14, 15), 0.2) == [0, 9]
    assert newest_rows(range(10), labels, days(5, 4, 3, 2, 1, 11, 12, 13, 14, 15), 0.4) == [0, 1, 8, 9]


def test_an_old_row_follows_the_newest_of_its_group():
    assert newest_rows([0, 1, 2, 3, 0], ["a"] * 5, days(9, 2, 3, 4, 1), 0.2) == [0, 4]


def test_rows_of_one_date_are_taken_together():
    assert newest_rows(range(8), ["a"] * 8, days(1, 2, 3, 4, 5, 6, 7, 7), 0.125) == [6, 7]


@pytest.mark.parametrize("dates", [days(*[1] * 10), days(*[1] * 9, 2)])
def test_dates_that_do_not_tell_new_from_old_take_nothing(dates):
    assert newest_rows(range(10), ["a"] * 10, dates, 0.2) == []


@given(ROWS, st.lists(st.integers(0, 50), min_size=80, max_size=80))
def test_no_group_is_parted_and_nothing_left_is_newer(rows, numbers):
    groups, labels = [group for group, _ in rows], [f"label {group % 3}" for group, _ in rows]
    dates = days(*numbers[: len(rows)])
    taken = set(newest_rows(groups, labels, dates, 0.2))
    assert not {groups[row] for row in taken} & {groups[row] for row in range(len(rows)) if row not in taken}
    for label in set(labels) if taken else ():
        own = [row for row, one in enumerate(labels) if one == label]
        newest = {
            group: max(dates[row] for row in own if groups[row] == group) for group in {groups[row] for row in own}
        }
        left = [newest[groups[row]] for row in own if row not in taken]
        assert max(left, default=date.min) < min(newest[groups[row]] for row in own if row in taken)


def test_groups_of_the_starter_set_are_few_and_small(examples):
    sizes = Counter(Counter(group_examples(examples)).values())
    assert max(sizes) <= 3
    assert sizes[1] >= len(examples) * 0.9


@pytest.mark.parametrize("n", [1, 600])
def test_grouping_goes_through_all_rows_in_parts(n):
    titles = [f"alpha beta gamma {number:06d} delta epsilon {number * 7:06d}" for number in range(n)]
    same = "The very same long title of a work"
    found = groups_of(same, *titles, same + "s")
    assert found[0] == found[-1] == 0
