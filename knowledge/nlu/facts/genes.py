"""RAS, BRAF and TP53: genes, their qualities and the variants that decide them; and UGT1A1."""

from __future__ import annotations

from collections.abc import Iterator

from knowledge.nlu.clauses import SENTENCE
from knowledge.nlu.document import Term
from knowledge.nlu.facts.gene_parts import REACH, Part, belongs, find_parts, last_of_run, leads, listed
from knowledge.nlu.facts.gene_results import disagreement, of_the_liver, two_results, without_half
from knowledge.nlu.message import Found, Message
from knowledge.nlu.text import words

_FACTS = {"kras": "ras", "nras": "ras", "ras": "ras", "braf": "braf", "tp53": "tp53"}
_LIKEWISE = words("too aswell likewise also thesame same ditto 也是 也一样 一样 同样 同上 也是的 亦然")
_UNLIKE = words("not isnot wasnot isn't wasn't 不是 则不是 则没有")
_FEW = 3
"""The most words by which a gene is said to be like the one before, or not."""
_SO_IS = frozenset({"is", "was", "did", "does", "for", "were"})
_ALTERNATIVES = frozenset({"和", "与", "或", "及", "还", "/", "and", "or", "vs", "versus"})


def read(message: Message) -> Iterator[Found | None]:
    """What is said of RAS, BRAF and TP53; two results that are said to disagree are a conflict."""
    found = list(without_half(message, of_the_liver(message, [f for f in _read(message) if f is not None])))
    disagree = disagreement(message, found)
    if disagree is None:
        yield from found
        return
    for fact in {f.mention.fact for f in found}:
        own = [f for f in found if f.mention.fact == fact and f.mention.asserted and f.mention.status == "known"]
        if len({f.mention.value for f in own}) > 1 or (own and two_results(message, own[0].token, disagree[0])):
            said = message.document.term_at(own[-1].token)
            first, last = min(own[0].token, disagree[0]), max(said.end if said else 0, disagree[1])
            yield message.found(fact, first, last, status="conflict")
            found = [f for f in found if f not in own]
    yield from found


def _read(message: Message) -> Iterator[Found | None]:
    parts = _without_alternatives(message, find_parts(message))
    index = 0
    while index < len(parts):
        if parts[index].kind == "gene":
            genes, index = _group(message, parts, index)
            open_genes = _untested_first(message, genes)
            if open_genes:
                yield from _unqualified(message, open_genes)
                genes = genes[len(open_genes) :]
            quality = parts[index] if index < len(parts) and belongs(message, genes[-1], parts[index]) else None
            if quality is not None:
                index = last_of_run(message, parts, index) + 1
                yield from _qualified(
                    message, genes, parts[index - 1] if parts[index - 1].kind != "gene" else quality, quality
                )
            else:
                yield from _unqualified(message, genes)
            continue
        part = parts[index]
        carried = _carried(message, parts, index)
        if carried is not None:
            last = last_of_run(message, parts, index)
            yield from _qualified(message, carried, parts[last], part)
            index = last + 1
            continue
        following = parts[index + 1] if index + 1 < len(parts) else None
        if following is not None and following.kind == "gene" and leads(message, part, following):
            genes, after = _group(message, parts, index + 1)
            own = parts[after] if after < len(parts) and _says_of(message, genes[-1], parts, after) else None
            if own is None or (own.kind == "wild" and part.kind == "wild"):
                yield from _qualified(message, genes, part, part)
                index = after
                continue
        if part.kind == "variant":
            yield from _variant(message, part)
        elif part.kind == "all_wild":
            yield message.found("ras", part.start, part.end, value="wild_type", source="all")
            yield message.found("braf", part.start, part.end, value="wild_type", source="all")
        index += 1
    yield from _likewise(message, parts)
    yield from _tests_open(message, parts)


def _without_alternatives(message: Message, parts: list[Part]) -> list[Part]:
    """The parts without opposite qualities named side by side: "RAS mutant or wild type" says neither of a patient."""
    named: set[int] = set()
    for index in range(1, len(parts)):
        first, second = parts[index - 1], parts[index]
        gap = {message.document.word(i) for i in range(first.end, second.start)}
        led = parts[index + 1 : index + 2]
        own_gene = bool(led) and led[0].kind == "gene" and leads(message, second, led[0])
        if {first.kind, second.kind} == {"wild", "mutant"} and len(gap) <= 2 and gap & _ALTERNATIVES and not own_gene:
            named |= {index - 1, index}
    return [part for index, part in enumerate(parts) if index not in named]


def _group(message: Message, parts: list[Part], index: int) -> tuple[list[Part], int]:
    """The genes that are listed together from `index` on, and the position after them."""
    genes = [parts[index]]
    index += 1
    while index < len(parts) and parts[index].kind == "gene" and listed(message, genes[-1].end, parts[index].start):
        if message.clauses.separated(genes[-1].end - 1, parts[index].start, SENTENCE) or _open(message, parts, index):
            break  # "no mutation in KRAS or BRAF. TP53 wild type"
        if message.document.word(parts[index].start - 1) == ":":
            genes.clear()  # "RAS/RAF: KRAS A146T mutated, BRAF not mutated" begins with a heading
        genes.append(parts[index])
        index += 1
    return genes, index


