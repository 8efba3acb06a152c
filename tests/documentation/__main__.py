"""Makes the README's transcripts by running the assistant."""

from __future__ import annotations

import tempfile
from pathlib import Path

from bot.train import train
from tests.documentation.transcripts import write
from tests.running import start


def main() -> None:
    """Writes the transcripts into the README."""
    with tempfile.TemporaryDirectory() as folder, start(train(), Path(folder)) as server:
        write(server.url)


if __name__ == "__main__":
    main()
