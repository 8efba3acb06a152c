"""Entities as the understanding would find them."""

from __future__ import annotations

from typing import Any

Entity = dict[str, Any]


def fact(name: str, value: object, text: str = "…", **changes: object) -> Entity:
    """The entity of a fact that is asserted of the patient."""
    return {
        "entity": name, "value": value, "status": "known", "low": None, "high": None,
        "start": 0, "end": len(text), "text": text, "asserted": True, "extractor": "FactEntityExtractor", **changes,
    }  # fmt: skip