def _open(message: Message, parts: list[Part], index: int) -> bool:
    """Whether a gene behind a comma is said to be untested, itself alone (野生型RAS，BRAF未测)."""
    gene = parts[index]
    following = parts[index + 1] if index + 1 < len(parts) else None
    if following is not None and belongs(message, gene, following):
        return False
    gap = {message.document.word(i) for i in range(parts[index - 1].end, gene.start)}
    return bool(gap & {",", "，"}) and message.context.cue_after(gene.end, "untested") is not None


def _likewise(message: Message, parts: list[Part]) -> Iterator[Found | None]:
    """Genes that are said to be like the one before ("RAS wild type. BRAF too", BRAF也是)."""
    quality: Part | None = None
    for part in parts:
        if part.kind != "gene":
            quality = part if part.kind in ("wild", "mutant", "negative", "positive") else quality
            continue
        if quality is not None and _so_is(message, part.start):
            same = Part(quality.kind, part.start - 2, part.start, quality.value)
            yield from _qualified(message, [part], same, same)
            continue
        end = min(message.clauses.of(part.start).end, part.end + _FEW)
        if quality is not None and "".join(message.document.word(i) for i in range(part.end, end)) in _LIKEWISE:
            same = Part(quality.kind, part.end, end, quality.value)
            yield from _qualified(message, [part], same, same)
        elif quality is not None and "".join(message.document.word(i) for i in range(part.end, end)) in _UNLIKE:
            other = Part("mutant" if quality.kind in ("wild", "negative") else "wild", part.start, end, quality.value)
            yield from _qualified(message, [part], other, other)


def _so_is(message: Message, start: int) -> bool:
    """Whether a gene is said to be like the one before by words before it ("RAS wild type, and so is BRAF")."""
    return message.document.word(start - 2) in ("so", "as", "same") and message.document.word(start - 1) in _SO_IS


def _untested_first(message: Message, genes: list[Part]) -> list[Part]:
    """The genes before a comma that a word such as 没测过 stands before (没测过BRAF，RAS野生)."""
    if len(genes) < 2 or message.context.cue_before(genes[0].start, "untested") is None:
        return []
    for position in range(1, len(genes)):
        gap = {message.document.word(i) for i in range(genes[position - 1].end, genes[position].start)}
        if gap & {",", "，"}:
            return genes[:position]
    return []


def _qualified(message: Message, genes: list[Part], last: Part, first: Part) -> Iterator[Found | None]:
    """The genes of a group with what is said of them."""
    start, end = min(genes[0].start, first.start), max(genes[-1].end, last.end)
    context = message.context
    open_cue = context.cue_after(end, "untested") if first.start >= genes[0].start else None
    open_cue = open_cue or _untested_before(message, start)
    doubt = context.cue_before(start, "uncertainty") or context.cue_after(end, "uncertainty")
    denial = context.cue_before(first.start, "negation") or context.cue_before(start, "negation")
    if denial is None and last is not first:
        denial = next((t for t in message.document.between(first.end, last.start) if t.any("not")), None)
    after = context.cue_after(end, "negation") or _denied_behind_bracket(message, end)
    if after is not None and not after.any("quality.wild"):
        denial = denial or after
    value = _value(first, last, denial is not None)
    if denial is not None:
        start, end = min(start, denial.start), max(end, denial.end)
    for gene in genes:
        fact = _FACTS.get(gene.value)
        if fact is None:
            continue
        variant = first.kind == "variant" or last.kind == "variant"
        if variant and fact != "braf" and (last.kind == "wild" or (denial is not None and last.kind == "variant")):
            continue
        if open_cue is not None or doubt is not None:
            cue = open_cue or doubt
            span = (min(start, cue.start), max(end, cue.end)) if cue is not None else (start, end)
            yield message.found(fact, *span, status="unknown", source=gene.value)
        elif gene.value == "tp53" and {first.kind, last.kind} <= {"positive", "negative"}:
            continue
        else:
            own = (gene.start, end) if len(genes) == 1 and denial is None else (start, end)
            yield message.found(fact, min(own[0], start), own[1], value=value, source=gene.value)


def _denied_behind_bracket(message: Message, end: int) -> Term | None:
    """The denial behind a variant in brackets ("BRAF (V600E) not detected")."""
    behind = message.document.term_at(end + 1) if message.document.word(end) in (")", "]") else None
    return behind if behind is not None and behind.any("not_after", "quality.negative") else None


def _untested_before(message: Message, start: int) -> Term | None:
    """A word such as 没测过 before a token, with no comma between."""
    cue = message.context.cue_before(start, "untested")
    if cue is None or any(message.document.word(i) in (",", "，") for i in range(cue.end, start)):
        return None
    return cue


