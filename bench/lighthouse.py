"""Ask Lighthouse 12 about the pages that readers see first, and weigh them.

Needs Node and `npm install lighthouse@12.8` in a folder whose `node_modules/.bin` is on the PATH. Three hundred works are
shown; each page is looked at as by a phone on a slow line (Lighthouse's own default) and as by a desktop, with an empty
cache. Writes results/lighthouse.json. Bars: each of the four categories at least 98; at most 60 KB on the wire.
What a search finds is kept from crawlers, who would never come to an end of it, and so from the points of SEO.
"""

import json
import os
import shutil
import subprocess
import sys
from typing import Any

import million
from record import record
from serving import served
from throwaway import ensure_ready

PAGES = (
    "/",
    "/recent",
    "/popular",
    "/t/mlops",
    "/tags",
    "/i/5",
    "/search",
    "/search?q=graph+neural",
    "/submit",
    "/digest",
)
CATEGORIES = ("performance", "accessibility", "best-practices", "seo")
N_WORKS = 300
# Now and then the recording of the browser is lost ("please run Lighthouse again").
ATTEMPTS = 3
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main() -> None:
    """Fill, serve, look at each page twice."""
    tool = shutil.which("lighthouse")
    if tool is None:
        sys.exit("lighthouse is not on the PATH: npm install lighthouse@12.8, and add its node_modules/.bin")
    ensure_ready()
    million.prepare()
    million.fill(million.Maker(), 1, N_WORKS + 1)
    with served() as base:
        pages = {f"{page} {form}": _look(tool, base + page, form) for page in PAGES for form in ("phone", "desktop")}
    lowest = {category: min(page[category] for page in pages.values()) for category in CATEGORIES}
    heaviest = max(page["KB"] for page in pages.values())
    record("lighthouse", {"lowest": lowest, "heaviest, KB": heaviest, "n": len(pages), "pages": pages})


def _look(tool: str, address: str, form: str) -> dict[str, Any]:
    words = [tool, address, "--output=json", "--quiet", "--no-enable-error-reporting"]
    words += [f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags={' '.join(FLAGS)}"]
    words += ["--preset=desktop"] if form == "desktop" else []
    environment = os.environ | {"CHROME_PATH": shutil.which("chromium") or ""}
    for _ in range(ATTEMPTS):
        done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=180, env=environment)
        if not done.returncode:
            break
    else:
        sys.exit(f"lighthouse failed at {address}: {done.stderr[-500:]}{done.stdout[:500]}")
    found = json.loads(done.stdout)
    scores: dict[str, Any] = {name: round(100 * (found["categories"][name]["score"] or 0)) for name in CATEGORIES}
    weight = found["audits"]["total-byte-weight"]["numericValue"] / 1024
    # What lost points, in Lighthouse's own words.
    lost = sorted(
        name for name, audit in found["audits"].items() if audit["score"] is not None and audit["score"] < 0.9
    )
    return scores | {"KB": round(weight, 1), "lost": lost}


if __name__ == "__main__":
    main()
