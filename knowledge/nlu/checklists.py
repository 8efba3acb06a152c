"""Short questions that a message answers itself, as in a list that was filled in ("EHD? None. Prior chemo? No")."""

from __future__ import annotations

import re

_POLAR = (
    "没有做过|没做过|没有过|没有|没做|没测过|没测|没查|未做|未测|未查|未行|无|没|否|未|有的|有|是的|不是|是|不能|不可以"
    "|不行|不可|可以|能|待查|待定|待回报|待测|不清楚|不知道|不详|未知|阴性|阳性"
    "|not yet known|not yet done|not yet tested|not known|not done|not tested|not sure|not yet|don't know|no idea"
    "|none|never|no|nil|negative|neg|positive|pos|pending|awaited|unknown|yes"
)
_VALUE = "不可切除|不可切|可切除|可切|野生型|野生|突变型|突变|wild type|wild-type|wt|mutant|mutated|mut"
_OWN_VALUE = "吗|突变|野生|切|mut|wild|resect"
"""What asks for a value by naming one: then the answer speaks for itself (BRAF突变吗？野生型)."""
_ASKING = (
    r"(?:what|which|how|why|who|when|where|can|could|should|would|is there|are there|does|do|any evidence)\b"
    r"|.{0,24}(?:什么|怎么|如何|哪|谁|多少|咋|怎样)"
)
"""Questions that are put to the assistant."""
_END = r"\s*(?:[,.;!\n(。]|$)"
_SELF_ANSWERED = re.compile(
    rf"(?:(?<=[,.;:!?\n。])|^)(?!\s*(?:{_ASKING}))([^,.;:!?\n。]{{1,24}})\?"
    rf"(?=\s*(?:{_POLAR}|({_VALUE})){_END})",
    re.IGNORECASE,
)
"""The text is normalised: its marks are those of ASCII, but for the Chinese full stop."""
_NAMES_VALUE = re.compile(_OWN_VALUE, re.IGNORECASE)


def answered(text: str) -> str:
    """The text with a colon for the mark of each short question that is answered behind it; of the same length."""
    return _SELF_ANSWERED.sub(_as_entry, text) if "?" in text else text


def _as_entry(found: re.Match[str]) -> str:
    """The question as the name of an entry, unless it names a value that the answer speaks against."""
    valued = found[2] and _NAMES_VALUE.search(found[1])
    return found[0] if valued else f"{found[1]}:"
