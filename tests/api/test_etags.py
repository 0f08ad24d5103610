"""A list that has not changed travels once."""

import pytest

pytestmark = pytest.mark.django_db
READ = ["/api/v1/items", "/api/v1/items?tag=mlops&sort=popular", "/api/v1/tags", "/api/v1/tags/mlops"]


@pytest.fixture
def item(make_item):
    return make_item(state="published", tag="mlops")


@pytest.mark.parametrize("path", READ)
def test_what_has_not_changed_is_304_and_empty(client, item, path):
    first = client.get(path)
    again = client.get(path, headers={"if-none-match": first["ETag"]})
    assert (first.status_code, again.status_code, again.content) == (200, 304, b"")
    assert again["ETag"] == first["ETag"]


@pytest.mark.parametrize("path", READ)
def test_what_has_changed_is_told(client, item, make_item, path):
    before = client.get(path)["ETag"]
    make_item(state="published", tag="mlops")
    assert client.get(path, headers={"if-none-match": before}).status_code == 200


def test_one_item_has_one_too(client, item):
    path = f"/api/v1/items/{item.pk}"
    assert client.get(path, headers={"if-none-match": client.get(path)["ETag"]}).status_code == 304


def test_a_list_can_be_walked_by_its_cursor_while_others_come(client, make_item):
    made = {make_item(state="published").pk for _ in range(30)}
    first = client.get("/api/v1/items").json()
    made_later = make_item(state="published").pk
    second = client.get("/api/v1/items", {"after": first["next"]}).json()
    seen = [row["id"] for row in [*first["items"], *second["items"]]]
    assert (len(seen), set(seen) - {made_later}, second["next"]) == (len(set(seen)), made, None)


def test_errors_and_pages_have_none(client, item):
    assert "ETag" not in client.get("/api/v1/items/99999")
    assert "ETag" not in client.get("/recent")
