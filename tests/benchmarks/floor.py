"""The least a turn can take: a bot that understands nothing and has one answer, in the same server."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from bot.server.model_file import note_digest
from deploy.console import Step
from tests.benchmarks.baseline import QUIET, RASA
from tests.running import ROOT

CONVERSATION = ("/hello",) * 10
"""What is said to it, as many turns as the measured conversations have. It reads an intent instead of a text."""

_CONFIG = """
recipe: default.v1
assistant_id: floor
language: en
pipeline: []
policies:
- name: RulePolicy
"""
_DOMAIN = """
version: "3.1"
intents: [hello]
responses:
  utter_hello:
  - text: Hello.
session_config:
  session_expiration_time: 60
  carry_over_slots_to_new_session: false
"""
_RULES = """
version: "3.1"
rules:
- rule: the answer
  steps:
  - intent: hello
  - action: utter_hello
"""


def train(folder: Path) -> Path:
    """The trained bot; trained only when it is not there.

    Raises:
        RuntimeError: the training failed; the message names the file that says why.
    """
    files = {"config.yml": _CONFIG, "domain.yml": _DOMAIN, "rules.yml": _RULES}
    model = folder / f"{hashlib.sha256(repr(files).encode()).hexdigest()[:16]}.tar.gz"
    if model.is_file():
        return model
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_text(content, encoding="utf-8")
    log = folder / "training.log"
    named = ["--out", str(folder), "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    command = [*RASA, "train", "core", "--stories", "rules.yml", *named]
    with Step("Training the floor (once)"), log.open("wb") as output:
        done = subprocess.run(
            command, cwd=folder, env={**os.environ, **QUIET}, stdout=output, stderr=output, check=False
        )
    if done.returncode or not model.is_file():
        raise RuntimeError(f"the floor could not be trained: see {log.relative_to(ROOT)}")
    note_digest(model)  # the server loads nothing else
    return model
