"""How long the next item takes on the review screen: an answer sent by a script, and the panel that comes back, over HTTP.

`review_screen.py [N]` on SQLite, or on `DATABASE_URL`, which must be empty. Tasks wait by the N (a million), one worker
serves. Writes results/review_screen_DATABASE.json. Bar: p95 100 ms.
"""

import os
import re
import sys
import time

import httpx
from django.conf import settings
from django.db import connection
from django.test import Client

from claim import fill
from record import quantiles, record
from serving import served
from throwaway import ensure_ready
from winnow.models import Account, Label, ReviewTask

ANSWERS = 300
TAGS = ("mlops", "other", "computer-vision", "natural-language-processing", "not-ml", "unsure")


def main() -> None:
    """Fill the queue, serve it, answer by HTTP as the page's script does."""
    os.environ["WINNOW_REVIEW_PRACTICE"] = "no"
    ensure_ready()
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    fill(n)
    reviewer = Account.objects.create(name="reviewer", role="reviewer")
    visit = Client()
    visit.force_login(reviewer)
    cookies = {settings.SESSION_COOKIE_NAME: visit.cookies[settings.SESSION_COOKIE_NAME].value}
    with served() as base, httpx.Client(base_url=base, timeout=30, cookies=cookies) as client:
        page = client.get("/review").text
        taken = []
        for number in range(ANSWERS):
            fields = {
                name: re.search(rf'name="{name}" value="([^"]+)"', page)[1] for name in ("csrfmiddlewaretoken", "token")
            }
            task = re.search(r'action="/review/(\d+)/label"', page)[1]
            fields |= {"tag": TAGS[number % len(TAGS)]}
            started = time.perf_counter()
            answer = client.post(f"/review/{task}/label", data=fields, headers={"HX-Request": "true", "Referer": base})
            taken.append((time.perf_counter() - started) * 1000)
            page = answer.raise_for_status().text
    figures = {
        "waiting": ReviewTask.objects.filter(closed_at=None).count(),
        "answers": Label.objects.count(),
        "next item, ms": quantiles(taken),
    }
    record(f"review_screen_{connection.vendor}", figures, {"next": taken})


if __name__ == "__main__":
    main()
