"""Which parts of a message are said of this patient: no question, supposition, patients in general or other person."""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge.nlu.clauses import SPACE, Clause, Clauses
from knowledge.nlu.conditions import THERAPIES, told_again
from knowledge.nlu.document import Document, Term
from knowledge.nlu.lexicon import CueCategory, Lexicon
from knowledge.nlu.persons import patient_follows, speaks_for, what_that_is
from knowledge.nlu.text import words

_ASKING = words("what which who whom whose when where why how what's whats")
_AUXILIARY = words(
    "is are was were do does did can could should would will shall may might has have isn't aren't can't won't"
)
_SUBJECTS = words("i we you he she it they there this that the my our his her a an one any anyone these those")
_INVERTED, _AFTER_INVERTED = words("should can could would is do does"), words("i we he she you it there")
_INDEFINITE = words("a an patients patient lesions tumours tumors cases those people disease")
_OPENING = words("and so but then or ok okay hi hello please well now also if given")
_RELATIVE = words("the is was are were has had have we she he they surgeons makes made means did then grew shows still")
_TELLING = words("we i he she they it you remains remained")
"""Words behind "which" by which it goes on telling, and behind "what" by which a clause tells what there is."""
_CHINESE_ASKING = (
    "吗", "嘛", "什么", "哪", "怎么", "怎样", "如何", "咋", "谁", "是否", "能否", "可否", "为什么", "为何", "有无",
    "有没有", "是不是", "要不要", "能不能", "可不可以", "行不行", "该不该", "会不会", "应不应该", "需不需要", "多少",
    "多长", "多久", "多大", "多高",
)  # fmt: skip
_CHINESE_ENDING = ("呢", "么", "几个月", "几年", "几次", "几个周期", "几个疗程", "几个", "几枚")
_THEMSELVES = words("自 本 himself herself")
"""Words that go on with the person just named (姐姐自己)."""
_WOULD = words("would could might 'd")
_WHETHER = words("know recall remember sure certain tell ask asked see unclear wonder wondering check doubt unsure")
"""Words behind which "if" means whether."""
_NOTHING = re.compile("(什么|哪).*(都没|也没|都不|也不|都无)")
"""什么转移都没有: nothing is asked."""
_HEADING = 12
_TOLD = (
    "done", "failure", "response", "residual", "no_residual", "not", "not_after", "never_chemotherapy", "unit",
    "maintenance_now", "past", "present_words", "fit", "frail", "risk_high", "not_resected", "any_surgery_none",
    "liver_resected", "untested", "maybe", "correction", "with_primary", "patient_again", "tolerance",
    "suited", "risk_degree", "surgeons", "operation_possible", "operation_impossible",
)  # fmt: skip
"""Words by which a clause tells something of a patient instead of only naming a subject."""
_ONE_PATIENT = words("岁 该 这 本 此 位 名 我 例 个")


