"""Makes what the README shows by running the assistant: its transcripts, and a patient's place in the pathway."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.train import train
from tests.documentation.pathway import PATHWAY, pathway
from tests.documentation.transcripts import write
from tests.running import start_command


def main() -> None:
    """Writes the transcripts into the README and the pathway beside it."""
    PATHWAY.write_text(pathway(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder, start_command(train(), Path(folder)) as server:
        write(server.url)


if __name__ == "__main__":
    main()
