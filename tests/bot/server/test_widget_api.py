"""What the widget asks of the knowledge base, and who may ask."""

from __future__ import annotations

from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from bot.server.app import create_app
from bot.server.settings import Settings
from knowledge.engine import evaluate
from knowledge.loading import load_knowledge
from knowledge.models.facts import FACT_IDS, PatientFacts, is_value
from knowledge.models.statements import StudyDesign
from knowledge.overview import overview

KB = load_knowledge()
PORTAL = "https://portal.example"
FACTS = {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5, "ras": "mutant"}


@pytest.fixture(scope="module")
def client() -> TestClient:
    return TestClient(create_app(Settings(credentials=Path("/nowhere"), allowed_origins=(PORTAL,))))


def test_a_case_at_a_glance_is_what_the_engine_says(client: TestClient) -> None:
    case = client.post("/api/case", json=FACTS).json()
    found = evaluate(KB, PatientFacts(**FACTS))
    assert [option["id"] for option in case["options"]] == [option.id for option in found.options]
    assert [option["stance"] for option in case["options"]] == [option.stance for option in found.options]
    assert [entry["fact"] for entry in case["missing"]] == [entry.fact for entry in found.missing]
    assert {option["id"] for option in case["options"]} | {other["id"] for other in case["others"]} == set(KB.therapies)
    assert case["mdt"] == list(KB.mdt)
    by_id = {option["id"]: option for option in case["options"]}
    assert by_id["cetuximab_chemotherapy"]["because"] == ["ras"]
    assert by_id["systemic_chemotherapy"]["would_change"] == ["ugt1a1"]
    against = {other["id"]: other["against"] for other in case["others"]}
    assert against["hepatectomy"] == ["resectability"]


@pytest.mark.parametrize("facts", [{}, FACTS, {"resection_status": "recurred", "lesion_count": 1}])
def test_what_would_change_an_option_changes_it(facts: dict[str, object]) -> None:
    seen = overview(KB, PatientFacts.model_validate(facts))
    before = {option.id: option for option in evaluate(KB, PatientFacts.model_validate(facts)).options}
    for entry in seen.missing:
        for effect in entry.effects:
            after = evaluate(KB, PatientFacts.model_validate({**facts, entry.fact: effect.value}))
            now = {option.id: option for option in after.options}
            assert set(effect.adds) == now.keys() - before.keys()
            assert set(effect.removes) == before.keys() - now.keys()
            changed = (*effect.restances, *effect.cautions, *effect.removes)
            for option in seen.options:
                if option.id in changed:
                    assert entry.fact in option.would_change


def test_contradictions_are_named(client: TestClient) -> None:
    facts = {"resectability": "unresectable", "resection_status": "resected"}
    (found, *_) = client.post("/api/case", json=facts).json()["contradictions"]
    assert set(found["facts"]) <= set(facts)
    assert found["text"]["zh"]


def test_facts_are_listed_with_their_values(client: TestClient) -> None:
    listed = client.get("/api/facts").json()
    assert [fact["id"] for fact in listed] == list(FACT_IDS)
    for fact in listed:
        if fact["kind"] == "choice":
            assert all(is_value(fact["id"], choice["value"]) for choice in fact["choices"])
        else:
            low, high = fact["limits"]
            assert not is_value(fact["id"], low - 1)
            assert is_value(fact["id"], int(high) if fact["kind"] == "integer" else high)
            assert not is_value(fact["id"], high + 1)


def test_designs_and_sections_have_names(client: TestClient) -> None:
    names = client.get("/api/names").json()
    used = {statement.design for statement in KB.statements.values()} - {"not_stated"}
    assert used
    assert used == names["designs"].keys() <= set(StudyDesign.__args__)
    assert {statement.section for statement in KB.statements.values()} == names["sections"].keys()
    assert all(name["zh"] and name["en"] for part in names.values() for name in part.values())


def test_the_files_of_the_widget_may_be_loaded_by_any_page(client: TestClient) -> None:
    answer = client.get("/widget/crlm-assistant.js", headers={"Origin": "https://anywhere.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert client.get("/", headers={"Origin": PORTAL}).status_code == 200


def test_what_is_asked_by_another_page_is_answered_if_the_page_is_allowed(client: TestClient) -> None:
    def allowed(origin: str) -> str | None:
        return client.post("/api/case", json={}, headers={"Origin": origin}).headers.get("access-control-allow-origin")

    assert allowed(PORTAL) == PORTAL
    assert allowed("https://evil.example") is None
    preflight = client.options(
        "/api/case",
        headers={
            "Origin": PORTAL,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type",
        },
    )
    assert preflight.status_code == 200
    assert "access-control-allow-credentials" not in preflight.headers


def test_the_page_asks_for_all_parts_of_the_widget_at_once(client: TestClient) -> None:
    link = client.get("/").headers["link"]
    widget = Path(__file__).resolve().parents[3] / "bot" / "widget"
    for file in widget.glob("*.js"):
        assert f"</widget/{file.name}>" in link
    assert "widget.css" in link
