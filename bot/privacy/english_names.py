"""Names in English: after words that announce one, after titles, and where a note begins with one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.privacy.found import Found
from bot.privacy.name_words import NameWords, name_words

_PART = (
    r"(?:[A-Z]'?[a-z]{1,20}(?:[A-Z][a-z]{1,15})?(?:['-][A-Z]?[a-z]{1,20}){0,2}|[A-Z]'[A-Z][a-z]{1,20}|(?:[A-Z]\.){1,3}|"
    r"(?:van|von|de|der|den|da|del|bin|al|la)(?= (?:la |der |den )?[A-Z]))"
)
_NAME = re.compile(rf"{_PART}(?: {_PART}){{0,3}}")
_WORD = re.compile(r"[A-Za-z][A-Za-z'.-]{0,20}")

_FIELD = re.compile(
    r"(?<![A-Za-z])(?<!study )(?<!trial )(?<!drug )(?<!brand )(?<!product )(?<!gene )(?<!file )"
    r"(?:(?:patient|pt|full|first|last|family|given|middle|maiden|my|his|her)?(?:'s)? ?"
    r"(?:sur|fore)?names?(?: ?[:=] ?| is )|(?:patient|pt|full)(?:'s)? name )",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"(?<![A-Za-z])(?:Mr|Mrs|Ms|Miss|Mx|Sir|Madam|Dame|Dr|Doctor)\b\.? "
    r"(?:and (?:Mrs|Mr|Ms|Dr)\b\.? )?(?:(?:Dr|Prof)\b\.? )?"
)
_SMALL_TITLE = re.compile(r"(?<![A-Za-z])(?:mr|mrs|ms|miss|dr)\b\.? (?P<name>[a-z]{2,20})(?![A-Za-z])")
_CUE = re.compile(
    r"(?<![A-Za-z])(?:patient|pt|re|ref|regarding|about|dear|wife|husband|son|daughter|mother|father|brother|sister|partner|"
    r"next of kin|nok|contact|consultant|signed|referred by|named|called|i am|i'm)(?: ?[:,] ?| )"
    r"(?:named |called )?(?:Prof\.? |Dr\.? )?",
    re.IGNORECASE,
)
_NAMED = ("named ", "called ")
_NOT_ONLY_PEOPLE = ("re", "about", "dear", "contact", "consultant")
_KIN = ("wife ", "husband ", "son ", "daughter ", "mother ", "father ", "brother ", "sister ")
_PERSON = re.compile(
    r"[,;:( ]{1,3}(?:\d{1,3}(?: ?-? ?y| ?[MF]\b)|MRN|DOB|NHS|female|male|man|woman|M\b|F\b)|,? (?:aged|age) \d|'s\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[,;:.()\n?!]|$| [/-]| (?:is|was|has|had|who|with|presented|asks|asked|can|will|came)\b|'s\b")
_NOTE = re.compile(
    rf"(?:^|(?<=[\n;.]) ?)(?P<name>{_PART}(?:,? {_PART}){{1,2}})(?=,? \d{{1,3}} ?-? ?(?:y|[MF]\b)|,? [MF],? \d)"
)


def english_names(text: str) -> Iterator[Found]:
    """Names in a text that is normalised."""
    known = name_words()
    for field in _FIELD.finditer(text):
        yield from _found(field.end(), _value(text, field.end(), known))
    for title in _TITLE.finditer(text):
        yield from _found(title.end(), _titled(text, title.end(), known))
    for small in _SMALL_TITLE.finditer(text):
        if small["name"] in known.family:
            yield Found(small.start("name"), small.end("name"), "name")
    for cue in _CUE.finditer(text):
        yield from _found(cue.end(), _after_cue(text, cue, known))
    for note in _NOTE.finditer(text):
        parts = re.split("[ ,]+", note["name"])
        if not known.no_english.intersection(parts) and any(
            part in known.given or part.lower() in known.family for part in parts
        ):
            yield Found(note.start("name"), note.end("name"), "name")


def _found(start: int, end: int | None) -> Iterator[Found]:
    if end:
        yield Found(start, end, "name")


def _capitalised(text: str, start: int, known: NameWords, most: int = 4) -> int | None:
    """The end of the capitalised words at `start`, up to the first one that is no name."""
    name = _NAME.match(text, start)
    if not name:
        return None
    end = start
    for number, part in enumerate(name[0].split(" ")):
        if number == most or part.removesuffix("'s") in known.no_english:
            break
        end += len(part) + (1 if number else 0)
    return end - 2 * text.endswith("'s", start, end) if end > start else None


def _value(text: str, start: int, known: NameWords) -> int | None:
    """The end of a name that is the value of a field, with "Smith, John" and small letters."""
    end = _capitalised(text, start, known)
    if end:
        second = _capitalised(text, end + 2, known, 1) if text.startswith(", ", end) else None
        return second if second and text[end + 2 : second].strip(".") in known.given else end
    word = _WORD.match(text, start)
    if word and text[start - 2 : start] in (": ", "=") and word[0].lower() in known.in_small_letters:
        follower = _WORD.match(text, word.end() + 1)
        if (
            follower
            and text[word.end()] == " "
            and re.match(r"[,;.\n]|$|  ", text[follower.end() : follower.end() + 2])
        ):
            return follower.end()
        return word.end()
    return None


def _titled(text: str, start: int, known: NameWords) -> int | None:
    upper = re.compile(r"[A-Z]{3,20}(?![A-Za-z])").match(text, start)
    return _capitalised(text, start, known) or (upper.end() if upper and upper[0].lower() in known.family else None)


def _after_cue(text: str, cue: re.Match[str], known: NameWords) -> int | None:
    """The end of a name after a word such as "patient"; what follows it has to be what follows a name."""
    end = _capitalised(text, cue.end(), known)
    if end is None:
        return None
    parts = text[cue.end() : end].split(" ")
    said = cue[0].lower()
    if len(parts) == 1:
        named = said.endswith(_NAMED) or (said.endswith(_KIN) and (parts[0] in known.given or _ENDS.match(text, end)))
        return end if named or (parts[0] in known.given and _PERSON.match(text, end)) else None
    ends = _ENDS.match(text, end) and not said.startswith(_NOT_ONLY_PEOPLE)
    believed = parts[0] in known.given or _PERSON.match(text, end) or ends
    return end if believed else None
