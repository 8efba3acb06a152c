"""Makes the tables, or brings them up to date: `python -m bot.server.migrate`.

The server does the same by itself when it may change tables; where only an administrator may, this is run first.
"""

from __future__ import annotations

import os
import sys

import sqlalchemy as sa  # type: ignore[import-untyped]

from bot.server.database import connect
from bot.server.migrations import up_to_date
from bot.server.schema import PARTS
from bot.server.settings import Settings, SettingsError


def main() -> int:
    """Says what was done."""
    try:
        settings = Settings.from_environment(os.environ)
        done = up_to_date(connect(settings.tracker_store_url, patient=True), *PARTS)
    except (SettingsError, sa.exc.SQLAlchemyError) as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(done) or "The tables are up to date.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
