"""Precision, recall and F1 of things that are read from messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Figures:
    """How well something is found.

    Attributes:
        precision: the share of what was found that is right, 0 to 1; 0 if nothing was found.
        recall: the share of what is there that was found rightly, 0 to 1.
        f1: their harmonic mean.
        support: how often it is there.
    """

    precision: float
    recall: float
    f1: float
    support: int


@dataclass
class Tally:
    """Counts, label by label, what was found beside what is there.

    A label has a value (a fact and what it is); it is found rightly if the value is the same. An intent is a label
    whose value does not matter.
    """

    right: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)

    def add(self, there: Mapping[str, object], found: Mapping[str, object]) -> None:
        """Count one message."""
        self.there.update(there.keys())
        self.found.update(found.keys())
        self.right.update(label for label, value in there.items() if label in found and found[label] == value)

    def labels(self) -> list[str]:
        """What occurs in the messages, in alphabetical order."""
        return sorted(self.there)

    def of(self, label: str) -> Figures:
        """The figures of one label."""
        return _figures(self.right[label], self.found[label], self.there[label])

    def micro(self) -> Figures:
        """The figures of all labels together, each occurrence counting once."""
        return _figures(self.right.total(), self.found.total(), self.there.total())

    def macro(self) -> float:
        """The mean F1 of the labels, each label counting once."""
        labels = self.labels()
        return sum(self.of(label).f1 for label in labels) / len(labels) if labels else 0.0


def _figures(right: int, found: int, there: int) -> Figures:
    precision, recall = right / found if found else 0.0, right / there if there else 0.0
    return Figures(precision, recall, 2 * right / (found + there) if found + there else 0.0, there)
