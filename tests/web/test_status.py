"""The page of operators."""

import pytest
from django.utils import timezone

from winnow.models import Alert


@pytest.mark.parametrize(("role", "status"), [("operator", 200), ("owner", 403), ("reader", 403)])
def test_operators_alone_see_it(client, cast, role, status):
    client.force_login(getattr(cast, role))
    assert client.get("/status").status_code == status


def test_open_alerts_figures_and_score_stand_there(client, cast):
    Alert.objects.create(kind="drift", says="Works became longer.", remedy="Look.", seen_at=timezone.now())
    client.force_login(cast.operator)
    page = client.get("/status").content.decode()
    assert "Works became longer." in page
    assert page.count("no evidence in this system") == 28
    assert "Unfinished jobs: due, running, parked." in page
