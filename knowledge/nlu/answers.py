"""Bare answers to a question: "3", "三个", "没有", "no", "wt", "跳过", the number of a choice."""

from __future__ import annotations

import re
from functools import cache

from knowledge.loading import load_knowledge
from knowledge.models.base import Bilingual
from knowledge.models.facts import FactDefinition, FactValue, is_value
from knowledge.models.understanding import FactMention
from knowledge.nlu.extraction import FactExtractor
from knowledge.nlu.quantities import NUMBER, Quantity, quantities
from knowledge.nlu.readers.lesions import _UNIT as LENGTH
from knowledge.nlu.text import NormalisedText, normalise

_FILLER = r"(?:第|选择?|我?选|option|choice|number|no\.|#|大概|大约|约|about|around|approx\.?|~|是|有|it'?s|it is|就|一共|共|总共)*"
_MEASURE = r"(?:个|枚|处|颗|粒|项|号|lesions?|mets|metastases|cm|mm|厘米|毫米|公分|ng/ml|ug/l|分|的)*"
_END = r"[\s。.!)）、,;]*$"
_NUMERIC = re.compile(rf"^\s*{_FILLER}\s*(?P<number>.+?)\s*{_MEASURE}{_END}", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"^\s*(?:不清楚|不知道|未知|不详|不确定|不明确|还?不清楚|还?不知道|没查|没测|未查|未测|未检测|没有?结果|没有?数据|待查|待定|跳过|下一个|略过|略|没做|没有?查|"
    r"结果没出来?|还没出来?|unknown|not known|don'?t know|dont know|i don'?t know|no idea|unsure|not sure|skip|skip it|skip this|"
    r"next|pass|not tested|not done|not available|n/?a|pending|not yet|no result|none available|dunno|\?+)"
    rf"(?:的|了|呢|吧|please)?{_END}",
    re.IGNORECASE,
)
_YES = re.compile(
    rf"^\s*(?:是的?|有的?|对的?|嗯|好的?|会|能|可以|行|可|已|做过|失败过?|yes|yep|yeah|y|sure|correct|right|true)\s*[呀啊的了]?{_END}", re.I
)
_NO = re.compile(
    rf"^\s*(?:没有?的?|无|否|不是的?|不|未|没有过|没做过|不能|不行|不可以|从未|没|none|no|nope|n|never|negative|not|nil|false)\s*[呀啊的了]?{_END}", re.I
)
_YES_MEANS: dict[str, FactValue] = {
    "resectability": "resectable",
    "surgical_risk": "acceptable",
    "liver_reserve": "adequate",
    "local_therapy_failed": True,
}
_NO_MEANS: dict[str, FactValue] = {
    "resectability": "unresectable",
    "surgical_risk": "high",
    "liver_reserve": "inadequate",
    "extrahepatic_disease": "none",
    "resection_status": "not_resected",
    "local_therapy_failed": False,
    "chemotherapy_status": "none",
}
_WORDS: dict[str, tuple[tuple[re.Pattern[str], FactValue], ...]] = {
    "gene": (
        (re.compile(rf"^\s*(?:野生型?|未突变|无突变|没有?突变|全野生型?|阴性|wt|wild[- ]?types?|wild|negative|neg|not mutated|no mutation){_END}", re.I), "wild_type"),
        (re.compile(rf"^\s*(?:突变型?|有突变|阳性|mut(?:ant|ated|ation)?|positive|pos|[a-z]\d{{1,4}}[a-z]){_END}", re.I), "mutant"),
    ),
    "ugt1a1": (
        (re.compile(rf"^\s*(?:正常|野生型?|normal|wt|wild[- ]?type){_END}", re.I), "normal"),
        (re.compile(rf"^\s*(?:降低|减低|下降|低|缺陷|reduced|low|deficient){_END}", re.I), "reduced"),
    ),
    "ctdna_after_chemotherapy": (
        (re.compile(rf"^\s*(?:阴性|转阴|negative|neg|-|cleared){_END}", re.I), "negative"),
        (re.compile(rf"^\s*(?:阳性|positive|pos|\+){_END}", re.I), "positive"),
    ),
    "surgical_risk": (
        (re.compile(rf"^\s*(?:高|高风险|风险高|很高|high|high risk|unfit){_END}", re.I), "high"),
        (re.compile(rf"^\s*(?:低|低风险|可接受|可以耐受|能耐受|acceptable|low|fit|low risk|ok|fine){_END}", re.I), "acceptable"),
    ),
    "liver_reserve": (
        (re.compile(rf"^\s*(?:充足|足够|够|够的|良好|好|adequate|sufficient|good|enough|ok|fine){_END}", re.I), "adequate"),
        (re.compile(rf"^\s*(?:不足|不够|差|不充足|inadequate|insufficient|poor|not enough){_END}", re.I), "inadequate"),
    ),
    "onset": (
        (re.compile(rf"^\s*(?:同时|同时的|同步|sync|synchronous){_END}", re.I), "synchronous"),
        (re.compile(rf"^\s*(?:异时|异时的|metachronous){_END}", re.I), "metachronous"),
    ),
    "extrahepatic_disease": (
        (re.compile(rf"^\s*(?:仅?肺|只有肺|肺转移|仅肺转移|lungs?|lung only|only lung|pulmonary){_END}", re.I), "lung_only"),
        (re.compile(rf"^\s*(?:其他|其它|别的|腹膜|骨|脑|other|others|other sites|peritoneum|bone|brain){_END}", re.I), "other"),
    ),
    "chemotherapy_status": (
        (re.compile(rf"^\s*(?:没做|没做过|尚未|还没有?|未做|初治|not yet|none yet|naive){_END}", re.I), "none"),
        (re.compile(rf"^\s*(?:有效|稳定|有效果|缩小|SD|PR|CR|responding|response|stable|stable disease){_END}", re.I), "responding"),
        (re.compile(rf"^\s*(?:进展|进展了|无效|耐药|失败|PD|progressed|progression|progressing|failed){_END}", re.I), "progressed"),
    ),
    "resection_status": (
        (re.compile(rf"^\s*(?:没切过?|未切|没有切过?|没做过|never|not resected|no resection){_END}", re.I), "not_resected"),
        (re.compile(rf"^\s*(?:复发|复发了|切除后复发|recurred|recurrence|relapsed){_END}", re.I), "recurred"),
        (re.compile(rf"^\s*(?:无残留|已切除|切干净了|no residual|NED){_END}", re.I), "resected"),
    ),
    "local_therapy_failed": (
        (re.compile(rf"^\s*(?:失败|失败过|无效|复发|failed){_END}", re.I), True),
        (re.compile(rf"^\s*(?:没失败|没做过|没有失败|not failed|none|never had any){_END}", re.I), False),
    ),
}  # fmt: skip
_GENES = frozenset({"ras", "braf", "tp53"})


