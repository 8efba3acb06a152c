"""Makes what the README shows by running the assistant: its transcripts and its pictures."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.train import train
from tests.documentation.picture import PATHWAY, pathway, take
from tests.documentation.transcripts import write
from tests.running import start


def main() -> None:
    """Writes the transcripts into the README and the pictures beside it."""
    PATHWAY.write_text(pathway(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, start(train(), Path(folder)) as server:
        write(server.url)
        take(server.url)


if __name__ == "__main__":
    main()
