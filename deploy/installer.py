"""Getting uv, the package installer, onto a machine that may have nothing but a bare python3.

uv is taken from PATH when it is there, else from an environment of its own beside the project's
(`.venv-tools`). Debian's python3 comes without `venv` and `pip`; each way around that is tried before giving
up. Whatever the person has configured for pip or uv (mirror, proxy, certificates) stays in force.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import Iterable, Mapping

from deploy.console import ROOT, SetupError, run

TOOLS = ROOT / ".venv-tools"
UV_LOCK = ROOT / "deploy" / "requirements-uv.lock"
OLDEST_UV = (0, 5)
PIP_INSTALL = [
    "-m",
    "pip",
    "install",
    "--quiet",
    "--disable-pip-version-check",
    "--no-deps",
    "--require-hashes",
]


def usable_uv(candidate: str) -> bool:
    """Whether that uv runs and is new enough for what is asked of it here."""
    result = run([candidate, "--version"], timeout=20)
    match = re.match(r"uv (\d+)\.(\d+)", result.output)
    return result.code == 0 and match is not None and (int(match[1]), int(match[2])) >= OLDEST_UV


def find_uv() -> str | None:
    """A uv that is already here: the person's own, else the one installed earlier."""
    for candidate in (shutil.which("uv"), TOOLS / "bin" / "uv", TOOLS / "target" / "bin" / "uv"):
        if candidate is not None and usable_uv(str(candidate)):
            return str(candidate)
    return None


def _into_environment(python: str) -> str:
    """Install uv into an environment made by this Python; returns the tool's last words if that fails."""
    made = run([python, "-m", "venv", "--clear", str(TOOLS)])
    if made.code != 0:
        return made.tail
    installed = run([str(TOOLS / "bin" / "python"), *PIP_INSTALL, "-r", str(UV_LOCK)])
    return installed.tail if installed.code != 0 else ""


def _into_folder(python: str) -> str:
    """Install uv into a plain folder with the pip this Python has: works where `venv` is missing."""
    installed = run(
        [python, *PIP_INSTALL, "--target", str(TOOLS / "target"), "--upgrade", "-r", str(UV_LOCK)]
    )
    return installed.tail if installed.code != 0 else ""


def _from_debian(python: str) -> str:
    """As root on Debian or Ubuntu the missing half of python3 is one package away."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None or not python.startswith("/usr/bin/"):
        return "    (no apt-get, or not root: the package python3-venv was not installed)"
    run(["apt-get", "update"])
    installed = run(["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"])
    return installed.tail if installed.code != 0 else _into_environment(python)


def install_uv(pythons: Iterable[str]) -> str:
    """Install uv with the first Python that can; an error that says what each one answered when none can."""
    answers: list[str] = []
    for python in dict.fromkeys(pythons):
        for way in (_into_environment, _into_folder, _from_debian):
            answer = way(python)
            uv = None if answer else find_uv()
            if uv is not None:
                return uv
            answers.append(answer)
    raise SetupError("uv could not be installed:\n" + "\n".join(filter(None, answers)))


def obtain_uv(extra_python: str | None = None) -> str:
    """The uv of this machine, installed now if need be with the running Python or the extra one."""
    return find_uv() or install_uv([sys.executable, *([extra_python] if extra_python else [])])


def pip_index(settings: str) -> str | None:
    """The package index that `pip config list` names; an environment variable beats a file."""
    found = dict(re.findall(r"^(\S+?)\.index-url='(.*)'$", settings, re.MULTILINE))
    return next((found[scope] for scope in (":env:", "install", "global") if scope in found), None)


def uv_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: it does not read pip's settings, so a mirror chosen for pip is passed on."""
    result = dict(environ)
    if any(environ.get(name) for name in ("UV_DEFAULT_INDEX", "UV_INDEX_URL")):
        return result
    python = TOOLS / "bin" / "python"
    settings = run([str(python if python.exists() else sys.executable), "-m", "pip", "config", "list"])
    index = pip_index(settings.output) if settings.code == 0 else None
    if index:
        result["UV_DEFAULT_INDEX"] = index
    return result
