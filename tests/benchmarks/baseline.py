"""The configuration that `rasa init` writes, trained on this project's examples, as something to compare with."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import yaml

from deploy.console import Step
from tests.running import ROOT, Server, free_port, running

EXAMPLES = ROOT / "nlu_data"
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "RASA_TELEMETRY_ENABLED": "false"}
RASA = (sys.executable, "-W", "ignore", "-m", "rasa")


def train(folder: Path) -> Path:
    """The trained default; trained only when the examples or Rasa's default have changed.

    Raises:
        RuntimeError: the training failed; the message names the file that says why.
    """
    project = folder / "project"
    model = folder / f"{_fingerprint()}.tar.gz"
    if model.is_file():
        return model
    shutil.rmtree(folder, ignore_errors=True)
    _write(project)
    log = folder / "training.log"
    command = [*RASA, "train", "--out", str(folder), "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    with Step("Training Rasa's default configuration (once)") as step, log.open("wb") as output:
        step.doing(f"some minutes, see {log.relative_to(ROOT)}")
        done = subprocess.run(
            command, cwd=project, env={**os.environ, **QUIET}, stdout=output, stderr=output, check=False
        )
    if done.returncode or not model.is_file():
        raise RuntimeError(f"Rasa's default configuration could not be trained: see {log}")
    return model


@contextmanager
def start(model: Path, folder: Path) -> Iterator[Server]:
    """`rasa run` with the REST channel."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [*RASA, "run", "--model", str(model), "--port", str(port), "--interface", "127.0.0.1"]
    environ = {**os.environ, **QUIET}
    with running(command, url, f"{url}/webhooks/rest/", environ, folder / "rasa.log", folder / "project") as server:
        yield server


def _write(project: Path) -> None:
    """A project as `rasa init` leaves it, with our examples and one answer for every intent."""
    project.mkdir(parents=True)
    for name in ("config.yml", "credentials.yml", "endpoints.yml"):
        shutil.copy(_template() / name, project)
    shutil.copytree(EXAMPLES, project / "data" / "nlu")
    intents = _intents()
    domain = {
        "version": "3.1",
        "intents": intents,
        "responses": {f"utter_{intent}": [{"text": f"This answers {intent}."}] for intent in intents},
    }
    rules = [
        {"rule": intent, "steps": [{"intent": intent}, {"action": f"utter_{intent}"}]}
        for intent in [*intents, "nlu_fallback"]
        if f"utter_{intent}" in domain["responses"]
    ]
    stories = [
        {"story": first, "steps": [part for intent in (first, *intents) for part in _step(intent)][:8]}
        for first in intents[:3]
    ]
    _dump(project / "domain.yml", domain)
    _dump(project / "data" / "rules.yml", {"version": "3.1", "rules": rules})
    _dump(project / "data" / "stories.yml", {"version": "3.1", "stories": stories})


def _step(intent: str) -> list[dict[str, str]]:
    return [{"intent": intent}, {"action": f"utter_{intent}"}]


def _intents() -> list[str]:
    found: dict[str, None] = {}
    for file in sorted(EXAMPLES.rglob("*.yml")):
        for entry in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            if "intent" in entry:
                found[entry["intent"]] = None
    return list(found)


def _template() -> Path:
    spec = find_spec("rasa")
    if spec is None or spec.origin is None:
        raise RuntimeError("Rasa is not installed")
    return Path(spec.origin).parent / "cli" / "initial_project"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for file in [_template() / "config.yml", Path(__file__), *sorted(EXAMPLES.rglob("*.yml"))]:
        digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def _dump(file: Path, content: Any) -> None:
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
