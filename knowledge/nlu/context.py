"""How the words around a finding are to be taken: denied, doubted, not yet tested, planned, past or present."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.nlu.clauses import CLAUSE, SPACE, Clauses
from knowledge.nlu.document import Document, Term
from knowledge.nlu.lexicon import CueCategory, Lexicon
from knowledge.nlu.quantifiers import none_of_them
from knowledge.nlu.text import words

_REACH = 14
"""The most tokens a cue acts over; it keeps the search linear in the length of the message."""

_REACH_AFTER = 8

_FAMILIES: tuple[tuple[str, ...], ...] = (
    ("organ", "extrahepatic", "metastasis", "lesion", "liver_metastasis", "possible_metastasis"),
    ("gene", "quality", "genes_tested", "all_wild", "ugt1a1", "ctdna", "enzyme"),
    ("chemotherapy", "local_therapy", "hepatectomy", "surgery", "adjuvant", "any_local", "hai", "primary_surgery"),
    ("failure", "response", "residual"),
    ("lab",),
)
"""Findings of one family are denied together where nothing stands between them ("no lung metastases")."""

_NEAREST_ONLY = words("不 anything far nowhere")
"""First words of negations that belong to the next words (肾功能不全 says nothing of what comes later)."""
_NEAREST = 2
_IMAGING = frozenset({"pet", "ct", "mri"})
_ETC = "等"
"""It closes a list or says that something is waited for."""

_VERDICT = frozenset("考倾")
_GENES = 1
"""The place of the genes among the families."""

_JOINTS = words("and but so while")
_FINITE = words("is are was were has have had")
"""Verbs behind an "and" with which something new is said."""

_KINDS = ("synchronous", "metachronous")
"""Adjectives of what is denied ("no evidence of synchronous disease in the lungs")."""

_SKIPPED = (
    "filler",
    "gene_filler",
    "multiple",
    "solitary",
    "size_label",
    "after",
    "done",
    "enumerator",
    "evaluation",
    "example",
    "range_join",
)


@dataclass(frozen=True)
class Context:
    """Answers questions about the surroundings of terms."""

    document: Document
    clauses: Clauses
    lexicon: Lexicon

    def cue(self, start: int, end: int, category: CueCategory) -> Term | None:
        """The cue of a category that acts on the tokens `start` to `end` (exclusive), before or after them."""
        return self.cue_before(start, category) or self.cue_after(end, category) or self._wide_cue(start, category)

    def cue_before(self, start: int, category: CueCategory) -> Term | None:
        """The nearest cue before a token that reaches it."""
        cue = self._nearest_before(start, category)
        if cue is None and category == "negation" and start < len(self.document.tokens):
            cue = none_of_them(self.document, self.clauses, start)
        return cue

    def _nearest_before(self, start: int, category: CueCategory) -> Term | None:
        target = start
        index = start - 1
        family = self._family_at(start)
        inside = start < len(self.document.tokens)
        if inside and (self.clauses.before[start] >= SPACE or self._something_new(start, category)):
            return None
        while index >= 0 and start - index <= _REACH and not self._something_new(index, category):
            term = self.document.term_at(index)
            if term is not None:
                if self._is_cue(term, category, "forward") and not self._belongs_elsewhere(term, start):
                    return term
                if category == "negation" and self._denied_with(term, target):
                    return term
                if term.any("turn") or self._new_subject(term) or (family == _GENES and term.any("unit")):
                    return None
                other = None if term.any(*_KINDS) else self._family(term)
                if other is not None:
                    if not self._joined(term.end, target, other == family):
                        return None
                    target = term.start
                index = term.start
            if self.clauses.before[index] >= SPACE:
                return None
            index -= 1
        return None

    def _something_new(self, index: int, category: CueCategory) -> bool:
        """Whether a token begins what a cue before it does not reach.

        "never had a hepatectomy and is in partial response", "they no longer are: unresectable", and for plans "I would
        like your view on my patient whose hepatectomy …".
        """
        word, before = self.document.word(index), self.document.word(index - 1)
        if category == "plan":
            return word == "whose"
        if word in _JOINTS and self.document.word(index + 1) == "no":
            return True  # "never been operated on and no chemo has been given"
        return (word in _FINITE and before in _JOINTS) or (word == ":" and before in _FINITE)

    def _new_subject(self, term: Term) -> bool:
        """Whether a word for the patient opens a new statement ("none of it has started and he has had no chemo")."""
        return term.any("patient_again") and self.document.word(term.start - 1) in _JOINTS

    def _denied_with(self, term: Term, target: int) -> bool:
        """Whether a denied operation opens the list that a therapy goes on ("no hepatectomy, chemotherapy or RFA")."""
        return term.any("not_resected", "any_surgery_none") and self._joined(term.end, target, same_family=False)

    def cue_after(self, end: int, category: CueCategory) -> Term | None:
        """The nearest cue after a token, before anything else is spoken of."""
        index, family = end, self._family_at(end - 1)
        while index < len(self.document.tokens) and index - end <= _REACH_AFTER:
            if (
                self.clauses.before[index] >= CLAUSE
                and self.document.word(index) != "("
                and self.document.word(index - 1) != "("
            ):
                return None
            term = self.document.term_at(index)
            if term is None:
                if self.document.tokens[index].number:
                    return None
                index += 1
                continue
            if self._is_cue(term, category, "backward"):
                return term if self._stands_alone(term, category) else None
            listed = self._family(term) == family and self._listed_at(index)
            if term.any("turn") or (self._ends_search(term) and not listed):
                return None
            index = term.end
        return None

    def _listed_at(self, index: int) -> bool:
        """Whether a word of a list stands right before a token (化疗和靶向都没用)."""
        before = self.document.term_at(index - 1)
        return before is not None and before.any("enumerator")

    def _wide_cue(self, start: int, category: CueCategory) -> Term | None:
        """A cue before a token that acts on its whole clause ("it is not clear whether …")."""
        clause = self.clauses.of(start)
        for term in self.document.between(max(clause.start, start - _REACH), start):
            for name in term.names:
                cue = self.lexicon.cues.get(name)
                if cue is not None and cue.category == category and cue.scope == "clause":
                    return term
        return None

    def doubt(self, start: int, end: int) -> Term | None:
        """The cue that puts the tokens in doubt, but for how radiologists give a finding (考虑转移)."""
        cue = self.cue(start, end, "uncertainty")
        return None if cue is None or self.document.word(cue.start) in _VERDICT else cue

    def negated(self, start: int, end: int) -> Term | None:
        """The cue that denies the tokens `start` to `end` (exclusive)."""
        return self.cue(start, end, "negation")

    def _belongs_elsewhere(self, cue: Term, target: int) -> bool:
        """Whether a cue belongs to a word long before the target, or closes a list (肺、骨等肝外部位)."""
        listed = self.document.term_at(cue.start - 1)
        if self.document.word(cue.start) == _ETC and listed is not None and listed.any("organ", "gene", "lab"):
            return True
        alone = cue.end - cue.start == 1 or self.document.tokens[cue.start].latin
        short = alone and self.document.word(cue.start) in _NEAREST_ONLY
        return short and target - cue.end > _NEAREST

    def _is_cue(self, term: Term, category: CueCategory, direction: str) -> bool:
        cues = (self.lexicon.cues.get(name) for name in term.names)
        return any(cue is not None and cue.category == category and cue.direction == direction for cue in cues)

    def _stands_alone(self, term: Term, category: CueCategory) -> bool:
        """Whether a word that also acts forward (无, no) has nothing after it to act on."""
        if not self._is_cue(term, category, "forward"):
            return True
        following = self.document.term_at(term.end)
        image = self.document.term_at(term.end + 1)
        on_image = self.document.word(term.end) == "on" and image is not None and image.any("turn_to_patient")
        if on_image or self.document.word(term.end) == "by":
            return True  # "extrahepatic disease excluded on PET"
        if term.end >= len(self.document.tokens) or self.clauses.before[term.end] >= SPACE:
            return True
        if following is not None and following.any("metastasis", "lesion", "possible_metastasis"):
            return True
        return following is None and not self.document.tokens[term.end].chinese

    def _ends_search(self, term: Term) -> bool:
        if term.any("metastasis", "lesion", "possible_metastasis", "filler", "gene_filler", "genes_tested", "done"):
            return False
        if term.any("turn_to_patient") and self.document.word(term.end - 1) in _IMAGING:
            return False  # 肝外PET没东西
        return self._family(term) is not None or any(name in self.lexicon.cues for name in term.names)

    def _family_at(self, index: int) -> int | None:
        term = self.document.term_at(index)
        return None if term is None else self._family(term)

    def _family(self, term: Term) -> int | None:
        for position, names in enumerate(_FAMILIES):
            if term.any(*names):
                return position
        return len(_FAMILIES) if any(name in self.lexicon.findings for name in term.names) else None

    def _joined(self, start: int, end: int, same_family: bool) -> bool:
        """Whether two findings are listed together or belong to one expression."""
        index, listed = start, False
        while index < end:
            term = self.document.term_at(index)
            if term is None:
                if self.document.word(index) not in (",", "，"):
                    return False
                listed = True
                index += 1
                continue
            if term.any("enumerator"):
                listed = True
            elif not term.any(*_SKIPPED):
                return False
            index = term.end
        return listed or same_family
