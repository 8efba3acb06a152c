"""What every message goes through before anything of it is kept, logged or understood."""

from __future__ import annotations

from bot.privacy.identifiers import Removed, remove

_LONGEST = 20_000
"""Characters of a message that are taken in; the dialogue refuses far shorter ones, in words."""
_CUT_OFF = 64
"""Characters at a cut that are left out, because an identifier that was cut in two may not be known again."""


def take_in(text: str) -> Removed:
    """A message without identifiers, and not endlessly long."""
    return remove(text if len(text) <= _LONGEST else text[: _LONGEST - _CUT_OFF])
