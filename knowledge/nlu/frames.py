"""Which parts of a message are said of this patient: no question, supposition, patients in general or other person."""

from __future__ import annotations

from knowledge.nlu.clauses import Clause, Clauses
from knowledge.nlu.conditions import THERAPIES, remnant_told, told_again
from knowledge.nlu.document import Document, Term
from knowledge.nlu.interrogatives import OPENING, Interrogatives
from knowledge.nlu.lexicon import CueCategory, Lexicon
from knowledge.nlu.persons import addressed, before_another, patient_follows, speaks_for, told_apart, what_that_is
from knowledge.nlu.retractions import taken_back
from knowledge.nlu.text import words

_BRACKET = 24
"""The most tokens between a condition and a diameter in brackets."""
_SOON = 6
ALREADY = words("就 已 即 便")
"""Words that say that something was there then."""
_WISHING = words("要 想 愿 求")
_THEMSELVES = words("自 本 himself herself")
"""Words that go on with the person just named (姐姐自己)."""
_WOULD = words("would could might 'd")
_WHETHER = words("know recall remember sure certain tell ask asked see unclear wonder wondering check doubt unsure")
"""Words behind which "if" means whether."""
_HEADING = 12
_TOLD = (
    "done", "failure", "response", "residual", "no_residual", "not", "not_after", "never_chemotherapy", "unit",
    "maintenance_now", "past", "present_words", "fit", "frail", "risk_high", "not_resected", "any_surgery_none",
    "liver_resected", "untested", "maybe", "correction", "with_primary", "patient_again", "tolerance",
    "suited", "reserve_inadequate", "reserve_adequate", "risk_degree", "surgeons", "operation_possible",
    "operation_impossible", "shrinkage", "risky",
)  # fmt: skip
"""Words by which a clause tells something of a patient instead of only naming a subject."""
_ONE_PATIENT = words("岁 该 这 本 此 位 名 我 例 个")
_OURS, _JUDGES = words("my our this"), words("surgeon surgeons mdt team colleagues radiologist radiologists")
_PATIENT = words("patient man woman lady gentleman")
_LIMITS = 2
_POINTING = words("岁 该 这 本 此 位 名 我 他 她 my this her his she he")
_OF_A_KIND = (
    "range_join", "unit.cm", "unit.mm", "unresectable", "resectable", "lesion", "liver_metastasis", "filler",
    "enumerator",
)  # fmt: skip
"""Words for lesions of a size, of which no patient is told."""


