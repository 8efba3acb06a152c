"""The one thing a caller needs: ask a question, get a finding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge.loading import Knowledge
from knowledge.models.base import Bilingual, Lang
from knowledge.models.questions import Absence, AbsentSubject, Examples, Facets, Finding, FindingKind, Topic, Vocabulary
from knowledge.models.statements import Statement
from knowledge.nlu.text import words
from knowledge.questions.choosing import choose, of_other_measures
from knowledge.questions.comparing import comparable, compared, insists, side_by_side
from knowledge.questions.confidence import (
    is_clinical,
    is_sure,
    names_disease,
    quoted,
    says_enough,
)
from knowledge.questions.followup import complete, could_lean, leans, names_only_strange, only_time
from knowledge.questions.listing import options_for, results_of_work, studies_of_design
from knowledge.questions.parts import questions_in, sentences, without_purpose
from knowledge.questions.profiles import Profile, Profiles
from knowledge.questions.ranking import Ranked, Ranking
from knowledge.questions.readability import is_readable, says_something
from knowledge.questions.reading import Reader, Reading
from knowledge.questions.scope import Scope
from knowledge.questions.selection import Selection, meant, select
from knowledge.questions.vocabulary import load_examples, load_vocabulary
from knowledge.questions.wording import Wordings

_NEAR = 2
_OF_A_REFERENCE = words(
    "s what which reference ref citation no nr number show open cite paper "
    "文 献 参 考 引 用 第 篇 条 号 编 看 查 讲 说 写"
)
"""Pieces that name a reference or ask for it as such."""
_SIZES = frozenset({"sample_size", "how_many_patients"})


class Questions:
    """Answers free questions from the statements of one knowledge base."""

    def __init__(self, kb: Knowledge, vocabulary: Vocabulary, examples: Examples, cache: Path | None = None) -> None:
        """Index the statements; sentence vectors are made when the first question needs them."""
        self._kb = kb
        self.reader = Reader(kb, vocabulary)
        self._profiles = Profiles(kb, self.reader)
        statements = [profile.statement for profile in self._profiles.all]
        self.reader.learn([t for s in statements for t in _texts(s)])
        self._numbers = frozenset(number for profile in self._profiles.all for number in profile.numbers)
        ordinary = (*vocabulary.ordinary.zh, *vocabulary.ordinary.en)
        wordings = Wordings(statements, ordinary, cache)
        self._ranking = Ranking(self._profiles, wordings)
        self._scope = Scope(wordings, examples, cache)

    @classmethod
    def create(cls, kb: Knowledge, cache: Path | None = None) -> Questions:
        """Ready for questions.

        Args:
            kb: the knowledge base.
            cache: folder in which sentence vectors are kept between processes; None for the user's cache folder.

        Raises:
            KnowledgeError: the vocabulary is missing or malformed.
        """
        return cls(kb, load_vocabulary(), load_examples(), cache)

    def ask(self, text: str, lang: Lang, topic: Topic | None = None) -> Finding:
        """What the review answers.

        Args:
            text: the question as it was typed.
            lang: the language of the conversation; only words put into an incomplete question depend on it.
            topic: of the finding before, so that "and at 5 years?" has a subject.
        """
        parts = questions_in(text := without_purpose(text))
        if len(parts) > 1:
            together = self._ask_each(parts, lang, topic)
            if together is not None:
                return together
        finding = self._ask_one(text, lang, topic)
        *said, last = sentences(text)
        if finding.reason == "not_in_review" and finding.absent is None and said and not self._concerns("".join(said)):
            alone = self._ask_one(last, lang, topic)  # "I'm a student. What is CRLM?"
            return alone if alone.kind == "answer" else finding
        return finding

    def _concerns(self, text: str) -> bool:
        """Whether what is said before a question bears on it."""
        return is_clinical(self.reader.read(text))

    def _ask_each(self, parts: Sequence[str], lang: Lang, topic: Topic | None) -> Finding | None:
        """One finding for questions asked in one breath, each leaning on the last; None unless all are answered."""
        found: list[Finding] = []
        for part in parts:
            found.append(self._ask_one(part, lang, found[-1].topic if found else topic))
            if found[-1].kind != "answer":
                return None
        ids = tuple(dict.fromkeys(id_ for finding in found for id_ in finding.statements))
        therapies = tuple(dict.fromkeys(id_ for finding in found for id_ in finding.therapies))
        update = {"statements": ids, "citations": self._kb.citations_of(ids), "therapies": therapies}
        return found[-1].model_copy(update=update)

    def _ask_one(self, text: str, lang: Lang, topic: Topic | None) -> Finding:
        reading = self.reader.read(text)
        if not is_readable(reading.pieces) and not reading.facets.references:
            return Finding.declined("not_understood")
        shown = bool(reading.facets.references) and "bibliography" in reading.signals  # "show me reference 16."
        if "manipulation" in reading.signals or (not shown and self._scope.manipulates(text)):
            return Finding.declined("out_of_scope")
        gone_on = None if topic is None else self._gone_on(reading, topic, lang)
        if gone_on is not None:
            return gone_on
        if (
            topic is None
            and reading.goes_on
            and not (reading.specific or reading.absent)
            and not quoted(reading, self._numbers)
        ):
            return Finding.declined("not_understood")
        return self._answer(reading, on_subject=topic is not None and reading.goes_on)

    def _gone_on(self, reading: Reading, topic: Topic, lang: Lang) -> Finding | None:
        """The finding for a question that goes on from the last one; None if it stands by itself."""
        if leans(reading) and names_only_strange(reading):
            absent = Finding.declined("not_in_review", topic=topic)
            return self._answer(reading, on_subject=True) if reading.absent else absent
        if not (leans(reading) or could_lean(reading)):
            return None
        finding = self._answer(complete(reading, topic, self._kb, self.reader.concepts, lang), on_subject=True)
        for extent in ("subject", "main") if not reading.facets.times else ():
            if finding.kind == "decline":
                said = complete(reading, topic, self._kb, self.reader.concepts, lang, extent)
                finding = self._answer(said, on_subject=True)
        if finding.kind == "decline":
            finding = self._size_of_study(reading, topic) or finding
        if quoted(reading, self._numbers) and not reading.facets.concepts:
            finding = self._with_figure(reading, finding)
        whole = leans(reading) or only_time(reading)
        if finding.kind == "decline" and not (whole and not reading.facets.has_subject):
            return None
        return finding if finding.statements else finding.model_copy(update={"topic": topic})

    def _size_of_study(self, reading: Reading, topic: Topic) -> Finding | None:
        """How many patients the work spoken of last had, where nothing else is asked (多少例?)."""
        facets = reading.facets
        named = facets.has_subject or facets.times or facets.populations or facets.kinds
        if not facets.measures or named or not _SIZES.issuperset(facets.measures):
            return None
        works = set(self._kb.citations_of(topic.statements))
        counted = [p for p in self._profiles.all if p.statement.n is not None and p.references & works]
        counted.sort(key=lambda profile: profile.statement.id not in topic.statements)
        return self._found("answer", counted[:1], reading).model_copy(update={"topic": topic}) if counted else None

    def _with_figure(self, reading: Reading, finding: Finding) -> Finding:
        """The answer to a question that is all about a figure ("where does the 139 come from").

        What goes on from the last answer counts only as far as it gives that figure.
        """
        giving = [p for p in self._profiles.all if p.statement.id in finding.statements and quoted(reading, p.numbers)]
        if giving:
            return self._found("answer", giving, reading)
        alone = self._answer(reading)
        return alone if alone.kind == "answer" else finding

    def absent_subjects(self, text: str) -> tuple[str, ...]:
        """Ids of the subjects in a text that the review does not deal with."""
        return tuple(subject.id for subject in self.reader.read(text).absent)

    def _answer(self, reading: Reading, *, on_subject: bool = False) -> Finding:
        """The finding; `on_subject` says that the question goes on from one about this disease."""
        refused = self._refused(reading, on_subject)
        if refused is not None:
            return refused
        reference = self._reference(reading)
        if reference is not None:
            return reference
        therapies = compared(reading, self._kb.therapies)
        if therapies and not insists(reading):
            fitting = comparable(therapies, reading.facets, self._profiles)
            ranked = [item.profile for item in self._ranking.rank(reading, fitting)]
            found = side_by_side(therapies, reading.facets, self._profiles, ranked)
            if found:
                return self._found("comparison", found, reading, therapies)
            if len(meant(therapies)) > 1:
                return self._not_found(reading, self._ranking.rank(reading, self._profiles.all), None)
        listed = studies_of_design(reading, self._profiles) or results_of_work(reading, self._profiles)
        if listed:
            return self._found("answer", listed, reading)
        return self._single(reading)

    def _refused(self, reading: Reading, on_subject: bool) -> Finding | None:
        """The decline for a question that names what the review does not deal with; None otherwise."""
        if reading.absent:
            foreign = [s for s in reading.absent if s.reason == "out_of_scope" or s.needs]
            return self._absent_subject((*foreign, *reading.absent)[0], reading, on_subject)
        if reading.strange_authors:
            names = tuple(Bilingual(zh=name, en=name) for name in reading.strange_authors)
            return Finding.declined("not_in_review", absent=Absence(part="author", named=names))
        wrong = [number for number in reading.facets.references if number not in self._kb.references]
        if wrong:
            names = tuple(Bilingual(zh=str(number), en=str(number)) for number in wrong)
            return Finding.declined("not_in_review", absent=Absence(part="reference", named=names))
        return None

    def _absent_subject(self, subject: AbsentSubject, reading: Reading, on_subject: bool) -> Finding:
        about_this = on_subject or subject.alone or names_disease(reading) or not self._scope.is_elsewhere(reading.text)
        if subject.reason == "out_of_scope" or not about_this:
            return Finding.declined("out_of_scope")
        if subject.needs is not None and not names_disease(reading):
            return Finding.declined("out_of_scope")
        near = [id_ for id_ in subject.nearest if id_ in self._kb.statements]
        absent = Absence(part="subject", named=(subject.name,))
        return Finding.declined("not_in_review", near, absent, Topic(facets=reading.facets))

    def _reference(self, reading: Reading) -> Finding | None:
        """The bibliographic finding, if that is what is asked for."""
        facets = reading.facets
        numbers = facets.references
        if numbers and not (set(facets.concepts) - {"definition"} or "content" in reading.signals):
            said = self._single(reading) if self._asks_beyond(reading) else None
            return said if said and said.kind == "answer" else self._references(numbers, reading)
        if "bibliography" in reading.signals:
            if not numbers and facets.has_subject:
                ranked = self._ranking.rank(reading, select(reading, self._profiles).profiles)
                cited = [item.profile for item in ranked if item.profile.references]
                numbers = tuple(sorted(cited[0].references)) if cited else ()
            if numbers:
                return self._references(numbers, reading)
        return None

    def _asks_beyond(self, reading: Reading) -> bool:
        """Whether a question names a work and something it says ("ref 20 aim and phase"), not only the work."""
        said = [piece for piece in reading.content if not piece.isdigit() and piece not in _OF_A_REFERENCE]
        return bool(said) and "bibliography" not in reading.signals

    def _references(self, numbers: Sequence[int], reading: Reading) -> Finding:
        statements = tuple(p.statement.id for p in self._profiles.all if p.references.intersection(numbers))
        topic = Topic(facets=reading.facets.model_copy(update={"references": tuple(numbers)}), statements=statements)
        return Finding(kind="reference", citations=tuple(numbers), topic=topic)

    def _single(self, reading: Reading) -> Finding:
        verbatim = self._ranking.verbatim(reading.text)
        selection = select(reading, self._profiles)
        if verbatim:
            fitting = () if selection.absence else selection.profiles
            selection = Selection((*verbatim, *(p for p in fitting if p not in verbatim)))
        ranked = self._ranking.rank(reading, selection.profiles or self._profiles.all)
        if selection.absence is not None or not (verbatim or is_sure(reading, ranked, self._numbers)):
            return self._not_found(reading, ranked, selection.absence)
        listed = options_for(reading, self._profiles, [item.profile for item in ranked])
        if len(listed) > 1:
            return self._found("answer", listed, reading)
        chosen = choose(reading, ranked, self._profiles)
        others = of_other_measures(reading, chosen, self._profiles, self._ranking)
        return self._found("answer", (*chosen, *others), reading)

    def _found(
        self, kind: FindingKind, profiles: Iterable[Profile], reading: Reading, therapies: Sequence[str] = ()
    ) -> Finding:
        ids = tuple(profile.statement.id for profile in profiles)
        named = tuple(id_ for id_ in reading.facets.therapies if id_ in self._kb.therapies)
        return Finding(
            kind=kind,
            statements=ids,
            citations=self._kb.citations_of(ids),
            therapies=tuple(therapies) or named,
            topic=Topic(facets=self._topic_facets(reading.facets, ids), statements=ids),
        )

    def _topic_facets(self, facets: Facets, ids: Sequence[str]) -> Facets:
        """The facets to go on from: a question without a subject takes that of its answer."""
        if facets.has_subject or not ids:
            return facets
        first = self._kb.statements[ids[0]]
        return facets.model_copy(update={"therapies": first.therapies[:1], "biomarkers": first.biomarkers[:1]})

    def _not_found(self, reading: Reading, ranked: Sequence[Ranked], absence: Absence | None) -> Finding:
        if says_enough(reading) and self._scope.manipulates(reading.text, surely=False):
            return Finding.declined("out_of_scope")
        if not is_clinical(reading):
            understood = reading.familiar and says_something(reading.pieces)
            return Finding.declined("out_of_scope" if understood else "not_understood")
        if not names_disease(reading) and self._scope.is_elsewhere(reading.text):
            return Finding.declined("out_of_scope")
        near = [item.profile.statement.id for item in ranked[:_NEAR]]
        named = tuple(id_ for id_ in reading.facets.therapies if id_ in self._kb.therapies)
        declined = Finding.declined("not_in_review", near, absence, Topic(facets=reading.facets))
        return declined.model_copy(update={"therapies": named})


def _texts(statement: Statement) -> Iterable[str]:
    yield from (statement.text.zh, statement.text.en, statement.short.zh, statement.short.en)
    yield from (*statement.questions.zh, *statement.questions.en)
