"""The pictures in the README: the chat page, and a patient's place in the treatment pathway."""

from __future__ import annotations

from pathlib import Path

from deploy.browser import FLAGS, find_browser
from knowledge import pictures
from knowledge.loading import load_knowledge
from knowledge.models.facts import PatientFacts
from knowledge.pictures.svg import to_svg

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "page.png"
PATHWAY = PICTURE.with_name("pathway.svg")
PATIENT = PatientFacts(
    resectability="unresectable",
    lesion_count=2,
    largest_lesion_cm=2.5,
    extrahepatic_disease="none",
    chemotherapy_status="progressed",
    ras="mutant",
)
TURNS = ("unresectable liver mets, 2 lesions, largest 2.5 cm, RAS wt, BRAF wt, chemo-naive", "Show me the options")


def pathway() -> str:
    """The place of a patient in the pathway, as it is drawn today."""
    return to_svg(pictures.draw(load_knowledge(), pictures.PATHWAY, "en", PATIENT), fixed=True)


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
