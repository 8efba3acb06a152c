"""How long the knowledge base alone takes."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from typing import Any

from knowledge.engine import evaluate
from knowledge.loading import load_knowledge
from knowledge.models.facts import FACT_IDS, PatientFacts, literal_values
from knowledge.questions import Questions

CASES = 1000
QUESTIONS = (
    "SRFA 的 5 年生存率是多少？",
    "90Y 的剂量阈值？",
    "KRAS 突变对预后的影响？",
    "What is the complication rate of ablation?",
    "compare TACE and HAIP",
    "Which studies are retrospective?",
    "regorafenib dose",
)


def option_queries() -> list[float]:
    """Seconds for the options of as many different patients, each asked once."""
    kb = load_knowledge()
    return _timed(lambda facts: evaluate(kb, facts), patients(CASES))


def question_queries() -> list[float]:
    """Seconds for free questions, after the first one."""
    questions = Questions.create(load_knowledge())
    questions.ask(QUESTIONS[0], "en")
    asked = [f"{question} {number}." for number in range(20) for question in QUESTIONS]
    return _timed(lambda text: questions.ask(text, "en"), asked)


def patients(count: int) -> list[PatientFacts]:
    """Patients with any number of known facts, always the same ones."""
    chance = random.Random(1)
    return [
        PatientFacts.model_validate({fact: _value(fact, chance) for fact in FACT_IDS if chance.random() < share})
        for share in (chance.random() for _ in range(count))
    ]


def _value(fact: str, chance: random.Random) -> object:
    words = literal_values(fact)
    if words:
        return chance.choice(words)
    return chance.random() < 0.5 if fact == "local_therapy_failed" else chance.randint(1, 9)


def _timed(call: Callable[[Any], Any], inputs: Iterable[Any]) -> list[float]:
    seconds = []
    for value in inputs:
        started = time.perf_counter()
        call(value)
        seconds.append(time.perf_counter() - started)
    return seconds
