"""The sentences of the site, for translators."""

import re
from html.parser import HTMLParser

import pytest
from django_typer.management import get_command

from winnow.management.messages import TEMPLATE, Message, messages_of, template

EMPTY = {"br", "hr", "input"}


class Balanced(HTMLParser):
    """Whether every element that a text opens is closed within it."""

    def __init__(self, text):
        super().__init__()
        self.open, self.is_broken = [], False
        self.feed(text)
        self.close()
        self.is_broken |= bool(self.open) or "<" in self.rawdata

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the parser's signature
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        self.is_broken |= not self.open or self.open.pop() != tag


def test_the_template_is_up_to_date():
    assert TEMPLATE.read_text() == template(), "run `make messages`"


def test_sentences_are_found_in_templates_and_in_code(tmp_path):
    (tmp_path / "one.html").write_text(
        '{% translate "Plain" %}{{ x|default:_("Else") }}'
        "{% blocktranslate count n=n %}{{ n }} of 5 % is{% plural %}{{ n }} are{% endblocktranslate %}"
    )
    (tmp_path / "two.py").write_text(
        '_("Plain")\ngettext_lazy("Late")\nngettext_lazy("{n} day", "{n} days", "n")\n_(x)'
    )
    assert messages_of(tmp_path) == {
        Message("Plain"): ["one.html", "two.py"],
        Message("Else"): ["one.html"],
        Message("%(n)s of 5 %% is", "%(n)s are"): ["one.html"],
        Message("Late"): ["two.py"],
        Message("{n} day", "{n} days"): ["two.py"],
    }


@pytest.mark.parametrize("form", ["text", "plural"])
def test_no_sentence_has_broken_html(form):
    assert [one for one in messages_of() if Balanced(getattr(one, form)).is_broken] == []


def test_no_sentence_begins_or_ends_in_a_line_of_its_own():
    assert [one for one in messages_of() if re.search(r"\n|  ", one.text + one.plural)] == []


@pytest.mark.filterwarnings("ignore:In Typer:DeprecationWarning")
def test_the_command_writes_it(tmp_path, monkeypatch):
    monkeypatch.setattr("winnow.management.commands.messages.TEMPLATE", tmp_path / "new" / "winnow.pot")
    get_command("messages")()
    assert (tmp_path / "new" / "winnow.pot").read_text() == template()
