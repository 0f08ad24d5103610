"""Small files that are made and not stored."""

import re

import pytest

from winnow.models import Guideline, Tag

pytestmark = pytest.mark.usefixtures("tags")


def test_the_colours_of_tags_are_kept_for_long(client):
    answer = client.get("/tags.css?v=1.4")
    assert answer["Content-Type"] == "text/css"
    assert {part.strip() for part in answer["Cache-Control"].split(",")} == {"public", "max-age=31536000", "immutable"}
    assert set(re.findall(r"\.place-(\d+)", answer.content.decode())) == {"0", "1", "2", "3"}


def test_a_retired_tag_keeps_its_colour(client):
    Tag.objects.create(slug="old", name="Old", short="Old", description="", position=9, is_approved=False)
    assert ".place-9 " in client.get("/tags.css").content.decode()


def test_without_a_taxonomy_there_are_no_colours(client):
    Guideline.objects.all().delete()
    Tag.objects.all().delete()
    assert ".place" not in client.get("/tags.css").content.decode()


@pytest.mark.parametrize(
    ("path", "kind"), [("/favicon.svg", "image/svg+xml"), ("/robots.txt", "text/plain; charset=utf-8")]
)
def test_small_files_say_what_they_are(client, path, kind):
    answer = client.get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, kind)


def test_crawlers_are_kept_from_endless_searches_and_filled_forms_and_may_know_where_to_search(client):
    lines = client.get("/robots.txt").content.decode().split("\n")
    kept = {line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow")}
    assert kept == {"/review", "/submit?", "/sign-in", "/search?", "/api/", "/mail/"}


def test_every_file_of_a_page_is_there_and_cached_for_long(client, cast):
    client.force_login(cast.reviewer)
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/review").content.decode())
    answers = [client.get(address) for address in addresses]
    # Reading a file to its end closes it.
    assert [bool(b"".join(answer)) for answer in answers] == [True] * 4
    assert [answer.status_code for answer in answers] == [200] * 4
    assert {answer["Cache-Control"] for answer in answers} == {"max-age=2592000, public"}
