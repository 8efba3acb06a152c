"""What the packages below this server say at start-up is no concern of the person at the terminal."""

from __future__ import annotations

import logging
import os
import warnings
from typing import Any

OWN = "bot"
"""The name above all loggers of this server."""

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def be_quiet(level: str = "info") -> None:
    """Let packages report errors only; call this before they are imported.

    Args:
        level: from which level on this server itself is heard, on standard error.
    """
    import structlog

    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ["RASA_TELEMETRY_ENABLED"] = "false"
    warnings.showwarning = _unseen
    logging.basicConfig(level=logging.ERROR, format=_FORMAT, force=True)
    logging.getLogger(OWN).setLevel(level.upper())
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))


def _unseen(*_: Any, **__: Any) -> None:
    """Packages force their warnings through every filter when they are imported; they are not shown."""
