"""The canvas as a picture to print: all of it on one page, whatever is written in it."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal, get_args

import typst
from markdown_it.tree import SyntaxTreeNode

from winnow.services.release import Checked
from winnow.services.release_print import tree_of, typst_of, typst_string
from winnow.services.release_text import filled

Kind = Literal["pdf", "svg"]
KINDS: tuple[Kind, ...] = get_args(Kind)
# In points on A3, from what is read best to what is read at all; the first that fits is taken.
SIZES = (17.0, 15.5, 14.0, 13.0, 12.0, 11.0, 10.0, 9.0, 8.0, 7.0, 6.0)
MOST_BESIDE = 5
A3, LONGER = "297mm", "auto"
_SETUP = """#set document(title: {title}, date: none)
#set page(width: 420mm, height: {height}, margin: (x: 12mm, y: 10mm))
#set text(font: "Libertinus Serif", size: {size}pt, lang: "en", hyphenate: false)
#set par(leading: 0.55em, spacing: 0.8em)
#set list(indent: 0pt, spacing: 0.6em)
#set enum(indent: 0pt, spacing: 0.6em)
#set table(stroke: 0.4pt + luma(190), inset: 3pt)
#show raw: set text(size: 0.85em)
#let band(title, body) = block(breakable: false, width: 100%, spacing: 0pt, {{
  block(below: 0.55em, text(fill: rgb("#0b5d57"), weight: "bold", size: 0.9em, tracking: 0.08em, upper(title)))
  body
}})
#let row(..cells) = block(width: 100%, spacing: 6pt, grid(
  columns: (1fr,) * cells.pos().len(), column-gutter: 6pt, inset: 0.75em,
  stroke: 0.6pt + luma(200), fill: rgb("#fbfaf7"), ..cells.pos()))
#let cell(title, body) = {{ block(spacing: 0.75em, text(weight: "bold", title)); body }}
"""


def canvas_picture(checked: Checked, kind: Kind) -> bytes:
    """The canvas, its figures filled in, as one A3 page, which prints on A4 too; b"" where there is no canvas.

    The letters are made smaller until all of it fits; where even the smallest do not, the page is made longer.
    """
    found = [one for one in checked.documents if one.path.stem == "canvas"]
    return _picture(filled(found[0], checked, lambda _, target: target), checked.name, kind) if found else b""


@lru_cache(maxsize=8)
def _picture(text: str, name: str, kind: Kind) -> bytes:
    body = "".join(_page(tree_of(text), name))
    tried = [*((size, A3) for size in SIZES), (SIZES[-1], LONGER)]
    sources = (_SETUP.format(title=typst_string(name), size=size, height=height) + body for size, height in tried)
    source = next(one for one in sources if _is_one_page(one))
    return bytes(typst.compile(source.encode(), format=kind, ignore_system_fonts=True))


def _is_one_page(source: str) -> bool:
    return not isinstance(typst.compile(source.encode(), format="svg", ignore_system_fonts=True), list)


def _page(tree: SyntaxTreeNode, name: str) -> Iterator[str]:
    """Title, then a band for each heading of the second level, with a box for each of the third."""
    title = f"text(size: 1.7em, weight: {typst_string('bold')}, {typst_string('Canvas')})"
    yield f"#grid(columns: (1fr, auto), align: bottom, {title}, text(fill: luma(90), {typst_string(name)}))\n"
    for band, boxes in _bands(tree):
        cells = [f"cell([{head}], [{body}])" for head, body in boxes]
        rows = "".join(f"row({','.join(row)})\n" for row in _rows(cells))
        yield f"#v(1.1em)\n#v(1fr)\n#band([{band}], {{\n{rows}}})\n"


def _bands(tree: SyntaxTreeNode) -> list[tuple[str, list[tuple[str, str]]]]:
    bands: list[tuple[str, list[tuple[str, str]]]] = []
    for node in tree.children:
        inner = "".join(typst_of(child) for child in node.children)
        if node.tag == "h2":
            bands.append((inner, []))
        elif bands and node.tag == "h3":
            bands[-1][1].append((inner, ""))
        elif bands:
            boxes = bands[-1][1] or [("", "")]
            head, body = boxes.pop()
            bands[-1][1][:] = [*boxes, (head, body + typst_of(node))]
    return [band for band in bands if band[1]]


def _rows(cells: Sequence[str]) -> list[Sequence[str]]:
    """Cells beside each other, in as few rows as can be read, the upper ones fuller by one at most."""
    n_rows = -(-len(cells) // MOST_BESIDE)
    ends = [-(-len(cells) * number // n_rows) for number in range(n_rows + 1)]
    return [cells[start:end] for start, end in pairwise(ends)]
