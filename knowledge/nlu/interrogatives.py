"""Where a clause begins to ask something, in Chinese and English."""

from __future__ import annotations

import re

from knowledge.nlu.clauses import SPACE, Clause, Clauses
from knowledge.nlu.document import Document
from knowledge.nlu.numerals import read_number
from knowledge.nlu.text import words

_ASKING = words("what which who whom whose when where why how what's whats")
_AUXILIARY = words(
    "is are was were do does did can could should would will shall may might has have isn't aren't can't won't"
)
_SUBJECTS = words("i we you he she it they there this that the my our his her a an one any anyone these those")
_INVERTED, _AFTER_INVERTED = words("should can could would is do does"), words("i we he she you it there")
_INDEFINITE = words("a an patients patient lesions tumours tumors cases those people disease")
OPENING = words("and so but then or ok okay hi hello please well now also if given")
_REQUEST, _SHORTEST = 12, 4
_PRESENTING = words("ask run discuss present share tell describe")
_ARTICLES = words("about you of a an my our this one the through past year old yo - male female")
_PATIENT = words("patient pt case man woman lady gentleman mr mrs ms")
"""What a request is made of that presents a patient: "may I discuss a 61 year old man with …"."""
_RELATIVE = words("the is was are were has had have we she he they surgeons makes made means did then grew shows still")
_ARTICLES_BEHIND = words("a an the one")
_NOT_ASKED_BEHIND = words("that of to for know about with not was")
_WHOSE = words("our my the her his")
_ASKED_OF = words("know tell me us ask asks asked wonder wondering see decide on choose explain say sure about")
"""Words before "which" behind which it asks; elsewhere "which our surgeons regard as resectable" goes on telling."""
_TELLING = words("we i he she they it you remains remained")
"""Words behind "which" by which it goes on telling, and behind "what" by which a clause tells what there is."""
_CHINESE_ASKING = (
    "吗", "嘛", "什么", "哪", "怎么", "怎样", "如何", "咋", "谁", "是否", "能否", "可否", "为什么", "为何", "有无",
    "有没有", "是不是", "要不要", "能不能", "可不可以", "行不行", "该不该", "会不会", "应不应该", "需不需要", "多少",
    "多长", "多久", "多大", "多高",
)  # fmt: skip
_CHINESE_ENDING = ("呢", "么", "几个月", "几年", "几次", "几个周期", "几个疗程", "几个", "几枚")
_NOTHING = re.compile("(什么|哪).*(都没|也没|都不|也不|都无)")
"""什么转移都没有: nothing is asked."""


