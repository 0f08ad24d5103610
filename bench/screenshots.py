"""How does it look? Pictures for the README of a site that is running: light and dark, wide and narrow.

`python bench/screenshots.py [ADDRESS] [SIGN_IN_LINK]`; with a reviewer's link the queue is in them too.
They are written to docs/pictures/.
"""

import shutil
import sys
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Browser, sync_playwright

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PAGES = {"front": "/", "withheld": "/withheld"}
# The page of a work whose tag a model gave says most.
DECIDED_BY_MODEL = ".row:has(.ring) .open"
SIZES = {"wide": (1280, 800), "narrow": (390, 844)}
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def main(address: str = "http://127.0.0.1:8000", link: str = "") -> None:
    """Take every picture."""
    try:
        urlopen(address, timeout=5).close()
    except URLError as error:
        sys.exit(f"{address} does not answer ({error.reason}): start it with `make demo`, or name another address")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
        cookies = _signed_in(browser, link) if link else []
        for scheme in ("light", "dark"):
            for name, (width, height) in SIZES.items():
                _take(browser, address, cookies, scheme, name, width, height)
        browser.close()


def _signed_in(browser: Browser, link: str) -> list:
    """The cookies of a reviewer who has read the welcome."""
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(link)
        page.get_by_role("main").get_by_role("button", name="Sign in").click()
        page.goto("/".join(link.split("/")[:3]) + "/")
        if (understood := page.get_by_role("button", name="Understood")).count():
            understood.click()
            page.wait_for_load_state()
        return context.cookies()


def _take(browser: Browser, address: str, cookies: list, scheme: str, size: str, width: int, height: int) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": height})
    context.add_cookies(cookies)
    page = context.new_page()
    pages = PAGES | ({"review": "/review"} if cookies else {})
    for name, path in pages.items():
        page.goto(address + path)
        page.screenshot(path=PICTURES / f"{name}-{size}-{scheme}.png")
    page.goto(f"{address}/recent")
    page.locator(DECIDED_BY_MODEL).or_(page.locator(".open")).first.click()
    page.screenshot(path=PICTURES / f"item-{size}-{scheme}.png")
    context.close()
    print(f"{len(pages) + 1} pictures, {size}, {scheme}")


if __name__ == "__main__":
    main(*sys.argv[1:])
