"""The site in the language of who reads."""

import calendar
import re
from html.parser import HTMLParser

import pytest
from django.conf import settings
from django.test import Client
from django.test.utils import override_settings
from django.utils import translation
from django.utils.formats import reset_format_cache
from tests.pseudo import CODE, LETTERS, accented, write_catalogue
from tests.web.test_axe import PATHS, addresses  # noqa: F401 - a fixture

from winnow import models
from winnow.catalogues import languages
from winnow.models import Scope
from winnow.services.outbox import EVENTS
from winnow.services.release import release_names
from winnow.web.language import language_of
from winnow.web.search import EXAMPLES

# What is the same in every language: our name, names of measures and forms, and what is typed as it stands.
SAME = {"Winnow", "API", "JSON", "OPML", "RSS", "ATOM", "UTC", "AC1", "rss", "atom", "json", "csv", "n", "k", "p", "t"}
SAME |= {"https", *Scope.values, *(word for event in EVENTS for word in event.split("."))}
# Days are written by Django, from catalogues of its own.
DATE = "|".join([*calendar.month_name[1:], *calendar.day_name])
UNSEEN = {"script", "style", "code", "kbd", "svg", "q"}
SAID = {"aria-label", "placeholder", "alt", "title"}
EMPTY = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "path", "circle", "rect", "polyline"}
ROWS = (
    "Tag",
    "Item",
    "Source",
    "Account",
    "ModelVersion",
    "DatasetVersion",
    "Event",
    "Webhook",
    "Evidence",
    "Prediction",
    "ApiToken",
)
# Their bodies are documents, or sentences that the core writes for the owner.
LEFT_OUT = ("/canvas", "/releases/release-1", "/status", "/experiments")
PAGES = [path for path in PATHS if not path.startswith(LEFT_OUT)]


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory):
    """The pseudo-language, and a language that is written from the right."""
    folder = tmp_path_factory.mktemp("locale")
    write_catalogue(folder)
    write_catalogue(folder, "ar", {("Recent", ""): "الأحدث"})
    return folder


@pytest.fixture
def translated(catalogues):
    """The site with these catalogues."""
    found = [("en", "en"), *((code, code) for code in languages(catalogues))]
    with override_settings(USE_I18N=True, LOCALE_PATHS=[str(catalogues)], LANGUAGES=found):
        _forget()
        yield
    _forget()


def _forget():
    """What Django remembers of whether anything is translated."""
    translation._trans.__dict__.clear()
    reset_format_cache()


class Texts(HTMLParser):
    """Whatever a page shows or says."""

    def __init__(self, html):
        super().__init__()
        self.open, self.texts = [], []
        self.feed(re.sub(r"</?mark>", "", html))

    def handle_starttag(self, tag, attrs):
        if not UNSEEN & set(self.open):
            self.texts += [value for name, value in attrs if name in SAID]
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        if not UNSEEN & set(self.open):
            self.texts.append(data)


def _strings(value):
    if isinstance(value, dict):
        value = [*value, *value.values()]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _strings(one)]
    return [value] if isinstance(value, str) else []


def _foreign():
    """Every text of the rows, longest first: none of it is ours to translate."""
    found = set()
    for name in ROWS:
        for row in getattr(models, name).objects.values():
            found |= {
                text.removeprefix("behaviour ").removeprefix("slice ")
                for text in _strings(list(row.values()))
                if len(text) > 1
            }
    found |= {
        *EXAMPLES,
        *release_names(settings.PROJECT),
        *(path.partition("?q=")[2] for path in PATHS if "?q=" in path),
    }
    return sorted(found, key=len, reverse=True)