class Interrogatives:
    """The questions in the clauses of a message."""

    def __init__(self, document: Document, clauses: Clauses) -> None:
        """Look at the clauses of `document`."""
        self._document, self._clauses = document, clauses

    def start(self, clause: Clause) -> int | None:
        """The token from which on a clause asks something; None if it does not."""
        words = [token.word for token in self._document.tokens[clause.start : clause.end]]
        if not words:
            return None
        if self._presents(clause):
            return None
        if words[0] in ("for", "in", "with") and words[1:2] and words[1] in _INDEFINITE and self._asks(clause):
            return clause.start
        opening = self._english_opening(clause)
        if opening is not None:
            return clause.start
        text = "".join(words)
        asked = [text.find(word) for word in _CHINESE_ASKING if word in text and not _NOTHING.search(text)]
        alone = len(words) <= 1 and len(self._clauses.clauses) <= 1
        marked = clause.mark == "?" and not alone
        if asked and not marked and self._answers_itself(clause):
            return None
        if asked or text.endswith(_CHINESE_ENDING) or marked:
            inner = self._english_inner(clause)
            if inner is not None:
                return inner
            return self._last_part(clause, min(asked) if asked and not marked else None)
        inner = self._english_inner(clause)
        return inner if inner is not None and self._document.word(inner) in ("what", "which", "how", "should") else None

    def opens(self, clause: Clause) -> bool:
        """Whether a clause begins as an English question."""
        return self._english_opening(clause) is not None

    def _last_part(self, clause: Clause, asked: int | None) -> int:
        """The start of the part of a clause, between spaces, in which something is asked."""
        position = 0
        start = clause.start
        for index in range(clause.start, clause.end):
            if asked is not None and position > asked:
                break
            told = self._document.word(index - 1) == ":" and asked is None  # "unresectable, 4 cm: SBRT or ablation?"
            if index > clause.start and (told or self._clauses.before[index] == SPACE):
                start = index
            position += len(self._document.word(index))
        return start

    def _answers_itself(self, clause: Clause) -> bool:
        """Whether a form is filled in ("有无肝外转移：无") or a thing is said to be open ("是否可切除待定")."""
        terms = list(self._document.between(clause.start, clause.end))
        if any(term.any("untested", "maybe_after") for term in terms):
            return True
        words = [token.word for token in self._document.tokens[clause.start : clause.end]]
        return ":" in words and words.index(":") < len(words) - 1

    def _english_opening(self, clause: Clause) -> int | None:
        """The place of the word that makes a clause begin as an English question."""
        index = clause.start
        while index < clause.end and self._document.word(index) in OPENING:
            index += 1
        word, following = self._document.word(index), self._document.word(index + 1)
        if index >= clause.end:
            return None
        told = word == "what" and (following in _TELLING or self._counts(index, clause)) and not self.asks_aloud(clause)
        if told or (word in ("what's", "whats") and following == "new"):
            return None  # "what we see today is one met"
        if word in _ASKING:
            opens = clause.start == self._clauses.sentence_start(clause.start)
            return index if opens or self._document.word(self._clauses.sentence_end(clause.start)) == "?" else None
        if following == "be" and not self.asks_aloud(clause):
            return None  # "can be resected"
        first = clause.start == self._clauses.sentence_start(clause.start)
        asks = self._asks(clause) if first else self.asks_aloud(clause)  # ", which is a metastasis, is resectable"
        if word in _AUXILIARY and (
            following in _SUBJECTS or (word in ("is", "are", "can", "does", "do", "should") and asks)
        ):
            if not first and following in _ARTICLES_BEHIND and not self.asks_aloud(clause):
                return None  # "the husband, a cirrhotic, has a MELD of 17"
            measured = index + 1 < clause.end and self._document.tokens[index + 1].number
            return None if measured and not self.asks_aloud(clause) else index  # "was 35 mm, is 18 mm"
        return None

    def _counts(self, index: int, clause: Clause) -> bool:
        """Whether a clause that opens with "what" says how many there are ("what the MRI still shows is 2 mets")."""
        if [self._document.word(i) for i in range(index + 1, index + 3)] == ["has", "happened"]:
            return True  # "what has happened is progression"
        if self._document.word(index + 1) in _AUXILIARY:
            return False
        is_behind = (i for i in range(index + 2, clause.end - 1) if self._document.word(i) in ("is", "are"))
        return any(read_number(self._document, i + 1) is not None for i in is_behind)

    def _presents(self, clause: Clause) -> bool:
        """Whether a patient is presented in the form of a request ("could I ask about a patient whose mets …?")."""
        said = [self._document.word(i) for i in range(clause.start, min(clause.end, clause.start + _REQUEST))]
        while said and said[0] in OPENING:
            said.pop(0)
        if len(said) < _SHORTEST or said[0] not in _AUXILIARY or said[1] != "i" or said[2] not in _PRESENTING:
            return False
        patient = next((place for place, word in enumerate(said) if word in _PATIENT), 0)
        return patient > 0 and all(word in _ARTICLES or word.isdigit() for word in said[3:patient])

    def asks_aloud(self, clause: Clause) -> bool:
        """Whether a clause or its sentence ends with a question mark."""
        return clause.mark == "?" or self._document.word(self._clauses.sentence_end(clause.start)) == "?"

    def _asks(self, clause: Clause) -> bool:
        end = self._clauses.sentence_end(clause.start)
        return self._document.word(end) in ("?", "") or clause.mark == "?"

    def _english_inner(self, clause: Clause) -> int | None:
        """The place inside a clause where an English question begins after something else was said."""
        if self._document.word(clause.start) in ("for", "in", "with", "among"):
            return None
        for index in range(clause.start + 1, clause.end):
            word, following = self._document.word(index), self._document.word(index + 1)
            wh = word in ("what", "which", "how", "why") and self._document.tokens[index].spaced
            relative = following in _RELATIVE or following.endswith("ed")
            relative = relative or (following in _WHOSE and self._document.word(index - 1) not in _ASKED_OF)
            wh = wh and not (word == "which" and relative and clause.mark != "?")
            inverted = word in _INVERTED and following in _AFTER_INVERTED
            if word == "what" and following in ("would", "will") and clause.mark != "?":
                continue  # "what would remain is not enough"
            if (wh or inverted) and self._document.word(index - 1) not in _NOT_ASKED_BEHIND:
                return index
        return None
