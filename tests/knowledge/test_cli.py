"""The knowledge base in a terminal."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from knowledge.__main__ import main
from knowledge.loading import DATA


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_check_counts_what_it_checked(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "check", "--json")
    report = json.loads(out)
    assert code == 0
    assert report["failures"] == []
    assert (report["paragraphs"], report["references"], report["editor_notes"]) == (34, 29, 14)
    assert run(capsys, "check")[1].startswith("knowledge ")


def test_options_for_facts(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(
        capsys, "options", "resectability=unresectable", "lesion_count=2", "largest_lesion_cm=2.5", "--json"
    )
    found = json.loads(out)
    assert code == 0
    assert {"systemic_chemotherapy", "thermal_ablation"} <= {option["id"] for option in found["options"]}
    text = run(capsys, "options", "resectability=unresectable", "--lang", "zh")[1]
    assert "【首选】全身化疗" in text


def test_options_for_words(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "options", "不可切除，肝转移2枚，最大2.5cm", "--json")[1]
    assert json.loads(out)["facts"] == {"resectability": "unresectable", "lesion_count": 2, "largest_lesion_cm": 2.5}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("options", "ras=broken"), "'wild_type' or 'mutant'"),
        (("options", "age=70"), "age: no such fact"),
        (("show", "nothing"), "nothing: no statement"),
        (("picture", "nothing"), "nothing: no such picture (pictures: srfa-survival"),
        (("picture", "evidence", "ras=mutant"), "evidence takes no facts"),
        (("picture", "evidence", "--out", "evidence.gif"), "ends in .svg or .png"),
        (("picture", "evidence", "--out", "no/such/folder/evidence.svg"), "cannot be written"),
        (("diff", "no-such-revision", "HEAD"), "neither a folder nor a git revision"),
    ],
)
def test_wrong_input_says_what_is_wrong(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], message: str
) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == 2
    assert message in err


@pytest.mark.parametrize("name", ["srfa-overall-survival", "N3", "tace", "ras", "ablation-few-small", "14", "[14]"])
def test_show_finds_every_sort_of_entry(capsys: pytest.CaptureFixture[str], name: str) -> None:
    code, out, _ = run(capsys, "show", name, "--json")
    assert code == 0
    assert json.loads(out)
    assert run(capsys, "show", name)[0] == 0


def test_ask(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "ask", "What is 5-year overall survival after SRFA?", "--json")
    assert code == 0
    found = json.loads(out)
    assert found["kind"] == "answer"
    assert 22 in found["citations"]
    assert "34.8" in found["text"]


def test_diff_of_two_versions(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    new = Path(shutil.copytree(DATA, tmp_path / "new"))
    rules = new / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8").replace("at_most: 3}", "at_most: 2}"), encoding="utf-8")
    code, out, _ = run(capsys, "diff", str(DATA), str(new), "--json")
    found = json.loads(out)
    assert code == 0
    assert {"part": "rules", "id": "ablation-few-small", "change": "changed", "fields": ["when"]} in found["changes"]
    assert found["outcomes"]["thermal_ablation"][0] > 0
    assert "another stance" in run(capsys, "diff", str(DATA), str(new))[1]


def test_picture(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = run(capsys, "picture", "srfa-survival", "--lang", "zh")
    assert code == 0
    assert "34.8%" in out
    assert "N4: " in out
    found = json.loads(run(capsys, "picture", "pathway", "ras=mutant", "--json")[1])
    assert "Not recommended: Cetuximab + chemo" in found["alt"]
    assert "marks" not in found
    for name, start in (("pathway.svg", b"<svg "), ("pathway.PNG", b"\x89PNG")):
        file = tmp_path / name
        assert run(capsys, "picture", "pathway", "unresectable, 2 lesions", "--out", str(file))[0] == 0
        assert file.read_bytes().startswith(start)
