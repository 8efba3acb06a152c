"""The README's transcripts, made by talking to a running assistant."""

from __future__ import annotations

import re
import uuid
from pathlib import Path

import httpx
import yaml

README = Path(__file__).resolve().parents[2] / "README.md"
CONVERSATIONS = Path(__file__).with_name("transcripts.yaml")
BLOCK = re.compile(r"(<!-- transcript: (?P<name>[\w-]+) -->\n).*?(<!-- end of transcript -->)", re.DOTALL)


def hold(url: str, turns: list[str]) -> str:
    """A conversation with the assistant at `url`, as Markdown."""
    sender = f"readme-{uuid.uuid4().hex}"
    parts = []
    with httpx.Client(base_url=url, timeout=60) as client:
        for turn in turns:
            answer = client.post("/webhooks/rest/webhook", json={"sender": sender, "message": turn})
            answer.raise_for_status()
            said = [message["text"] for message in answer.json() if "text" in message]
            parts.append(f"**{turn}**\n\n" + "\n\n".join(f"```text\n{text}\n```" for text in said))
    return "\n\n".join(parts)


def steady(text: str) -> str:
    """The text without what changes from day to day or with every word of the knowledge base."""
    text = re.sub(r"\d{4}-\d{2}-\d{2}", "DATE", text)
    return re.sub(r"\b[0-9a-f]{12}\b", "VERSION", text)


def conversations() -> dict[str, list[str]]:
    """The turns of each transcript, by name."""
    loaded: dict[str, list[str]] = yaml.safe_load(CONVERSATIONS.read_text(encoding="utf-8"))
    return loaded


def written(readme: str) -> dict[str, str]:
    """The transcripts that stand in the README, by name."""
    return {
        match["name"]: match.group(0).split("-->\n", 1)[1].rsplit("\n<!--", 1)[0].strip()
        for match in BLOCK.finditer(readme)
    }


def write(url: str) -> None:
    """Writes the transcripts anew into the README."""
    held = {name: hold(url, turns) for name, turns in conversations().items()}
    readme = README.read_text(encoding="utf-8")
    README.write_text(BLOCK.sub(lambda m: f"{m[1]}\n{held[m['name']]}\n\n{m[3]}", readme), encoding="utf-8")
