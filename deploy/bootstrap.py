"""Build the environment `.venv` on any machine that has a python3; do nothing when it is up to date.

    python3 -m deploy.bootstrap [--dev]

Runs on Python 3.8 or newer with the standard library alone, because it runs before anything is installed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import shutil
import sys
from pathlib import Path

from deploy import interpreter
from deploy.console import ROOT, Result, SetupError, Step, run
from deploy.installer import obtain_uv, uv_environment
from deploy.interpreter import WANTED, Interpreter

VENV = ROOT / ".venv"
RUNTIME = "requirements.lock"
DEVELOPMENT = "requirements-dev.lock"

# The one conflict that is known and harmless (overrides.txt says why), as uv and as pip put it.
KNOWN_CONFLICT = re.compile(
    r"The package `rasa` requires `pydantic<1\.10\.10`, but `2\.\d+\.\d+` is installed"
    r"|rasa 3\.6\.21 has requirement pydantic<1\.10\.10, but you have pydantic 2\.\d+\.\d+\."
)
CHATTER = re.compile(r"Using Python |Checked \d+ package|Found \d+ incompatibilit|warning: ")

NO_PYTHON = f"""\
Python {WANTED} is needed (Rasa 3.6 runs on no newer one); none was found here and none could be fetched.
Do one of these, then run the same command again:
  - name one you have:        make setup PYTHON310=/path/to/python{WANTED}
  - with pyenv:               pyenv install {WANTED}
  - with conda:               conda create -y -p ./.venv-tools/conda python={WANTED}
                              make setup PYTHON310=$PWD/.venv-tools/conda/bin/python
  - with your system's packages, where it has python{WANTED}"""


def digest(path: Path) -> str:
    """What identifies a lock file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Stamp:
    """A note in the environment on what it was built from: a second run ends with reading it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.file = root / ".venv" / "bootstrap.json"

    def matches(self, lock: str) -> bool:
        """Whether the environment is complete, built here and from this lock, and its Python still exists."""
        try:
            noted = json.loads(self.file.read_text(encoding="utf-8"))
            return bool(
                noted["root"] == str(self.root)
                and os.access(noted["python"], os.X_OK)
                and os.access(str(self.root / ".venv" / "bin" / "python"), os.X_OK)
                and noted["locks"][lock] == digest(self.root / lock)
            )
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def write(self, lock: str, python: Interpreter) -> None:
        """Note what the environment was built from; only called once everything about it was checked.

        The development lock contains the runtime's, so an environment built from it serves for both.
        """
        locks = {name: digest(self.root / name) for name in (RUNTIME, lock)}
        noted = {"root": str(self.root), "python": python.path, "locks": locks}
        self.file.write_text(json.dumps(noted, indent=1) + "\n", encoding="utf-8")

    def remove(self) -> None:
        """Forget it before anything is touched: an interrupted build must not pass for a finished one."""
        if self.file.exists():
            self.file.unlink()


def fetch_with_uv() -> Result:
    """Let uv download a Python of its own and name it; the system's interpreters were all tried already."""
    try:
        uv = obtain_uv()
    except SetupError as error:
        return Result(1, str(error))
    environ = {**uv_environment(os.environ), "UV_PYTHON_PREFERENCE": "only-managed"}
    installed = run([uv, "python", "install", WANTED], env=environ)
    return installed if installed.code != 0 else run([uv, "python", "find", "--no-project", WANTED], env=environ)


def fetch_with_pyenv() -> Result:
    """Let pyenv build one from source; it then lies where the search looks for it."""
    pyenv = shutil.which("pyenv") or str(interpreter.pyenv_roots(os.environ)[0] / "bin" / "pyenv")
    return run([pyenv, "install", "--skip-existing", WANTED])


def obtain_python(step: Step) -> Interpreter:
    """A Python 3.10: one that is here, else one fetched now, else an error that shows the ways out."""
    chosen = os.environ.get("PYTHON310")
    if chosen and interpreter.probe(chosen) is None:
        raise SetupError(f"PYTHON310={chosen} does not run as Python {WANTED}. Correct it, or leave it unset.")
    found = interpreter.find(os.environ)
    if found is not None:
        return found
    step.doing("fetching it with uv")
    with_uv = fetch_with_uv()
    lines = with_uv.output.strip().splitlines()
    found = interpreter.probe(lines[-1]) if with_uv.code == 0 and lines else None
    if found is not None:
        return found
    step.doing("building it with pyenv, some minutes")
    with_pyenv = fetch_with_pyenv()
    found = interpreter.find(os.environ)
    if found is not None:
        return found
    raise SetupError(f"{NO_PYTHON}\nuv answered:\n{with_uv.tail}\npyenv answered:\n{with_pyenv.tail}")


