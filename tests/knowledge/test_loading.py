"""Loading: wrong files are refused with a message that names file, entry and field."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.loading import DATA, Knowledge, KnowledgeError, load_knowledge
from knowledge.models.facts import FACT_IDS, literal_values


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the data that a test may spoil."""
    return Path(shutil.copytree(DATA, tmp_path / "data"))


def spoil(file: Path, change: Callable[[Any], None]) -> None:
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")


def entry(data: list[dict], key: str) -> dict:
    return next(item for item in data if item["id"] == key)


def test_the_copy_loads_unspoilt(folder: Path, kb: Knowledge) -> None:
    assert load_knowledge(folder).version == kb.version


STATEMENTS = "statements/3.3-ablation.yaml"
SRFA = "srfa-overall-survival"


@pytest.mark.parametrize(
    ("file", "change", "message"),
    [
        (STATEMENTS, lambda d: entry(d, SRFA).pop("text"), r"3\.3-ablation\.yaml: srfa-overall-survival: text"),
        (STATEMENTS, lambda d: entry(d, SRFA)["text"].pop("en"), r"srfa-overall-survival: text\.en: Field required"),
        (STATEMENTS, lambda d: entry(d, SRFA).update(grade="A"), r"srfa-overall-survival: grade: Extra"),
        (STATEMENTS, lambda d: entry(d, SRFA).update(therapies=["magic"]), r"therapies: `magic` does not exist"),
        (STATEMENTS, lambda d: entry(d, SRFA).update(citations=[30]), r"citations: `30` does not exist"),
        (STATEMENTS, lambda d: entry(d, SRFA).update(place="7/1"), r"srfa-overall-survival: place"),
        (STATEMENTS, lambda d: d.append(dict(entry(d, SRFA))), r"srfa-overall-survival: the id is used twice"),
        ("facts.yaml", lambda d: d.pop(0), r"facts\.yaml: the facts must be those of PatientFacts"),
        ("facts.yaml", lambda d: entry(d, "ras")["choices"].reverse(), r"facts\.yaml: ras: choices must be"),
        ("references.yaml", lambda d: d.pop(), r"references\.yaml: the numbers must be 1 to 29"),
        ("therapies.yaml", lambda d: d[0].pop("name"), r"therapies\.yaml: hepatectomy: name: Field required"),
        ("rules.yaml", lambda d: d["rules"][0].update(grounds=["nothing"]), r"`nothing` does not exist"),
        ("rules.yaml", lambda d: d["rules"][0].update(therapy="magic"), r"therapy: `magic` does not exist"),
        ("rules.yaml", lambda d: d["rules"][0].update(when={"fact": "age", "is": "old"}), r"`age` does not exist"),
        (
            "rules.yaml",
            lambda d: d["rules"][0].update(when={"fact": "ras", "is": "broken"}),
            r"hepatectomy-resectable: ras: `broken` is not one of its values",
        ),
        ("rules.yaml", lambda d: d["rules"][0].update(when={"fact": "ras", "below": 3}), r"ras: bounds need a number"),
        ("rules.yaml", lambda d: d["rules"][0].update(when={"named": "young"}), r"conditions: young: not defined"),
        ("rules.yaml", lambda d: d["conditions"].update(free_of_disease={"named": "free_of_disease"}), "by itself"),
    ],
)
def test_a_wrong_file_names_the_place(folder: Path, file: str, change: Callable, message: str) -> None:
    spoil(folder / file, change)
    with pytest.raises(KnowledgeError, match=message):
        load_knowledge(folder)


def test_text_that_is_not_yaml_names_the_file(folder: Path) -> None:
    (folder / "rules.yaml").write_text("rules: [", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"rules\.yaml: not valid YAML"):
        load_knowledge(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "references.yaml").unlink()
    with pytest.raises(KnowledgeError, match=r"references\.yaml: cannot be read"):
        load_knowledge(folder)


def test_the_version_changes_with_a_clinical_word_and_with_nothing_else(folder: Path, kb: Knowledge) -> None:
    spoil(folder / "phrases" / "base.yaml", lambda d: d["more"].update(en="Further"))
    assert load_knowledge(folder).version == kb.version
    load_knowledge.cache_clear()
    spoil(folder / STATEMENTS, lambda d: entry(d, SRFA)["text"].update(en="Other words."))
    assert load_knowledge(folder).version != kb.version


def test_facts_have_the_contracts_names_and_values(kb: Knowledge) -> None:
    assert tuple(kb.facts) == FACT_IDS
    assert literal_values("extrahepatic_disease") == ("none", "lung_only", "other")
    assert len(kb.therapies) == 15