def _value(first: Part, last: Part, denied: bool) -> str:
    """What one or several qualities that follow each other say, denied or not."""
    if last.kind == "wild" and first.kind == "variant":
        return "wild_type"
    if last.kind == "negative" or (first.kind == "negative" and last.kind == "mutant"):
        return "wild_type"
    if first.kind in ("wild", "all_wild"):
        return "mutant" if denied else "wild_type"
    return "wild_type" if denied else "mutant"


def _unqualified(message: Message, genes: list[Part]) -> Iterator[Found | None]:
    """Genes of which only is said that they are not tested yet."""
    end = genes[-1].end
    cue = message.context.cue(genes[0].start, end, "untested") or message.context.cue_after(end, "untested")
    if cue is None and message.document.word(end) in ("from", "of"):  # "RAS from the liver biopsy is awaited"
        cue = message.document.first(end, min(message.clauses.of(end).end, end + REACH), "untested")
    cue = cue or message.context.cue_after(end, "uncertainty")
    if cue is None:
        return
    for gene in genes:
        fact = _FACTS.get(gene.value)
        if fact is not None:
            start, stop = min(genes[0].start, cue.start), max(end, cue.end)
            yield message.found(fact, start, stop, status="unknown", source=gene.value)


def _carried(message: Message, parts: list[Part], index: int) -> list[Part] | None:
    """The genes of an earlier clause that a lone quality goes on about ("RAS was …, our own test says wild type")."""
    part = parts[index]
    if part.kind not in ("wild", "mutant") or index == 0:
        return None
    start = _turned(message, message.clauses.of(part.start).start, part.start)
    genes = [p for p in parts[:index] if p.kind == "gene"]
    later = parts[index + 1 : index + 2]
    if not genes or genes[-1].start >= start or (later and later[0].kind == "gene" and leads(message, part, later[0])):
        return None
    told = message.clauses.sentence_start(part.start) <= genes[-1].start
    corrected = message.document.first(genes[-1].end, part.start, "correction") is not None  # RAS野生。更正，是突变型
    near = (told or corrected) and part.start - genes[-1].end <= 2 * REACH
    group = genes[-1:]
    while len(group) < len(genes) and _listed_before(message, genes[-len(group) - 1], group[0]):
        group.insert(0, genes[-len(group) - 1])
    return [Part("gene", part.start, part.end, gene.value) for gene in group] if near else None


def _says_of(message: Message, gene: Part, parts: list[Part], index: int) -> bool:
    """Whether a quality behind a gene is said of it, and not of a gene behind it ("mutant RAS and wild-type BRAF")."""
    following = next((part for part in parts[index + 1 : index + 2] if part.kind == "gene"), None)
    own = following is None or not leads(message, parts[index], following)
    return own and belongs(message, gene, parts[index])


def _listed_before(message: Message, gene: Part, following: Part) -> bool:
    """Whether a gene is listed with the one behind it, in one sentence."""
    separated = message.clauses.separated(gene.end - 1, following.start, SENTENCE)
    return not separated and listed(message, gene.end, following.start)


def _turned(message: Message, start: int, end: int) -> int:
    """Behind the last "but" of a clause, where another result is told ("came back wild type but the repeat says …")."""
    turns = [t.end for t in message.document.between(max(start, end - 2 * REACH), end) if t.any("turn")]
    return turns[-1] if turns else start


def _variant(message: Message, part: Part) -> Iterator[Found | None]:
    """A variant without its gene: G12D can only be RAS, V600E only BRAF."""
    end = part.end
    negative = None
    quality = message.document.term_at(end)
    if quality is not None and quality.any("quality.mutant"):
        end = quality.end
        quality = message.document.term_at(end)
    denial = message.context.cue_before(part.start, "negation") or message.context.cue_after(end, "negation")
    if quality is not None and quality.any("quality.negative", "quality.wild"):
        negative = quality
    if message.context.cue(part.start, end, "untested") is not None:
        yield message.found(part.value, part.start, end, status="unknown")
    elif denial is not None or negative is not None:
        if part.value == "braf":
            start, stop = message.cover(denial or negative, negative or denial)
            yield message.found("braf", min(start, part.start), max(stop, end), value="wild_type")
    else:
        yield message.found(part.value, part.start, end, value="mutant", source="variant")


def _tests_open(message: Message, parts: list[Part]) -> Iterator[Found | None]:
    """Pending genetics leave RAS and BRAF open, unless genes are named beside them."""
    for term in message.document.find("genes_tested"):
        beside = message.clauses.of(term.start)
        if any(part.kind == "gene" and beside.start <= part.start < beside.end for part in parts):
            continue
        cue = message.context.cue(term.start, term.end, "untested")
        if cue is not None:
            for fact in ("ras", "braf"):
                yield message.found(fact, *message.cover(term, cue), status="unknown")