def _left(texts, foreign):
    """What of the texts is plain English still."""
    left = []
    for text in texts:
        rest = re.sub(rf"https?://\S+|\S+@\S+|{DATE}", " ", text)
        for row in foreign:
            rest = re.sub(rf"(?<![a-zA-Z]){re.escape(row)}(?![a-zA-Z])", " ", rest, flags=re.IGNORECASE)
        rest = re.sub(r"(\w+:)?\w*\d[\w.-]*", " ", rest)
        words = [word for word in re.findall(rf"[{LETTERS}]+", rest) if word not in SAME]
        if words:
            left.append((text.strip()[:120], words))
    return left


@pytest.mark.usefixtures("translated")
def test_every_sentence_of_every_page_is_translated(client, cast, addresses):  # noqa: F811 - a fixture
    client.force_login(cast.operator)
    foreign, left = _foreign(), {}
    for path in PAGES:
        page = client.get(addresses.get(path, path), headers={"accept-language": CODE})
        assert f'<html lang="{CODE}">' in page.text, path
        if found := _left(Texts(page.text).texts, foreign):
            left[path] = found
    assert left == {}


@pytest.mark.usefixtures("translated", "tags")
def test_placeholders_survive(client, make_item):
    make_item("A work", state="published")
    text = client.get("/popular", headers={"accept-language": CODE}).text
    assert not re.search(r"%\(|\{\w*\}", text)


@pytest.mark.usefixtures("translated", "tags")
@pytest.mark.parametrize(
    ("asked", "lang", "says"),
    [
        ("", "en", "Recent"),
        ("fr", "en", "Recent"),
        ("en-GB, en-xa;q=0.5", "en", "Recent"),
        ("fr, EN-XA;q=0.5", CODE, accented("Recent")),
        ("*", "en", "Recent"),
        ("../../etc, \0, " + "a-" * 4000, "en", "Recent"),
    ],
)
def test_a_reader_gets_the_best_of_what_they_ask_for(client, asked, lang, says):
    page = client.get("/recent", headers={"accept-language": asked})
    assert f'<html lang="{lang}">' in page.text
    assert f"<h1>{says}</h1>" in page.text
    assert "Accept-Language" in page.headers["Vary"]


@pytest.mark.usefixtures("translated", "tags")
def test_a_language_from_the_right_turns_the_page_and_lacks_nothing(client):
    page = client.get("/recent", headers={"accept-language": "ar"})
    assert '<html lang="ar" dir="rtl">' in page.text
    assert "<h1>الأحدث</h1>" in page.text
    assert "Skip to the content" in page.text


@pytest.mark.usefixtures("translated", "tags")
def test_a_feed_is_another_in_another_language(client):
    english = client.get("/recent.json")
    other = client.get("/recent.json", headers={"accept-language": CODE, "if-none-match": english.headers["ETag"]})
    assert other.status_code == 200
    assert (english.json()["language"], other.json()["language"]) == ("en", CODE)
    assert other.json()["title"].startswith(accented("Recent"))
    assert "Accept-Language" in other.headers["Vary"]


@pytest.mark.usefixtures("translated", "tags")
def test_what_programs_read_stays_english(client):
    asked = {"accept-language": CODE}
    problem = client.get("/api/v1/items/999", headers=asked)
    assert problem.json() == client.get("/api/v1/items/999").json()
    assert "Accept-Language" not in problem.headers.get("Vary", "")


@pytest.mark.usefixtures("translated", "tags")
def test_the_next_reader_gets_their_own():
    Client().get("/recent", headers={"accept-language": CODE})
    assert "<h1>Recent</h1>" in Client().get("/recent").text


@pytest.mark.usefixtures("tags")
def test_without_a_catalogue_nothing_hangs_on_the_language(client):
    page = client.get("/recent", headers={"accept-language": "de"})
    assert '<html lang="en">' in page.text
    assert "Accept-Language" not in page.headers.get("Vary", "")


@pytest.mark.usefixtures("translated")
def test_without_a_language_that_is_here_it_is_english():
    assert language_of("de, fr;q=0.3") == "en"
    assert language_of(CODE) == CODE
