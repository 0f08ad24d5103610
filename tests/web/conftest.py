"""Visitors, with and without a browser."""

import os
import re
import shutil
from dataclasses import dataclass
from html.parser import HTMLParser

import pytest
from django.test import Client
from playwright.sync_api import sync_playwright

from winnow.models import Evidence, Item, ModelVersion, Prediction, ReviewTask
from winnow.services import publish
from winnow.services.review import open_task

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

PROVENANCE = "provisional: proved on the starter set, not yet on your stream"


@dataclass(frozen=True)
class Html:
    """A page as its source tells it."""

    text: str

    def all(self, pattern):
        """Every match of a pattern."""
        return re.findall(pattern, self.text, re.DOTALL)

    @property
    def elements(self):
        """Every element as a browser's parser sees it: its name and its attributes."""
        found = []
        parser = HTMLParser()
        parser.handle_starttag = lambda name, attributes: found.append((name, dict(attributes)))
        parser.feed(self.text)
        return found

    @property
    def main(self):
        """What stands between header and footer."""
        (main,) = self.all(r"<main.*?</main>")
        return main


@pytest.fixture
def visit(client):
    """Fetch a page, as somebody where they are named, and expect a status."""

    def visit(path, who=None, status=200, **query):
        if who is not None:
            client.force_login(who)
        response = client.get(path, query)
        assert response.status_code == status
        return Html(response.content.decode())

    return visit


@pytest.fixture
def send(client):
    """Send a form, as somebody where they are named."""

    def send(path, who=None, headers=None, **fields):
        if who is not None:
            client.force_login(who)
        return client.post(path, fields, headers=headers or {})

    return send


@pytest.fixture
def client_of():
    """Another visit of an account, beside the one that `client` makes."""

    def client_of(account):
        other = Client()
        other.force_login(account)
        return other

    return client_of


@pytest.fixture
def task(make_item):
    """An open task: an Item that the classifier was unsure about."""
    item = make_item("Which tag is this?", state="in_review", likely_tag="mlops", confidence=0.61)
    return open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE, priority=0.4)


@pytest.fixture
def model_version(tags):
    """A registered model whose thresholds are provisional."""
    return ModelVersion.objects.create(
        ref="v5-1",
        recipe="encoder",
        folder="models/none",
        manifest_sha256="0" * 64,
        dataset_sha256="0" * 64,
        policy={
            "threshold": 0.9,
            "per_tag": dict.fromkeys(tags, 0.9),
            "certificate": None,
            "provenance": PROVENANCE,
            "is_provisional": True,
        },
        card={},
    )


@pytest.fixture
def measured(model_version):
    """The registered model with something of every kind of evidence, and a certificate."""
    certificate = {
        "target": 0.9,
        "delta": 0.1,
        "threshold": 0.7,
        "n": 120,
        "k": 5,
        "bound": 0.921,
        "coverage": 0.8,
        "missing": 0,
    }
    model_version.policy["certificate"] = certificate
    model_version.card = {"about": "A model for tests.", "n": 40, "n_per_tag": {"mlops": 30, "other": 10}}
    model_version.save()
    figures = [
        ("precision", "", 0.9),
        ("precision", "mlops", 0.92),
        ("precision", "coverage 0.50", 1.0),
        ("precision", "coverage 1.00", 0.9),
        ("ece", "", 0.03),
        ("share right", "bin 01", 0.6),
        ("mean confidence", "bin 01", 0.7),
        ("confusion", "mlops as mlops", 0.75),
        ("confusion", "mlops as other", 0.25),
        ("confusion", "mlops as nothing", 0.0),
        ("accuracy", "slice short title", 0.8),
        ("behaviour direction", "", 0.95),
        ("behaviour direction", "mlops", 0.9),
        ("out of fold accuracy", "", 0.88),
    ]
    about = {"model_sha256": "0" * 64, "dataset_sha256": "d" * 64, "policy_sha256": "p", "code_sha256": "c"}
    for metric, scope, value in figures:
        low, high = max(0.0, value - 0.1), min(1.0, value + 0.1)
        Evidence.objects.create(
            metric=metric, scope=scope, value=value, low=low, high=high, n=40, method="held-out works", **about
        )
    return model_version


@pytest.fixture
def make_decided(make_item, tags, model_version):
    """A maker of Items that the model published, with the Prediction behind it."""

    def make(title="", *, tag="mlops", confidence=0.94, words=(("gateway", 0.21), ("poem", -0.04)), **fields):
        item = make_item(title, **fields)
        publish.publish_item(
            item,
            tag=tags[tag],
            decided_by=Item.DecidedBy.MODEL,
            confidence=confidence,
            model_version=model_version,
        )
        Prediction.objects.create(
            item=item,
            model_version=model_version,
            tag=tag,
            confidence=confidence,
            probabilities={tag: confidence, "other": 1 - confidence},
            action="accept",
            words=words,
            latency_ms=1.0,
        )
        return item

    return make


@pytest.fixture(scope="session")
def chromium():
    """One real browser for all tests of this process."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if path is None:
        pytest.fail("no Chromium on this machine: install the package chromium", pytrace=False)
    # The driver keeps an event loop in this thread, and Django takes that for asynchronous code, which this is not.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def browse(chromium, live_server, client, settings):
    """Open a page in the browser; what breaks the content policy or throws, anywhere in the test, fails it."""
    settings.BASE_URL = live_server.url
    contexts, faults = [], []

    def heard(message):
        is_answer = re.search(r"[Ss]tatus (?:of|Error Code) 4", message.text)
        if message.type == "error" and not is_answer:
            faults.append(message.text)

    def browse(path, who=None, *, scheme="light", scripts=True, width=1280, height=800, **more):
        context = chromium.new_context(
            color_scheme=scheme, java_script_enabled=scripts, viewport={"width": width, "height": height}, **more
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        if who is not None:
            client.force_login(who)
            value = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": live_server.url}])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(live_server.url + path)
        return page

    yield browse
    for context in contexts:
        context.close()
    assert faults == []
