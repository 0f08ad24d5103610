"""What tests of the client share."""

import time

import pytest

from winnow.core.errors import FetchError
from winnow.egress.client import Client

# Far beyond the deadline of the `client` fixture (1.5 s), and a test that hangs is seen.
PATIENCE = 4.0


def refused(client: Client, url: str, **options) -> FetchError:
    started = time.monotonic()
    with pytest.raises(FetchError) as caught:
        client.fetch(url, **options)
    assert time.monotonic() - started < PATIENCE
    return caught.value
