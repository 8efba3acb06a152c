"""Whatever is said in whatever order: there is an answer, and the intake asks its question exactly once."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from knowledge.models.facts import FACT_IDS
from tests.yaml_files import read_yaml

EXAMPLES = Path(__file__).resolve().parents[2] / "nlu_data"
TURNS = 40


def examples(lang: str) -> list[str]:
    texts: list[str] = []
    for file in sorted((EXAMPLES / lang).glob("*.yml")):
        for entry in read_yaml(file)["nlu"]:
            texts += [line.removeprefix("- ") for line in entry["examples"].splitlines()]
    return texts


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("seed", range(3))
def test_any_order(new_chat: Callable[[], Any], caplog: pytest.LogCaptureFixture, lang: str, seed: int) -> None:
    chance = random.Random(seed)
    chat = new_chat()
    asking, facts = False, {}
    for text in chance.sample(examples(lang), TURNS):
        answer = chat(text)
        tracker = chat.tracker
        asked_before, known_before = asking, facts
        asking = tracker.active_loop_name == "intake_form"
        facts = {fact: tracker.get_slot(fact) for fact in FACT_IDS}
        context = f"{text} → {answer.kinds}"
        assert answer.messages, context
        assert all(message["text"].strip() and "\n\n" not in message["text"] for message in answer.messages), context
        assert answer.kinds.count("question") == (1 if asking else 0), context
        assert bool(answer.asked) == asking, context
        assert answer.kinds.count("options") <= 1, context
        if asked_before and not asking and "options" not in answer.kinds:
            assert chat.intent in ("goodbye", "own_data"), context
        if len(known_before) and facts != known_before:
            assert "facts" in answer.kinds, context
    assert not [record for record in caplog.records if record.levelname in ("ERROR", "CRITICAL")]
