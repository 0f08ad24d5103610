"""Ways to change one thing in a file of Python, for `mutation.py`."""

import ast
import copy
from collections.abc import Iterator

SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt,
    ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult,
}  # fmt: skip
# Read by people and by checkers of types alone.
LEFT = ("annotation", "returns", "decorator_list", "format_spec")
MAX_SHOWN = 80


def every_change(tree: ast.Module) -> Iterator[tuple[int, str, ast.Module]]:
    """The line, what is changed, and the whole tree with that one change. Docstrings, annotations and imports stay."""
    for at, parent in enumerate(_nodes(tree)):
        for field, value in ast.iter_fields(parent):
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if field in LEFT or not isinstance(child, ast.AST) or _is_docstring(parent, child):
                    continue
                for name, new in _changed(child):
                    whole = copy.deepcopy(tree)
                    twin = _nodes(whole)[at]
                    if isinstance(value, list):
                        getattr(twin, field)[index] = new
                    else:
                        setattr(twin, field, new)
                    yield getattr(child, "lineno", 0), name, ast.fix_missing_locations(whole)


def broken(tree: ast.Module) -> ast.Module:
    """The tree with an error in place of what each function does: nothing that is tested may pass with it."""
    whole = copy.deepcopy(tree)
    for node in ast.walk(whole):
        if isinstance(node, ast.FunctionDef):
            node.body = ast.parse("raise AssertionError").body
    return ast.fix_missing_locations(whole)


def _nodes(tree: ast.Module) -> list[ast.AST]:
    return [node for node in ast.walk(tree) if not isinstance(node, ast.ImportFrom | ast.Import)]


def _is_docstring(parent: ast.AST, child: ast.AST) -> bool:
    return isinstance(parent, ast.Expr) and isinstance(child, ast.Constant)


def _changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Each way to change one node, with its name."""
    new = copy.deepcopy(node)
    if isinstance(new, ast.Compare) and type(new.ops[0]) in SWAPS:
        new.ops[0] = SWAPS[type(new.ops[0])]()
        yield _named("comparison", node, new), new
    elif isinstance(new, ast.BoolOp | ast.BinOp) and type(new.op) in SWAPS:
        new.op = SWAPS[type(new.op)]()
        yield _named("operator", node, new), new
    elif isinstance(new, ast.UnaryOp) and isinstance(new.op, ast.Not):
        yield _named("not", node, new.operand), new.operand
    elif isinstance(new, ast.If | ast.IfExp | ast.While):
        new.test = ast.UnaryOp(ast.Not(), new.test)
        yield f"condition: {_shown(new.test)}", new
    elif isinstance(new, ast.Return) and new.value is not None and not isinstance(new.value, ast.Constant):
        new.value = ast.Constant(None)
        yield _named("return", node, new), new
    elif isinstance(new, ast.Expr) and isinstance(new.value, ast.Call):
        yield f"call: left out {_shown(node)}", ast.Pass()
    elif isinstance(new, ast.Constant):
        yield from _constant(new)


def _constant(node: ast.Constant) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node.value, bool):
        yield f"truth: {node.value} -> {not node.value}", ast.Constant(not node.value)
    elif isinstance(node.value, int | float):
        yield f"number: {node.value} -> {node.value + 1}", ast.Constant(node.value + 1)
    elif isinstance(node.value, str) and node.value:
        yield f"text: XX before {node.value[:MAX_SHOWN]!r}", ast.Constant("XX" + node.value)


def _named(kind: str, old: ast.AST, new: ast.AST) -> str:
    return f"{kind}: {_shown(old)} -> {_shown(new)}"


def _shown(node: ast.AST) -> str:
    return ast.unparse(node).splitlines()[0][:MAX_SHOWN]
