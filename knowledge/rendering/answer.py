"""The answer to a free question: statements with their sources, a comparison, references, or an honest decline."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from knowledge.loading import Knowledge
from knowledge.models.base import Bilingual, Lang
from knowledge.models.messages import (
    AnswerMessage,
    ComparisonMessage,
    DeclineMessage,
    ReferenceMessage,
    Reply,
)
from knowledge.models.questions import Finding
from knowledge.models.references import Reference
from knowledge.models.statements import Statement
from knowledge.pictures import illustration
from knowledge.questions.tokens import cut
from knowledge.questions.vocabulary import load_vocabulary
from knowledge.questions.wording import features
from knowledge.rendering import decline
from knowledge.rendering.base import joined, lines, note_lines, phrase, statement_line, therapy_names

_ENOUGH = 0.6
"""A population of which this much stands in the text already is not named again."""
_ENOUGH_OF_DESIGN = 0.5
"""The same for a design: "retrospective" alone tells a retrospective study."""
_MOST_LIMITS = 2
_DESCRIPTIVE = frozenset({"sample_size", "follow_up", "lesion_number", "lesion_size"})
_STUDY_KINDS = frozenset({"outcome", "association"})


def show(kb: Knowledge, finding: Finding, lang: Lang) -> Reply:
    """The message for a finding.

    Args:
        kb: the knowledge base the finding comes from.
        finding: of `Questions.ask`.
        lang: the language to answer in.
    """
    if finding.kind == "decline":
        return _decline(kb, finding, lang)
    if finding.kind == "reference":
        custom = ReferenceMessage(lang=lang, knowledge_version=kb.version, citations=finding.citations)
        return Reply(text=lines(_references(kb, finding.citations, lang)), custom=custom)
    if finding.kind == "comparison":
        return Reply(
            text=lines(_comparison(kb, finding, lang)),
            custom=ComparisonMessage(
                lang=lang,
                knowledge_version=kb.version,
                therapies=finding.therapies,
                statements=finding.statements,
                citations=finding.citations,
            ),
        )
    return Reply(
        text=lines(_answer(kb, finding.statements, lang)),
        custom=AnswerMessage(
            lang=lang,
            knowledge_version=kb.version,
            statements=finding.statements,
            citations=finding.citations,
            picture=illustration(finding.statements),
        ),
    )


def _answer(kb: Knowledge, keys: Sequence[str], lang: Lang) -> list[str]:
    rows: list[str] = []
    told: set[str] = set()
    for key in keys:
        rows.append(statement_line(kb, key, lang))
        details = _details(kb.statements[key], lang)
        if details and details not in told:
            rows.append(details)
            told.add(details)
    limits = _limits(kb, keys, lang)
    if limits:
        rows.append(phrase("answer.limits", lang, limits=limits))
    return [*rows, *note_lines(kb, keys, lang)]


def _details(statement: Statement, lang: Lang) -> str:
    """Authors, design, size and population of the study as far as the text does not tell them."""
    text = statement.text[lang]
    pieces = set(cut(text))
    details = [", ".join(name for name in statement.authors if not set(cut(name)) <= pieces)]
    design = "" if statement.design == "not_stated" else phrase(f"answer.{statement.design}", lang)
    if design and not _tells(text, design, _ENOUGH_OF_DESIGN):
        details.append(design)
    if statement.n is not None and str(statement.n) not in pieces:
        details.append(phrase("answer.patients", lang, n=statement.n))
    if statement.n_lesions is not None and str(statement.n_lesions) not in pieces:
        details.append(phrase("answer.lesions", lang, n=statement.n_lesions))
    population = statement.population[lang] if statement.population else ""
    named = [detail for detail in details if detail]
    return " ".join(
        part
        for part in (
            phrase("answer.study", lang, details=joined(named, lang)) if named else "",
            phrase("answer.population", lang, population=population)
            if population and not _tells(text, population)
            else "",
        )
        if part
    )


def _tells(text: str, words: str, enough: float = _ENOUGH) -> bool:
    """Whether most of the words stand in the text."""
    wanted = features(words)
    return len(wanted & features(text)) >= enough * len(wanted)


def _limits(kb: Knowledge, keys: Sequence[str], lang: Lang) -> str:
    """The limits the review states of the works these results come from, unless they are among the answers."""
    results = {key for key in keys if kb.statements[key].kind in _STUDY_KINDS}
    cited = set(kb.citations_of(results))
    limits = [
        statement.short[lang].rstrip("。.")
        for statement in kb.statements.values()
        if statement.kind == "limitation" and statement.id not in keys and cited.intersection(statement.citations)
    ]
    if any(kb.statements[key].kind == "limitation" for key in keys):
        return ""
    return ("；" if lang == "zh" else "; ").join(limits[:_MOST_LIMITS])


def _comparison(kb: Knowledge, finding: Finding, lang: Lang) -> Iterable[str]:
    """Statements on several of the therapies first, then those on each."""
    remaining = list(finding.statements)
    direct = [key for key in remaining if len(_concerned(kb, key, finding.therapies)) > 1]
    rest = [key for key in remaining if key not in direct]
    if direct:
        yield from (statement_line(kb, key, lang) for key in direct)
    else:
        yield phrase("answer.side_by_side", lang, therapies=therapy_names(kb, finding.therapies, lang))
    for therapy in finding.therapies if rest else ():
        yield phrase("answer.therapy", lang, therapy=kb.therapies[therapy].name[lang])
        own = [key for key in rest if therapy in _concerned(kb, key, finding.therapies)]
        yield from (statement_line(kb, key, lang, short=True) for key in own)
        if not own and not direct:
            yield phrase("answer.nothing_on", lang)
    yield from note_lines(kb, finding.statements, lang)


def _concerned(kb: Knowledge, key: str, therapies: Sequence[str]) -> list[str]:
    """Those of the therapies that the statement is on, itself or in a special form."""
    named = kb.statements[key].therapies
    parents = {kb.therapies[therapy].parent for therapy in named}
    return [therapy for therapy in therapies if therapy in named or therapy in parents]


def _references(kb: Knowledge, numbers: Iterable[int], lang: Lang) -> Iterable[str]:
    for number in numbers:
        reference = kb.references[number]
        yield phrase(f"answer.{reference.state}", lang, number=number, work=_work(reference))
        if reference.state == "unresolved" and reference.named:
            yield phrase("answer.named", lang, named=reference.named)
        yield phrase("answer.subject", lang, subject=reference.subject[lang])
        places = dict.fromkeys(s.place for s in kb.statements_of(citation=number) if s.kind != "editor_note")
        if places:
            yield phrase("answer.place", lang, places=joined(places, lang))


def _work(reference: Reference) -> str:
    """The bibliographic details that may be shown."""
    source = " ".join(part for part in (reference.journal, reference.year) if part)
    if reference.volume_pages:
        source = f"{source};{reference.volume_pages}"
    parts = [reference.authors, reference.title, source]
    if reference.doi:
        parts.append(f"DOI {reference.doi} {reference.url}")
    return ". ".join(part.rstrip(". ") for part in parts if part)


def _decline(kb: Knowledge, finding: Finding, lang: Lang) -> Reply:
    if finding.reason == "out_of_scope":
        return decline.out_of_scope(kb, lang)
    if finding.reason != "not_in_review":
        return decline.not_understood(kb, lang)
    custom = DeclineMessage(lang=lang, knowledge_version=kb.version, reason=finding.reason)
    return Reply(text=lines(_lacking(kb, finding, lang), _nearest(kb, finding.near, lang)), custom=custom)


def _lacking(kb: Knowledge, finding: Finding, lang: Lang) -> str:
    """What the review lacks."""
    absent = finding.absent
    if absent is None or not absent.named or absent.part == "combination":
        return phrase("answer.no_answer", lang)
    named, available = _listed(absent.named, lang), _listed(absent.available, lang)
    key = "no_time_but" if absent.part == "time" and available else f"no_{absent.part}"
    if finding.therapies and absent.part in {"measure", "figure"}:
        therapies = therapy_names(kb, finding.therapies, lang)
        return phrase(f"answer.{key}_of", lang, named=named, therapies=therapies)
    return phrase(f"answer.{key}", lang, named=named, available=available)


def _listed(names: Iterable[Bilingual], lang: Lang) -> str:
    return joined(dict.fromkeys(name[lang] for name in names), lang)


def _nearest(kb: Knowledge, near: Sequence[str], lang: Lang) -> str:
    """The subjects, not the content, of the nearest statements."""
    names = {c.id: c.name for c in load_vocabulary().concepts}
    subjects = []
    for key in near:
        statement = kb.statements[key]
        section = phrase(f"answer.section_{statement.section}", lang)
        matters = [kb.therapies[therapy].short[lang] for therapy in statement.therapies]
        measures = (result.measure for result in statement.results if result.measure not in _DESCRIPTIVE)
        matters += [names[measure][lang] for measure in measures if measure in names]
        matters += [names[marker][lang] for marker in statement.biomarkers if marker in names]
        subject = (
            phrase("answer.near", lang, section=section, matters=joined(dict.fromkeys(matters), lang))
            if matters
            else section
        )
        subjects.append(subject)
    return phrase("answer.nearest", lang, subjects=joined(dict.fromkeys(subjects), lang)) if subjects else ""
