"""The description of the platforms is complete."""

from __future__ import annotations

import re

import pytest

from bot.channels.settings import PLATFORMS
from tests.running import ROOT

DOCS = (ROOT / "docs" / "platforms.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
LISTENING = {"matrix", "dingtalk"}


@pytest.mark.parametrize("name", PLATFORMS)
def test_every_variable_and_address_is_described(name: str) -> None:
    kind = PLATFORMS[name]
    for field in kind.model_fields:
        assert f"{kind.prefix}_{field.upper()}" in DOCS
    assert (f"/webhooks/{name}/webhook" in DOCS) == (name not in LISTENING)


def test_no_variable_is_described_that_does_not_exist() -> None:
    prefixes = "|".join(kind.prefix for kind in PLATFORMS.values())
    known = {f"{kind.prefix}_{field.upper()}" for kind in PLATFORMS.values() for field in kind.model_fields}
    assert set(re.findall(rf"\b(?:{prefixes})_[A-Z_]+\b", DOCS)) == known


def test_the_table_of_the_readme_has_the_limits_of_the_code() -> None:
    from bot.channels.dingtalk import output as dingtalk
    from bot.channels.feishu import output as feishu
    from bot.channels.matrix import output as matrix
    from bot.channels.slack import output as slack
    from bot.channels.teams import output as teams
    from bot.channels.telegram import output as telegram
    from bot.channels.wecom import output as wecom

    rows = dict(re.findall(r"^\| ([A-Z][\w, ]+?) \| (.*) \|$", README, flags=re.MULTILINE))
    limits = {
        "Slack": slack.SECTION,
        "Teams": teams.LONGEST,
        "Telegram": telegram.LONGEST,
        "WeCom": wecom.LONGEST,
        "Feishu, Lark": feishu.LONGEST,
        "DingTalk": dingtalk.LONGEST,
        "Matrix": matrix.LONGEST,
    }
    for label, limit in limits.items():
        assert f"{limit:,}" in rows[label]
