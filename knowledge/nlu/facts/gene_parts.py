"""Genes, qualities and variants in a message, and which of them belong together."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.nlu.clauses import CLAUSE, SENTENCE
from knowledge.nlu.document import Document, Term
from knowledge.nlu.message import Message
from knowledge.nlu.numerals import read_number
from knowledge.nlu.text import words

_RAS_CODONS = frozenset({"12", "13", "59", "61", "117", "146"})


_BRAF_CODONS = frozenset({"594", "596", "597", "600", "601"})


_AMINO_ACIDS = words("ala arg asn asp cys gln glu gly his ile leu lys met phe pro ser thr trp tyr val ter")
_HARMLESS = words("( : . - = _ it")


_PREFIX = 5
"""The most tokens between a gene and its variant ("TP53: p.Arg248Gln")."""


_SAID = {
    "all_wild": "wild_type", "wild": "wild_type", "mutant": "mutant", "positive": "mutant", "negative": "wild_type",
}  # fmt: skip
"""What each kind of quality says of a gene."""

REACH = 10
"""The most tokens between a gene and what is said of it."""


@dataclass(frozen=True)
class Part:
    """A gene, a quality or a variant among the tokens `start` to `end`; `value` is what it says."""

    kind: str
    start: int
    end: int
    value: str = ""


def find_parts(message: Message) -> list[Part]:
    parts: list[Part] = []
    document = message.document
    index = 0
    while index < len(document.tokens):
        variant = _variant_at(message, index)
        if variant is not None:
            parts.append(variant)
            index = variant.end
            continue
        term = document.term_at(index)
        if term is None or term.start != index:
            index += 1
            continue
        gene = term.kind("gene")
        if gene is not None:
            parts.append(Part("gene", term.start, term.end, gene))
        else:
            kind = _quality(message, term)
            if kind is not None:
                parts.append(Part(kind, term.start, term.end, _SAID[kind]))
        index = term.end
    return parts


def _quality(message: Message, term: Term) -> str | None:
    """Which kind of quality a term is: a key of `_SAID`, or None."""
    if term.any("all_wild"):
        return "all_wild"
    if term.any("quality.wild") or (term.any("quality.unremarkable") and _ends_right_behind_gene(message, term)):
        return "wild"
    if term.any("quality.mutant") and _is_word_of_genes(message, term):
        return "mutant"
    if _stands_for_a_result(message, term):
        return next((kind for kind in ("positive", "negative") if term.any(f"quality.{kind}")), None)
    return None


def _is_word_of_genes(message: Message, term: Term) -> bool:
    """`m` and `MT` are only read next to a gene."""
    word = message.document.word(term.start)
    if word not in ("m", "mt", "variant"):
        return True
    before = message.document.term_at(term.start - 1)
    return before is not None and before.any("gene")


def _ends_right_behind_gene(message: Message, term: Term) -> bool:
    """Whether a word ends its clause, with a gene before it and at most a verb between ("BRAF is clean")."""
    before = message.document.term_at(term.start - 1)
    if before is not None and before.any("gene_filler"):
        before = message.document.term_at(before.start - 1)
    ends = term.end >= message.clauses.of(term.start).end
    return ends and before is not None and before.any("gene")


def _variant_at(message: Message, index: int) -> Part | None:
    """A variant such as G12D, Q61K, V600E or codon 12 at a token."""
    document = message.document
    word, number, last = document.word(index), document.word(index + 1), document.word(index + 2)
    place = index - 1
    while index - place < _PREFIX and (_is_light(document, place) or document.word(place) == "p"):
        place -= 1
    before = document.term_at(place)
    after_gene = before is not None and before.any("gene.tp53")
    if index + 1 >= len(document.tokens) or document.tokens[index + 1].start != document.tokens[index].end:
        return None
    end = index + 2
    if after_gene and (len(word) == 1 or word in _AMINO_ACIDS) and number.isdigit():
        fact = "tp53"
    elif word in ("g", "q", "a", "k", "gly", "gln", "ala", "lys") and number in _RAS_CODONS:
        fact = "ras"
    elif word in ("v", "d", "k", "g", "l", "val", "asp", "lys", "gly", "leu") and number in _BRAF_CODONS:
        fact = "braf"
    else:
        return None
    if (
        (len(last) == 1 or last in _AMINO_ACIDS)
        and last.isalpha()
        and document.tokens[end].start == document.tokens[end - 1].end
        and last.isascii()
    ):
        end += 1
    return Part("variant", index, end, fact)


def _is_light(document: Document, index: int) -> bool:
    """Whether a token between a gene and its variant carries no weight (TP53检出R175H)."""
    term = document.term_at(index)
    light = term is not None and term.any("gene_filler") and not term.any("gene", "lab", "ctdna")
    return document.word(index) in _HARMLESS or light


def listed(message: Message, start: int, end: int, *also: str) -> bool:
    """Whether nothing but list marks and words of no weight stand between two tokens."""
    document = message.document
    index = start
    while index < end:
        term = document.term_at(index)
        if term is None:
            if document.word(index) not in (",", "，", "-", " "):
                return False
            index += 1
            continue
        if not term.any("enumerator", "gene_filler", *also):
            return False
        index = term.end
    return True


def belongs(message: Message, gene: Part, quality: Part) -> bool:
    """Whether what follows a gene is said of it."""
    if quality.kind == "gene" or quality.start - gene.end > REACH:
        return False
    if quality.kind == "all_wild" and message.clauses.separated(gene.start, quality.start, CLAUSE):
        return False
    document = message.document
    index = gene.end
    while index < quality.start:
        if message.clauses.before[index] >= CLAUSE and document.word(index) != "(" and document.word(index - 1) != "(":
            return False
        term = document.term_at(index)
        if term is None:
            harmless = document.word(index) in _HARMLESS or _is_figure(message, index)
            if not harmless and not (document.tokens[index].latin and len(document.word(index)) == 1):
                return False
            index += 1
            continue
        if document.word(index) not in _HARMLESS and not term.any(
            "gene_filler", "filler", "enumerator", "not", "genes_tested", "each", "other_noun", "correction", "only"
        ):
            return False
        index = term.end
    return not message.clauses.separated(gene.end - 1, quality.start, SENTENCE)


def _is_figure(message: Message, index: int) -> bool:
    """Whether a token is part of a number, such as that of a codon (13, 十三号密码子)."""
    return message.document.tokens[index].number or read_number(message.document, index) is not None


def _stands_for_a_result(message: Message, term: Term) -> bool:
    """无, no and - are a result only where nothing follows that they could deny."""
    sample = message.document.term_at(term.end)
    if sample is not None and sample.any("ctdna"):
        return False  # "a wild-type RAS tumour and a positive ctDNA"
    if not term.any("not") and message.document.word(term.start) not in ("-", "+"):
        return True
    end = term.end
    return end >= len(message.document.tokens) or message.clauses.before[end] > 0


def last_of_run(message: Message, parts: list[Part], index: int) -> int:
    """The last of the qualities that follow each other directly (V600E突变阳性)."""
    while (
        index + 1 < len(parts)
        and parts[index + 1].kind not in ("gene", "all_wild")
        and listed(message, parts[index].end, parts[index + 1].start, "not")
        and not message.clauses.separated(parts[index].start, parts[index + 1].start, CLAUSE)
        and (_wild_variant(*parts[index : index + 2]) or "wild" not in (parts[index].kind, parts[index + 1].kind))
    ):
        index += 1
    return index


def _wild_variant(first: Part, second: Part) -> bool:
    """Whether a variant is called wild type right behind it (V600野生)."""
    return first.kind == "variant" and second.kind == "wild" and first.end == second.start


def leads(message: Message, quality: Part, gene: Part) -> bool:
    """Whether a quality stands before its gene ("wild-type KRAS", 野生型RAS)."""
    if quality.kind not in ("wild", "mutant", "negative"):
        return False
    if gene.start - quality.end > 3 or message.clauses.separated(quality.start, gene.start):
        return False
    if quality.kind == "negative" and message.document.word(quality.end) != "for":
        return False
    before = message.document.term_at(quality.start - 1)
    if before is not None and before.any("gene"):
        return False
    return all(
        message.document.word(i) in ("for", "of", "in", "的", "on", "both", "type")
        for i in range(quality.end, gene.start)
    )
