"""Domain, rules, examples and actions agree with each other and with the contract."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from knowledge.loading import load_knowledge
from knowledge.models.facts import FACT_IDS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "nlu_data"


def rules() -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = yaml.safe_load((ROOT / "bot/dialogue/rules.yml").read_text(encoding="utf-8"))[
        "rules"
    ]
    return loaded


def examples(lang: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for file in sorted((EXAMPLES / lang).glob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            assert entry["intent"] not in found, f"{entry['intent']} stands in two files"
            found[entry["intent"]] = [line.removeprefix("- ") for line in entry["examples"].splitlines()]
    return found


def test_slots_are_the_facts_of_the_contract(domain: dict[str, Any]) -> None:
    slots = list(domain["slots"])
    assert slots[: len(FACT_IDS)] == list(FACT_IDS) == list(load_knowledge().facts)
    assert domain["forms"]["intake_form"]["required_slots"] == list(FACT_IDS)
    assert [name for name in domain["entities"] if name in FACT_IDS] == list(FACT_IDS)


def test_no_slot_decides_about_the_dialogue(domain: dict[str, Any]) -> None:
    for slot in domain["slots"].values():
        assert slot == {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}


def test_every_action_exists_and_every_action_is_listed(domain: dict[str, Any]) -> None:
    executor = ActionExecutor()
    executor.register_package("actions")
    ours = {name for name, run in executor.actions.items() if run.__module__.startswith("actions.")}
    assert ours == set(domain["actions"])


def test_every_fact_has_an_action_that_asks_for_it(domain: dict[str, Any]) -> None:
    assert {f"action_ask_{fact}" for fact in FACT_IDS} <= set(domain["actions"])


def test_every_intent_has_a_rule_in_and_outside_the_intake(domain: dict[str, Any]) -> None:
    covered: dict[str, set[object]] = {}
    for rule in rules():
        intents = [step["intent"] for step in rule["steps"] if "intent" in step]
        loops = [entry["active_loop"] for entry in rule.get("condition", []) if "active_loop" in entry]
        for name in intents:
            covered.setdefault(name, set()).update(loops or [None, "intake_form"])
    assert covered == {name: {None, "intake_form"} for name in domain["intents"]}


def test_both_languages_train_the_same_intents(domain: dict[str, Any]) -> None:
    names = [sorted(file.name for file in (EXAMPLES / lang).glob("*.yml")) for lang in ("zh", "en")]
    assert names[0] == names[1]
    trained = set(domain["intents"])
    assert set(examples("zh")) == set(examples("en")) == trained


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_enough_different_examples(lang: str) -> None:
    seen: Counter[str] = Counter()
    for intent, texts in examples(lang).items():
        assert len(texts) >= 25, intent
        seen.update(text.casefold() for text in texts)
    assert not [text for text, count in seen.items() if count > 1]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_examples_carry_no_annotations(lang: str) -> None:
    """Facts are found by the lexicon; an annotation would suggest that they are learned."""
    for texts in examples(lang).values():
        assert not [text for text in texts if re.search(r"\]\(|\]\{", text)]