class Frames:
    """For each token whether it is asserted of the patient, and whether it speaks of another person."""

    def __init__(self, document: Document, clauses: Clauses, lexicon: Lexicon) -> None:
        """Mark the tokens of a message."""
        self._document, self._clauses, self._lexicon = document, clauses, lexicon
        self._interrogatives = Interrogatives(document, clauses)
        size = len(document.tokens)
        self.question = [False] * size
        self.hypothesis = [False] * size
        self.population = [False] * size
        self.other_person = [False] * size
        self._another = before_another(document, clauses)
        for clause in clauses.clauses:
            self._mark_question(clause)
        for term in document.terms:
            self._mark_cues(term)
        for clause in clauses.clauses:
            self._mark_described_patients(clause)
            self._mark_lesions_in_general(clause)
            self._mark_taken_back(clause)
        self.other_person[: self._another] = [True] * self._another
        for start, end in told_apart(document):
            self.other_person[start:end] = [True] * (end - start)
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
        start = self._interrogatives.start(clause)
        if start is None:
            return
        end = clause.end
        if self._interrogatives.opens(clause):
            end = self._clauses.sentence_end(clause.start)
            presented = (i for i in range(clause.start, end) if self._document.word(i) == ":")
            end = min(next(presented, end), end)
        self.question[start:end] = [True] * (end - start)

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
            if (cue.category == "other_person" and self._is_no_other(term)) or self._tells(term):
                continue
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
                    end = clause.end if self._wished(term) else end
                    end = min(
                        remnant_told(self._document, self.question, term.end, end), self._condition_end(term, end)
                    )
            flags[start:end] = [True] * (end - start)
            if cue.category == "hypothesis":
                self._mark_conditional(term)
                self._tell_brackets(start, end)

    def _wished(self, cue: Term) -> bool:
        """Whether a change is what somebody wants, which supposes nothing beyond its clause (病人想换成维持治疗)."""
        before = self._document.term_at(cue.start - 1)
        wished = before is not None and before.any("planned")
        return self._document.word(cue.start) == "换" and (wished or self._document.word(cue.start - 1) in _WISHING)

    def _tells(self, cue: Term) -> bool:
        """Whether 的时候 or 的情况 supposes nothing (确诊的时候已经有转移, 没有失败的情况)."""
        said = "".join(self._document.word(i) for i in range(cue.start, cue.end))
        clause = self._clauses.of(cue.start)
        if said == "的情况":
            return self._document.first(clause.start, cue.start, "not") is not None
        behind = {self._document.word(i) for i in range(cue.end, min(clause.end, cue.end + _SOON))}
        return said == "的时候" and bool(behind & ALREADY) and not any(self.question[clause.start : clause.end])

    def _is_no_other(self, relative: Term) -> bool:
        """Whether a relative is the patient ("my mum has 3 liver tumours"), or the reader (兄弟，…)."""
        if 0 < self._another == self._clauses.of(relative.start).start:
            return True  # "today it is a different patient": the one who is told of from here on
        return speaks_for(self._document, relative) or addressed(self._document, self._clauses, relative)

    def _mark_conditional(self, cue: Term) -> None:
        """What would be if a condition held is supposed too ("would be resectable if the remnant were bigger")."""
        clause = self._clauses.of(cue.start)
        near = range(max(clause.start, cue.start - _HEADING), cue.start)
        start = next((i for i in near if self._document.word(i) in _WOULD), cue.start)
        for term in self._document.between(start, cue.start):
            if not term.names.isdisjoint(self._lexicon.findings):
                self.hypothesis[term.start : term.end] = [True] * (term.end - term.start)

    def _tell_brackets(self, start: int, end: int) -> None:
        """A diameter in brackets is that of a lesion there is ("if we can shrink the big one (92 mm)")."""
        end = min(end, start + _BRACKET)
        if any(self.question[start:end]):
            return
        for term in self._document.between(start, end):
            clause = self._clauses.of(term.start)
            if term.any("unit.cm", "unit.mm") and self._document.word(clause.start - 1) == "(":
                self.hypothesis[clause.start : clause.end] = [False] * (clause.end - clause.start)

    def _condition_end(self, cue: Term, end: int) -> int:
        """Where the facts are told again behind a mere condition; `end` where the condition opens what is asked."""
        clause = self._clauses.of(cue.start)
        opens = cue.start - clause.start <= _HEADING and all(
            self._document.word(i) in OPENING or self._document.tokens[i].number for i in range(clause.start, cue.start)
        )
        asked = self._interrogatives.asks_aloud(clause) or any(self.question[clause.end : end])
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

    def _mark_lesions_in_general(self, clause: Clause) -> None:
        """Mark a range of sizes without a number of lesions before a question on therapies: a kind of lesions is meant.

        "3-5 cm unresectable mets, ablation or SBRT?" asks about such lesions; nobody measures one as 3 to 5 cm.
        """
        asked = self._asked_behind(clause)
        if asked is None:
            return
        end = min(clause.end, asked.start)
        terms = list(self._document.between(clause.start, end))
        if not all(term.any(*_OF_A_KIND) for term in terms) or not any(term.any("range_join") for term in terms):
            return
        numbers = [i for i in range(clause.start, end) if self._document.tokens[i].number]
        therapies = any(term.any(*THERAPIES) for term in self._document.between(asked.start, asked.end))
        pointed = {self._document.word(i) for i in range(clause.start, asked.end)} & _POINTING
        if len(numbers) == _LIMITS and therapies and not pointed:
            self.population[clause.start : end] = [True] * (end - clause.start)

    def _mark_taken_back(self, clause: Clause) -> None:
        """Mark what a clause takes back or names as a slip."""
        end = taken_back(self._document, self._clauses, clause)
        self.population[clause.start : end] = [True] * (end - clause.start)

    def _asked_behind(self, clause: Clause) -> Clause | None:
        """The question that follows a clause, or stands behind a colon in it."""
        following = self._clauses.index(clause.start) + 1
        colon = next((i for i in range(clause.start, clause.end - 1) if self._document.word(i) == ":"), None)
        if colon is not None:
            asked = Clause(colon + 1, clause.end, clause.sentence, clause.mark)
        elif clause.mark not in ("。", ".", "\n") and following < len(self._clauses.clauses):
            asked = self._clauses.clauses[following]
        else:
            return None
        asks = self._interrogatives.asks_aloud(asked) or any(self.question[asked.start : asked.end])
        return asked if asks else None

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
        told = any(term.any(*_TOLD) for term in terms) or self._gives_result(clause)
        told = told or self._document.word(clause.end - 1) == "了" or any(self.question[clause.start : clause.end])
        return therapy and not told and clause.end - clause.start <= _HEADING

    def _gives_result(self, clause: Clause) -> bool:
        """Whether a clause gives the result of a ctDNA ("ctDNA was positive on completion of chemotherapy")."""
        sample = self._document.first(clause.start, clause.end, "ctdna")
        if sample is None:
            return False
        return self._document.first(sample.end, clause.end, "quality.positive", "quality.negative") is not None

    def _mark_this_patient(self) -> None:
        """What describes "my patient with …" inside a question is still said of the patient."""
        said = [token.word for token in self._document.tokens]
        for index in range(len(said) - 2):
            before = said[max(0, index - 4) : index]
            clause = self._clauses.of(index)
            if said[index] in _PATIENT and said[index + 1] == "with":
                if _OURS & set(before) or any(word.isdigit() for word in before):
                    self._tell(index + 2, clause.end)
            elif said[index] in _PATIENT and said[index + 2] == "whose" and _OURS & set(before):
                self._tell(index + 2, self._clauses.sentence_end(index))  # "for my patient, whose remnant is small"
            elif said[index] in _OURS and said[index + 1] in _JUDGES and "for" in said[clause.start : index]:
                self._tell(said.index("for", clause.start), clause.end)  # "for a met that my surgeons call …"

    def _tell(self, start: int, end: int) -> None:
        """The tokens are said of this patient, though inside a question."""
        for flags in (self.question, self.population):
            flags[start:end] = [False] * (end - start)
