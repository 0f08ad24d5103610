"""Feeds that are served for real."""

import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

from winnow.services import network

ENTRY = (
    "<item><guid>{guid}</guid><title>{title}</title><link>{link}</link><description>{description}</description></item>"
)


def rss(*entries):
    """An RSS feed of (guid, title, link, description) entries."""
    items = "".join(ENTRY.format(guid=g, title=t, link=li, description=d) for g, t, li, d in entries)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>A feed</title>{items}</channel></rss>'


def works(n, start=0, host="example.org"):
    """`n` entries about machine learning, each another work."""
    subjects = (
        "segmentation of lungs",
        "translation of Welsh",
        "serving of models",
        "forecasting of floods",
        "parsing of Czech",
    )
    return [
        (
            f"g{i}",
            f"Neural {subjects[i % 5]}, experiment {i}",
            f"https://{host}/works/{i}",
            f"We train a deep network for {subjects[i % 5]} and report accuracy on data set {i}.",
        )
        for i in range(start, start + n)
    ]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        """Say nothing."""


@pytest.fixture
def feed_server(tmp_path, settings):
    """A folder served on loopback, which this test's door may reach: (folder, base address)."""
    settings.EGRESS_ALLOW = "127.0.0.0/8"
    network.client.cache_clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(tmp_path)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    network.client.cache_clear()


@pytest.fixture
def stream(champion, make_item):
    """Eighty works of all tags that the champion is to decide about; nothing is proved of it, so that all of them wait."""
    from tests.services.loop_cast import rows

    from winnow.models import Item
    from winnow.services.classify import classify_admitted
    from winnow.services.recertify import look

    look(champion, target=0.9, delta=0.1)
    for title, description, _ in rows(20):
        make_item(title, description=description)
    classify_admitted()
    return list(Item.objects.order_by("pk"))


@pytest.fixture
def people(tags, cast):
    """Answer tasks as they should be answered, but for those at the places `wrong`."""
    from functools import partial

    from tests.services.loop_cast import answer

    return partial(answer, tags=tags, account=cast.engineer)
