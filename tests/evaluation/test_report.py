"""What `make eval` prints."""

from __future__ import annotations

import pytest

from tests.evaluation.__main__ import main
from tests.evaluation.abilities import Score, scores


def test_every_ability_and_every_miss_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    main()
    printed = capsys.readouterr().out
    for score in scores():
        assert f"{score.name:28} {score.right:>4}/{score.asked}" in printed
        assert all(miss in printed for miss in score.misses)


def test_a_miss_is_counted() -> None:
    score = Score("anything", 1.0)
    score.count(True, "right")
    score.count(False, "wrong")
    assert (score.right, score.asked, score.share, score.misses) == (1, 2, 0.5, ["wrong"])
