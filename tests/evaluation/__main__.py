"""Prints how well messages are understood: `make eval`."""

from __future__ import annotations

from tests.evaluation.abilities import scores


def main() -> None:
    """Print the table, then what went wrong."""
    table = list(scores())
    print(f"{'ability':28} {'right':>9} {'share':>7} {'bar':>6}")
    for score in table:
        print(f"{score.name:28} {score.right:>4}/{score.asked:<4} {score.share:>7.1%} {score.bar:>6.0%}")
    for score in table:
        if score.misses:
            print(f"\n{score.name}")
            print("\n".join(f"  {miss}" for miss in score.misses))


if __name__ == "__main__":
    main()
