"""A catalogue that nobody has to write: every sentence in brackets and with accents, compiled as GNU gettext has it."""

import re
import struct

from winnow.management.messages import messages_of

CODE = "en-xa"
LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
ACCENTED = str.maketrans(LETTERS, "àƀçđéƒĝĥîĵķļɱñôƥɋŕšţûṽŵẋýžÀƁÇĐÉƑĜĤÎĴĶĻṀÑÔƤɊŔŠŢÛṼŴẊÝŽ")
# Placeholders, elements and entities stay as they are; what is in `code` is typed as it stands.
_KEPT = re.compile(r"(%\(\w+\)s|\{\w*\}|<code>.*?</code>|<[^>]*>|&\w+;)")
# How a day is written is a form for Django's `date`, not a sentence.
_DAY = re.compile(r"(l, )?j F( Y)?(, H:i)?")
HEAD = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"


def accented(text):
    """`[Ŕéçéñţ]` of `Recent`."""
    if _DAY.fullmatch(text):
        return text
    parts = _KEPT.split(text)
    return "[" + "".join(part if n % 2 else part.translate(ACCENTED) for n, part in enumerate(parts)) + "]"


def compiled(messages):
    """The bytes of an `.mo` file (GNU gettext manual, 10.3), of texts by text; of a tuple where there are plural forms."""
    pairs = {"": HEAD, **{key[0] + "\0" + key[1] if key[1] else key[0]: value for key, value in messages.items()}}
    rows = [(key.encode(), pairs[key].encode()) for key in sorted(pairs, key=str.encode)]
    place, tables, texts = 28 + 16 * len(rows), [[], []], b""
    for side in (0, 1):
        for row in rows:
            tables[side] += [len(row[side]), place + len(texts)]
            texts += row[side] + b"\0"
    head = struct.pack("<7I", 0x950412DE, 0, len(rows), 28, 28 + 8 * len(rows), 0, 0)
    return head + struct.pack(f"<{4 * len(rows)}I", *tables[0], *tables[1]) + texts


def write_catalogue(folder, name="en_XA", messages=None):
    """A catalogue below a folder; the pseudo-language unless other sentences are given."""
    if messages is None:
        messages = {
            (one.text, one.plural): accented(one.text) + (f"\0{accented(one.plural)}" if one.plural else "")
            for one in messages_of()
        }
    path = folder / name / "LC_MESSAGES" / "django.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(compiled(messages))
    return path
