"""Facts that single expressions state: resectability, surgical risk, liver reserve, onset, and a few more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.nlu.document import Term
from knowledge.nlu.facts.doubts import ABOUT_LESIONS, JUDGEMENT, doubt_of, undecided
from knowledge.nlu.facts.operation_done import was_performed
from knowledge.nlu.facts.other_organs import about_another_organ, other_synchronous
from knowledge.nlu.facts.remnant import grown
from knowledge.nlu.facts.sites import SITES
from knowledge.nlu.lexicon import Finding
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

_OTHER_MATTERS = ("lesion", "liver_metastasis", "gene", "lab", "extrahepatic", "chemotherapy", "size_label", "largest")
_SPARED = ("liver_only", "nothing_elsewhere")
_JUDGES = (
    r"(外 科|mdt|主 任|专 家|会 诊|放 射 科)( 医 生| 主 任| 们)?",
    r"(surgeons?|mdt|board|tumour board|liver team|team|consultant)",
)
_NOT_SHARED = re.compile(
    rf"(除 )?(这 个 |的 )?(说 法 |结 论 |意 见 )?(, )?(但 )?(我 院 )?{_JUDGES[0]} ?(都 |并 |也 )?"
    r"(不 同 意|不 认 可|不 赞 成|否 定|否 了|推 翻)"
    rf"|(, )?(but )?(the |our |my )?{_JUDGES[1]}( then| now)? "
    r"(disagrees?|disagreed|(does|do|did) not agree|(don't|doesn't|didn't) agree|overruled|rejected)\b"
    r"|, (but |and )?(the )?([a-z]+ ){1,2}(says?|said|thinks?|thought) (not|no|otherwise|the opposite)\b"
)
"""That those who judge do not share a verdict, in tokens with spaces between them."""
_MATTERS = words(
    "function functions tests bloods status volume fitness performance clotting platelets reserve flr remnant"
)
"""Things that may be borderline besides the resectability."""
_AGAINST = words("unlikely improbable doubtful hardly barely not 不 未 难")
_JUDGED_ANEW = ("resectability", "surgical_risk")
_FROM = words("from 从 由")
_NOT = words("not isn't wasn't aren't weren't 非 不 并")


def read(message: Message) -> Iterator[Found | None]:
    """Everything that expressions of `findings.yaml` say."""
    for term in message.document.terms:
        if term.any("portal_embolisation"):
            yield grown(message, term)
        for name in term.names:
            finding = message.lexicon.findings.get(name)
            if finding is not None:
                yield _read(message, term, finding)


def _read(message: Message, term: Term, finding: Finding) -> Found | None:
    context = message.context
    if _is_none(message, term, finding):
        return None
    joined = _joined_site(message, term) if finding.id in _SPARED else None
    if joined is not None:
        value = "lung_only" if joined.any("organ.lung") else "other"
        return message.found(finding.fact, *message.cover(term, joined), value=value)
    open_cue = context.cue(term.start, term.end, "untested")
    if open_cue is not None:
        return message.found(finding.fact, *message.cover(term, open_cue), status="unknown")
    if finding.value is None:
        return _named(message, term, finding)
    doubt = doubt_of(message, term, finding)
    if doubt is not None and (message.frames.asserted(term.start, term.end) or _against(message, doubt)):
        return message.found(finding.fact, *message.cover(term, doubt), status="unknown")
    denial = context.cue_before(term.start, "negation")
    if denial is None and finding.fact != "resection_status":
        denial = context.cue_after(term.end, "negation")
    if denial is not None and not _is_part_of(finding, denial):
        if finding.negated is None or (finding.fact == "onset" and not _denies_word(message, denial)):
            return None
        return message.found(finding.fact, *message.cover(term, denial), value=finding.negated)
    if finding.id == "potentially_resectable" and term.end - term.start == 1 and _of_something_else(message, term):
        return None
    rest = finding.id == "nothing_elsewhere" or message.document.word(term.start - 1) == "otherwise"
    return message.found(
        finding.fact,
        term.start,
        term.end,
        value=finding.value,
        rank=_rank(message, term, finding),
        source="elsewhere" if rest else "liver" if finding.id == "liver_only" else "",
    )


def _against(message: Message, doubt: Term) -> bool:
    """Whether a doubt speaks against what it is said of: not even a supposition supposes it ("if unlikely …")."""
    return message.document.word(doubt.start) in _AGAINST


def _is_none(message: Message, term: Term, finding: Finding) -> bool:
    """Whether the words say something else here: of another organ, of a number, or as a question (风险高不高)."""
    if finding.fact in ABOUT_LESIONS and about_another_organ(message, term):
        return True
    if finding.fact == "onset" and other_synchronous(message, term):
        return True
    if message.document.word(term.end - 1) == "iu":
        clause = message.clauses.of(term.start)
        return (clause.start, clause.end) != (term.start, term.end)  # else a unit: "AST 40 IU"
    behind = message.document.term_at(term.end)
    if finding.id == "unresectable" and behind is not None and behind.any("hepatectomy", "lobe", "segment"):
        return message.document.word(term.end - 1) == "切"  # 不能切右半肝: one operation, not all
    if finding.fact == "resectability" and _rejected(message, term):
        return undecided(message, term, finding) is None
    if finding.id == "resectable_now" and _operated_since(message, term):
        return True
    before = message.document.term_at(term.start - 1)
    if finding.id == "nothing_elsewhere" and before is not None and before.any("organ.liver"):
        return True  # 肝内别处没有
    if finding.id == "liver_only" and (_counts_on(message, term.end) or _only_a_site(message, term)):
        return True
    word = message.document.word
    return word(term.end) == "不" and word(term.end + 1) == word(term.end - 1)


def _rejected(message: Message, term: Term) -> bool:
    """Whether somebody is said right behind a verdict not to share it (潜在可切这个说法外科不同意)."""
    end = min(message.clauses.sentence_end(term.start), term.end + JUDGEMENT)
    return _NOT_SHARED.match(" ".join(message.document.word(i) for i in range(term.end, end))) is not None


def _operated_since(message: Message, term: Term) -> bool:
    """Whether a conversion was followed by the operation it was for (转化成功做了左肝切除)."""
    converted = {"转", "conversion", "converted"} & {message.document.word(i) for i in range(term.start, term.end)}
    end = min(message.clauses.sentence_end(term.start), term.end + JUDGEMENT)
    operation = message.document.first(term.end, end, "hepatectomy", "liver_resected") if converted else None
    return operation is not None and was_performed(message, operation)


def _joined_site(message: Message, term: Term) -> Term | None:
    """The site that is joined to the liver as the only ones (仅限于肝、肺; 只在肝和骨)."""
    joint = message.document.term_at(term.end)
    site = message.document.term_at(joint.end) if joint is not None and joint.any("enumerator") else None
    if site is None or not site.any(*SITES):
        joint = message.document.term_at(term.start - 1)  # "lung and liver only"
        site = message.document.term_at(joint.start - 1) if joint is not None and joint.any("enumerator") else None
    return site if site is not None and site.any(*SITES) else None


def _only_a_site(message: Message, term: Term) -> bool:
    """Whether "only" is said of the site behind it ("apart from the liver only the lungs are involved")."""
    site = message.document.term_at(term.end + (message.document.word(term.end) == "the"))
    return message.document.word(term.end - 1) == "only" and site is not None and site.any(*SITES)


def _counts_on(message: Message, index: int) -> bool:
    """Whether a number follows ("in the liver only one metastasis")."""
    return any(quantity.start == index for quantity in message.from_token(index))


def _of_something_else(message: Message, term: Term) -> bool:
    """Whether a lone word such as "borderline" is said of the remnant or the risk."""
    before = message.document.term_at(term.start - 1)
    beside = (term.start - 1, term.end, term.end + 1)
    if _MATTERS.intersection(message.document.word(i) for i in beside):
        return True
    return before is not None and before.any("reserve_name", "surgical_risk_name", "filler")


def _is_part_of(finding: Finding, denial: Term) -> bool:
    """Words such as 未 cannot deny a finding that is itself a denial ("no hepatectomy")."""
    return finding.fact == "resection_status" and denial.any("not")


def _denies_word(message: Message, denial: Term) -> bool:
    """Whether a denial is of the word behind it ("not synchronous"), not of a disease ("no synchronous disease")."""
    return message.document.word(denial.start) in _NOT


def _rank(message: Message, term: Term, finding: Finding) -> int:
    if finding.id == "resectable_now":
        return 2
    if finding.id == "unresectable_initially" or message.document.word(term.start - 1) in _FROM:
        return 0  # "re-classified from unresectable to resectable"
    if finding.fact in _JUDGED_ANEW and _of_a_year(message, term):
        return 0
    return message.rank(term.start, term.end)


def _of_a_year(message: Message, term: Term) -> bool:
    """Whether a year says when a judgement was made ("considered unfit in 2022", "in 2021 they were resectable")."""
    clause = message.clauses.of(term.start)
    places = (clause.start, term.end)
    return any(
        message.document.word(i) in ("in", "since") and re.fullmatch(r"20\d\d", message.document.word(i + 1))
        for i in places
    )


def _named(message: Message, term: Term, finding: Finding) -> Found | None:
    """A fact that is named: its value may follow as a quality ("FLR: insufficient"), or that it is in doubt."""
    answer = _filled_in(message, term)
    if answer is not None and finding.fact == "resectability":
        value = "resectable" if answer[1] else "unresectable"
        return message.found(finding.fact, term.start, answer[0], value=value)
    doubt = message.context.cue(term.start, term.end, "uncertainty")
    if doubt is not None and not doubt.any("maybe"):
        return message.found(finding.fact, *message.cover(term, doubt), status="unknown")
    return _QUALITIES[finding.fact](message, term) if finding.fact in _QUALITIES else None


def _filled_in(message: Message, term: Term) -> tuple[int, bool] | None:
    """The end and the sense of a yes or no behind a colon (是否可切除：否)."""
    if message.document.word(term.end) != ":":
        return None
    word = message.document.word(term.end + 1)
    end = term.end + 2
    if end < len(message.document.tokens) and message.clauses.before[end] == 0:
        return None
    return {"是": (end, True), "yes": (end, True), "否": (end, False), "no": (end, False)}.get(word)


def _quality(message: Message, term: Term, good: str, bad: str, fact: str) -> Found | None:
    end = min(message.clauses.sentence_end(term.start), term.end + JUDGEMENT)
    for other in message.document.between(term.end, end):
        if any(name in message.lexicon.findings for name in other.names) or other.any(*_OTHER_MATTERS):
            return None
        kind = other.kind("judged")
        if kind is None:
            continue
        word = message.document.word
        if word(other.end) == "不" and word(other.end + 1) == word(other.end - 1):
            return None  # 够不够
        denial = message.context.cue_before(other.start, "negation") or _denied_in_list(message, other)
        positive = (kind == "good") != (denial is not None)
        return message.found(fact, *message.cover(term, other, denial), value=good if positive else bad)
    return None


def _denied_in_list(message: Message, judged: Term) -> Term | None:
    """The no behind a colon ("FLR adequate: no")."""
    return message.context.cue_after(judged.end, "negation") if message.document.word(judged.end) == ":" else None


def _reserve(message: Message, term: Term) -> Found | None:
    return _quality(message, term, "adequate", "inadequate", "liver_reserve")


def _risk(message: Message, term: Term) -> Found | None:
    clause = message.clauses.of(term.start)
    for other in message.document.between(term.end, min(clause.end, term.end + 6)):
        if other.any("risk_degree"):
            denial = message.context.cue_before(other.start, "negation")
            value = "acceptable" if denial is not None else "high"
            return message.found("surgical_risk", *message.cover(term, other, denial), value=value)
        if other.any("judged.good", "quality.normal", "quality.unremarkable", "judged.low"):
            denial = message.context.cue_before(other.start, "negation")
            value = "high" if denial is not None else "acceptable"
            return message.found("surgical_risk", *message.cover(term, other, denial), value=value)
        if other.any("judged.bad"):
            return None
    return None


_QUALITIES = {"liver_reserve": _reserve, "surgical_risk": _risk}
