"""Lesions that are told without a number of their own: solitary, the only one, one for each segment named."""

from __future__ import annotations

from knowledge.nlu.document import Term
from knowledge.nlu.facts.count_labels import BETWEEN
from knowledge.nlu.facts.counting import recurrence_in_liver
from knowledge.nlu.facts.sizes import Size
from knowledge.nlu.facts.topics import ELSEWHERE, LIVER, about_liver, leaves_liver
from knowledge.nlu.message import REACH, Found, Message
from knowledge.nlu.quantities import CENTIMETRES
from knowledge.nlu.text import words

COUNT = "lesion_count"
_WRITTEN = words("wrote typed entered")
"""Words by which what was told before is taken up to be put right ("sorry, I wrote solitary: ...")."""
_SEVERAL = words("mets metastases lesions tumours tumors deposits")
_COPULA = words("itself is was still now only in the liver and measures")
"""What may stand between a lesion and the word that calls it single."""
_OF_A_SIZE = words(
    "it is was a one so far still now in of at measuring measures size sized ca approx wide across diameter"
)
"""What may stand beside "single" and a diameter in an English clause that says no more."""
_HAVING, _BEING = words("has have had got is shows see"), words("is remains was")
_THERE = words("present left visible seen there")
"""Words around "just one" by which it is how many there are."""
_OTHER_WORDS = 3
"""The most tokens beside "single" and a diameter in a clause that says no more (唯一的顾虑是路途遥远 does)."""
_SEVERAL_OF = words("the these those them her his their our my its")
"""What follows "one of" where it is one of several."""
_ONE = words("thing lesion met metastasis deposit nodule tumour tumor")


def all_named(message: Message, sizes: list[Size]) -> Found | None:
    """As many as have a segment of their own, where others are denied ("segment II, VII. No others")."""
    denied = next(iter(message.document.find("no_others", "no_other_lesions")), None)
    now = [size for size in sizes if size.rank > 0 and size.low is not None and size.low == size.high]
    if denied is None:
        return None
    places = [t for t in message.document.find("segment") if now and t.start < denied.start]
    if denied.any("no_other_lesions") and len(now) <= 1:
        return _the_only_one(message, denied)
    if not now or len(places) != len(now):
        return None
    return message.found(COUNT, now[0].start, now[-1].end, value=len(now))


def _the_only_one(message: Message, denied: Term) -> Found | None:
    """One, where one segment is named and other lesions are denied ("met in segment 4; no other liver lesion")."""
    document = message.document
    start = max(0, denied.start - 2 * REACH)
    places = [t for t in document.between(start, denied.start) if t.any("segment")]
    several = document.first(start, denied.start, "multiple", "each", "other_lesion", "organ.lung", "organ.other")
    if len(places) != 1 or several is not None or _several_segments(message, places[0]):
        return None
    return message.found(COUNT, places[0].start, denied.end, value=1)


def _several_segments(message: Message, place: Term) -> bool:
    """Whether more than one number stands behind a word for segments ("segments 5 and 6", S5/6)."""
    word = message.document.word
    joint = message.document.term_at(place.end + 1)
    joined = joint is not None and joint.any("enumerator", "range_join")
    beyond = joint is not None and word(joint.end)[:1].isdecimal()
    return (word(place.start).endswith("s") and len(word(place.start)) > 1) or (joined and beyond)


def both(message: Message) -> Found | None:
    """Two, where "both mets" are spoken of and no other number is given."""
    for term in message.document.find("lesion", "liver_metastasis"):
        plural = message.document.word(term.end - 1) in _SEVERAL
        if plural and message.document.word(term.start - 1) == "both":
            return message.found(COUNT, term.start - 1, term.end, value=2)
    return None


def of_them(message: Message) -> Found | None:
    """A number such as in "there are three of them", where no other number of lesions is given."""
    for term in message.document.find("of_them"):
        number = next((q for q in message.quantities if q.end == term.start), None)
        if number is None or number.value is None or number.value != int(number.value) or number.value == 1:
            continue  # "one of them" is a part
        start = message.clauses.sentence_start(number.start)
        named = [
            t for t in message.document.between(start, number.start) if t.any("lesion", "liver_metastasis", "gene")
        ]
        if named and named[-1].any("gene"):
            continue  # TP53 R273H，KRAS G12V，两个都是突变
        if about_liver(message, number, size=False):
            return message.found(COUNT, number.start, term.end, value=int(number.value))
    return None


def only_one(message: Message, term: Term) -> Found | None:
    """The one lesion there is ("the only lesion in the liver")."""
    noun = message.document.term_at(term.end)
    if noun is None or message.document.word(noun.end - 1) not in _ONE or message.clauses.before[noun.start]:
        return None
    around = message.document.between(message.clauses.of(term.start).start, noun.end + 4)
    if any(t.any(*ELSEWHERE) for t in around) or message.context.negated(term.start, term.end) is not None:
        return None
    return message.found(COUNT, term.start, noun.end, value=1)


