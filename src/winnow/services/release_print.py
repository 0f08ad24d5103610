"""Markdown as pages and as a printed document. Foreign text is inert in both: raw HTML is text, and so is Typst."""

import json
from collections.abc import Sequence
from html import escape

import typst
from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self'; img-src 'self'">
<title>{title}</title>
<link rel="stylesheet" href="style.css">
</head>
<body>
<a class="skip" href="#main">To the text</a>
<nav aria-label="Documents"><ul>{links}</ul></nav>
<main id="main">
{body}</main>
<footer><p>{foot}</p></footer>
</body>
</html>
"""
_SETUP = """#set document(title: {title}, date: none)
#set page(paper: "a4", margin: 22mm, numbering: "1")
#set text(font: "Libertinus Serif", size: 10.5pt, lang: "en")
#set table(stroke: 0.4pt + luma(190), inset: 5pt)
#show heading: set block(above: 1.3em, below: 0.7em)
#show raw: set text(size: 8.5pt)
"""
_AROUND = {
    "paragraph": "#par[{}]\n",
    "strong": "#strong[{}]",
    "em": "#emph[{}]",
    "blockquote": "#quote(block: true)[{}]\n",
    "list_item": "{}",
    "td": "{}",
    "th": "#strong[{}]",
}


def tree_of(text: str) -> SyntaxTreeNode:
    """Markdown as a tree, without raw HTML."""
    return SyntaxTreeNode(_markdown().parse(text))


def _markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def html_part(text: str) -> str:
    """Markdown as a part of a page, its tables in boxes that can be moved by keyboard."""
    body: str = _markdown().render(text)
    body = body.replace("<table>", '<div class="table" tabindex="0" role="group" aria-label="Table"><table>')
    return body.replace("</table>", "</table></div>")


def html_page(title: str, text: str, links: Sequence[tuple[str, str]], *, foot: str, picture: str = "") -> str:
    """A page of the frozen site; `picture` is a chart of our own and stands at the end."""
    body = html_part(text)
    items = "".join(f'<li><a href="{escape(to)}">{escape(name)}</a></li>' for name, to in links)
    return _PAGE.format(title=escape(title), links=items, body=body + picture + "\n", foot=escape(foot))


def pdf(title: str, texts: Sequence[str], picture: str = "") -> bytes:
    """All documents as one PDF, the same bytes for the same text. No font or package is fetched."""
    parts = [_SETUP.format(title=typst_string(title))]
    for text in texts:
        parts.append(typst_of(tree_of(text)))
        parts.append("#pagebreak(weak: true)\n")
    if picture:
        parts.append(f'#image(bytes({typst_string(picture)}), format: "svg", width: 100%)\n')
    return bytes(typst.compile("".join(parts).encode(), format="pdf", ignore_system_fonts=True))


def typst_string(words: str) -> str:
    """A string of Typst: it is never read as markup."""
    kept = "".join(char for char in words if char >= " " or char in "\n\t")
    return '"' + kept.replace("\\", "\\\\").replace('"', '\\"') + '"'


def typst_of(node: SyntaxTreeNode) -> str:
    """A node as Typst; what has no form of its own is what it holds."""
    form = _FORMS.get(node.type)
    if form:
        return form(node)
    return _AROUND.get(node.type, "{}").replace("{}", _inner(node))


def _inner(node: SyntaxTreeNode) -> str:
    return "".join(typst_of(child) for child in node.children)


def _raw(node: SyntaxTreeNode) -> str:
    return f"#raw({typst_string(node.content)}, block: {json.dumps(node.type != 'code_inline')})"


def _heading(node: SyntaxTreeNode) -> str:
    return f"#heading(level: {int(node.tag[1:])})[{_inner(node)}]\n"


def _list(node: SyntaxTreeNode) -> str:
    made = "list" if node.type == "bullet_list" else "enum"
    return f"#{made}({','.join(f'[{typst_of(child)}]' for child in node.children)})\n"


def _link(node: SyntaxTreeNode) -> str:
    """Links on the network stay links; a place on this disk would lead nowhere from paper."""
    target, inner = str(node.attrs.get("href", "")), _inner(node)
    return f"#link({typst_string(target)})[{inner}]" if target.startswith(("http://", "https://", "mailto:")) else inner


def _table(node: SyntaxTreeNode) -> str:
    rows = [row for part in node.children for row in part.children]
    cells = "".join(f"[{typst_of(cell)}]," for row in rows for cell in row.children)
    width = len(rows[0].children)
    return f"#table(columns: ({'auto,' + '1fr,' * (width - 1)}), {cells})\n"


_FORMS = {
    "text": lambda node: f"#text({typst_string(node.content)})",
    "image": lambda node: f"#emph(text({typst_string(node.content)}))",
    "softbreak": lambda _: " ",
    "hardbreak": lambda _: "#linebreak()",
    "hr": lambda _: "#line(length: 100%)\n",
    "code_inline": _raw,
    "fence": _raw,
    "code_block": _raw,
    "heading": _heading,
    "bullet_list": _list,
    "ordered_list": _list,
    "link": _link,
    "table": _table,
}
