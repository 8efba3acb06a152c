"""`make connect-check`: what is missing or wrong, without sending anything."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bot.channels.model import Incoming
from tests.channels.live import connected
from tests.running import ROOT


@pytest.fixture(scope="module")
def standins() -> Iterator[tuple[dict[str, Any], dict[str, str]]]:
    """All stand-ins, and the variables that connect them."""
    with ExitStack() as stack:
        yield connected(stack)


def check(folder: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, "TRACKER_STORE_URL": f"sqlite:///{folder / 'c.db'}", **variables}
    command = [sys.executable, "-m", "bot.channels"]
    return subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)


def test_what_is_in_order_is_said_and_nothing_is_sent(
    standins: tuple[dict[str, Any], dict[str, str]], tmp_path: Path
) -> None:
    made, variables = standins
    done = check(tmp_path, **variables)
    assert done.returncode == 0, done.stdout + done.stderr
    for label in ("Slack", "Telegram", "WeCom", "Feishu", "Microsoft Teams"):
        assert f"{label}: in order, delivers to /webhooks/" in done.stdout
    assert "DingTalk: in order\n" in done.stdout
    assert "Matrix: not connected; needs MATRIX_HOMESERVER, MATRIX_ACCESS_TOKEN" in done.stdout
    assert not any(standin.messages for standin in made.values())
    assert not (tmp_path / "c.db").exists()


def test_what_is_wrong_is_named_with_its_variables(
    standins: tuple[dict[str, Any], dict[str, str]], tmp_path: Path
) -> None:
    _, variables = standins
    wrong = {
        "SLACK_BOT_TOKEN": "xoxb-wrong",
        "TELEGRAM_BOT_TOKEN": "1:wrong",
        "WECOM_SECRET": "wrong",
        "FEISHU_APP_SECRET": "wrong",
        "DINGTALK_CLIENT_SECRET": "wrong",
        "TEAMS_APP_PASSWORD": "wrong",
        "MATRIX_HOMESERVER": "http://127.0.0.1:9",
        "MATRIX_ACCESS_TOKEN": "wrong",
    }
    done = check(tmp_path, **{**variables, **wrong})
    assert done.returncode == 1
    assert done.stdout.count("NOT in order") == 7
    for variable in wrong:
        assert variable in done.stdout
    assert "Traceback" not in done.stderr


def test_lacking_scopes_and_webhooks_are_named(
    standins: tuple[dict[str, Any], dict[str, str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, variables = standins
    monkeypatch.setattr(made["slack"], "scopes", "chat:write")
    monkeypatch.setattr(made["telegram"], "webhook", {"url": ""})
    monkeypatch.setattr(made["feishu"], "scopes", {"im:message": 1, "im:resource": 2})
    done = check(tmp_path, **variables)
    assert "Feishu: NOT in order" in done.stdout
    assert "the application lacks im:resource or im:resource:upload" in done.stdout
    assert "the app lacks the scopes app_mentions:read, files:write, im:history" in done.stdout
    assert "the webhook is not set" in done.stdout


def test_half_set_variables_are_told_in_one_line(tmp_path: Path) -> None:
    done = check(tmp_path, SLACK_BOT_TOKEN="xoxb-x")
    assert done.returncode == 1
    assert done.stdout == "SLACK_SIGNING_SECRET not set: Slack needs SLACK_BOT_TOKEN, SLACK_SIGNING_SECRET\n"


def test_what_could_not_be_delivered_is_counted(tmp_path: Path) -> None:
    from bot.channels.database import open_engine
    from bot.channels.mailbox import Mailbox
    from bot.channels.model import Part

    mailbox = Mailbox(open_engine(f"sqlite:///{tmp_path / 'c.db'}"))
    mailbox.accept("slack", [Incoming("k", ("c",), "hello", {"place": "c"})])
    conversation = mailbox.name("slack", ("c",))
    message = mailbox.next_message(conversation)
    assert message is not None
    mailbox.answer(message, [Part({"text": "x"})], "p", None, None)
    call = mailbox.next_call(conversation)
    assert call is not None
    mailbox.give_up(call, "channel_not_found")
    assert "Slack: 1 messages of the last 30 days could not be delivered" in check(tmp_path).stdout