def read_answer(text: str, fact: FactDefinition) -> FactMention | None:
    """What a message means as the answer to the question for `fact`; None when it is no answer to it.

    Args:
        text: the message as typed.
        fact: the fact that was asked for; the order of its choices is that of the numbered answers.
    """
    source = normalise(text)
    plain = source.text.strip()
    if not plain or len(plain) > 60:
        return None
    if _UNKNOWN.match(plain):
        return _mention(source, fact.id, None, status="unknown")
    value = _word(plain, fact.id)
    if value is not None:
        return _mention(source, fact.id, value)
    for choice in fact.choices:
        if _name(plain) in {_name(text) for text in (*_both(choice.label), *_both(choice.short))}:
            return _mention(source, fact.id, choice.value)
    number = _number(plain)
    if number is not None and fact.choices:
        return _chosen(source, fact, number)
    if number is not None:
        return _measured(source, fact.id, number, plain)
    named = [m for m in _extractor().extract(text) if m.fact == fact.id]
    return named[0] if named else None


def is_bare_answer(text: str) -> bool:
    """Whether a message consists only of something that could answer a question."""
    plain = normalise(text).text.strip()
    if not plain or len(plain) > 40:
        return False
    if _UNKNOWN.match(plain) and plain.strip("?") or _YES.match(plain) or _NO.match(plain) or _number(plain) is not None:
        return True
    if any(pattern.match(plain) for words in _WORDS.values() for pattern, _ in words):
        return True
    return _name(plain) in _choice_names()


@cache
def _choice_names() -> frozenset[str]:
    """The titles and short forms of all choices."""
    choices = [choice for fact in load_knowledge().facts.values() for choice in fact.choices]
    return frozenset(_name(text) for choice in choices for text in (*_both(choice.label), *_both(choice.short)))


def _name(text: str) -> str:
    return normalise(text).text.lower().strip(" 。.")


@cache
def _extractor() -> FactExtractor:
    return FactExtractor.create()


def _both(text: Bilingual) -> tuple[str, str]:
    return text.zh, text.en


def _word(plain: str, fact: str) -> FactValue | None:
    for pattern, value in _WORDS.get("gene" if fact in _GENES else fact, ()):
        if pattern.match(plain):
            return value
    if _YES.match(plain):
        return _YES_MEANS.get(fact)
    return _NO_MEANS.get(fact) if _NO.match(plain) else None


def _number(plain: str) -> Quantity | None:
    """The one number a message consists of, with measure words around it."""
    match = _NUMERIC.match(plain)
    if match is None:
        return None
    found = list(quantities(plain, whole=True))
    if len(found) != 1:
        return None
    rest = plain[: found[0].start] + plain[found[0].end :]
    if re.fullmatch(rf"\s*-?{_FILLER}\s*{_MEASURE}\s*{_MEASURE}{_END}", rest, re.IGNORECASE) is None:
        return None
    if "-" in plain[: found[0].start] or not NUMBER.search(plain):
        value = found[0].low
        return Quantity(-value if value is not None else None, None, found[0].start, found[0].end)
    return found[0]


def _chosen(source: NormalisedText, fact: FactDefinition, number: Quantity) -> FactMention | None:
    if number.value is None or number.value != int(number.value):
        return None
    position = int(number.value)
    if 1 <= position <= len(fact.choices):
        return _mention(source, fact.id, fact.choices[position - 1].value)
    return _mention(source, fact.id, None, status="unknown") if position == len(fact.choices) + 1 else None


def _measured(source: NormalisedText, fact: str, number: Quantity, plain: str) -> FactMention | None:
    if fact == "largest_lesion_cm" and (unit := LENGTH.match(plain, number.end)) and unit[1][0] in "m毫":
        number = number.scaled(0.1)
    if number.value is None:
        if number.high is None and number.low is not None and number.low < 0:
            return _mention(source, fact, None, status="implausible")
        return _mention(source, fact, None, status="bound", low=number.low, high=number.high)
    whole = fact == "lesion_count" and number.value == int(number.value)
    value: FactValue = int(number.value) if whole else number.value
    if not is_value(fact, value):
        return _mention(source, fact, None, status="implausible")
    return _mention(source, fact, value)


def _mention(source: NormalisedText, fact: str, value: FactValue | None, **more: object) -> FactMention:
    text = source.original
    return FactMention.model_validate({"fact": fact, "value": value, "start": 0, "end": len(text), "text": text, **more})
