"""The rules' properties hold for every patient, and the proof would notice if they did not."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.loading import DATA, Knowledge, load_knowledge
from knowledge.proof import prove


def test_every_property_holds_in_every_state(kb: Knowledge, capsys: pytest.CaptureFixture[str]) -> None:
    proof = prove(kb)
    with capsys.disabled():
        print(
            f"\n{proof.states:,} states of facts covered by {proof.situations:,} situations, "
            f"{proof.comparisons:,} comparisons"
        )
    assert proof.failures == ()
    assert proof.states > 10**8
    assert proof.situations > 10**4


def rule(data: dict[str, Any], key: str) -> dict[str, Any]:
    return next(entry for entry in data["rules"] if entry["id"] == key)


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        (lambda d: rule(d, "cetuximab-wild-type").update(when={"fact": "resectability", "is": "unresectable"}), "ras"),
        (lambda d: rule(d, "tace-unresectable").update(when={"fact": "resectability", "known": True}), "the_fit"),
        (
            lambda d: rule(d, "haip-first-line").update(
                when={"all": [{"fact": "ras", "is": "mutant"}, {"fact": "ras", "is": "wild_type"}]}
            ),
            "never holds",
        ),
        (lambda d: rule(d, "sbrt-medium-size").update(grounds=["mdt-operability"]), "is about it"),
        (
            lambda d: rule(d, "hepatectomy-not-operable").update(when={"fact": "resectability", "is": "resectable"}),
            "stances_agree",
        ),
    ],
)
def test_a_wrong_rule_is_noticed(tmp_path: Path, change: Callable[[Any], None], failure: str) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    file = folder / "rules.yaml"
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    change(data)
    file.write_text(yaml.safe_dump(data, allow_unicode=True), encoding="utf-8")
    assert any(failure in line for line in prove(load_knowledge(folder)).failures)
