"""Makes mentions: the value of a fact with the words it came from."""

from __future__ import annotations

from bisect import bisect_right

from knowledge.models.facts import FactValue, is_value
from knowledge.models.understanding import FactMention, MentionStatus
from knowledge.nlu.context import Context
from knowledge.nlu.quantities import Quantity


def mention(
    context: Context,
    fact: str,
    value: FactValue | None,
    tokens: tuple[int, int],
    status: MentionStatus = "known",
) -> FactMention:
    """A mention of the tokens from the first to the last (exclusive)."""
    start, end, text = context.doc.typed(*tokens)
    return FactMention(
        fact=fact,
        value=value if status == "known" else None,
        status=status,
        start=start,
        end=end,
        text=text,
        asserted=context.asserted(tokens[0]),
    )


def quantity_mention(
    context: Context, fact: str, quantity: Quantity, characters: tuple[int, int], *, whole: bool = False
) -> FactMention:
    """A mention of a number at characters of the normalised text: exact, a range, or not plausible."""
    source = context.doc.source
    start, end = source.span(*characters)
    found = {"start": start, "end": end, "text": source.original[start:end]}
    asserted = context.asserted(token_at(context, characters[0]))
    limits = [limit for limit in (quantity.low, quantity.high) if limit is not None]
    values = [int(limit) if whole and limit == int(limit) else limit for limit in limits]
    if not all(is_value(fact, value) for value in values):
        return FactMention(fact=fact, status="implausible", asserted=asserted, **found)  # type: ignore[arg-type]
    if quantity.value is None:
        low, high = quantity.low, quantity.high
        return FactMention(fact=fact, status="bound", low=low, high=high, asserted=asserted, **found)  # type: ignore[arg-type]
    value = values[0] if whole else float(values[0])
    return FactMention(fact=fact, value=value, asserted=asserted, **found)  # type: ignore[arg-type]


def token_at(context: Context, character: int) -> int:
    """The token that covers a character of the normalised text, or the next one."""
    ends = context.token_ends
    return min(bisect_right(ends, character), len(ends) - 1)
