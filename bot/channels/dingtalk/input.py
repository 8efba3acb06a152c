"""What people say to the robot, read into messages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.model import Incoming


def read(data: Mapping[str, Any]) -> Incoming | None:
    """A message to the robot; None if it cannot be answered.

    In groups DingTalk delivers only what mentions the robot. Somebody from another organisation has no staff id and
    cannot be written to alone.
    """
    corp, place = str(data["chatbotCorpId"]), str(data["conversationId"])
    group = str(data["conversationType"]) == "2"
    staff = data.get("senderStaffId")
    if not group and not staff:
        return None
    return Incoming(
        key=f"message {data['msgId']}",
        conversation=(corp, place, str(data["senderId"])) if group else (corp, str(staff)),
        text=_text(data),
        address={"place": place if group else str(staff), "group": group, "thread": None},
        group=group,
        position=float(data["createAt"]) / 1000,
    )


def _text(data: Mapping[str, Any]) -> str:
    match data["msgtype"]:
        case "text":
            return str(data["text"]["content"]).strip()
        case "richText":
            parts = data["content"]["richText"]
            return "".join(str(part.get("text") or "") for part in parts).strip()
        case _:
            return ""
