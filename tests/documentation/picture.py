"""The picture of the chat page in the README."""

from __future__ import annotations

from pathlib import Path

from deploy.browser import FLAGS, find_browser

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "page.png"
TURNS = ("unresectable liver mets, 2 lesions, largest 2.5 cm, RAS wt, BRAF wt, chemo-naive", "Show me the options")


def take(url: str) -> None:
    """Hold a short case on the page and keep what it looks like.

    Raises:
        RuntimeError: there is no browser.
    """
    from playwright.sync_api import sync_playwright

    browser = find_browser()
    if browser is None:
        raise RuntimeError("a picture needs Chromium")
    PICTURE.parent.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(browser), args=list(FLAGS))
        page = chromium.new_page(viewport={"width": 900, "height": 1000}, locale="en-GB")
        page.goto(url)
        for turn in TURNS:
            box = page.get_by_role("textbox")
            box.fill(turn)
            box.press("Enter")
            page.wait_for_timeout(2500)
        page.screenshot(path=str(PICTURE))
        chromium.close()
