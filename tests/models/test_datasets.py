"""Frozen data sets."""

import pytest
from django.db.models import ProtectedError

from winnow.models import DatasetVersion


def freeze(version, sha256):
    return DatasetVersion.objects.create(version=version, sha256=sha256, rows=[], per_tag={}, n=0)


def test_a_version_and_a_content_are_one_row(refused):
    freeze("gold-1", "a")
    assert refused(lambda: freeze("gold-1", "b"))
    assert refused(lambda: freeze("gold-2", "a"))
    assert not refused(lambda: freeze("gold-2", "b"))


def test_what_a_model_was_trained_on_stays(version):
    dataset = freeze("gold-1", "a")
    version.dataset = dataset
    version.save()
    with pytest.raises(ProtectedError):
        dataset.delete()
    assert str(DatasetVersion.objects.get()) == "gold-1"


def test_rows_come_back_as_they_were_frozen(db):
    rows = [{"item": 1, "title": "語言 “quoted”", "description": "\n", "tag": "mlops", "split": "train"}]
    DatasetVersion.objects.create(version="gold-1", sha256="a", rows=rows, per_tag={"mlops": 1}, n=1)
    assert DatasetVersion.objects.get().rows == rows
