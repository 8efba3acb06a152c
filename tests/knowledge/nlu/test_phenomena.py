"""What makes messages of clinicians hard to read, class by class: everything stated is read, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from knowledge.models.facts import PatientFacts
from knowledge.nlu.corrections import read_amendment
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.language import detect
from tests.evaluation.abilities import known_facts
from tests.yaml_files import read_yaml

PHENOMENA: dict[str, list[dict[str, Any]]] = read_yaml(Path(__file__).with_name("phenomena.yaml"))


def entries() -> Iterator[Any]:
    for phenomenon, items in PHENOMENA.items():
        for number, item in enumerate(items, start=1):
            yield pytest.param(item, id=f"{phenomenon}-{number}")


def test_every_phenomenon_has_examples_in_both_languages() -> None:
    for phenomenon, items in PHENOMENA.items():
        assert {detect(item["text"], None) for item in items} == {"zh", "en"}, phenomenon
        assert len(items) >= 5, phenomenon


@pytest.mark.parametrize("item", entries())
def test_what_is_stated_is_read_and_nothing_else(extractor: FactExtractor, item: dict[str, Any]) -> None:
    assert known_facts(extractor.extract(item["text"])) == item["facts"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("不对，那次ctDNA是阳性的", "positive"),
        ("sorry, the ctDNA was positive", "positive"),
        ("ctDNA其实没有转阴", "positive"),
        ("actually the ctDNA came back not detected", "negative"),
        ("ctDNA after her hepatectomy was positive", None),
        ("is the ctDNA positive?", None),
        ("no, the CEA was 12", None),
    ],
)
def test_a_known_ctdna_is_put_right_without_naming_the_chemotherapy(text: str, value: str | None) -> None:
    found = read_amendment(text, ["ctdna_after_chemotherapy"], PatientFacts(ctdna_after_chemotherapy="negative"), {})
    assert (found.value if found and found.fact == "ctdna_after_chemotherapy" else None) == value
    assert read_amendment(text, [], PatientFacts(), {}) is None


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("Registrar writing: 66F, 异时性, four mets, biggest lesion 31 mm, unresectable", "en"),
        ("患者66岁，four mets，最大31mm，unresectable", "zh"),
        ("BRAF突变，FOLFOX后progressed", "zh"),
    ],
)
def test_a_message_is_in_the_language_most_of_it_is_in(text: str, lang: str) -> None:
    assert detect(text, None) == lang
