"""Pictures in a real browser: readable in light and dark, described for those who do not see them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from knowledge import pictures

PUT_INTO_THE_PAGE = """async ([address, body]) => {
    const options = body ? {method: "POST", headers: {"Content-Type": "application/json"}, body} : {};
    const text = await (await fetch(address, options)).text();
    const svg = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
    document.body.replaceChildren(svg);
    return svg.localName;
}"""
WORST_CONTRAST = """() => {
    const light = colour => {
        const parts = colour.match(/[\\d.]+/g).slice(0, 3).map(part => part / 255);
        const [r, g, b] = parts.map(p => p <= 0.04045 ? p / 12.92 : ((p + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const rects = [...document.querySelectorAll("svg rect")].filter(rect => rect.getAttribute("fill") !== "none");
    let worst = 21;
    for (const text of document.querySelectorAll("svg text")) {
        const box = text.getBBox();
        const [x, y] = [box.x + 2, box.y + box.height / 2];
        const below = rects.filter(rect => {
            const r = rect.getBBox();
            const before = rect.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING;
            return before && r.x <= x && x <= r.x + r.width && r.y <= y && y <= r.y + r.height;
        });
        const [one, other] = [text, below.at(-1)].map(element => light(getComputedStyle(element).fill));
        worst = Math.min(worst, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05));
    }
    return worst;
}"""
OUTSIDE = """() => [...document.querySelectorAll("svg text")].filter(text => {
    const box = text.getBBox(), view = text.ownerSVGElement.viewBox.baseVal;
    return box.x < 0 || box.x + box.width > view.width || box.y < 0 || box.y + box.height > view.height;
}).map(text => text.textContent)"""
SURFACE = "() => getComputedStyle(document.querySelector('svg rect')).fill"
CASE = '{"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5, "ras": "mutant"}'


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_decides_the_colours_and_everything_stays_readable(open_page: Callable[..., Any], scheme: str) -> None:
    page = open_page("/docs", color_scheme=scheme, viewport={"width": 900, "height": 900})
    surfaces = set()
    for lang in ("zh", "en"):
        for name in (*pictures.NAMES, "patient"):
            body = CASE if name == "patient" else None
            address = f"/api/pictures/{pictures.PATHWAY if body else name}.svg?lang={lang}"
            assert page.evaluate(PUT_INTO_THE_PAGE, [address, body]) == "svg"
            assert page.evaluate(WORST_CONTRAST) >= 4.5, (name, lang)
            assert page.evaluate(OUTSIDE) == [], (name, lang)
            surfaces.add(page.evaluate(SURFACE))
    (surface,) = surfaces
    assert (surface == "rgb(255, 255, 255)") is (scheme == "light")


@pytest.mark.browser
def test_a_screen_reader_hears_title_and_description(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    page.evaluate(PUT_INTO_THE_PAGE, ["/api/pictures/srfa-survival.svg?lang=en", None])
    image = page.get_by_role("img", name="Overall and disease-free survival after SRFA")
    assert image.count() == 1
    assert "34.8%" in image.locator("desc").text_content()


@pytest.mark.browser
def test_as_an_image(open_page: Callable[..., Any]) -> None:
    page = open_page("/")
    loaded = """async address => {
        const image = new Image(); image.src = address; await image.decode(); return [image.naturalWidth, image.width];
    }"""
    for address in ("/api/pictures/pathway.svg", "/api/pictures/pathway.png"):
        assert min(page.evaluate(loaded, address)) > 300
