"""The liver remnant after its portal vein was embolised."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.message import Found, Message


def grown(message: Message, embolisation: Term) -> Found | None:
    """What the remnant told before is since an embolisation ("after PVE it has grown to 37 % and is adequate")."""
    document = message.document
    end = message.clauses.sentence_end(embolisation.start)
    named = document.first(0, embolisation.start, "reserve_name", "reserve_inadequate")
    judged = document.first(embolisation.end, end, "judged.good", "judged.bad")
    if named is None or judged is None or document.word(embolisation.start - 1) not in ("after", "since", "经", "行"):
        return None
    good = judged.any("judged.good") and message.context.cue_before(judged.start, "negation") is None
    value = "adequate" if good else "inadequate"
    return message.found("liver_reserve", embolisation.start, judged.end, value=value, rank=2)