def solitary(message: Message, term: Term) -> Found | None:
    """单发, solitary: one lesion, if it is one of the liver."""
    document = message.document
    clause = message.clauses.of(term.start)
    of_several = document.word(term.end) == "of" and document.word(term.end + 1) in _SEVERAL_OF
    if of_several or document.word(term.end) in ("或", "还", "/", "or", "-"):
        return None
    said = {document.word(i) for i in range(max(clause.start, term.start - 3), term.start)}
    if message.context.negated(term.start, term.end) is not None or said & _WRITTEN:
        return None
    noun: Term | None = None
    index = term.end
    reach = BETWEEN if document.tokens[term.start].latin else 2 * BETWEEN  # 单发4.5cm、不可切除的肝转移
    while index < min(clause.end, term.end + reach):
        following = document.term_at(index)
        if following is not None and following.any(*ELSEWHERE, "chemotherapy", "local_therapy", "hepatectomy"):
            if index >= term.end + BETWEEN:
                break
            return None
        in_liver = following is not None and following.any("organ.liver") and document.word(term.end) == "in"
        if following is not None and (in_liver or _is_noun(message, following)):
            noun = following
            break
        index = following.end if following is not None else index + 1
    named = ("lesion", "metastasis", *LIVER, *ELSEWHERE)
    before = [
        t
        for t in document.between(clause.start, term.start)
        if t.any(*named) and not t.any("patient_again")  # "Pt: single liver met" is no prothrombin time
    ]
    if _elsewhere(before, noun):
        return None
    english = document.tokens[term.start].latin
    labelled = document.word(term.start - 1) == ":" and bool(before)  # "recurrence in the liver now: single"
    said_of_it = not english or labelled or _is_solitary(message, before, term)
    known = (said_of_it and before) or _only_measures(message, term) or _it_is_the_only_one(message, term)
    known = known or _has_only_one(message, term)
    if noun is None and not known:
        return None
    if message.context.cue(term.start, term.end, "uncertainty") is not None:
        return message.found(COUNT, term.start, term.end, status="unknown")
    end = noun.end if noun is not None else term.end
    return message.found(COUNT, term.start, end, value=1)


def _it_is_the_only_one(message: Message, term: Term) -> bool:
    """Whether the lesion of the sentence before is called "the only one" ("It is now 3.2 cm and the only one")."""
    word = message.document.word
    start = message.clauses.sentence_start(term.start)
    if (word(term.start - 1), word(term.end - 1)) != ("the", "one") or word(term.end) == "of" or word(start) != "it":
        return False
    named = [
        t
        for t in message.document.between(max(0, start - REACH), term.start)
        if t.any("lesion", *LIVER, *ELSEWHERE, "segment")
    ]
    return bool(named) and not any(t.any(*ELSEWHERE) for t in named)


def _has_only_one(message: Message, term: Term) -> bool:
    """Whether somebody has, or there is, "just one" of the liver lesions named before ("she has just one, 14 mm")."""
    document = message.document
    if document.word(term.end - 1) != "one":
        return False
    clause = message.clauses.of(term.start)
    has = document.word(term.start - 1) in _HAVING and term.end == clause.end
    there = document.word(term.end) in _BEING and document.word(term.end + 1) in _THERE
    named = [
        t
        for t in document.between(max(0, term.start - REACH), term.start)
        if t.any("lesion", *LIVER, *ELSEWHERE) and not t.any("patient_again")
    ]
    return (has or there) and bool(named) and not named[-1].any(*ELSEWHERE, "organ.lung", "organ.other")


def _is_noun(message: Message, term: Term) -> bool:
    """Whether a term is a noun for what can be single."""
    return term.any("lesion", "liver_metastasis", "metastasis") or recurrence_in_liver(message, term)


def _elsewhere(before: list[Term], noun: Term | None) -> bool:
    """Whether what is single is no lesion of the liver ("the lung nodule is solitary")."""
    if not before:
        return False
    if noun is not None and noun.any("liver_metastasis"):
        return False  # 直肠癌根治术后3年发现孤立性肝转移
    if before[-1].any("other_lesion") and noun is not None and noun.any("metastasis", "lesion"):
        return False  # "a cyst, and a single metastasis"
    owner = before[-2] if len(before) > 1 and before[-1].any("lesion") and before[-2].end == before[-1].start else None
    return before[-1].any(*ELSEWHERE) or (owner is not None and owner.any(*ELSEWHERE))


def _is_solitary(message: Message, before: list[Term], term: Term) -> bool:
    """Whether lesions are said to be single behind ("liver met solitary", "lesion in the liver is single")."""
    lesions = [t for t in before if t.any("liver_metastasis", "lesion", "metastasis")]
    if not lesions or any(t.start > lesions[-1].start and not t.any("organ.liver") for t in before):
        return False
    between = range(lesions[-1].end, term.start)
    measured = {i for q in message.quantities if q.unit in CENTIMETRES for i in range(q.start, q.end)}
    return {message.document.word(i) for i in between if i not in measured} <= _COPULA


def _only_measures(message: Message, term: Term) -> bool:
    """Whether a clause says no more than 单发 and a diameter, and nothing but the liver is spoken of."""
    clause = message.clauses.of(term.start)
    allowed = (
        "solitary",
        "lesion",
        "organ.liver",
        "liver_metastasis",
        "unit",
        "size_label",
        "about",
        "largest",
        "segment",
        "filler",
        "only",
        "failure",
    )
    terms = list(message.document.between(clause.start, clause.end))
    plain = all(t.any(*allowed) for t in terms)
    named = {i for t in terms for i in range(t.start, t.end)}
    others = [message.document.tokens[i] for i in range(clause.start, clause.end) if i not in named]
    if any(token.latin and not token.number and token.word not in _OF_A_SIZE for token in others):
        return False  # "just one question"
    short = len(others) <= _OTHER_WORDS and clause.end - clause.start <= 10
    return plain and short and leaves_liver(message, clause.start)
