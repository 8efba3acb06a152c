"""Precision, recall and F1."""

from __future__ import annotations

import pytest

from tests.evaluation.tally import Figures, Tally


def test_a_wrong_value_is_neither_found_rightly_nor_missed_only() -> None:
    tally = Tally()
    tally.add({"ras": "mutant", "lesion_count": 2}, {"ras": "wild_type", "lesion_count": 2, "braf": "mutant"})
    tally.add({"ras": "mutant"}, {"ras": "mutant"})
    assert tally.labels() == ["lesion_count", "ras"]
    assert tally.of("ras") == Figures(0.5, 0.5, 0.5, 2)
    assert tally.of("lesion_count") == Figures(1.0, 1.0, 1.0, 1)
    assert tally.micro() == Figures(2 / 4, 2 / 3, 4 / 7, 3)
    assert tally.macro() == 0.75


def test_nothing_is_no_division_by_zero() -> None:
    assert Tally().micro() == Figures(0.0, 0.0, 0.0, 0)
    assert Tally().macro() == 0.0


def test_the_figures_are_those_of_scikit_learn() -> None:
    from sklearn.metrics import precision_recall_fscore_support

    there, found = list("aaabbbcccc"), list("aabbbacbcc")
    tally = Tally()
    for one, other in zip(there, found, strict=True):
        tally.add({one: True}, {other: True})
    theirs = zip(*precision_recall_fscore_support(there, found), strict=True)
    for label, figures in zip("abc", theirs, strict=True):
        ours = tally.of(label)
        assert (ours.precision, ours.recall, ours.f1, ours.support) == pytest.approx(figures)
    assert tally.macro() == pytest.approx(precision_recall_fscore_support(there, found, average="macro")[2])