class Frames:
    """For each token whether it is asserted of the patient, and whether it speaks of another person."""

    def __init__(self, document: Document, clauses: Clauses, lexicon: Lexicon) -> None:
        """Mark the tokens of a message."""
        self._document, self._clauses, self._lexicon = document, clauses, lexicon
        size = len(document.tokens)
        self.question = [False] * size
        self.hypothesis = [False] * size
        self.population = [False] * size
        self.other_person = [False] * size
        for clause in clauses.clauses:
            self._mark_question(clause)
        for term in document.terms:
            self._mark_cues(term)
        for clause in clauses.clauses:
            self._mark_described_patients(clause)
        self._mark_topic()
        self._mark_this_patient()

    @property
    def asks(self) -> bool:
        """Whether anything is asked."""
        return any(self.question) or any(clause.mark == "?" for clause in self._clauses.clauses)

    def asserted(self, start: int, end: int) -> bool:
        """Whether the tokens `start` to `end` (exclusive) are said of the patient as facts."""
        return not any(
            self.question[i] or self.hypothesis[i] or self.population[i]
            for i in range(start, min(end, len(self.question)))
        )

    def _mark_question(self, clause: Clause) -> None:
        start = self._question_start(clause)
        if start is None:
            return
        end = clause.end
        if self._english_opening(clause) is not None:
            end = self._clauses.sentence_end(clause.start)
            presented = (i for i in range(clause.start, end) if self._document.word(i) == ":")
            end = min(next(presented, end), end)
        self.question[start:end] = [True] * (end - start)

    def _question_start(self, clause: Clause) -> int | None:
        """The token from which on a clause asks something; None if it does not."""
        words = [token.word for token in self._document.tokens[clause.start : clause.end]]
        if not words:
            return None
        if words[0] in ("for", "in", "with") and words[1:2] and words[1] in _INDEFINITE and self._asks(clause):
            return clause.start
        opening = self._english_opening(clause)
        if opening is not None:
            return clause.start
        text = "".join(words)
        asked = [text.find(word) for word in _CHINESE_ASKING if word in text and not _NOTHING.search(text)]
        marked = clause.mark == "?" and not (len(words) <= 1)
        if asked and not marked and self._answers_itself(clause):
            return None
        if asked or text.endswith(_CHINESE_ENDING) or marked:
            inner = self._english_inner(clause)
            if inner is not None:
                return inner
            return self._last_part(clause, min(asked) if asked and not marked else None)
        inner = self._english_inner(clause)
        return inner if inner is not None and self._document.word(inner) in ("what", "which", "how", "should") else None

    def _last_part(self, clause: Clause, asked: int | None) -> int:
        """The start of the part of a clause, between spaces, in which something is asked."""
        position = 0
        start = clause.start
        for index in range(clause.start, clause.end):
            if asked is not None and position > asked:
                break
            if index > clause.start and self._clauses.before[index] == SPACE:
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
        while index < clause.end and self._document.word(index) in _OPENING:
            index += 1
        word, following = self._document.word(index), self._document.word(index + 1)
        if index >= clause.end:
            return None
        told = word == "what" and following in _TELLING and not self._asks_aloud(clause)
        if told or (word in ("what's", "whats") and following == "new"):
            return None  # "what we see today is one met"
        if word in _ASKING:
            opens = clause.start == self._clauses.sentence_start(clause.start)
            return index if opens or self._document.word(self._clauses.sentence_end(clause.start)) == "?" else None
        if following == "be" and not self._asks_aloud(clause):
            return None  # "can be resected"
        if word in _AUXILIARY and (
            following in _SUBJECTS or (word in ("is", "are", "can", "does", "do", "should") and self._asks(clause))
        ):
            measured = index + 1 < clause.end and self._document.tokens[index + 1].number
            return None if measured and not self._asks_aloud(clause) else index  # "was 35 mm, is 18 mm"
        return None

    def _asks_aloud(self, clause: Clause) -> bool:
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
            wh = wh and not (word == "which" and relative and clause.mark != "?")
            inverted = word in _INVERTED and following in _AFTER_INVERTED
            if word == "what" and following in ("would", "will") and clause.mark != "?":
                continue  # "what would remain is not enough"
            if (wh or inverted) and self._document.word(index - 1) not in ("of", "to", "for", "know", "about", "with"):
                return index
        return None

    def _mark_cues(self, term: Term) -> None:
        for name in term.names:
            cue = self._lexicon.cues.get(name)
            if cue is None:
                continue
            flags = self._flags(cue.category)
            if flags is None or cue.scope == "target":
                continue
            clause = self._clauses.of(term.start)
            if self._document.word(term.start) == "if" and self._document.word(term.start - 1) in _WHETHER:
                continue  # "can't recall if the lungs are clear"
            if cue.category == "other_person" and speaks_for(self._document, term):
                continue  # "my mum has 3 liver tumours"
            if term.start > clause.start and self._document.word(term.start) == "say":
                continue  # "surgeons say she is resectable" reports, "say she is resectable" supposes
            if cue.direction == "backward":
                start, end = what_that_is(self._document, self._clauses, term, clause), term.end
            else:
                start, end = term.start, clause.end if cue.scope == "clause" else self._clauses.sentence_end(term.start)
                own = self._document.word(term.end) in _THEMSELVES
                stops = ("patient_again",) if patient_follows(self._document, self._clauses, term, end) else cue.stops
                stop = self._document.first(term.end + 2 * own, end, *stops)
                end = stop.start if stop is not None else end
                if cue.category == "hypothesis":
                    end = min(self._remnant_measured(term.end, end), self._condition_end(term, end))
            flags[start:end] = [True] * (end - start)
            if cue.category == "hypothesis":
                self._mark_conditional(term)

    def _mark_conditional(self, cue: Term) -> None:
        """What would be if a condition held is supposed too ("would be resectable if the remnant were bigger")."""
        clause = self._clauses.of(cue.start)
        near = range(max(clause.start, cue.start - _HEADING), cue.start)
        start = next((i for i in near if self._document.word(i) in _WOULD), cue.start)
        for term in self._document.between(start, cue.start):
            if not term.names.isdisjoint(self._lexicon.findings):
                self.hypothesis[term.start : term.end] = [True] * (term.end - term.start)

    def _remnant_measured(self, start: int, end: int) -> int:
        """Where a supposed resection ends and the remnant measured for it is told (若切除，残肝仅22%，不足)."""
        remnant = self._document.first(start, end, "reserve_name")
        if remnant is None:
            return end
        supposed = self._document.first(start, remnant.end, "surgery", "hepatectomy") is not None
        behind = [self._document.word(i) for i in range(remnant.end, remnant.end + 8)]
        measured = {"%", "percent", "cent"}.intersection(behind) or ("百", "分") in pairwise(behind)
        return remnant.start if measured and (supposed or remnant.start - start > 1) else end

    def _condition_end(self, cue: Term, end: int) -> int:
        """Where the facts are told again behind a mere condition; `end` where the condition opens what is asked."""
        clause = self._clauses.of(cue.start)
        opens = cue.start - clause.start <= _HEADING and all(
            self._document.word(i) in _OPENING or self._document.tokens[i].number
            for i in range(clause.start, cue.start)
        )
        asked = self._asks_aloud(clause) or any(self.question[clause.end : end])
        if opens and asked and self._document.word(clause.start - 1) != "(":
            return end
        return told_again(self._document, self._clauses, self._lexicon, cue, end)

    def _flags(self, category: CueCategory) -> list[bool] | None:
        flags = {"hypothesis": self.hypothesis, "population": self.population, "other_person": self.other_person}
        return flags.get(category)

    def _mark_described_patients(self, clause: Clause) -> None:
        """Mark "RAS突变患者" in or before a question: the kind of patient is meant, not this one."""
        persons = [
            index
            for index in range(clause.start + 1, clause.end)
            if self._document.word(index) in ("患", "病", "者")
            and "".join(self._document.word(i) for i in (index, index + 1)) in ("患者", "病人")
        ]
        if not persons:
            return
        described = any(
            not term.any("patient_again", "filler") for term in self._document.between(clause.start, persons[0])
        )
        single = any(self._document.word(i) in _ONE_PATIENT for i in range(clause.start, clause.end))
        following = self._clauses.index(clause.start) + 1
        asks = self.question[clause.end - 1] or (
            following < len(self._clauses.clauses)
            and clause.mark not in ("。", ".", "\n", ";")
            and self.question[min(self._clauses.clauses[following].start, len(self.question) - 1)]
        )
        if described and asks and not single:
            self.population[clause.start : clause.end] = [True] * (clause.end - clause.start)

    def _mark_topic(self) -> None:
        """A message of one clause with a word such as "rate" or 预后 is a question in the form of a heading."""
        spoken = [clause for clause in self._clauses.clauses if clause.end > clause.start]
        if len(spoken) != 1 or any(self._document.find("unit.cm", "unit.mm", "unit.count")):
            return
        topics = self._document.find("topic", "progression_pseudo")
        if any(not self._no_evidence(topic) for topic in topics) or self._heading(spoken[0]):
            self.population[spoken[0].start : spoken[0].end] = [True] * (spoken[0].end - spoken[0].start)

    def _no_evidence(self, topic: Term) -> bool:
        """Whether a word such as 证据 is what there is none of (没有任何转移证据)."""
        denied = self._document.first(max(0, topic.start - _HEADING), topic.start, "not")
        return denied is not None and self._document.word(topic.end - 1) in ("据", "evidence")

    def _heading(self, clause: Clause) -> bool:
        """Whether a short clause only sets a therapy beside something ("TP53 mutation and SBRT")."""
        terms = list(self._document.between(clause.start, clause.end))
        therapy = any(term.any(*THERAPIES) for term in terms)
        told = any(term.any(*_TOLD) for term in terms)
        told = told or any(self.question[clause.start : clause.end])
        return therapy and not told and clause.end - clause.start <= _HEADING

    def _mark_this_patient(self) -> None:
        """What describes "my patient with …" inside a question is still said of the patient."""
        words = [token.word for token in self._document.tokens]
        for index in range(len(words) - 2):
            if words[index] in ("patient", "man", "woman", "lady", "gentleman") and words[index + 1] == "with":
                before = words[max(0, index - 4) : index]
                if {"my", "our", "this"} & set(before) or any(word.isdigit() for word in before):
                    end = self._clauses.of(index).end
                    for flags in (self.question, self.population):
                        flags[index + 2 : end] = [False] * (end - index - 2)
