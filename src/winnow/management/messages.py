"""Every sentence of the site that can be translated, as a template of catalogues (`.pot`, GNU gettext).

Read from the source with Django's own reader of templates and Python's own parser, so that no program has to be installed.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation.template import templatize

SOURCE = Path(__file__).parents[1]
TEMPLATE = SOURCE / "locale" / "winnow.pot"
_SINGLE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_TEXT = r"""(u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")"""
# What Django makes of a template: calls as in Python between letters that mean nothing.
_CALL = re.compile(rf"\b(_|gettext|ngettext)\(\s*{_TEXT}(?:\s*,\s*{_TEXT})?")
_HEAD = """# Sentences of Winnow. `make messages` writes this file; docs/how-to/translate.md says what to do with it.
msgid ""
msgstr ""
"Project-Id-Version: winnow\\n"
"Language: \\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"
"""


@dataclass(frozen=True, slots=True, order=True)
class Message:
    """A sentence, and its plural form where something is counted; empty where nothing is."""

    text: str
    plural: str = ""


def messages_of(folder: Path = SOURCE) -> dict[Message, list[str]]:
    """Every sentence below a folder, with the files that hold it, in the order of these."""
    found: defaultdict[Message, list[str]] = defaultdict(list)
    for path in sorted([*folder.rglob("*.html"), *folder.rglob("*.py")]):
        text = path.read_text()
        name = path.relative_to(folder).as_posix()
        for message in _in_python(text) if path.suffix == ".py" else _in_template(text, name):
            if name not in found[message]:
                found[message].append(name)
    return dict(found)


def template() -> str:
    """The whole file."""
    return "\n".join([_HEAD, *(_entry(message, files) for message, files in messages_of().items())])


def _in_python(text: str) -> Iterator[Message]:
    """Calls of gettext and its kin; what they are given is written out, as a computed text could not be found again."""
    for call in ast.walk(ast.parse(text)):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in _SINGLE | _PLURAL:
            given = [arg.value for arg in call.args[:2] if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            if given:
                yield Message(given[0], given[1] if call.func.id in _PLURAL else "")


def _in_template(text: str, name: str) -> Iterator[Message]:
    for call, single, plural in _CALL.findall(templatize(text, origin=name)):
        yield Message(ast.literal_eval(single), ast.literal_eval(plural) if call == "ngettext" else "")


def _entry(message: Message, files: list[str]) -> str:
    places = "".join(f"#: {name}\n" for name in files)
    kind = "python-format" if "%(" in message.text else "python-brace-format" if "{" in message.text else ""
    flag = f"#, {kind}\n" if kind else ""
    plural = f"msgid_plural {_quoted(message.plural)}\n" if message.plural else ""
    empty = 'msgstr[0] ""\nmsgstr[1] ""\n' if message.plural else 'msgstr ""\n'
    return f"{places}{flag}msgid {_quoted(message.text)}\n{plural}{empty}"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'
