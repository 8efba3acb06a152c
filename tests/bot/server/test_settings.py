"""Settings from the environment."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.server.connectors import read_credentials
from bot.server.settings import Settings, SettingsError


def test_defaults_need_nothing_and_stay_on_loopback() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.tracker_store_url.startswith("sqlite:///")
    assert settings.lock_store_url is None


def test_an_empty_variable_is_one_that_is_not_set() -> None:
    assert Settings.from_environment({"PORT": "", "LOCK_STORE_URL": ""}) == Settings()


def test_variables_are_read() -> None:
    settings = Settings.from_environment({"PORT": "8123", "MODEL_PATH": "/m", "LOCK_STORE_URL": "redis://:p@h:1/2"})
    assert (settings.port, settings.model_path) == (8123, Path("/m"))
    assert settings.lock_store_url == "redis://:p@h:1/2"


def test_origins_are_a_list() -> None:
    settings = Settings.from_environment({"ALLOWED_ORIGINS": "https://a.example, http://b.example:81,"})
    assert settings.allowed_origins == ("https://a.example", "http://b.example:81")


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PORT", "http", "valid integer"),
        ("PORT", "70000", "65535"),
        ("PORT", "-1", "0"),
        ("TRACKER_STORE_URL", "postgres.example", "sqlite:// or postgresql://"),
        ("TRACKER_STORE_URL", "postgresql:///conversations", "no host"),
        ("LOCK_STORE_URL", "http://redis", "redis:// or rediss://"),
        ("ACTION_ENDPOINT_URL", "localhost:5055", "http:// or https://"),
        ("ALLOWED_ORIGINS", "portal.example", "https://portal.example"),
        ("ALLOWED_ORIGINS", "https://a.example,https://b.example/chat", "without a path"),
        ("ALLOWED_ORIGINS", "*", "https://portal.example"),
        ("LOG_LEVEL", "loud", "'debug'"),
    ],
)
def test_a_wrong_value_is_named_with_its_variable(variable: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({variable: value})
    assert str(told.value).startswith(variable)
    assert said in str(told.value)


def test_passwords_in_urls_are_not_repeated() -> None:
    with pytest.raises(SettingsError) as told:
        Settings.from_environment({"TRACKER_STORE_URL": "postgres://user:secret@host/db"})
    assert "secret" not in str(told.value)
    assert "TRACKER_STORE_URL" in str(told.value)


def test_credentials_name_the_connectors_beside_the_rest_channel(tmp_path: Path) -> None:
    file = tmp_path / "credentials.yml"
    assert read_credentials(file) == {}
    file.write_text("rest:\ncallback:\n  url: http://127.0.0.1/bot\n")
    assert read_credentials(file) == {"callback": {"url": "http://127.0.0.1/bot"}}


@pytest.mark.parametrize("text", ["- rest", "a: [", "words"])
def test_malformed_credentials_are_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "credentials.yml"
    file.write_text(text)
    with pytest.raises(SettingsError, match="CREDENTIALS="):
        read_credentials(file)


@pytest.mark.parametrize("name", ["slack", "telegram", "botframework", "socketio", "twilio", "hangouts"])
def test_connectors_with_known_faults_are_not_served(tmp_path: Path, name: str) -> None:
    file = tmp_path / "credentials.yml"
    file.write_text(f"rest:\n{name}:\n  token: a-secret\n")
    with pytest.raises(SettingsError, match=f"connector {name} is not served: .*instead|page") as told:
        read_credentials(file)
    assert "a-secret" not in str(told.value)
