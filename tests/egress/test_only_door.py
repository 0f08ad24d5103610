import ast
from pathlib import Path

import winnow

SOURCE = Path(winnow.__file__).parent
NETWORK = {"aiohttp", "ftplib", "h11", "httpcore", "httpx", "requests", "smtplib", "socket", "socketserver", "urllib3"}
NETWORK_PARTS = {"http.client", "urllib.request", "xmlrpc.client"}


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def network_modules(path: Path) -> set[str]:
    return {name for name in imported(path) if name.split(".")[0] in NETWORK or name in NETWORK_PARTS}


def test_only_the_egress_floor_imports_what_opens_connections():
    offenders = {
        str(path.relative_to(SOURCE)): found
        for path in SOURCE.rglob("*.py")
        if "egress" not in path.relative_to(SOURCE).parts[:1] and (found := network_modules(path))
    }
    # The server makes sure that its port is free by listening on it; it connects to nobody.
    assert offenders == {"management/commands/serve.py": {"socket"}}


def test_the_server_opens_no_connection():
    called = {
        node.func.attr
        for node in ast.walk(ast.parse((SOURCE / "management" / "commands" / "serve.py").read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "socket"
    }
    assert called == {"create_server"}


def test_the_scan_sees_what_it_looks_for():
    found = set().union(*(network_modules(path) for path in (SOURCE / "egress").glob("*.py")))
    assert found == {"httpcore", "smtplib", "socket"}
