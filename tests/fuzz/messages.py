"""Makes messages that are meant to break something. The same seed makes the same messages."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from functools import cache

from knowledge.nlu.lexicon import load_lexicon
from tests.evaluation.abilities import read_set

LONGEST = 8_100
"""Characters; a little more than the dialogue reads."""

_SHORT, _LONG = 80, 0.03
"""What is short, and the share of what may be longer."""

_BLOCKS = ((0x20, 0x7F), (0xA0, 0x17F), (0x370, 0x5FF), (0x600, 0x6FF), (0x900, 0x97F), (0x1100, 0x11FF))
_PLANES = ((0x2000, 0x2BFF), (0x3000, 0x30FF), (0x4E00, 0x9FFF), (0xD800, 0xDFFF), (0xE000, 0xF8FF), (0xFE00, 0xFFFF))
_BEYOND = ((0x10000, 0x1F9FF), (0x20000, 0x2A6DF), (0xE0000, 0xE01EF))
_CONTROL = [
    *map(chr, range(0x20)),
    *map(chr, range(0x7F, 0xA0)),
    "\u2028",
    "\u2029",
    "\x1b[31m",
    "\x1b]0;x\x07",
    "\r\n",
]
_DIRECTION = [*"\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u061c", "\u200b", "\u200d", "\ufeff"]
_DIGITS = [
    "0123456789",
    "０１２３４５６７８９",
    "٠١٢٣٤٥٦٧٨٩",
    "零一二三四五六七八九十百千万亿兆",
    "①②③⑩⑳",
    "ⅠⅣⅧⅫ",
    "²³¹",
    "½⅓¼",
]
_UNITS = [
    "",
    " cm",
    "cm",
    "mm",
    "厘米",
    "枚",
    "个病灶",
    " lesions",
    " ng/mL",
    "%",
    "×10^9/L",
    " mets",
    "年",
    " days",
    "*",
]
_BEFORE = ["", "最大", "largest ", "肝转移", "CEA ", "MELD ", "APRI ", "AST ", "PLT ", "文献", "[", "reference ", "n="]
_FORMS = [
    "{0}",
    "-{0}",
    "{0}.{0}",
    "{0}e{0}",
    "1e{0}",
    "{0}/{0}",
    "{0}-{0}",
    "{0}x{0}x{0}",
    "0x{0}",
    "{0},{0},{0}",
    "±{0}",
]
_REPEATED = [
    "a", "0", "1 ", "1.", "1.1.", "1,", "2cm ", "2x", "不", "非", "没有", "no ", "not ", "无", "((", "[1]", "1/", "- ",
    "？", "and ", "或", "，", "\t", "\n", "一", "十", "亿", "肝", "RAS ", "KRAS,", "wt/", "and/or ", "vs ", "、", "…",
    "'", '"',
    "if ", "如果", "why ", "2-3", "1e9", "e\u0301", "👩‍⚕️", "not sure ", "最大", "s", "x", " ", "最大2cm,", "2 mets, ",
]  # fmt: skip
_PATTERNS = [
    "(a+)+$",
    "(a|aa)+b",
    "^(([a-z])+.)+[A-Z]([a-z])+$",
    "(.*)*x",
    "(?:\\d+,?)+$",
    "a{1000}{1000}",
    "\\",
    "[[:alpha:]]",
]
_JSON = ["[", '{"a":', '[{"a":', '"\\u0000', '{"custom":{"kind":', "[[],", "[1e400,", '{"sender":"x","message":']
_SLASH = [
    "/restart", "/session_start", '/inform{"ras":"mutant"}', "/inform{", "//", "/ back", "/action_listen",
    "/nlu_fallback",
    '/set_language{"language":"xx"}', "EXTERNAL: x", "/new_patient", '/inform{"lesion_count": 1e999}', "/default@0.5",
    "@[x](ras)", "session:x", "/\u0000restart",
]  # fmt: skip
_INJECTED = [
    "{{7*7}}", "${7*7}", "${jndi:ldap://127.0.0.1/a}", "%(message)s", "%s%s%s%n", "{0}{1}{self}", "{ras}",
    "#{7*7}", "<%= 7 %>",
    "\r\n2026-01-01 ERROR root: forged", "\nSet-Cookie: a=b", "'; DROP TABLE events; --", "1 OR 1=1",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>', "../../etc/passwd", "file:///etc/passwd", "`id`", "$(id)", "; id",
    "&#x202e;", "__class__",
    "{x.__class__}", "\\u202e", "%00", "\\x00", "=1+1", "@SUM(1)", "<!--#exec cmd='id'-->",
    "<?xml version='1.0'?><!DOCTYPE a>",
    "**b** _i_ [a](javascript:alert(1))", "utter_greet", "action_restart", "[2.8cm](largest_lesion_cm)",
]  # fmt: skip

Maker = Callable[[random.Random], str]


@cache
def sensible() -> tuple[str, ...]:
    """What clinicians wrote, from the sets that understanding is measured with."""
    found: list[str] = []
    for name in ("facts.zh", "facts.en", "questions.zh", "questions.en", "declined"):
        for item in read_set(name):
            found += [item[key] for key in ("text", "q") if isinstance(item.get(key), str)]
    found += [turn["say"] for talk in read_set("talks") for turn in talk if isinstance(turn.get("say"), str)]
    return tuple(found)


@cache
def known_words() -> tuple[str, ...]:
    """The words that facts are recognised by, cues included."""
    lexicon = load_lexicon()
    words = [word for entry in lexicon.words.values() for word in entry.all]
    return (*words, *(word for cue in lexicon.cues.values() for word in cue.all))


def _length(chance: random.Random, most: int) -> int:
    """Mostly short, as there shall be many; sometimes as long as can be."""
    return int((most if chance.random() < _LONG else min(most, _SHORT)) ** chance.random())


def _any_characters(chance: random.Random) -> str:
    spans = [chance.choice((*_BLOCKS, *_PLANES, *_BEYOND)) for _ in range(chance.randint(1, 4))]
    return "".join(chr(chance.randint(*chance.choice(spans))) for _ in range(_length(chance, 400)))


def _broken_encoding(chance: random.Random) -> str:
    data = bytearray(
        chance.choice(sensible()).encode(chance.choice(["utf-8", "utf-8", "utf-16", "gb18030"]), "replace")
    )
    del data[chance.randrange(len(data)) :]
    for _ in range(chance.randint(0, 6)):
        data.insert(chance.randint(0, len(data)), chance.randint(0, 255))
    return data.decode("utf-8", chance.choice(["replace", "surrogateescape", "ignore", "backslashreplace"]))


def _sprinkled(chance: random.Random) -> str:
    pieces = chance.choice([_CONTROL, _DIRECTION, [*_CONTROL, *_DIRECTION]])
    text = list(chance.choice(sensible()))
    for _ in range(chance.randint(1, 30)):
        text.insert(chance.randint(0, len(text)), chance.choice(pieces))
    return "".join(text)


def _huge_numbers(chance: random.Random) -> str:
    def number() -> str:
        return "".join(chance.choices(chance.choice(_DIGITS), k=_length(chance, 600)))

    def one() -> str:
        form = chance.choice(_FORMS).replace("{0}", "{}")
        return (
            chance.choice(_BEFORE) + form.format(*(number() for _ in range(form.count("{}")))) + chance.choice(_UNITS)
        )

    return chance.choice(["，", ", ", " ", ""]).join(one() for _ in range(chance.randint(1, 5)))


def _repetition(chance: random.Random) -> str:
    block = "".join(chance.choices(_REPEATED, k=chance.randint(1, 3)))
    times = max(1, _length(chance, LONGEST) // len(block))
    return chance.choice(["", "a", "病灶", "CEA "]) + block * times + chance.choice(["", "!", "b", "？", "cm"])


def _regular_expressions(chance: random.Random) -> str:
    return chance.choice(_PATTERNS) + "a" * _length(chance, 3000) + chance.choice(["!", "\n", "X"])


def _nested(chance: random.Random) -> str:
    return chance.choice(_JSON) * max(1, _length(chance, 600)) + chance.choice(["", "1", "]" * 50, "}" * 50])


def _commands(chance: random.Random) -> str:
    return (
        chance.choice(["", " ", "\n", "／", "\u200b"])
        + chance.choice(_SLASH)
        + chance.choice(["", " ", chance.choice(sensible())])
    )


def _injections(chance: random.Random) -> str:
    return chance.choice(["", chance.choice(sensible()), "RAS "]) + "".join(
        chance.choices(_INJECTED, k=chance.randint(1, 3))
    )


def _mutated(chance: random.Random) -> str:
    text = chance.choice(sensible())
    for _ in range(chance.randint(1, 8)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + _length(chance, 20))
        piece = text[start:end]
        other = chance.choice(sensible())
        text = (
            text[:start]
            + chance.choice(["", piece * 2, piece[::-1], other[:20], piece.upper(), piece + "不"])
            + text[end:]
        )
    return text


def _mixed(chance: random.Random) -> str:
    between = chance.choice(["", " ", "，", ", ", "\n", "/", "、"])
    words = [
        chance.choice(known_words()) if chance.random() < 0.7 else str(chance.randint(0, 99))
        for _ in range(_length(chance, 300))
    ]
    return between.join(words)


def _joined(chance: random.Random) -> str:
    return chance.choice(["", " ", "。", "\n"]).join(chance.choices(sensible(), k=_length(chance, 40)))


def _cut(chance: random.Random) -> str:
    """Clauses cut out of messages anywhere between two words, as people leave sentences unfinished."""

    def piece() -> str:
        words = re.split(r"(\s+|[,，。；;、])", chance.choice(sensible()))
        start = chance.randrange(len(words))
        return "".join(words[start : chance.randrange(start, len(words)) + 1])

    return chance.choice(["", ", ", "，", " "]).join(piece() for _ in range(chance.randint(1, 3)))


MAKERS: dict[str, Maker] = {
    "any characters": _any_characters,
    "broken encoding": _broken_encoding,
    "control and direction": _sprinkled,
    "huge numbers": _huge_numbers,
    "repetition": _repetition,
    "regular expressions": _regular_expressions,
    "nested JSON": _nested,
    "commands": _commands,
    "injections": _injections,
    "mutated": _mutated,
    "words of the lexicon": _mixed,
    "many messages in one": _joined,
    "cut out": _cut,
}


def made(seed: int, count: int) -> Iterator[tuple[str, str]]:
    """`count` messages, each with its kind; every kind in turn."""
    chance = random.Random(seed)
    names = list(MAKERS)
    for number in range(count):
        kind = names[number % len(names)]
        yield kind, MAKERS[kind](chance)[:LONGEST]
