"""`winnow recall`."""


def test_works_come_into_the_queue_once_and_what_was_found_is_told(demo):
    (first,) = demo("recall", "other", "--n", "8", "--json").rows
    assert (sum(first["opened"].values()), first["waiting"]) == (8, 8)
    assert first["opened"]["nearest"] == 4
    (again,) = demo("recall", "other", "--n", "8", "--json").rows
    assert (sum(again["opened"].values()), again["waiting"], again["looked_at"]) == (0, 8, 0)
    said = demo("recall", "other", "--n", "0").out.splitlines()
    assert said == [
        "other: 0 works put into the queue",
        "  8 wait; 0 of 0 that were looked at belong to it",
    ]


def test_a_tag_that_is_none_is_one_line(demo):
    done = demo("recall", "rockets")
    assert (done.status, done.err.count("\n")) == (1, 1)
    assert demo("recall").status == 2
