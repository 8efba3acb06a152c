"""Rasa's default configuration on the held-out messages, in a process of its own: it brings TensorFlow along.

python -m tests.evaluation.rasa_default MODEL FILE   writes an intent for each held-out message to FILE, as JSON
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import baseline
from tests.evaluation.intents import ROOT, Sorted, held_out

_MODELS = ROOT / "tests" / "benchmarks" / "results" / "default"
"""Where the benchmarks keep it too: it is trained once for both."""


def sort_held_out() -> Sorted:
    """What Rasa's default configuration makes of the held-out messages; trains it first if needed (5 to 17 minutes).

    Raises:
        RuntimeError: the training failed, or the model could not be used; the message says why.
    """
    model = baseline.train(_MODELS)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "intents.json"
        command = [sys.executable, "-W", "ignore", "-m", "tests.evaluation.rasa_default", str(model), str(file)]
        environ = {**os.environ, **baseline.QUIET}
        done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"Rasa's default configuration could not be used:\n{done.stderr[-2000:]}")
        return Sorted("rasa init", held_out(), json.loads(file.read_text(encoding="utf-8")))


async def _intents(model: str) -> list[str]:
    from rasa.core.agent import Agent

    agent = Agent.load(model)
    return [(await agent.parse_message(example.text))["intent"]["name"] for example in held_out()]


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(asyncio.run(_intents(sys.argv[1]))), encoding="utf-8")
