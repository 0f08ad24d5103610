"""No secret reaches the log."""

import json
import logging
import sys

import pytest

from winnow.logs import Json, Plain, without_secrets

SECRET = "s3cr3t-Value_0123456789"


@pytest.mark.parametrize(
    "text",
    [
        f"Authorization: Bearer {SECRET}",
        f"authorization=Bearer {SECRET}",
        f'{{"password": "{SECRET}", "n": 1}}',
        f"Cookie: sessionid={SECRET}; csrftoken={SECRET}",
        f"postgresql://ada:{SECRET}@db/winnow",
        f"GET /sign-in/{SECRET} 200",
        f"GET /reset/{SECRET}",
        f"GET /my/{SECRET}.rss",
        f"WINNOW_GITHUB_TOKEN={SECRET}",
        f"api_key: {SECRET}",
        f"client_secret='{SECRET}'",
    ],
)
@pytest.mark.parametrize("form", [Plain("{message}", style="{"), Json()], ids=["plain", "json"])
def test_a_secret_is_masked_in_message_and_traceback(text, form):
    try:
        int(text)
    except ValueError:
        record = logging.LogRecord("winnow", logging.ERROR, __file__, 1, "%s", (text,), sys.exc_info())
    line = form.format(record)
    assert (SECRET in line, "***" in line) == (False, True)


def test_ordinary_words_stay():
    assert without_secrets("a paper about tokens and passwords at https://a.example/t/mlops") == (
        "a paper about tokens and passwords at https://a.example/t/mlops"
    )


def test_a_line_of_json_says_when_who_and_what():
    record = logging.LogRecord("winnow.x", logging.INFO, __file__, 1, "two\nlines", (), None)
    record.told = {"status": 200}
    row = json.loads(Json().format(record))
    assert {key: row[key] for key in ("level", "logger", "message", "status")} == {
        "level": "INFO", "logger": "winnow.x", "message": "two\nlines", "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize("form", [Plain("{message}", style="{"), Json()], ids=["plain", "json"])
def test_an_address_without_end_does_not_fill_the_disk(form):
    record = logging.LogRecord(
        "django.request", logging.WARNING, __file__, 1, "Not Found: %s", ("/" + "a" * 30_000,), None
    )
    line = form.format(record)
    assert (len(line) < 2_200, "Not Found: /aaa" in line, "... (30012 signs)" in line) == (True, True, True)


@pytest.mark.parametrize("form", [Plain("{message}", style="{"), Json()], ids=["plain", "json"])
def test_what_is_cut_leaves_no_half_of_a_secret(form):
    text = "a" * 1_960 + f" postgresql://ada:{SECRET}{SECRET}@db/winnow"
    record = logging.LogRecord("winnow", logging.WARNING, __file__, 1, "%s", (text,), None)
    line = form.format(record)
    assert (SECRET[:6] in line, "ada:***@" in line) == (False, True)
