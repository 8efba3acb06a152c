"""Whole conversations, turn by turn, as people who had not seen the product wrote them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from tests.evaluation.abilities import Score, read_set
from tests.talking import Answer, Conversation


def turns(new_chat: Callable[[], Conversation], every: int = 1) -> Score:
    """Turns after which the case and the reply are as they should be, of every so-many-th conversation."""
    score = Score("turns of conversations", 0.98)
    for talk in read_set("talks")[::every]:
        chat, asked = new_chat(), None
        for turn in talk:
            said = turn.get("say") or turn["if_asked"].get(asked)
            if said is None:
                continue
            answer = chat(str(said))
            wrong = list(mistakes(turn, asked, answer, chat.facts))
            replied = answer.text[:120].replace("\n", " / ")
            score.count(not wrong, f"{said} (asked: {asked}): {wrong}; {replied}")
            asked = answer.asked
    return score


def mistakes(turn: dict[str, Any], asked: str | None, answer: Answer, facts: dict[str, Any]) -> Iterator[str]:
    """What is not as it should be after a turn."""
    expected = dict(turn.get("facts") or {})
    absent = list(turn.get("absent") or ())
    if asked in turn.get("gold", {}):
        if turn["gold"][asked] is None:
            absent.append(asked)
        else:
            expected[asked] = turn["gold"][asked]
    yield from (f"{fact} is {facts.get(fact)}" for fact, value in expected.items() if facts.get(fact) != value)
    yield from (f"{fact} is known" for fact in absent if fact in facts)
    kinds = set(turn.get("kinds") or ())
    if kinds and not kinds & set(answer.kinds):
        yield f"kinds {answer.kinds}"
    yield from (f"lacks {figure}" for figure in turn.get("text") or () if str(figure) not in answer.text)
    yield from (f"lacks [{n}]" for n in turn.get("citations") or () if n not in citations(answer))
    chinese = len(re.findall("[\u4e00-\u9fff]", answer.text))
    if (turn.get("lang") == "zh" and chinese < 3) or (turn.get("lang") == "en" and chinese > 10):
        yield f"not in {turn['lang']}"


def citations(answer: Answer) -> set[int]:
    """The citation numbers that a reply carries."""
    found = {int(number) for number in re.findall(r"\[(\d+)\]", answer.text)}
    for message in answer.messages:
        custom = message.get("custom") or {}
        for part in (custom, *(custom.get("options") or ())):
            found.update(part.get("citations") or ())
    return found
