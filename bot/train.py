"""Trains the dialogue model if what it is made of has changed: `python -m bot.train`."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bot.server.model_file import digest_file, note_digest
from deploy.console import Step

ROOT = Path(__file__).resolve().parents[1]
MODELS = ROOT / "models"

INPUTS = ("config.yml", "bot/domain", "bot/dialogue", "bot/nlu", "nlu_data", "knowledge/sentence_vectors.py")
"""What a trained model depends on. The lexicon and the knowledge are read when the model is loaded."""

_COMMAND = ("-m", "rasa", "train", "--domain", "bot/domain", "--data", "nlu_data", "bot/dialogue", "--out")
_QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}


def fingerprint() -> str:
    """A hash that changes with everything a trained model depends on."""
    digest = hashlib.sha256()
    for file in _inputs():
        digest.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def train() -> Path:
    """The model for the present inputs, trained unless it is there; older models are removed.

    Raises:
        RuntimeError: the training failed; the message holds the last lines it printed.
    """
    model = MODELS / f"{fingerprint()}.tar.gz"
    if model.is_file() and digest_file(model).is_file():
        return model
    MODELS.mkdir(exist_ok=True)
    log = MODELS / "training.log"
    command = [sys.executable, *_COMMAND, str(MODELS), "--fixed-model-name", model.name.removesuffix(".tar.gz")]
    with log.open("w", encoding="utf-8") as output, Step("Training the dialogue model"):
        done = subprocess.run(
            command, cwd=ROOT, env={**os.environ, **_QUIET}, stdout=output, stderr=output, check=False
        )
    if done.returncode or not model.is_file():
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-25:]
        raise RuntimeError("The training failed. Its last lines:\n" + "\n".join(tail))
    note_digest(model)
    for other in MODELS.glob("*.tar.gz"):
        if other != model:
            other.unlink()
            digest_file(other).unlink(missing_ok=True)
    return model


def main() -> int:
    """Trains and says so; 1 when it failed."""
    try:
        model = train()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"model: {model.name}")
    return 0


def _inputs() -> Iterator[Path]:
    for name in INPUTS:
        path = ROOT / name
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        yield from (file for file in files if file.suffix in (".py", ".yml", ".yaml"))


if __name__ == "__main__":
    sys.exit(main())
