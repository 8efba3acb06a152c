"""The README says what is true: its transcripts, its commands, its files."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.documentation.pathway import PATHWAY, pathway
from tests.documentation.transcripts import README, conversations, hold, steady, written

ROOT = README.parent
TEXT = README.read_text(encoding="utf-8")
COMMANDS = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", TEXT, flags=re.DOTALL)
    for line in block.splitlines()
    if line.strip() and not line.startswith("#")
]
SEEN_ELSEWHERE = {
    "make run": "tests/documentation/test_commands.py starts it",
    "make test": "it is what runs this test",
    "make chat": "tests/documentation/test_commands.py talks to it",
    "make check": "make test runs it first",
    "make connect-check": "tests/channels/test_connect_check.py runs what it runs",
    "make eval": "tests/evaluation tests what it prints",
    "make eval ARGS=--baseline": "it trains a second assistant for many minutes; tests/evaluation tests what it prints",
    "make run-cluster": "tests/deploy/test_cluster.py runs what it runs",
    "make migrate": "tests/bot/server/test_migrations.py runs what it runs",
    "make bench ARGS=--without-default": "it measures for minutes; tests/benchmarks tests its parts",
    "make faults": "it measures for minutes; tests/faults tests what it does",
    "make fuzz": "it takes an hour; tests/fuzz/test_sample.py says some of its messages",
    "make crowd": "it measures a thousand clients; tests/bot/server/test_overload.py tests the limits",
    "make bench": "it trains and loads a second assistant for many minutes; tests/benchmarks tests its parts",
}
"""Commands that are not run here, with the reason."""


@pytest.mark.parametrize("name", conversations())
def test_transcripts_are_what_the_assistant_says(server: str, name: str) -> None:
    """If this fails after a wanted change: make docs."""
    assert steady(hold(server, conversations()[name])) == steady(written(TEXT)[name])


def test_every_transcript_stands_in_the_readme() -> None:
    assert set(written(TEXT)) == set(conversations())


@pytest.mark.parametrize("command", [c for c in COMMANDS if c.startswith(".venv/bin/python -m knowledge")])
def test_commands_of_the_knowledge_base(command: str) -> None:
    arguments = [sys.executable, *shlex.split(command)[1:]]
    done = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


def test_every_command_is_known_and_run_somewhere() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert len(COMMANDS) > 10
    for command in COMMANDS:
        words = shlex.split(command)
        if words[0] == "make":
            assert words[1] in targets, command
            assert command in SEEN_ELSEWHERE or command == "make help", command
        else:
            assert words[0] in (".venv/bin/python", ".venv/bin/rasa"), command


def test_help_lists_the_targets() -> None:
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for target in ("run", "chat", "test", "check", "bench"):
        assert f" {target} " in done.stdout or f"{target} " in done.stdout


@pytest.mark.parametrize("target", re.findall(r"\]\((?!http)([^)#]+)\)", TEXT))
def test_links_lead_to_files(target: str) -> None:
    assert (ROOT / target).is_file()


def test_the_interface_table_is_complete(server: str) -> None:
    import httpx

    paths = httpx.get(f"{server}/openapi.json").json()["paths"]
    for path in paths:
        if path not in ("/", "/docs"):
            assert path.split("{")[0].rstrip("/") in TEXT, path


def test_the_drawn_pathway_is_that_of_today() -> None:
    """If this fails after a wanted change: make docs."""
    assert PATHWAY.read_text(encoding="utf-8") == pathway()
    assert PATHWAY.stat().st_size < 150_000


def test_the_files_of_the_layout_exist() -> None:
    for folder in re.findall(r"^\| `(\w+)/` \|", TEXT, flags=re.MULTILINE):
        assert (ROOT / folder).is_dir()


@pytest.mark.browser
def test_the_pictures_show_the_widget_and_are_small(server: str, tmp_path: Path) -> None:
    """If a picture in the README is out of date: make screenshots."""
    from deploy.browser import ADVICE, find_browser
    from tests.documentation.screenshots import FOLDER, take

    if find_browser() is None:
        pytest.skip(ADVICE)
    taken = take(server, tmp_path)
    assert {file.name for file in taken} == {file.name for file in FOLDER.glob("*.??.png")}
    shown = set(re.findall(r"!\[[^\]]+\]\(docs/([^)]+)\)", TEXT))
    assert shown <= {file.name for file in FOLDER.iterdir()}
    for file in (*taken, *FOLDER.glob("*.png")):
        assert 10_000 < file.stat().st_size < 300_000, file


def test_generated_files_stay_out() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    assert not [name for name in tracked if name.endswith((".tar.gz", ".db"))]
    assert all(Path(ROOT / name).stat().st_size < 1_000_000 for name in tracked if (ROOT / name).is_file())
