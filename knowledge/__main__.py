"""The knowledge base in a terminal: `python -m knowledge check | options | ask | show | diff | picture`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.consultation import apply_mentions
from knowledge.engine import evaluate
from knowledge.loading import Knowledge, KnowledgeError, load_knowledge
from knowledge.models.base import LANGUAGES, Lang, Model
from knowledge.models.case import Case
from knowledge.models.facts import FACT_IDS, PatientFacts
from knowledge.proof import prove
from knowledge.rendering import answer, options
from knowledge.rendering.base import fact_text, lines, note_lines
from knowledge.versions import changed_outcomes, compare, open_version


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; 0 when it succeeded, 1 when a check failed, 2 when the input is wrong."""
    options_given = _parser().parse_args(arguments)
    command: Callable[[argparse.Namespace], int] = options_given.command
    try:
        return command(options_given)
    except KnowledgeError as error:
        print(error, file=sys.stderr)
        return 2


def check(given: argparse.Namespace) -> int:
    """Loads everything and checks the rules' properties for every patient."""
    kb = load_knowledge()
    proof = prove(kb)
    notes = sum(statement.kind == "editor_note" for statement in kb.statements.values())
    figures = sum(len(statement.results) for statement in kb.statements.values())
    paragraphs = len({statement.place for statement in kb.statements.values()})
    report = {
        "version": kb.version,
        "statements": len(kb.statements) - notes,
        "editor_notes": notes,
        "paragraphs": paragraphs,
        "figures": figures,
        "references": len(kb.references),
        "rules": len(kb.rules),
        "cautions": len(kb.cautions),
        "states": proof.states,
        "situations": proof.situations,
        "comparisons": proof.comparisons,
        "failures": list(proof.failures),
    }
    if given.json:
        _print_json(report)
    else:
        print(
            f"knowledge {kb.version}: {report['statements']} statements with {figures} figures on {paragraphs} "
            f"paragraphs, {notes} editor's notes, {len(kb.references)} references, {len(kb.rules)} rules, "
            f"{len(kb.cautions)} cautions"
        )
        print(
            f"{proof.states:,} states of {len(FACT_IDS)} facts covered by {proof.situations:,} situations, "
            f"{proof.comparisons:,} comparisons, {len(proof.failures)} failures"
        )
        for failure in proof.failures:
            print(f"  {failure}")
    return 1 if proof.failures else 0


def show_options(given: argparse.Namespace) -> int:
    """The options for facts given as `fact=value` or in words."""
    kb = load_knowledge()
    case = _case(given.facts)
    if given.json:
        found = evaluate(kb, case.facts)
        _print_json({"facts": case.facts.known(), **found.model_dump(mode="json")})
        return 0
    for fact, value in case.facts.known().items():
        print(f"  {fact_text(kb, fact, value, given.lang)}")
    print(options.more(kb, case, given.lang).text)
    return 0


def ask(given: argparse.Namespace) -> int:
    """The answer to a free-text question, as the assistant gives it."""
    from knowledge.nlu.language import detect
    from knowledge.questions import Questions

    kb = load_knowledge()
    question = " ".join(given.question)
    lang = given.lang or detect(question, None)
    reply = answer.show(kb, Questions.create(kb).ask(question, lang), lang)
    if given.json:
        _print_json({**(reply.payload() or {}), "text": reply.text})
    else:
        print(reply.text)
    return 0


def show(given: argparse.Namespace) -> int:
    """One entry of the knowledge base, whatever it is."""
    kb = load_knowledge()
    entry = _find(kb, given.id)
    if entry is None:
        raise KnowledgeError(
            f"{given.id}: no statement, therapy, fact, rule, caution or reference of that name "
            f"(therapies: {', '.join(kb.therapies)})"
        )
    data = entry.model_dump(mode="json", by_alias=True, exclude_none=True)
    if given.json:
        _print_json(data)
    else:
        for name, value in data.items():
            print(f"{name:12} {json.dumps(value, ensure_ascii=False) if not isinstance(value, str) else value}")
        for lang in LANGUAGES:
            print(lines(note_lines(kb, [given.id], lang)))
    return 0


