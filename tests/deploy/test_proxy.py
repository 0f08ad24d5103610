"""The proxy's example as nginx itself reads it, before a real site."""

import http.client
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.databases import on_sqlite
from tests.management.servers import comes_true

ROOT = Path(__file__).parents[2]
CONF = (ROOT / "deploy" / "nginx" / "winnow.conf").read_text()
HOST = "winnow.example.org"
FILES = "/etc/letsencrypt/live/winnow.example.org"


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """The ports of http and https and the folder of the proxy, and the port of the site, which is told what the how-to page says."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if not nginx:
        pytest.skip("nginx is missing: run `make nginx`")
    folder = tmp_path_factory.mktemp("proxy")
    plain, safe, site = free_port(), free_port(), free_port()
    subject = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject]
    made += ["-keyout", f"{folder}/privkey.pem", "-out", f"{folder}/fullchain.pem"]
    subprocess.run(made, check=True, capture_output=True)
    (folder / "winnow.conf").write_text(
        re.sub(r"\n *listen \[::\][^\n]*", "", CONF)
        .replace("listen 80;", f"listen 127.0.0.1:{plain};")
        .replace("listen 443", f"listen 127.0.0.1:{safe}")
        .replace("server 127.0.0.1:8000;", f"server 127.0.0.1:{site};")
        .replace(FILES, str(folder))
    )
    paths = "".join(
        f"{name}_temp_path {folder}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
        f"http {{ access_log off; {paths} include {folder}/winnow.conf; }}\n"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT / "src"),
        "WINNOW_HOME": str(folder / "home"),
        "WINNOW_BASE_URL": f"https://{HOST}",
        "WINNOW_TRUSTED_PROXIES": "1",
        "WINNOW_PAGES_A_MINUTE": "30",
    }
    serve = [sys.executable, "-m", "winnow", "serve", "--port", str(site)]
    with (
        subprocess.Popen(serve, env=environment, stdout=subprocess.DEVNULL) as server,
        subprocess.Popen([nginx, "-e", f"{folder}/error.log", "-p", folder, "-c", folder / "nginx.conf"]) as proxy,
    ):
        try:
            assert comes_true(lambda: answers(site) and answers(safe)), (folder / "error.log").read_text()
            yield plain, safe, folder, site
        finally:
            proxy.terminate()
            server.terminate()


def asked(port, path, *, trusted=None, body=None, **headers):
    """Status, headers and text, by the name of the site whatever address it has here."""
    if trusted:
        context = ssl.create_default_context(cafile=trusted)
        raw = socket.create_connection(("127.0.0.1", port), timeout=60)
        connection = http.client.HTTPConnection(HOST)
        connection.sock = context.wrap_socket(raw, server_hostname=HOST)
    else:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with closing(connection):
        connection.request("POST" if body else "GET", path, body, {"Host": HOST, **headers})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()


@on_sqlite
def test_http_leads_to_https(proxied):
    status, headers, _ = asked(proxied[0], "/t/mlops?page=2")
    assert (status, headers["Location"]) == (301, f"https://{HOST}/t/mlops?page=2")


@on_sqlite
def test_the_site_answers_over_tls_with_cookies_for_it_alone(proxied):
    _, safe, folder, _ = proxied
    status, headers, text = asked(safe, "/sign-in", trusted=folder / "fullchain.pem")
    assert (status, "<title>" in text, "Server" in headers and "/" in headers["Server"]) == (200, True, False)
    assert re.match(r"__Host-csrftoken=.*; Secure", headers["Set-Cookie"])
    assert headers["Strict-Transport-Security"].startswith("max-age=31536000")
    feed = ET.fromstring(asked(safe, "/recent.rss", trusted=folder / "fullchain.pem")[2])
    assert feed.findtext("channel/link") == f"https://{HOST}/recent"


@on_sqlite
def test_older_tls_is_refused(proxied):
    safe = proxied[1]
    asks = ["openssl", "s_client", "-connect", f"127.0.0.1:{safe}", "-cipher", "ALL:@SECLEVEL=0"]
    ends = {
        version: subprocess.run([*asks, version], input="", capture_output=True, text=True, check=False)
        for version in ("-tls1_1", "-tls1_2")
    }
    assert [end.returncode for end in ends.values()] == [1, 0]
    assert "protocol version" in ends["-tls1_1"].stderr


@on_sqlite
def test_a_visitor_is_who_the_proxy_saw_and_not_who_they_say(proxied):
    """Whoever asks from this machine is not counted; a stranger may have 30 pages at once."""
    _, safe, folder, site = proxied
    claim = {"X-Forwarded-For": "203.0.113.9"}
    seen = [asked(safe, "/tags", trusted=folder / "fullchain.pem", **claim)[0] for _ in range(35)]
    with ThreadPoolExecutor(8) as pool:
        believed = list(pool.map(lambda _: asked(site, "/tags", **claim)[0], range(35)))
    assert (set(seen), set(believed)) == ({200}, {200, 429})


@on_sqlite
def test_what_is_too_large_ends_at_the_proxy(proxied):
    _, safe, folder, _ = proxied
    body = b"x" * (2 * 2**20 + 1)
    assert asked(safe, "/api/v1/classify", trusted=folder / "fullchain.pem", body=body)[0] == 413


@on_sqlite
def test_who_asks_for_no_known_name_gets_no_page(proxied):
    _, safe, folder, _ = proxied
    status, _, text = asked(safe, "/", trusted=folder / "fullchain.pem", Host="elsewhere.example")
    assert (status, "<title>Winnow" in text) == (400, False)
