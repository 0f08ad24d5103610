"""What would be refused if it were set so."""

import pytest

from winnow import unsafe


@pytest.fixture
def refused(settings, monkeypatch):
    def refused(told=()):
        for name, value in dict(told).items():
            if name == "DATABASES":
                # The entry alone: nobody connects to it, and Django warns of exchanging all of them.
                monkeypatch.setitem(settings.DATABASES, "default", value["default"])
            else:
                setattr(settings, name, value)
        return [(found.id.removeprefix("winnow."), found.fault) for found in unsafe.unsafe()]

    return refused
