"""The real server with every platform connected to its stand-in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.channels.standins.dingtalk import DingTalkStandIn
from tests.channels.standins.feishu import FeishuStandIn
from tests.channels.standins.receiver import SECRET, Receiver
from tests.channels.standins.serving import serving
from tests.channels.standins.slack import SlackStandIn
from tests.channels.standins.teams import TeamsStandIn
from tests.channels.standins.telegram import TelegramStandIn
from tests.channels.standins.wecom import WeComStandIn
from tests.running import Server, start


@dataclass
class Live:
    """A server and the stand-ins it is connected to, by the platform's name."""

    server: Server
    standins: dict[str, Any]

    @property
    def url(self) -> str:
        """The address of the server."""
        return self.server.url


def connected(stack: ExitStack) -> tuple[dict[str, Any], dict[str, str]]:
    """Stand-ins for all platforms that are called over HTTP, and the variables that connect them."""
    standins: dict[str, Any] = {
        "slack": SlackStandIn(),
        "telegram": TelegramStandIn(),
        "wecom": WeComStandIn(),
        "feishu": FeishuStandIn(),
        "dingtalk": DingTalkStandIn(),
        "teams": TeamsStandIn(),
    }
    variables: dict[str, str] = {}
    for standin in standins.values():
        variables |= standin.settings(stack.enter_context(serving(standin.app)))
    return standins, variables


@contextmanager
def live(model: Path, folder: Path) -> Iterator[Live]:
    """A server that is ready, connected to everything."""
    with ExitStack() as stack:
        standins, variables = connected(stack)
        receiver = standins["generic"] = Receiver()
        address = stack.enter_context(serving(receiver.app))
        variables |= {"WEBHOOK_SECRET": SECRET, "WEBHOOK_ANSWER_URL": f"{address}/answers"}
        yield Live(stack.enter_context(start(model, folder, **variables)), standins)
