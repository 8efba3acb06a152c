"""Quick replies in words, numbers and ids."""

from __future__ import annotations

import pytest

from bot.channels.choices import as_choices, in_words, meant, number_of, remembered
from bot.channels.model import Message

TITLES = ("No chemotherapy yet", "Unknown", "Why do you ask")
CHOICES = as_choices("m", [{"title": title, "payload": f"{title}!"} for title in TITLES])


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1), (" 2 ", 2), ("３", 3), ("(4)", 4), ("5.", 5), ("6、", 6), ("【7】", None), ("1 cm", None), ("", None)],
)
def test_a_number_is_read_in_whatever_form(text: str, number: int | None) -> None:
    assert number_of(text) == number


def test_ids_are_short_and_belong_to_their_message() -> None:
    ids = {choice.id for choice in CHOICES}
    assert len(ids) == 3
    assert all(len(choice.encode()) <= 20 for choice in ids)
    assert ids.isdisjoint(choice.id for choice in as_choices("other", [{"title": "A", "payload": "a"}] * 3))


def test_where_a_fact_is_asked_nothing_is_numbered_that_was_not() -> None:
    question = Message("What has it done?\n1. No chemotherapy yet\n2. Unknown", CHOICES, "en", question=True)
    assert in_words(question) == f"{question.text}\n· Why do you ask"
    kept = remembered([question], by_number=True)
    assert meant(kept, None, "2") == "2"
    count = Message("How many?", CHOICES, "en", question=True)
    assert "1." not in in_words(count)
    assert meant(remembered([count], by_number=True), None, "1") == "1"


def test_elsewhere_choices_are_numbered_and_numbers_choose() -> None:
    message = Message("And now?", CHOICES, "en")
    assert in_words(message).splitlines()[1:] == [f"{n}. {title}" for n, title in enumerate(TITLES, 1)]
    kept = remembered([message], by_number=True)
    assert meant(kept, None, "3") == "Why do you ask!"
    assert meant(kept, None, "4") == "4"
    assert meant(kept, None, "0") == "0"
    assert meant(remembered([message], by_number=False), None, "3") == "3"


def test_buttons_stand_for_their_sentences_and_foreign_ones_for_nothing() -> None:
    kept = remembered([Message("?", CHOICES)], by_number=False)
    assert meant(kept, CHOICES[1].id, "") == "Unknown!"
    assert meant(kept, "forged.1", "") is None
    assert meant({}, CHOICES[1].id, "") is None
