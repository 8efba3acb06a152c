"""The set-up without a network: finding Python, the consistency gate, the stamp, the locks, the Makefile."""

from __future__ import annotations

import ast
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import bootstrap, browser, check, installer, interpreter
from deploy.bootstrap import Stamp, unexpected_conflicts
from deploy.console import ROOT, SetupError, Step, run
from deploy.interpreter import Interpreter

LOCKS = ["requirements.lock", "requirements-dev.lock", "deploy/requirements-uv.lock", "tests/channels/peers.lock"]
RAN_BEFORE_ANYTHING = ["__init__", "bootstrap", "console", "installer", "interpreter", "lock"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)", re.MULTILINE)

UV_REPORT = """\
Using Python 3.10.13 environment at: .venv
Checked 199 packages in 3ms
Found 1 incompatibility
The package `rasa` requires `pydantic<1.10.10`, but `2.14.3` is installed
"""


def script(path: Path, body: str) -> Path:
    """An executable that stands for a tool."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return path


def python_saying(path: Path, implementation: str, version: str) -> Path:
    """An interpreter that answers the probe with this identity."""
    return script(path, f'echo "{implementation} {version} {path}"')


def shim(path: Path) -> Path:
    """What a version manager leaves behind for a version it no longer has."""
    return script(path, "echo 'version not installed' >&2; exit 127")


# --- finding Python 3.10


def test_a_real_python_is_described_by_its_own_words() -> None:
    found = interpreter.probe(sys.executable)
    assert found is not None
    assert found.version == ".".join(map(str, sys.version_info[:3]))
    assert Path(found.path).is_absolute()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("exit 127", id="shim"),
        pytest.param("echo 'CPython 3.11.7 /usr/bin/python3.11'", id="newer than wanted"),
        pytest.param("echo 'CPython 3.100.0 /usr/bin/python3.100'", id="a prefix of the version is not the version"),
        pytest.param("echo 'PyPy 3.10.14 /usr/bin/pypy3.10'", id="no wheels exist for PyPy"),
        pytest.param("echo 'CPython 3.10.13 /usr/bin/python3.10'; exit 1", id="answers, then fails"),
        pytest.param("echo hello", id="something else under that name"),
    ],
)
def test_a_candidate_that_is_not_cpython_310_is_refused(tmp_path: Path, body: str) -> None:
    assert interpreter.probe(str(script(tmp_path / "python3.10", body))) is None


def test_a_candidate_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    assert interpreter.probe(str(tmp_path / "python3.10")) is None


def test_a_shim_first_on_path_does_not_hide_the_python_behind_it(tmp_path: Path) -> None:
    shim(tmp_path / "shims" / "python3.10")
    real = python_saying(tmp_path / "real" / "python3.10", "CPython", "3.10.9")
    environ = {"PATH": f"{tmp_path / 'shims'}{os.pathsep}{tmp_path / 'real'}", "HOME": str(tmp_path)}
    assert interpreter.find(environ) == Interpreter(str(real), "3.10.9")


def test_the_named_python_goes_before_path_and_path_before_pyenv(tmp_path: Path) -> None:
    named = python_saying(tmp_path / "mine" / "py", "CPython", "3.10.1")
    on_path = python_saying(tmp_path / "bin" / "python3.10", "CPython", "3.10.2")
    in_pyenv = python_saying(tmp_path / ".pyenv/versions/3.10.3/bin/python3.10", "CPython", "3.10.3")
    environ = {"PYTHON310": str(named), "PATH": str(tmp_path / "bin"), "HOME": str(tmp_path)}
    for expected in (named, on_path, in_pyenv):
        found = interpreter.find(environ)
        assert found is not None
        assert found.path == str(expected)
        expected.unlink()
    assert interpreter.find(environ) is None


def test_pyenv_gives_its_newest_310(tmp_path: Path) -> None:
    for version in ("3.10.9", "3.10.13", "3.9.18"):
        python_saying(tmp_path / "versions" / version / "bin" / "python3.10", "CPython", version)
    found = interpreter.find({"PATH": "", "HOME": str(tmp_path / "home"), "PYENV_ROOT": str(tmp_path)})
    assert found is not None
    assert found.version == "3.10.13"


def test_python3_counts_when_it_is_310(tmp_path: Path) -> None:
    python_saying(tmp_path / "python3", "CPython", "3.10.12")
    assert interpreter.find({"PATH": str(tmp_path), "HOME": str(tmp_path)}) is not None


def test_a_wrong_choice_is_told_and_not_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON310", str(shim(tmp_path / "python3.10")))
    with pytest.raises(SetupError, match=r"PYTHON310=.*does not run as Python 3\.10"):
        bootstrap.obtain_python(Step("1/3", io.StringIO()))


def test_without_any_python_the_ways_out_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON310", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    script(tmp_path / "uv", 'case "$1" in --version) echo "uv 0.9.1";; *) echo "no route to host"; exit 2;; esac')
    with pytest.raises(SetupError) as caught:
        bootstrap.obtain_python(Step("1/3", io.StringIO()))
    for needed in ("make setup PYTHON310=", "pyenv install", "conda create", "no route to host"):
        assert needed in str(caught.value)


def test_uv_is_asked_for_a_python_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHON310", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    fetched = python_saying(tmp_path / "fetched" / "python3.10", "CPython", "3.10.20")
    script(
        tmp_path / "bin" / "uv",
        '[ "$1" = --version ] && echo "uv 0.9.1" && exit\n'
        '[ "$UV_PYTHON_PREFERENCE" = only-managed ] || exit 3\n'
        f'[ "$2" = find ] && echo {fetched}; exit 0',
    )
    assert bootstrap.obtain_python(Step("1/3", io.StringIO())).path == str(fetched)


# --- getting uv


@pytest.mark.parametrize(
    ("answer", "usable"),
    [("uv 0.13.9", True), ("uv 1.0.0", True), ("uv 0.4.30", False), ("other 9.9", False)],
)
def test_uv_must_be_new_enough(tmp_path: Path, answer: str, usable: bool) -> None:
    assert installer.usable_uv(str(script(tmp_path / "uv", f"echo '{answer}'"))) is usable


def test_a_python_without_venv_still_installs_with_its_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "TOOLS", tmp_path / "tools")
    python = script(tmp_path / "python3", '[ "$2" = pip ]')
    command = installer.pip_command([str(python)])
    assert command[0] == str(python)
    assert "--require-hashes" in command
    assert command[-2:] == ["--target", str(tmp_path / "tools" / "target")]


def test_a_python_that_can_make_an_environment_goes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installer, "TOOLS", tmp_path / "tools")
    bare = script(tmp_path / "bare", '[ "$2" = pip ]')
    complete = script(tmp_path / "complete", "exit 0")
    assert installer.pip_command([str(bare), str(complete)])[0] == str(tmp_path / "tools" / "bin" / "python")


def test_a_python_with_neither_is_told_what_to_install(tmp_path: Path) -> None:
    bare = script(tmp_path / "python3", "exit 1")
    with pytest.raises(SetupError, match="apt install python3-venv"):
        installer.pip_command([str(bare)])


@pytest.mark.parametrize(
    ("settings", "index"),
    [
        ("global.timeout='60'\n", None),
        ("global.index-url='mirror'\n", "mirror"),
        (":env:.index-url='mine'\nglobal.index-url='mirror'\n", "mine"),
        ("global.extra-index-url='second'\n", None),
    ],
)
def test_a_mirror_chosen_for_pip_is_found(settings: str, index: str | None) -> None:
    assert installer.pip_index(settings) == index


def test_an_index_chosen_for_uv_is_left_alone() -> None:
    environ = {"UV_DEFAULT_INDEX": "mine", "PIP_INDEX_URL": "other"}
    assert installer.uv_environment(environ) == environ


# --- the gate


def test_the_gate_accepts_the_known_line_alone() -> None:
    assert unexpected_conflicts(UV_REPORT) == []
    assert unexpected_conflicts("rasa 3.6.21 has requirement pydantic<1.10.10, but you have pydantic 2.14.3.\n") == []


@pytest.mark.parametrize(
    "line",
    [
        "The package `rasa` requires `numpy>=1.19.2,<1.25.0`, but `2.0.0` is installed",
        "The package `rasa` requires `pydantic<1.10.10`, but it's not installed",
        "The package `rasa` requires `pydantic<1.10.10`, but `3.0.0` is installed",
        "The package `rasa-sdk` requires `pydantic<1.10.10`, but `2.14.3` is installed",
        "error: the environment could not be read",
    ],
)
def test_the_gate_refuses_any_other_line(line: str) -> None:
    assert unexpected_conflicts(UV_REPORT + line) == [line]
    assert line in unexpected_conflicts(line)


def test_the_gate_refuses_a_report_without_the_known_line() -> None:
    assert unexpected_conflicts("Checked 3 packages in 1ms\nAll installed packages are compatible") != []
    assert unexpected_conflicts("") != []


def test_the_gate_ends_the_set_up(tmp_path: Path) -> None:
    uv = script(tmp_path / "uv", "echo 'The package `a` requires `b`, but it is not installed'; exit 1")
    with pytest.raises(SetupError, match="requires `b`"):
        bootstrap.gate(str(uv))


# --- the stamp


@pytest.fixture
def built(tmp_path: Path) -> tuple[Stamp, Interpreter]:
    """A project folder whose environment looks finished."""
    for lock in ("requirements.lock", "requirements-dev.lock"):
        (tmp_path / lock).write_text(f"{lock}\n", encoding="utf-8")
    python = Interpreter(str(script(tmp_path / "base" / "python3.10", "exit 0")), "3.10.13")
    script(tmp_path / ".venv" / "bin" / "python", "exit 0")
    return Stamp(tmp_path), python


def test_a_finished_environment_is_recognised(built: tuple[Stamp, Interpreter]) -> None:
    stamp, python = built
    assert not stamp.matches("requirements.lock")
    stamp.write("requirements.lock", python)
    assert stamp.matches("requirements.lock")
    assert not stamp.matches("requirements-dev.lock"), "the runtime's environment lacks the test tools"


def test_the_development_environment_serves_the_runtime(built: tuple[Stamp, Interpreter]) -> None:
    stamp, python = built
    stamp.write("requirements-dev.lock", python)
    assert stamp.matches("requirements-dev.lock")
    assert stamp.matches("requirements.lock")


@pytest.mark.parametrize("damage", ["lock", "venv", "interpreter", "moved", "garbled", "removed"])
def test_whatever_changed_since_is_noticed(built: tuple[Stamp, Interpreter], damage: str) -> None:
    stamp, python = built
    stamp.write("requirements.lock", python)
    if damage == "lock":
        (stamp.root / "requirements.lock").write_text("newer\n", encoding="utf-8")
    elif damage == "venv":
        (stamp.root / ".venv" / "bin" / "python").unlink()
    elif damage == "interpreter":
        Path(python.path).unlink()
    elif damage == "moved":
        noted = json.loads(stamp.file.read_text(encoding="utf-8"))
        stamp.file.write_text(json.dumps({**noted, "root": "elsewhere"}), encoding="utf-8")
    elif damage == "garbled":
        stamp.file.write_text("[]", encoding="utf-8")
    else:
        stamp.remove()
    assert not stamp.matches("requirements.lock")


def test_a_failed_build_leaves_no_stamp(built: tuple[Stamp, Interpreter], monkeypatch: pytest.MonkeyPatch) -> None:
    stamp, python = built
    stamp.write("requirements.lock", python)
    (stamp.root / "requirements.lock").write_text("newer\n", encoding="utf-8")

    def fails(*_: object) -> None:
        raise SetupError("no network")

    monkeypatch.setattr(bootstrap, "ROOT", stamp.root)
    monkeypatch.setattr(bootstrap, "obtain_python", lambda _: python)
    monkeypatch.setattr(bootstrap, "install", fails)
    with pytest.raises(SetupError, match="no network"):
        bootstrap.bootstrap("requirements.lock")
    assert not stamp.file.exists()


# --- progress and tools


def test_a_step_says_what_came_out_and_how_long_it_took() -> None:
    told = io.StringIO()
    with Step("2/3 Packages", told) as step:
        step.outcome = "199 installed"
    assert re.fullmatch(r"2/3 Packages: 199 installed, \d+\.\d s\n", told.getvalue())


def test_a_step_that_fails_says_so() -> None:
    told = io.StringIO()
    with pytest.raises(SetupError), Step("2/3 Packages", told):
        raise SetupError("no network")
    assert "2/3 Packages: failed" in told.getvalue()


def test_of_a_long_output_the_end_is_shown(tmp_path: Path) -> None:
    result = run([str(script(tmp_path / "tool", "seq 1 500; echo the reason >&2; exit 4"))])
    assert result.code == 4
    assert result.tail.splitlines()[-1].strip() == "the reason"
    assert len(result.tail.splitlines()) == 15


def test_the_set_up_uses_nothing_that_python_38_lacks() -> None:
    for name in RAN_BEFORE_ANYTHING:
        source = (ROOT / "deploy" / f"{name}.py").read_text(encoding="utf-8")
        tree = ast.parse(source, feature_version=(3, 8))
        imported = {
            (node.module or "").split(".")[0] if isinstance(node, ast.ImportFrom) else node.names[0].name.split(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, (ast.Import, ast.ImportFrom))
        }
        assert imported <= sys.stdlib_module_names | {"deploy"}, name


# --- the browser of the tests


def test_a_named_browser_is_used_and_a_broken_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    works = script(tmp_path / "works", "echo Chromium 1")
    monkeypatch.setenv("CHROMIUM", str(works))
    assert browser.find_browser() == str(works)
    monkeypatch.setenv("CHROMIUM", str(script(tmp_path / "broken", "exit 1")))
    assert browser.find_browser() is None


def test_nothing_is_installed_where_browser_and_font_are_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path / "chromium", "echo Chromium 1")
    script(tmp_path / "fc-list", "echo a font")
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browser.missing_packages() == []
    script(tmp_path / "fc-list", "exit 0")
    assert browser.missing_packages() == [browser.CHINESE_FONT]
    (tmp_path / "chromium").unlink()
    assert browser.missing_packages() == [browser.CHROMIUM, browser.CHINESE_FONT]


# --- the checks


def test_a_failing_check_fails_the_run_and_shows_why(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(check, "CHECKS", {"bad": "no_such_module_here", "good": "timeit -n 1 -r 1 pass"})
    assert check.main() == 1
    shown = capfd.readouterr()
    assert "bad: FAILED" in shown.out
    assert "No module named no_such_module_here" in shown.out
    assert "good: ok" in shown.out, "one failure must not hide the outcome of the others"
    monkeypatch.setattr(check, "CHECKS", {"good": "timeit -n 1 -r 1 pass"})
    assert check.main() == 0


# --- the locks


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_carries_hashes(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    pins = [entry for entry in entries if PIN.match(entry)]
    assert pins
    assert [entry.splitlines()[0] for entry in pins if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("name", LOCKS)
def test_no_lock_names_an_address_or_a_path(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"(^|\s)/\w", text)
    assert "--index" not in text
    assert "--find-links" not in text


def test_the_development_lock_contains_the_runtime_lock() -> None:
    runtime, development = (dict(PIN.findall((ROOT / name).read_text(encoding="utf-8"))) for name in LOCKS[:2])
    assert runtime
    assert {name: version for name, version in runtime.items() if development.get(name) != version} == {}


def test_what_is_asked_for_is_pinned() -> None:
    for source, lock in zip(("requirements.in", "requirements-dev.in"), LOCKS[:2], strict=True):
        asked = re.findall(r"^[A-Za-z][\w.-]*", (ROOT / source).read_text(encoding="utf-8"), re.MULTILINE)
        pinned = dict(PIN.findall((ROOT / lock).read_text(encoding="utf-8")))
        assert asked
        assert [name for name in asked if name.lower() not in pinned] == []


def test_the_environment_under_test_is_the_locked_one() -> None:
    stamp = ROOT / ".venv" / "bootstrap.json"
    if Path(sys.prefix) != ROOT / ".venv":
        pytest.skip("the tests run in an environment that the set-up did not build")
    locked = hashlib.sha256((ROOT / "requirements-dev.lock").read_bytes()).hexdigest()
    assert json.loads(stamp.read_text(encoding="utf-8"))["locks"]["requirements-dev.lock"] == locked


# --- the Makefile


def test_help_lists_every_target() -> None:
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):(?!=)", text, re.MULTILINE))
    assert {"setup", "run", "chat", "train", "test", "check", "bench", "lock", "clean", "help"} <= targets
    shown = subprocess.run(
        ["make", "-C", str(ROOT), "--no-print-directory"], capture_output=True, text=True, check=True
    )
    assert set(re.findall(r"^make ([a-z-]+) +\S", shown.stdout, re.MULTILINE)) == targets


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_passes_over_a_python_that_does_not_start(tmp_path: Path) -> None:
    shim(tmp_path / "first" / "python3")
    script(tmp_path / "second" / "python3", "exit 0")
    path = os.pathsep.join([str(tmp_path / "first"), str(tmp_path / "second"), os.environ["PATH"]])
    shown = subprocess.run(
        ["make", "-C", str(ROOT), "--dry-run", "setup"],
        env={**os.environ, "PATH": path, "MAKEFLAGS": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"{tmp_path / 'second' / 'python3'} -m deploy.bootstrap" in shown.stdout
