"""What is wrong with a query, in the language of who reads: the core says it in English and knows no other."""

import re
from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

SENTENCES = (
    _("only the first {n} characters were read; shorten it"),
    _("only the first {n} parts were searched; use fewer"),
    _("it closes nothing; take it away or open it before"),
    _("there must be something before and after it; put the word in quotes to find it"),
    _("a minus stands right before what is not wanted, as in -survey"),
    _("brackets may stand {n} deep; take some away"),
    _("this bracket is never closed; it was read as closed at the end"),
    _("{name}: is no filter; there are {names}"),
    _("this quote is never closed; it was read as closed at the end"),
    _("it holds no letter and no digit, so nothing can be found by it"),
    _("only its first {n} words were searched"),
    _("a beginning has {n} letters or more; it was searched as a word"),
    _("something must stand right after it, as in {example}"),
    _("it can be {names}"),
    _("a name has letters, as in {example}"),
    _("this is no date; write {name}:2026, {name}:2026-03 or {name}:2026-03-01"),
)


def problem_in_words(says: str) -> str:
    """A sentence of `core.search_query`, translated with what it names; one that is not known stays as it is."""
    for sentence in SENTENCES:
        if found := _pattern(sentence).fullmatch(says):
            return gettext(sentence).format(**found.groupdict())
    return says


@cache
def _pattern(sentence: str) -> re.Pattern[str]:
    parts, known = re.split(r"\{(\w+)\}", sentence), set[str]()
    pattern = re.escape(parts[0])
    for name, text in zip(parts[1::2], parts[2::2], strict=True):
        pattern += f"(?P={name})" if name in known else f"(?P<{name}>.+?)"
        pattern += re.escape(text)
        known.add(name)
    return re.compile(pattern)