def diff(given: argparse.Namespace) -> int:
    """What differs between two versions: folders or git revisions."""
    with open_version(given.old) as old, open_version(given.new) as new:
        changes = compare(old, new)
        outcomes = changed_outcomes(old, new)
        versions = (old.version, new.version)
    if given.json:
        _print_json({"versions": versions, "changes": changes, "outcomes": outcomes})
        return 0
    print(f"{versions[0]} -> {versions[1]}: {len(changes)} entries differ")
    for change in changes:
        fields = f" ({', '.join(change['fields'])})" if "fields" in change else ""
        print(f"  {change['change']:8} {change['part']:13} {change['id']}{fields}")
    for therapy, (differing, total) in outcomes.items():
        print(f"  {therapy}: another stance in {differing} of {total} situations")
    return 0


def picture(given: argparse.Namespace) -> int:
    """A picture: what it says, or with --out the file. `pathway` takes facts."""
    from knowledge import pictures
    from knowledge.pictures.files import write

    kb = load_knowledge()
    if given.name not in pictures.NAMES:
        raise KnowledgeError(f"{given.name}: no such picture (pictures: {', '.join(pictures.NAMES)})")
    if given.facts and given.name != pictures.PATHWAY:
        raise KnowledgeError(f"{given.name} takes no facts; only {pictures.PATHWAY} does")
    facts = _case(given.facts).facts if given.facts else None
    drawn = pictures.draw(kb, given.name, given.lang, facts)
    if given.out:
        write(lambda lang: pictures.draw(kb, given.name, lang, facts), given.lang, given.out)
    if given.json:
        _print_json(drawn.model_dump(mode="json", exclude={"marks"}))
    else:
        print(lines(drawn.alt, (f"{note.id}: {note.text}" for note in drawn.notes), given.out and str(given.out)))
    return 0


def _case(words: Sequence[str]) -> Case:
    """A case from `fact=value` arguments and free text."""
    data: dict[str, Any] = {}
    text = []
    for word in words:
        fact, equals, value = word.partition("=")
        if equals and fact in FACT_IDS:
            try:
                data[fact] = json.loads(value)
            except json.JSONDecodeError:
                data[fact] = value
        elif equals and fact.isidentifier():
            raise KnowledgeError(f"{fact}: no such fact (facts: {', '.join(FACT_IDS)})")
        else:
            text.append(word)
    try:
        facts = PatientFacts.model_validate(data)
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise KnowledgeError(problems) from error
    case = Case(facts=facts)
    if text:
        from knowledge.nlu.extraction import FactExtractor

        case = apply_mentions(case, FactExtractor.create().extract(" ".join(text))).case
    return case


def _find(kb: Knowledge, name: str) -> Model | None:
    if name.strip("[]").isdecimal():
        return kb.references.get(int(name.strip("[]")))
    tables: tuple[dict[str, Model], ...] = (
        dict(kb.statements),
        dict(kb.therapies),
        dict(kb.facts),
        {rule.id: rule for rule in kb.rules},
        {caution.id: caution for caution in kb.cautions},
    )
    return next((table[name] for table in tables if name in table), None)


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=2))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m knowledge", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def add(name: str, run: Callable[[argparse.Namespace], int], lang: Lang | None) -> argparse.ArgumentParser:
        command = commands.add_parser(name, help=(run.__doc__ or "").splitlines()[0], description=run.__doc__)
        command.add_argument("--json", action="store_true", help="for programs")
        command.add_argument("--lang", choices=LANGUAGES, default=lang, help="language of the text")
        command.set_defaults(command=run)
        return command

    add("check", check, "en")
    add("options", show_options, "en").add_argument(
        "facts", nargs="+", help='`fact=value`, or words: "unresectable, 2 lesions"'
    )
    add("ask", ask, None).add_argument("question", nargs="+")
    add("show", show, "en").add_argument("id", help="id of a statement, therapy, fact or rule, or a reference number")
    compared = add("diff", diff, "en")
    compared.add_argument("old", help="a folder or a git revision")
    compared.add_argument("new", help="a folder or a git revision")
    drawn = add("picture", picture, "en")
    drawn.add_argument("name", help="name of the picture")
    drawn.add_argument("facts", nargs="*", help="for the pathway: `fact=value`, or words")
    drawn.add_argument("--out", type=Path, metavar="FILE", help="write it to a file that ends in .svg or .png")
    return parser


if __name__ == "__main__":
    sys.exit(main())
