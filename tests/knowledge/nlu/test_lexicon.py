"""The files of the lexicon: complete, without strays, and with errors that say where they are."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import knowledge.nlu
from knowledge.loading import KnowledgeError
from knowledge.models.facts import FACT_IDS
from knowledge.nlu.lexicon import LEXICON, lexicon_fingerprint, load_lexicon

PACKAGE = Path(knowledge.nlu.__file__).parent
HIDING = {"pseudo", "radiotherapy_of_primary"}
"""Classes that only keep their words from being read as something else."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(LEXICON, tmp_path / "lexicon"))


@pytest.mark.parametrize("kind", ["words", "findings", "cues", "names"])
def test_every_entry_has_words(kind: str) -> None:
    entries = getattr(load_lexicon(), kind)
    assert len(entries) > 15
    for name, entry in entries.items():
        assert entry.any or (entry.zh and entry.en), name
        for words in (entry.zh, entry.en, entry.any):
            assert len({word.lower() for word in words}) == len(words), name


def test_every_class_of_words_is_read_somewhere() -> None:
    code = "".join(file.read_text(encoding="utf-8") for file in PACKAGE.rglob("*.py"))
    quoted = set(re.findall(r'"([a-z0-9_.]+)"', code))
    stops = {stop for cue in load_lexicon().cues.values() for stop in cue.stops}
    unread = {
        name
        for name in load_lexicon().words
        if name not in quoted | stops | HIDING and name.partition(".")[0] not in quoted
    }
    assert not unread


def test_every_fact_has_a_name() -> None:
    assert set(load_lexicon().names) == {*FACT_IDS, "none"}


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("findings.yaml", "value: unresectable", "value: perhaps", r"findings.yaml: \w+: .*`perhaps`"),
        ("words.yaml", "- id: lesion\n", "- id: lesion\n  colour: red\n", r"words.yaml: lesion: colour"),
        ("words.yaml", "- id: metastasis\n", "- id: lesion\n", r"words.yaml: lesion: the id is used twice"),
        ("cues.yaml", "category: plan", "category: wish", r"cues.yaml: planned: category"),
        ("cues.yaml", "stops: [turn]", "stops: [nothing]", r"cues.yaml: \w+: stops: `nothing` does not exist"),
        ("names.yaml", "- id: ras\n", "- [ras\n", r"names.yaml: not valid YAML"),
    ],
)
def test_an_error_names_its_place(folder: Path, file: str, old: str, new: str, message: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(KnowledgeError, match=message):
        load_lexicon(folder)


def test_the_fingerprint_changes_with_the_words(folder: Path) -> None:
    for name in ("answers.yaml", "facts.yaml", "therapies.yaml"):
        shutil.copy(LEXICON.parent / name, folder.parent / name)
    before = lexicon_fingerprint(folder)
    assert before == lexicon_fingerprint(folder)
    (folder / "words.yaml").write_text("[]", encoding="utf-8")
    assert lexicon_fingerprint(folder) != before
