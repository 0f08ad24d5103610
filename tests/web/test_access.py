"""Who must be refused is refused, and who has the right is not."""

import pytest

from winnow.models import Item, Label, Source

DOORS = {
    "/submit": {"reader", "reviewer", "engineer", "owner", "operator"},
    "/review": {"reviewer", "engineer", "owner", "operator"},
}
ACTS = {
    "/withheld/{pk}/restore": {"reviewer", "engineer", "owner", "operator"},
    "/sources/feed/switch": {"operator"},
    "/review/{task}/label": {"reviewer", "engineer", "owner", "operator"},
    "/review/{task}/skip": {"reviewer", "engineer", "owner", "operator"},
    "/review/undo/1": {"reviewer", "engineer", "owner", "operator"},
}
ROLES = ["reader", "reviewer", "engineer", "owner", "operator"]

pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def addresses(make_item, task):
    Source.objects.create(name="feed", kind="feed", address="https://example.org/feed")
    return {"pk": make_item(state="rejected").pk, "task": task.pk}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", DOORS)
def test_pages_open_to_those_with_the_right_alone(visit, cast, path, role):
    visit(path, who=getattr(cast, role), status=200 if role in DOORS[path] else 403)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", ACTS)
def test_acts_are_refused_to_those_without_the_right(send, cast, addresses, path, role):
    answer = send(path.format(**addresses), who=getattr(cast, role), tag="mlops")
    assert (answer.status_code == 403) == (role not in ACTS[path])


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("path", ["/models", "/models/v5-1"])
@pytest.mark.usefixtures("measured")
def test_what_was_measured_of_models_is_open_to_everybody(visit, cast, path, role):
    visit(path, who=role and getattr(cast, role))


@pytest.mark.parametrize("path", DOORS)
def test_strangers_are_led_to_the_sign_in_page_and_back(client, path):
    assert client.get(f"{path}?a=1")["Location"] == f"/sign-in?next=%2F{path[1:]}%3Fa%3D1"


@pytest.mark.parametrize("path", ACTS)
def test_strangers_change_nothing(send, addresses, path):
    before = list(Item.objects.order_by("pk").values("state", "tag"))
    answer = send(path.format(**addresses), tag="mlops")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in")
    assert list(Item.objects.order_by("pk").values("state", "tag")) == before
    assert (Label.objects.count(), Source.objects.get().is_active) == (0, True)


def test_an_account_that_was_closed_is_a_stranger(client, cast):
    client.force_login(cast.operator)
    cast.operator.is_active = False
    cast.operator.save()
    assert client.get("/review").status_code == 302


@pytest.mark.parametrize("path", [*ACTS, "/i/{pk}/report", "/sign-out"])
def test_what_changes_something_is_not_done_by_a_link(client, cast, addresses, path):
    client.force_login(cast.operator)
    answer = client.get(path.format(**addresses))
    assert (answer.status_code, answer["Allow"]) == (405, "POST")
