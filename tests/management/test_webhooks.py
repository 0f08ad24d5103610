"""`winnow webhooks`: made, listed, switched, tried, removed."""

from tests.databases import ask

URL = "https://hook.example.org/x"


def test_a_webhook_from_beginning_to_end(winnow):
    (made,) = winnow("webhooks", "add", URL, "--event", "item.published", "--json").rows
    assert (made["id"], made["events"], made["secret"][:4]) == (1, ["item.published"], "whs_")
    (listed,) = winnow("webhooks", "list", "--json").rows
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert winnow("webhooks", "off", "1").out == "1 is off.\n"
    tried = winnow("webhooks", "try", "1")
    assert (tried.status, tried.err.count("\n")) == (1, 1)
    assert "off  https://hook.example.org/x" in winnow("webhooks", "list").out
    winnow("webhooks", "on", "1")
    assert winnow("webhooks", "try", "1").out == "A test is on its way.\n"
    assert ask(winnow.home, "SELECT event FROM winnow_message") == [("test",)]
    assert winnow("webhooks", "remove", "1").status == 0
    assert winnow("webhooks", "list").out == ""


def test_what_cannot_be_done_is_one_line(winnow):
    for words in (("add", "ftp://x"), ("add", URL, "--event", "odd"), ("remove", "7")):
        done = winnow("webhooks", *words)
        assert (done.status, done.err.count("\n"), done.out) == (1, 1, "")
    assert winnow("webhooks", "remove", "x").status == 2


def test_without_events_it_is_told_all_and_people_read_its_secret(winnow):
    out = winnow("webhooks", "add", URL).out
    assert "Its secret, shown this once: whs_" in out
    (listed,) = winnow("webhooks", "list", "--json").rows
    assert len(listed["events"]) == 4
