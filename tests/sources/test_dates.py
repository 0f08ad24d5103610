from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.sources.dates import EARLIEST, parse_feed_date, parse_iso, plausible


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2020", datetime(2020, 1, 1, tzinfo=UTC)),
        ("2020-02", datetime(2020, 2, 1, tzinfo=UTC)),
        ("2020-02-20", datetime(2020, 2, 20, tzinfo=UTC)),
        ("2020-02-20 06:43:18", datetime(2020, 2, 20, 6, 43, 18, tzinfo=UTC)),
        ("2020-02-20T06:43", datetime(2020, 2, 20, 6, 43, tzinfo=UTC)),
        ("2020-02-20T06:43:18Z", datetime(2020, 2, 20, 6, 43, 18, tzinfo=UTC)),
        ("2020-02-20T06:43:18z", datetime(2020, 2, 20, 6, 43, 18, tzinfo=UTC)),
        ("2020-02-20 06:43:18+02:00", datetime(2020, 2, 20, 4, 43, 18, tzinfo=UTC)),
        ("2020-02-20 06:43:18 -0230", datetime(2020, 2, 20, 9, 13, 18, tzinfo=UTC)),
        ("2020-02-20T06:43:18.5", datetime(2020, 2, 20, 6, 43, 18, 500_000, tzinfo=UTC)),
        ("2020-02-20T06:43:18,123456789Z", datetime(2020, 2, 20, 6, 43, 18, 123_456, tzinfo=UTC)),
        ("2024-02-29", datetime(2024, 2, 29, tzinfo=UTC)),
    ],
)
def test_parse_iso_reads_the_accepted_forms(text, moment):
    assert parse_iso(text) == moment
    assert parse_iso(text).tzinfo is UTC


# fmt: off
NO_DATES = [
    "", "yesterday", "2020-13", "2020-02-30", "2023-02-29", "20200220", "2020-W08-4", "20.02.2020", "02/20/2020", "0000",
    "2020-02-20T25:00", "2020-02-20 06:43:18+99:00", "2020-2-2", "2020-02-20T", "２０２０-02-20", "2020-02-20x",
    "0001-01-01T00:00:00+05:00", "9999-12-31T23:59:59-05:00", "1e3", "-2020", "1582200000",
]
# fmt: on


@pytest.mark.parametrize("text", NO_DATES)
def test_parse_iso_refuses_everything_else(text):
    with pytest.raises(ValueError, match=r"."):
        parse_iso(text)


@given(st.datetimes(timezones=st.just(UTC)), st.sampled_from([" ", "T"]))
def test_parse_iso_reads_back_what_isoformat_writes(moment, separator):
    assert parse_iso(moment.isoformat(separator)) == moment


@given(st.text(max_size=30))
def test_parse_feed_date_never_raises(text):
    moment = parse_feed_date(text)
    assert moment is None or moment.tzinfo is UTC


def test_parse_feed_date_reads_iso_and_mail_dates():
    texts = [
        "Wed, 25 Nov 2026 12:00:00 GMT",
        "25 Nov 2026 12:00 +0000",
        " 2026-11-25T12:00:00Z\n",
        "Wed, 25 Nov 2026 14:00:00 +0200",
    ]
    assert {parse_feed_date(text) for text in texts} == {datetime(2026, 11, 25, 12, tzinfo=UTC)}
    assert [parse_feed_date(text) for text in ("", "soon", "Wed, 99 Nov 2026", "\x00")] == [None] * 4


def test_x12_plausible_keeps_no_date_of_the_future_or_of_an_unset_clock():
    now = datetime(2026, 11, 25, tzinfo=UTC)
    moments = [datetime(year, 1, 1, tzinfo=UTC) for year in (1970, 1989, 1990, 2026, 2027, 2099)]
    assert [plausible(moment, now) for moment in moments] == [None, None, EARLIEST, moments[3], None, None]
    assert plausible(None) is None
    assert plausible(now, now) == now
