"""How well identifiers are found, in figures: `python -m tests.privacy`."""

from __future__ import annotations

from bot.privacy.identifiers import find
from tests.privacy.clinical import texts
from tests.privacy.recall import LAST, LATER, NOTES, measure

FIRST_SIGHT = {NOTES: (239, 248), LATER: (59, 70), LAST: (41, 52)}
"""Found of those marked when the set was measured for the first time; what was missed has been mended since."""


def main() -> None:
    """Prints recall by language and kind, what was missed, and what clinical texts lose."""
    for file, (found, marked) in FIRST_SIGHT.items():
        tally = measure(file)
        total = sum(tally.marked.values())
        print(f"{file.name}: {sum(tally.found.values())} of {total} removed ({tally.recall:.1%});", end=" ")
        print(f"at first sight {found} of {marked} ({found / marked:.1%}); {len(tally.lost)} other words lost")
        for lang, kind in sorted(tally.marked):
            print(f"  {lang:6}{kind:9}{tally.found[lang, kind]:4} of {tally.marked[lang, kind]}")
        print(*(f"  missed: {missed}" for missed in tally.missed), sep="\n", end="")
    checked, changed = 0, []
    for _, text in texts():
        checked += 1
        changed += [text[found.start : found.end] for found in find(text)]
    print(f"clinical texts: {checked}; identifiers that really stand in them: {', '.join(changed)}")


if __name__ == "__main__":
    main()
