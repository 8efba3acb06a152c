"""The pictures of the widget in the README, in both languages: `make screenshots`."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from bot.train import train
from deploy.browser import FLAGS, find_browser
from tests.running import start_command

FOLDER = Path(__file__).resolve().parents[2] / "docs"

LOCALES = {"en": "en-GB", "zh": "zh-CN"}
CASES = {
    "en": ("unresectable liver mets, 2 lesions, largest 2.5 cm, RAS wt, BRAF wt, chemo-naive", "Show me the options"),
    "zh": ("肝转移不可切除，2枚，最大2.5cm，RAS野生型，BRAF野生型，未化疗", "直接看方案"),
}
DESKTOP = {"width": 1140, "height": 760}
PHONE = {"width": 390, "height": 780}


def take(url: str, folder: Path) -> list[Path]:
    """Hold a short case in each language with the assistant at `url` and keep what it looks like.

    Raises:
        RuntimeError: there is no browser.
    """
    from playwright.sync_api import sync_playwright

    browser = find_browser()
    if browser is None:
        raise RuntimeError("pictures need Chromium")
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(browser), args=list(FLAGS))
        try:
            return [file for lang in LOCALES for file in _pictures(chromium, url, folder, lang)]
        finally:
            chromium.close()


def _pictures(chromium: Any, url: str, folder: Path, lang: str) -> list[Path]:
    """The pictures in one language."""

    def keep(page: Any, name: str) -> Path:
        file = folder / f"{name}.{lang}.png"
        page.wait_for_timeout(400)
        page.screenshot(path=str(file))
        return file

    wide = _case(chromium, url, lang, viewport=DESKTOP)
    pictures = [keep(wide, "options")]
    for route in ("learn", "compare/tace+haip+y90_sirt", "summary"):
        wide.evaluate("route => { location.hash = '#/' + route }", route)
        wide.locator(".page h2").wait_for()
        pictures.append(keep(wide, route.split("/")[0]))
    phone = _case(chromium, url, lang, viewport=PHONE, is_mobile=True, has_touch=True, color_scheme="dark")
    pictures.append(keep(phone, "phone"))
    return pictures


def _case(chromium: Any, url: str, lang: str, **visitor: Any) -> Any:
    """A page on which a case has been told and its options are shown."""
    page = chromium.new_context(locale=LOCALES[lang], reduced_motion="reduce", **visitor).new_page()
    page.goto(url)
    for number, text in enumerate(CASES[lang], start=1):
        page.locator("#message").fill(text)
        page.locator("#message").press("Enter")
        page.locator("#log .turn").nth(number - 1).wait_for()
    page.locator(".card").first.wait_for()
    page.locator("#log .turn").last.scroll_into_view_if_needed()
    return page


def main() -> None:
    """Takes the pictures anew."""
    with tempfile.TemporaryDirectory() as folder, start_command(train(), Path(folder)) as server:
        for file in take(server.url, FOLDER):
            print(f"{file.relative_to(FOLDER.parent)}: {file.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
