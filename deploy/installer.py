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
from typing import Mapping, Sequence

from deploy.console import ROOT, SetupError, run

TOOLS = ROOT / ".venv-tools"
UV_LOCK = ROOT / "deploy" / "requirements-uv.lock"
OLDEST_UV = (0, 5)
PIP_INSTALL = ["-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes"]


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


def _environment_with_pip(python: str) -> list[str]:
    """A pip in an environment of its own, or nothing where this Python cannot make one."""
    made = run([python, "-m", "venv", "--clear", str(TOOLS)])
    return [str(TOOLS / "bin" / "python"), *PIP_INSTALL] if made.code == 0 else []


def _pip_into_folder(python: str) -> list[str]:
    """The pip this Python has, installing into a plain folder: works where only `venv` is missing."""
    answer = run([python, "-m", "pip", "--version"])
    return [python, *PIP_INSTALL, "--upgrade", "--target", str(TOOLS / "target")] if answer.code == 0 else []


def _debian_with_venv(python: str) -> list[str]:
    """As root on Debian or Ubuntu the missing half of the system's python3 is one package away."""
    if os.geteuid() != 0 or shutil.which("apt-get") is None or not python.startswith("/usr/bin/"):
        return []
    run(["apt-get", "update"])
    run(["apt-get", "install", "-y", "--no-install-recommends", "python3-venv"])
    return _environment_with_pip(python)


def pip_command(pythons: Sequence[str]) -> list[str]:
    """The pip to install uv with; the one way that changes the machine is the last that is tried."""
    for way in (_environment_with_pip, _pip_into_folder, _debian_with_venv):
        for python in pythons:
            command = way(python)
            if command:
                return command
    raise SetupError(f"{', '.join(pythons)}: neither venv nor pip; on Debian or Ubuntu: apt install python3-venv")


def install_uv(pythons: Sequence[str]) -> str:
    """Install uv with the first Python that can; an error with pip's last words when it fails."""
    installed = run([*pip_command(pythons), "-r", str(UV_LOCK)])
    uv = find_uv() if installed.code == 0 else None
    if uv is None:
        raise SetupError(f"uv could not be installed:\n{installed.tail}")
    return uv


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
