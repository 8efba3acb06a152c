"""To learn, to compare, to sum up: the pages beside the conversation."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.browser.talking import answered, last, say, visit

pytestmark = pytest.mark.browser

Open = Callable[..., Any]


@pytest.mark.parametrize(
    ("locale", "said"), [("zh-CN", "不能代替多学科团队"), ("en-US", "does not replace the multidisciplinary")]
)
def test_no_view_is_without_the_disclaimer(open_page: Open, locale: str, said: str) -> None:
    page = open_page(locale=locale)
    for route in ("", "learn", "statements/srfa-overall-survival", "references/3", "compare/tace+haip", "summary"):
        page.evaluate("route => { location.hash = '#/' + route }", route)
        footer = page.locator("footer")
        assert said in footer.inner_text(), route
        assert footer.is_visible()
        assert footer.bounding_box()["y"] < 720


def test_a_trainee_begins_with_a_question(open_page: Open) -> None:
    page = open_page()
    page.get_by_role("link", name="Learn", exact=True).click()
    topics = page.locator(".topics section")
    topics.nth(5).wait_for()
    assert topics.count() >= 8
    topics.filter(has_text="Ablation").locator(".choice").first.click()
    answered(page, 0)
    assert last(page, "answer")


def test_an_answer_leads_to_the_statements_it_is_made_of(open_page: Open) -> None:
    page = open_page()
    say(page, "5-year survival after SRFA?")
    places = page.locator("[data-kind=answer] .place")
    assert places.count() == 2
    targets = {place.get_attribute("href").rsplit("/", 1)[1] for place in places.all()}
    assert targets == {"srfa-overall-survival", "srfa-disease-free-survival"}
    places.first.click()
    assert "34.8%" in page.locator(".page .large").inner_text()


def test_statements_are_found_in_either_language_and_have_addresses(open_page: Open) -> None:
    page = open_page("/#/learn")
    page.get_by_label("Search").fill("SRFA 生存")
    found = page.locator(".results .statement")
    found.first.wait_for()
    assert re.fullmatch(r"\d+ found", page.locator(".search [role=status]").inner_text())
    page.get_by_label("Search").fill("zzz <b>")
    page.get_by_text("Nothing found").wait_for()
    page.get_by_label("Search").fill("SRFA overall survival")
    found.first.locator("a").click()
    assert "/#/statements/" in page.url
    text = page.locator(".large").inner_text()
    other = open_page(page.url.split("8000")[-1] if "8000" in page.url else "/" + page.url.split("/", 3)[3])
    other.locator(".large").wait_for()
    assert other.locator(".large").inner_text() == text
    assert other.locator(".address a").inner_text() == page.url
    other.locator(".learn .choices button").first.click()
    answered(other, 0)


def test_a_therapy_and_a_reference_have_their_pages(open_page: Open) -> None:
    page = open_page("/#/learn")
    page.locator(".tiles a", has_text="TACE").click()
    page.locator(".page h2", has_text="TACE").wait_for()
    assert page.locator(".statements > li").count() > 5
    page.go_back()
    page.locator(".references a", has_text="Reference 14").click()
    page.locator(".reference").wait_for()
    assert page.locator(".page .statements > li").count() > 0


def test_references_show_how_sure_they_are(open_page: Open, server: str) -> None:
    page = open_page("/#/learn")
    page.locator(".references > li").nth(28).wait_for()
    listed = page.request.get(f"{server}/api/citations").json()
    states = {"verified": "Verified", "memory": "Probable, unverified", "unresolved": "Not reproduced"}
    linked = 0
    for reference in listed:
        visit(page, f"references/{reference['number']}")
        page.locator(".page h2", has_text=re.compile(rf"^Reference {reference['number']}$")).wait_for()
        assert page.locator(".page .state").inner_text() == states[reference["state"]]
        assert page.locator(".page .reference a").count() == bool(reference["doi"])
        linked += bool(reference["doi"])
        if reference["doi"]:
            link = page.locator(".page .reference a")
            assert link.get_attribute("href") == f"https://doi.org/{reference['doi']}"
            assert link.get_attribute("rel") == "noopener noreferrer"
            assert reference["state"] == "verified"
    assert linked


def test_two_to_four_therapies_are_compared(open_page: Open) -> None:
    page = open_page("/#/compare")
    page.get_by_text("at least two").wait_for()
    for name in ("TACE", "HAIP", "SBRT", "Ablation"):
        page.get_by_label(name, exact=True).check()
    page.get_by_text("At most four").wait_for()
    assert page.get_by_label("Hepatectomy").is_disabled()
    assert page.evaluate("document.querySelector('crlm-assistant').shadowRoot.activeElement.name") == "thermal_ablation"
    rows = page.locator(".comparison tbody tr")
    assert rows.locator("th").all_inner_texts() == [
        "Indication",
        "Evidence",
        "Figures",
        "Risks",
        "Limits and editor's notes",
    ]
    assert page.locator(".comparison thead th").count() == 4
    table = page.locator(".comparison").inner_text()
    assert "Editor's note" in table
    assert page.locator(".compare .stance").count() == 0, "the review ranks none of them"
    heads = page.locator(".comparison thead th").all_inner_texts()
    assert [head.split("(")[-1].rstrip(")") for head in heads] == ["TACE", "HAIP", "SBRT", "RFA / MWA"]
    assert page.url.endswith("#/compare/tace+haip+sbrt+thermal_ablation")
    page.get_by_role("button", name="Compare in the conversation").click()
    answered(page, 0)
    page.locator("[data-kind=comparison] .more").first.click()
    page.locator(".comparison").wait_for()


def test_figures_are_those_of_the_review(open_page: Open) -> None:
    page = open_page("/#/statements/upfront-ablation-disease-free-survival")
    page.locator(".figures").wait_for()
    figures = page.locator(".figures li").all_inner_texts()
    assert figures == [
        "upfront ablation, Disease-free survival, at 5 years: 36% (P=0.02)",
        "delayed ablation, Disease-free survival, at 5 years: 21% (P=0.02)",
    ]


CASE = "不可切除，3枚，最大2.8cm，KRAS G12D，BRAF野生型，一线FOLFOX后PD，肝外无转移"


def test_the_summary_says_everything_on_one_printed_page(open_page: Open) -> None:
    page = open_page(locale="zh-CN", permissions=["clipboard-read", "clipboard-write"])
    say(page, CASE)
    page.get_by_role("link", name="小结").click()
    sheet = page.locator(".sheet")
    sheet.wait_for()
    text = sheet.inner_text()
    parts = "RAS 突变|KRAS G12D|全身化疗|不建议|尚不清楚|知识库版本|编者注|不能代替|多学科"
    for wanted in parts.split("|"):
        assert wanted in text, wanted
    assert re.search(r"20\d\d-\d\d-\d\d", text)
    printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "1cm"))
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    page.get_by_role("button", name="复制为 Markdown").click()
    page.get_by_text("已复制").wait_for()
    markdown = page.evaluate("navigator.clipboard.readText()")
    for wanted in ("# 病例小结", "**RAS 突变**", "### 首选 全身化疗", "[21]", "知识库版本", "> 仅供医生参考"):
        assert wanted in markdown, wanted
    with page.expect_download() as saved:
        page.get_by_role("button", name="保存为 JSON").click()
    data = json.loads(Path(saved.value.path()).read_text(encoding="utf-8"))
    assert data["facts"]["ras"] == "mutant"
    assert data["words"]["ras"] == "KRAS G12D"
    assert data["options"][0]["id"] == "systemic_chemotherapy"
    assert data["knowledge_version"] in text
    assert {"missing", "citations", "disclaimer", "date"} <= set(data)


def test_printing_prints_the_summary_alone(open_page: Open) -> None:
    page = open_page()
    say(page, "unresectable, 2 liver mets")
    visit(page, "summary")
    page.locator(".sheet").wait_for()
    page.get_by_role("button", name="Print or save as PDF").click()
    frame = page.locator("iframe[title=print]")
    frame.wait_for(state="attached")
    printed = page.frames[-1]
    assert "Case summary" in printed.locator("body").text_content()
    assert "Compare" not in printed.locator("body").text_content()
    assert printed.evaluate("document.adoptedStyleSheets.length") == 1


def test_markdown_keeps_hostile_words_as_words(open_page: Open) -> None:
    page = open_page()
    text = page.evaluate(
        """async () => {
            const { markdown } = await import("/widget/summary.js");
            const sheet = document.createElement("article");
            sheet.append(document.createElement("li"));
            sheet.firstChild.textContent = "# <b>[x](javascript:1)\\n- `";
            return markdown(sheet);
        }"""
    )
    (line,) = [line for line in text.splitlines() if "javascript" in line]
    assert "\\<b\\>" in line
    assert "\\[x\\](" in line


SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="10"><rect width="20" height="10"/></svg>'


def picture(name: str, therapies: list[str]) -> dict[str, Any]:
    row = {"cells": ["DFS", "36% <b>", "3.3/2 [21]"], "statement": "upfront-ablation-disease-free-survival"}
    table = {"columns": ["Measure", "Value", "Place"], "rows": [row]}
    note = {"id": "N3", "text": "A note on the picture"}
    words = {"name": name, "title": f"Title of {name}", "alt": f"What {name} shows"}
    return {
        **words,
        "citations": [21],
        "therapies": therapies,
        "notes": [note],
        "table": table,
        "width": 20,
        "height": 10,
    }


def test_pictures_stand_beside_what_they_show(open_page: Open) -> None:
    page = open_page("/docs")
    every = [f"t{number}" for number in range(15)]
    listed = [picture("timing", ["thermal_ablation"]), picture("pathway", every)]
    page.route("**/api/pictures?lang=*", lambda route: route.fulfill(json=listed))
    page.route("**/api/pictures/*.svg?lang=*", lambda route: route.fulfill(body=SVG, content_type="image/svg+xml"))
    page.goto(page.url.replace("/docs", "/"))
    say(page, "5-year disease-free survival after upfront ablation?")
    shown = page.locator("[data-kind=answer] figure")
    assert shown.locator("img").get_attribute("alt") == "What timing shows"
    assert "lang=en" in shown.locator("img").get_attribute("src")
    shown.locator("summary").click()
    assert "A note on the picture" in shown.inner_text()
    assert "36% <b>" in shown.locator("td").nth(1).inner_text()
    assert shown.locator("td .chip").inner_text() == "21"
    page.wait_for_function(
        "document.querySelector('crlm-assistant').shadowRoot.querySelector('#log img').naturalWidth === 20"
    )
    say(page, "unresectable, 2 liver mets, 2.5 cm")
    say(page, "show me the options")
    page.locator(".card[data-therapy=thermal_ablation] .details > summary").click()
    assert page.locator(".card figure").count() == 1
    visit(page, "learn")
    assert page.locator(".page figure img").get_attribute("alt") == "What pathway shows"
