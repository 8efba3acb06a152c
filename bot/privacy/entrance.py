"""What every message goes through before anything of it is kept, logged or understood."""

from __future__ import annotations

from bot.privacy.identifiers import Removed, remove

_LONGEST = 20_000
"""Characters of a message that are taken in; the dialogue refuses far shorter ones, in words."""
_CUT_OFF = 64
"""Characters at a cut that are left out, because an identifier that was cut in two may not be known again."""


def take_in(text: str) -> Removed:
    """A message without identifiers, not endlessly long, and of nothing that a database cannot keep."""
    plain = text.replace("\x00", " ").encode("utf-8", "replace").decode("utf-8")
    return remove(plain if len(plain) <= _LONGEST else plain[: _LONGEST - _CUT_OFF])
