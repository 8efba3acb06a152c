"""What administrators do with personal data: `python -m bot.privacy`.

purge               delete what is older than RETENTION_DAYS and AUDIT_RETENTION_DAYS say
audit, feedback     print the audit trail or the feedback; --csv instead of a JSON object per line
export NAME         print what is kept of a conversation
delete NAME         delete a conversation
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.channels.database import open_engine
from bot.privacy import tables
from bot.privacy.erasure import erase
from bot.privacy.export import conversation_data, table_rows
from bot.privacy.pseudonyms import Pseudonyms
from bot.privacy.retention import enforce
from bot.server.migrations import up_to_date
from bot.server.schema import PARTS
from bot.server.settings import Settings, SettingsError


def main(arguments: Sequence[str] | None = None) -> int:
    """Does one thing with the database that the settings name."""
    parser = argparse.ArgumentParser("bot.privacy", description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("command", choices=["purge", "audit", "feedback", "export", "delete"])
    parser.add_argument("name", nargs="?", help="of a conversation")
    parser.add_argument("--csv", action="store_true")
    given = parser.parse_args(arguments)
    if (given.command in ("export", "delete")) != (given.name is not None):
        parser.error("the name of a conversation belongs to export and delete")
    try:
        settings = Settings.from_environment(os.environ)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    engine = open_engine(settings.tracker_store_url)
    up_to_date(engine, *PARTS)
    match given.command:
        case "purge":
            deleted = enforce(engine, settings.retention_days, settings.audit_retention_days)
            print(f"{deleted} conversations deleted")
        case "export":
            print(json.dumps(conversation_data(engine, given.name), ensure_ascii=False, indent=1))
        case "delete":
            with engine.begin() as connection:
                erase(connection, given.name, Pseudonyms(engine))
            print("deleted")
        case _:
            table = {"audit": tables.audit, "feedback": tables.feedback}[given.command]
            names = [column.name for column in table.c if column.name != "id"]
            _print(table_rows(engine, table), names if given.csv else None)
    return 0


def _print(rows: Iterable[Mapping[str, Any]], header: Sequence[str] | None) -> None:
    """Prints rows as CSV below a header, or without one as JSON."""
    if header is None:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
        return
    writer = csv.writer(sys.stdout)
    writer.writerow(header)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in header])


def _cell(value: Any) -> Any:
    """A value for a table; words that a spreadsheet would take for a formula are kept from being one."""
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


if __name__ == "__main__":
    sys.exit(main())
