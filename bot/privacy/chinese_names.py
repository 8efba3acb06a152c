"""Names in Chinese: after words that announce one, before titles, and where a note begins with one."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from bot.privacy.found import HANZI, Found
from bot.privacy.name_words import NameWords, name_words

_LABEL = re.compile(r"(?:姓名|名字|联系人|(?<![A-Za-z])[Nn]ame|签名) ?: ?")
"""What stands before a name and nothing else."""

_CUE = re.compile(
    r"(?:姓名|名字|(?:患者|病人)(?:信息|本人|姓)?|我姓|病患|病友|患儿|家属|家人|家长|儿子|女儿|丈夫|妻子|老公|老婆|爱人|母亲|父亲|我妈|我爸|其子|其女|"
    r"陪护|人员|联系人|名叫|叫|我是|医师|医生|术者|主刀|记录者|(?:转诊|会诊)(?:申请)?|主诉|诊断证明|"
    r"(?<![A-Za-z])(?:[Pp]t|[Pp]atient|Mr|Mrs|Ms|Dr)\b\.?)(?:是|为)?[): ]{0,2}"
)
"""What stands before a name as before any other noun."""

_RELATED = frozenset("属人长子女夫妻公婆爱亲妈爸护叫是师员者刀为")
"""How words for people end whom nothing clinical is said of."""

_FIELD_ENDS = re.compile(r"性别|年龄|住院|科室|出生|身份|电话|联系|手机|病案|门诊|床号|诊断|男|女")
_LONG_NAME = re.compile(rf"[{HANZI}]{{2,6}}(?:·[{HANZI}]{{1,10}}){{1,3}}")
_RUN = re.compile(rf"[{HANZI}]{{1,8}}")
_PERSON = re.compile(
    r"[\]】)]?[,;:( ]{0,3}(?:性别[: ]{0,2})?[男女](?![朋友性儿孩])|[,;: ]{0,3}[男女]性|[,;: ]{0,2}\d{1,3} ?岁|"
    r"[ (]{1,2}1[3-9]\d{9}"
)
"""Sex, age or a mobile number after a name."""

_TITLE_CUE = re.compile(r"(?:患者|病人|请问|请|问|找|联系|是|和|与|及|由|的|位|给|让|说|您好|你好)$")
_SOMEBODY = re.compile(r"某{1,3}(?![些种个天日次年月院医家药项时人])|某人")
_BEGINNING = re.compile(rf"(?:(?<![{HANZI}A-Za-z0-9·])|(?<=\d床))[{HANZI}]{{2,4}}")
_CHARACTER = re.compile(f"[{HANZI}]")
_LATIN = re.compile(r"(?P<name>[A-Z][a-z]{1,15}(?: [A-Z][a-z]{1,15}){1,2})(?![A-Za-z])")


def chinese_names(text: str) -> Iterator[Found]:
    """Names in a text that is normalised."""
    known = name_words()
    for label in _LABEL.finditer(text):
        end = _value(text, label.end(), known)
        if end:
            yield Found(label.end(), end, "name")
    for cue in _CUE.finditer(text):
        end = _after_cue(text, cue.end(), known)
        if end:
            yield Found(cue.end(), end, "name")
    for title in _titles().finditer(text):
        start = _before_title(text, title.start(), title[0], known)
        if start is not None:
            yield Found(start, title.start(), "name")
    for run in _BEGINNING.finditer(text):
        end = _name_end(text, run.start(), known, _PERSON.match)
        if end and text[run.start() : end] not in known.not_names:
            yield Found(run.start(), end, "name")
    yield from _somebody(text, known)


def _somebody(text: str, known: NameWords) -> Iterator[Found]:
    """A family name with 某 in the place of the rest."""
    for rest in _SOMEBODY.finditer(text):
        start = rest.start() - 1
        if start >= 0 and text[start] in known.surnames and _is_free(text, start):
            yield Found(start, rest.end(), "name")


def _is_free(text: str, start: int) -> bool:
    """Whether no Chinese word leads up to a place, unless it is one that leads to a name."""
    before = text[max(0, start - 2) : start]
    return not _CHARACTER.match(before[-1:]) or _TITLE_CUE.search(before) is not None


def _value(text: str, start: int, known: NameWords) -> int | None:
    """The end of a name that is the value of a field."""
    long = _LONG_NAME.match(text, start)
    if long:
        return long.end()
    latin = _LATIN.match(text, start)
    if latin:
        return latin.end()
    run = _RUN.match(text, start)
    if not run:
        return None
    cut = _FIELD_ENDS.search(run[0], 1)
    name = run[0][: cut.start()] if cut else run[0]
    if name[:2] in known.not_names or len(name) < 2:
        return None
    if len(name) <= 4 and (cut or len(run[0]) < 8):
        return start + len(name)
    return _name_end(text, start, known, lambda *_: True)


def _after_cue(text: str, start: int, known: NameWords) -> int | None:
    """The end of a name after a word such as 患者; what follows it has to be what follows a name."""
    if text.startswith("姓", start - 1) and text[start : start + 1] in known.surnames and _ends(text, start + 1, known):
        return start + 1
    long = _LONG_NAME.match(text, start)
    if long:
        return long.end()
    latin = _LATIN.match(text, start)
    if latin and (latin[0].split()[0] in known.given or _PERSON.match(text, latin.end())):
        return latin.end()
    somebody = _SOMEBODY.match(text, start + 1)
    if somebody and text[start] in known.surnames:
        return somebody.end()
    before = text[max(0, start - 4) : start].rstrip("): ")
    related = before[-1:] in _RELATED and not before.endswith(("病人", "患者"))
    return _name_end(text, start, known, _PERSON.match) or _name_end(
        text, start, known, lambda _, end: _ends(text, end, known), certain=related
    )


def _name_end(
    text: str, start: int, known: NameWords, follows: Callable[[str, int], object], certain: bool = True
) -> int | None:
    """The end of a family name with a given name of one or two characters, the longer one first.

    Args:
        follows: whether what stands behind it can follow a name.
        certain: whether that alone is enough for family names that are ordinary words too.
    """
    run = _RUN.match(text, start)
    if not run:
        return None
    run_text = run[0]
    family = 2 if run_text[:2] in known.compound else 1
    if family == 1 and (run_text[0] not in known.surnames or run_text[:2] in known.words):
        return None
    for length in (family + 2, family + 1):
        end = start + length
        if len(run_text) < length or run_text[:length] in known.not_names:
            continue
        if length > 2 and text.startswith(known.long_followers, end - 1):
            continue
        alone = text.startswith(known.long_followers, end) or (length > 2 and len(run_text) == length)
        if not certain and family == 1 and run_text[0] in known.ambiguous and not alone:
            continue
        if follows(text, end):
            return end
    return None


def _ends(text: str, end: int, known: NameWords) -> bool:
    return end >= len(text) or not _CHARACTER.match(text, end) or text.startswith(known.followers, end)


@cache
def _titles() -> re.Pattern[str]:
    known = name_words()
    return re.compile("|".join(sorted(known.titles | known.staff)))


def _before_title(text: str, end: int, title: str, known: NameWords) -> int | None:
    """Where the name before a title begins: nothing but a name may stand there, or a word that leads to one."""
    for length in (1, 2, 3, 4):
        start = end - length
        if start < 0:
            return None
        name = text[start:end]
        family = 2 if name[:2] in known.compound else 1
        if family == 1 and (name[0] not in known.surnames or name[:2] in known.words):
            continue
        if length < family or length > family + 2:
            continue
        if length > 1 and title in known.staff and name[0] in known.ambiguous:
            continue
        if _is_free(text, start):
            return start
    return None
