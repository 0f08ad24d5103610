"""Models and what serves."""

from datetime import timedelta

import pytest
from django.db.models import ProtectedError
from django.utils import timezone

from winnow.models import ModelVersion


def test_a_name_is_one_model(refused, version):
    assert refused(lambda: ModelVersion.objects.create(ref=version.ref, policy={}, card={}))
    assert not refused(lambda: ModelVersion.objects.create(ref="v1-2", policy={}, card={}))


def test_what_served_once_stays(version, deployed):
    deployed(version)
    with pytest.raises(ProtectedError):
        version.delete()
    assert str(ModelVersion.objects.get()) == "v1-1"


def test_the_database_itself_says_when_a_model_began_to_serve(version, deployed):
    deployment = deployed(version)
    deployment.refresh_from_db()
    assert abs(timezone.now() - deployment.created_at) < timedelta(minutes=1)
