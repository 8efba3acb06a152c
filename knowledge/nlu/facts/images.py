"""Which of several images counts where they differ (以MRI为准, "the MRI, which we go by")."""

from __future__ import annotations

import re
from functools import lru_cache

from knowledge.nlu.message import REACH, Message

_KINDS = {
    "ct": "ct", "mri": "mri", "mr": "mri", "磁": "mri", "pet": "pet", "ultrasound": "us", "us": "us", "uss": "us",
    "sonography": "us", "超": "us",
}  # fmt: skip
"""Images by a word of their names; 磁 is that of 磁共振 and 核磁, 超 that of 超声 and B超."""
_AROUND = 12
"""The most tokens before and behind an image that say that it is the one to believe."""
_SOON = 4
_BEFORE = re.compile(
    r"((go|going|went|goes)(by|with)|trust|trusting|believe|relyon|relyingon)(the|our|my|today's)?(latest|new|newer)?$"
    r"|(相信|采信|按照?|以).{0,4}$"
)
_BEHIND = re.compile(
    r"^.{0,12}?,?whichwe(go|went|aregoing|trust)(by|with)?|^(is|was)(takenas)?(decisive|correct|right|thereference)"
    r"|^(共振|声)?(confirmed|confirms|proved|证实|确认|明确).{0,6}(only|只有|仅|就)|^.{0,6}(为准|来算|算$|算[,，。])|^.{0,8}为准"
)

_ELSEWHERE = re.compile(
    r"(outside|referring|referral|external|local|district|elsewhere|other|another|first|previous)(hospital|centre|center|ct|mri"
    r"|scan|report|ultrasound|imaging|pet)|外院|外地|当地|院外|他院|原医院|县医院|乡镇|卫生院|转诊"
)
_HERE = re.compile(r"^(on|in|but|and|while)?(our|here)|(我院|本院|我们|我科|本科|这边|我这)")
"""Where an image was made, elsewhere or here."""


def rank_of_image(message: Message, first: int, end: int, rank: int) -> int:
    """The rank of some tokens: 2 if the image that showed what they say is to be believed, 0 if another one is."""
    believed = _believed(message)
    if believed is None:
        return 2 if rank == 1 and _seen_here_again(message, first) else rank
    behind = message.document.word(end) in ("on", "by")  # "4 on CT, 6 on MRI"
    start = end if behind else max(message.clauses.sentence_start(first), first - REACH)
    shown = [kind for index, kind in _images(message) if start <= index < (end + _SOON if behind else first)]
    if not shown:
        return rank
    return 2 if shown[0 if behind else -1] == believed else 0


def _seen_here_again(message: Message, first: int) -> bool:
    """Whether something was seen here after another hospital's image ("outside CT: 1 lesion. Our MRI shows three")."""
    clause = message.clauses.of(first)
    said = _joined(message, max(clause.start, first - REACH), first)
    elsewhere = _joined(message, max(0, clause.start - 2 * REACH), clause.start)
    open_ = message.document.first(first, len(message.document.tokens), "discordant", "undecided")
    return open_ is None and _HERE.search(said) is not None and _ELSEWHERE.search(elsewhere) is not None


def _joined(message: Message, start: int, end: int) -> str:
    return "".join(message.document.word(i) for i in range(start, end))


@lru_cache(maxsize=4)
def _images(message: Message) -> tuple[tuple[int, str], ...]:
    """The images that are named, in order, each with its token."""
    kinds = ((index, _KINDS.get(token.word)) for index, token in enumerate(message.document.tokens))
    return tuple((index, kind) for index, kind in kinds if kind is not None)


@lru_cache(maxsize=4)
def _believed(message: Message) -> str | None:
    """The kind of image that is said to be the one to go by."""
    for index, kind in _images(message):
        before = _joined(message, max(0, index - _AROUND), index)
        behind = _joined(message, index + 1, index + 1 + _AROUND)
        by_itself = _BEHIND.match(behind)
        chinese = by_itself is not None and by_itself.group().rstrip(",，。").endswith(("准", "算"))
        if _BEFORE.search(before) and (chinese or before[-1:].isascii()):
            return kind
        if by_itself is not None and not chinese:
            return kind
    return None
