"""The check of the widget's types finds what is wrong, and is skipped where there is no Node."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from deploy import widget_types


def test_without_node_it_is_skipped(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert widget_types.main() == 0
    assert widget_types.SKIPPED in capsys.readouterr().out


@pytest.mark.skipif(not widget_types.TSC.is_file() or not shutil.which("node"), reason="TypeScript is not installed")
@pytest.mark.parametrize(("script", "code"), [("export const n = 1;", 0), ("export const n = missing;", 2)])
def test_it_finds_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, script: str, code: int) -> None:
    settings = json.loads((widget_types.FOLDER / "tsconfig.json").read_text(encoding="utf-8"))
    (tmp_path / "tsconfig.json").write_text(json.dumps({**settings, "include": ["*.js"]}), encoding="utf-8")
    (tmp_path / "script.js").write_text(script, encoding="utf-8")
    monkeypatch.setattr(widget_types, "FOLDER", tmp_path)
    monkeypatch.setattr(widget_types, "install", lambda _: None)
    assert widget_types.main() == code