def make_environment(command: list[str], python: Interpreter) -> None:
    """Make an empty environment, unless the one that is there was made from the same Python."""
    existing = interpreter.probe(str(VENV / "bin" / "python"))
    if existing is not None and Path(existing.path).resolve() == Path(python.path).resolve():
        return
    shutil.rmtree(str(VENV), ignore_errors=True)
    made = run([*command, str(VENV)])
    if made.code != 0:
        raise SetupError(f"The environment .venv could not be made:\n{made.tail}")


def install_with_uv(uv: str, lock: str, python: Interpreter) -> Result:
    """Bring the environment to exactly what the lock says, in seconds."""
    make_environment([uv, "venv", "--quiet", "--no-project", "--python", python.path], python)
    sync = [uv, "pip", "sync", "--require-hashes", "--python", str(VENV / "bin" / "python"), lock]
    return run(sync, env=uv_environment(os.environ))


def install_with_pip(lock: str, python: Interpreter) -> Result:
    """The slow way, with pip's own configuration, for machines where uv cannot be had or cannot connect."""
    shutil.rmtree(str(VENV), ignore_errors=True)
    make_environment([python.path, "-m", "venv"], python)
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "install", "--no-deps", "--require-hashes", "-r", lock]
    return run(pip)


def install(step: Step, lock: str, python: Interpreter) -> str | None:
    """Install the lock; returns the uv that did it, or None when pip had to."""
    try:
        uv = obtain_uv(python.path)
        answer = install_with_uv(uv, lock, python)
        if answer.code == 0:
            return uv
    except SetupError as error:
        answer = Result(1, str(error))
    step.doing("again with pip, some minutes")
    with_pip = install_with_pip(lock, python)
    if with_pip.code != 0:
        raise SetupError(
            f"The packages of {lock} could not be installed. Check the network and pip's settings, then run "
            f"the same command again.\nuv answered:\n{answer.tail}\npip answered:\n{with_pip.tail}"
        )
    return None


def unexpected_conflicts(report: str) -> list[str]:
    """What a consistency report says beyond the one known line.

    That line missing is a finding too: it can only be missing when the report is about another environment.
    """
    lines = [line.strip() for line in report.splitlines() if line.strip()]
    findings = [line for line in lines if not CHATTER.match(line)]
    if not any(KNOWN_CONFLICT.fullmatch(line) for line in findings):
        return [*findings, "the known line about rasa and pydantic is missing"]
    return [line for line in findings if not KNOWN_CONFLICT.fullmatch(line)]


def gate(uv: str | None) -> None:
    """Refuse an environment whose packages contradict each other in any way but the known one."""
    python = str(VENV / "bin" / "python")
    report = run([uv, "pip", "check", "--python", python] if uv else [python, "-m", "pip", "check"])
    findings = unexpected_conflicts(report.output)
    if findings:
        raise SetupError("The installed packages contradict each other:\n" + "\n".join("    " + f for f in findings))


def bootstrap(lock: str) -> None:
    """Bring `.venv` to what the lock says and note it; nothing to do when it is noted already."""
    stamp = Stamp(ROOT)
    if stamp.matches(lock):
        return
    with Step(f"1/3 Python {WANTED}") as step:
        python = obtain_python(step)
        step.outcome = f"{python.version} at {python.path}"
    stamp.remove()
    with Step("2/3 Packages") as step:
        step.doing("installing")
        uv = install(step, lock, python)
        step.outcome = f"{lock} installed with {'uv' if uv else 'pip'}"
    with Step("3/3 Consistency") as step:
        gate(uv)
        step.outcome = "no conflict beyond the known one"
    stamp.write(lock, python)


def main() -> int:
    """The command line; failures are told in words, not in a traceback."""
    parser = argparse.ArgumentParser(prog="python3 -m deploy.bootstrap", description="Build the environment .venv.")
    parser.add_argument("--dev", action="store_true", help="with what the tests and the checks need")
    arguments = parser.parse_args()
    try:
        bootstrap(DEVELOPMENT if arguments.dev else RUNTIME)
    except SetupError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("stopped; run the same command again to go on", file=sys.stderr)
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
