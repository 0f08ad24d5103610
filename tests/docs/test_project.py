"""The documents of this product itself."""

from pathlib import Path

import pytest

from winnow.services.release import check_release

PROJECT = Path(__file__).parents[2] / "project"


@pytest.mark.django_db
def test_its_own_release_is_complete_and_can_be_judged():
    checked = check_release("release-1", project=PROJECT)
    assert [str(fault) for fault in checked.faults] == []
    assert len({str(one.criterion) for one in checked.judged}) >= 25
    cluster = [one for one in checked.judged if one.criterion.call.arguments == ("cluster",)]
    assert [one.judgement.state for one in cluster] == ["not enough evidence"]
