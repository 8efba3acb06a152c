"""The case beside the conversation, and the options as cards."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from knowledge import pictures
from knowledge.loading import load_knowledge
from knowledge.models.facts import PatientFacts
from knowledge.pictures.svg import to_svg
from tests.browser.talking import answered, last, say
from tests.knowledge.pictures.reading import parse

pytestmark = pytest.mark.browser

Open = Callable[..., Any]

CASE = "unresectable, 2 liver mets, largest 2.5 cm, RAS wt"


def fact(page: Any, name: str) -> Any:
    return page.locator(f"#case .fact[data-fact={name}]")


def test_facts_stand_beside_the_chat_with_the_words_they_came_from(open_page: Open) -> None:
    page = open_page(viewport={"width": 1280, "height": 800})
    say(page, CASE)
    assert fact(page, "ras").locator("strong").inner_text() == "RAS wild type"
    assert fact(page, "ras").locator("q").inner_text() == "RAS wt"
    chat, panel = page.locator(".chat").bounding_box(), page.locator("#case").bounding_box()
    assert panel["x"] >= chat["x"] + chat["width"]


def test_a_fact_is_put_right_in_place(open_page: Open) -> None:
    page = open_page()
    say(page, CASE)
    fact(page, "ras").get_by_role("button", name="Edit: RAS").click()
    assert page.evaluate("document.querySelector('crlm-assistant').shadowRoot.activeElement.tagName") == "SELECT"
    page.get_by_label("RAS").select_option(label="RAS mutant")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    answered(page, 1)
    assert "RAS wild type → RAS mutant" in last(page, "facts")
    expect(fact(page, "ras").locator("strong")).to_have_text("RAS mutant")
    fact(page, "ras").get_by_role("button", name="Remove: RAS").click()
    answered(page, 2)
    fact(page, "ras").get_by_role("button", name="Fill in: RAS").wait_for()
    focused = "document.querySelector('crlm-assistant').shadowRoot.activeElement.ariaLabel"
    page.wait_for_function(f"{focused} === 'Fill in: RAS'")
    assert "Removed" in last(page, "facts")


def test_a_number_is_checked_where_it_is_typed(open_page: Open) -> None:
    page = open_page()
    say(page, CASE)
    fact(page, "lesion_count").get_by_role("button", name="Edit").click()
    box = page.get_by_label("Number of lesions")
    for wrong, said in (("2.5", "whole number"), ("0", "between 1 and 200"), ("many", "between"), ("1e9", "between")):
        box.fill(wrong)
        box.press("Enter")
        assert said in page.locator("#value-problem").inner_text(), wrong
        assert box.get_attribute("aria-invalid") == "true"
    assert page.locator("#log .turn").count() == 1
    box.press("Escape")
    assert fact(page, "lesion_count").locator("strong").inner_text() == "lesions: 2"
    fact(page, "largest_lesion_cm").get_by_role("button", name="Edit").click()
    page.get_by_label("Largest lesion").fill("３,5")
    page.keyboard.press("Enter")
    answered(page, 1)
    expect(fact(page, "largest_lesion_cm").locator("strong")).to_have_text("largest 3.5 cm")
    fact(page, "largest_lesion_cm").get_by_role("button", name="Edit").click()
    page.get_by_label("Largest lesion").fill("0")
    page.keyboard.press("Enter")
    page.get_by_text("nothing was changed").wait_for()
    assert page.locator("#log .turn").count() == 2


def test_an_edit_is_not_lost_to_an_answer_that_comes_meanwhile(open_page: Open) -> None:
    page = open_page()
    say(page, CASE)
    fact(page, "lesion_count").get_by_role("button", name="Edit").click()
    page.get_by_label("Number of lesions").fill("7")
    say(page, "chemo-naive")
    assert page.get_by_label("Number of lesions").input_value() == "7"
    page.get_by_label("Number of lesions").press("Enter")
    answered(page, 2)
    expect(fact(page, "lesion_count").locator("strong")).to_have_text("lesions: 7")
    assert fact(page, "chemotherapy_status").locator("q").inner_text() == "chemo-naive"


def test_open_facts_are_ordered_and_say_what_they_would_change(open_page: Open) -> None:
    page = open_page()
    say(page, "unresectable, 2 liver mets, largest 2.5 cm")
    marks = page.locator("#case .open > li .mark").all_inner_texts()
    assert "decisive" in marks
    assert marks == sorted(marks, key=lambda mark: mark != "decisive")
    first = page.locator("#case .open > li").first
    first.locator("summary").click()
    assert "Conversion" in first.inner_text()


def test_the_live_list_follows_the_facts_and_opens_cards(open_page: Open) -> None:
    page = open_page()
    say(page, CASE)
    live = page.locator("#case .live")
    live.get_by_text("Ablation").wait_for()
    say(page, "largest 6 cm, 8 liver mets")
    live.get_by_text("Ablation").wait_for(state="detached")
    live.get_by_role("button", name="Systemic chemo").click()
    card = page.get_by_role("dialog").locator(".card")
    assert "Main treatment of unresectable CRLM" in card.inner_text()


def test_the_place_of_the_patient_in_the_pathway_is_drawn(open_page: Open) -> None:
    page = open_page(color_scheme="dark")
    say(page, "unresectable liver mets, 2 lesions, largest 2.5 cm, RAS mutant")
    facts = PatientFacts(resectability="unresectable", lesion_count=2, largest_lesion_cm=2.5, ras="mutant")
    kb = load_knowledge()
    here, nobody = (words_of(to_svg(pictures.draw(kb, pictures.PATHWAY, "en", who))) for who in (facts, None))
    assert here != nobody
    part = page.locator("#case details.section")
    part.locator("summary").click()
    part.locator("svg").wait_for()
    assert part.locator("svg").evaluate("svg => svg.textContent").split() == here


def words_of(svg: str) -> list[str]:
    return "".join(parse(svg).itertext()).split()


def test_a_card_tells_cautions_first_then_grounds_why_and_what_would_change_it(open_page: Open) -> None:
    page = open_page()
    say(page, CASE + ", BRAF wt, chemo-naive")
    say(page, "show me the options")
    card = page.locator(".card[data-therapy=cetuximab_chemotherapy]")
    card.wait_for()
    text = card.inner_text()
    assert text.index("Cautions") < text.index("Grounds")
    assert "Editor's note N1" in text
    card.locator(".why summary").click()
    assert "RAS wild type" in card.locator(".why").inner_text()
    assert "cetuximab" in card.locator(".why code").inner_text()
    card.locator(".details > summary").click()
    details = card.locator(".details").inner_text()
    assert "randomised trial" in details
    assert "Population" in details
    changing = page.locator(".card[data-therapy=systemic_chemotherapy]")
    changing.locator(".change summary").click()
    assert "UGT1A1" in changing.locator(".change").inner_text()
    page.locator(".whynot summary").click()
    reasons = page.locator(".whynot").inner_text()
    assert "Hepatectomy" in reasons
    assert "Does not fit: unresectable" in reasons


def test_cards_speak_the_language_of_the_page(open_page: Open) -> None:
    page = open_page()
    say(page, CASE)
    say(page, "show me the options")
    page.locator(".card").first.wait_for()
    page.get_by_role("button", name="中文").click()
    answered(page, 2)
    page.locator(".card", has_text="首选").first.wait_for()
    assert "Preferred" not in page.locator(".cards").inner_text()


def test_contradictions_are_shown_with_the_cards(open_page: Open) -> None:
    page = open_page()
    say(page, "resected without residual disease, unresectable, 2 liver mets")
    say(page, "show me the options")
    page.locator(".cards .caution, .cards .mdt").first.wait_for()
    assert "Contradiction" in page.locator("#log").inner_text()


def test_cards_are_drawn_fast(open_page: Open) -> None:
    page = open_page()
    say(page, CASE + ", BRAF wt, chemo-naive, no extrahepatic disease")
    say(page, "show me the options")
    page.locator(".card").nth(5).wait_for()
    drawn = page.evaluate("performance.getEntriesByName('crlm-cards').map((entry) => entry.duration)")
    assert drawn
    assert min(drawn) < 50, drawn
