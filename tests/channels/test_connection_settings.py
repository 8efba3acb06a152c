"""The variables of the platforms, and what is loaded for them."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.channels.settings import PLATFORMS, ChannelSettings, needed
from bot.server.settings import ROOT, Settings, SettingsError

GOOD = {"WEBHOOK_SECRET": "whsec_" + "QUFB" * 10, "WEBHOOK_ANSWER_URL": "https://clinic.example/answers"}


def test_without_variables_there_are_no_platforms() -> None:
    assert Settings.from_environment({}).channels.platforms == {}


def test_all_variables_of_a_platform_connect_it() -> None:
    assert list(Settings.from_environment(GOOD).channels.platforms) == ["generic"]


@pytest.mark.parametrize("name", PLATFORMS)
def test_half_a_platform_names_what_is_missing(name: str) -> None:
    kind = PLATFORMS[name]
    first, *rest = needed(kind)
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({first: "x-secret-x"})
    assert all(variable in str(told.value) for variable in rest)
    assert "x-secret-x" not in str(told.value)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("WEBHOOK_SECRET", "letmein", "whsec_"),
        ("WEBHOOK_SECRET", "whsec_QUFB", "24 to 64"),
        ("WEBHOOK_ANSWER_URL", "http://clinic.example/answers", "https://"),
        ("WEBHOOK_ANSWER_URL", "https://", "no host"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(variable: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({**GOOD, variable: value})
    assert str(told.value).startswith(variable)
    assert said in str(told.value)
    assert "letmein" not in str(told.value)


def test_secrets_are_not_shown() -> None:
    assert "QUFB" not in repr(Settings.from_environment(GOOD))


def test_several_platforms_complain_together() -> None:
    names = [needed(kind)[0] for kind in PLATFORMS.values()]
    with pytest.raises(ValueError, match="not set") as told:
        ChannelSettings.from_environment(dict.fromkeys(names, "x"))
    assert str(told.value).count("not set") >= len(names) - 1


def test_what_is_not_configured_is_not_loaded() -> None:
    program = (
        "import sys\n"
        "from bot.channels.platforms import configured\n"
        "from bot.channels.settings import ChannelSettings\n"
        "assert configured(ChannelSettings()) == []\n"
        f"(webhook,) = configured(ChannelSettings.from_environment({GOOD}))\n"
        f"loaded = [name for name in {list(PLATFORMS)} if f'bot.channels.{{name}}' in sys.modules]\n"
        "print(loaded, [n for n in ('slack_sdk', 'jwt', 'aiohttp', 'matplotlib', 'PIL') if n in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, check=True
    )
    assert done.stdout == "['generic'] []\n"
