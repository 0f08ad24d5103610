"""What the database itself refuses, whoever writes."""

import pytest
from django.db import IntegrityError, transaction


@pytest.fixture
def refused(db):
    """Whether the database refuses a write, and leaves the transaction usable."""

    def refused(write):
        try:
            with transaction.atomic():
                write()
        except IntegrityError:
            return True
        return False

    return refused


@pytest.fixture
def version(db):
    """A registered model."""
    from winnow.models import ModelVersion

    return ModelVersion.objects.create(ref="v1-1", policy={}, card={})
