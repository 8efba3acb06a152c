"""Every check beside the tests: style, types, dialogue data, knowledge. One line each, details if one fails.

.venv/bin/python -m deploy.check
"""

from __future__ import annotations

import sys
import time

from deploy.console import run
from deploy.widget_types import SKIPPED

RASA_VALIDATE = (
    "rasa data validate --domain bot/domain --data nlu_data bot/dialogue --config config.yml --max-history 5"
)
CHECKS = {
    "ruff check": "ruff check --quiet .",
    "ruff format": "ruff format --check --quiet --diff .",
    "mypy": "mypy",
    "rasa data validate": RASA_VALIDATE,
    "knowledge check": "knowledge check",
    "types of the widget": "deploy.widget_types",
}


def main() -> int:
    """Run all of them, also after one failed, so that one run shows everything there is to mend."""
    failed = []
    for name, module in CHECKS.items():
        started = time.monotonic()
        result = run([sys.executable, "-m", *module.split()])
        outcome = "FAILED" if result.code else SKIPPED if SKIPPED in result.output else "ok"
        print(f"{name}: {outcome}, {time.monotonic() - started:.1f} s", flush=True)
        if result.code != 0:
            failed.append(name)
            print(result.output, flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
