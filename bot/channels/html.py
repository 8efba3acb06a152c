"""Text in HTML, for platforms that take a little of it."""

from __future__ import annotations

import re
from html import escape

_LINK = re.compile(r"https?://[^\s<>“”（）]+")


def as_html(text: str) -> str:
    """Line by line; warnings stand out and links can be followed."""
    return "<br/>".join(_line(line) for line in text.split("\n"))


def _line(line: str) -> str:
    parts, end = [], 0
    for link in _LINK.finditer(line):
        address = escape(link.group())
        parts += [escape(line[end : link.start()]), f'<a href="{address}">{address}</a>']
        end = link.end()
    shown = "".join([*parts, escape(line[end:])])
    return f"<strong>{shown}</strong>" if line.startswith("⚠") else shown
