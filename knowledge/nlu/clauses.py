"""Where the sentences and clauses of a message begin and end."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from knowledge.nlu.document import Document
from knowledge.nlu.text import words

SENTENCE = 3
CLAUSE = 2
SPACE = 1
"""How much a boundary separates: a full stop, a comma, and a space between two Chinese words."""

_SENTENCE_MARKS = frozenset("。!?;\n")
_ENTRIES = 3
_CLAUSE_MARKS = frozenset(",()|，[]{}")
_LISTED = (("organ", "extrahepatic", "liver_metastasis"), ("gene",))
_THERAPIES = ("chemotherapy", "local_therapy", "hepatectomy", "surgery", "adjuvant", "not_resected")
"""Things that are listed with commas: such a comma separates nothing."""
_BEHIND_ITEM = frozenset({"", "\n", *words(", ， 、 . 。 ; ! ? ) / + 等 史 过 so to yet before")})


@dataclass(frozen=True)
class Clause:
    """Tokens `start` to `end` (exclusive) between two boundaries; `mark` is the punctuation that ends it."""

    start: int
    end: int
    sentence: int
    mark: str


@dataclass(frozen=True, eq=False)
class Clauses:
    """The clauses of a message in order, and the boundary before each token (0: none)."""

    clauses: tuple[Clause, ...]
    before: tuple[int, ...]
    _of_token: tuple[int, ...]

    def of(self, token: int) -> Clause:
        """The clause a token belongs to; a boundary mark belongs to the clause it ends."""
        return self.clauses[self._of_token[token]]

    def index(self, token: int) -> int:
        """The position of a token's clause among all clauses."""
        return self._of_token[token]

    def sentence_end(self, token: int) -> int:
        """The token after the last one of the sentence."""
        return self._sentences[self.of(token).sentence][1]

    def sentence_start(self, token: int) -> int:
        """The first token of the sentence."""
        return self._sentences[self.of(token).sentence][0]

    @cached_property
    def _sentences(self) -> dict[int, tuple[int, int]]:
        """Where each sentence begins and ends: asked for so often that a search each time would take too long."""
        starts = {clause.sentence: clause.start for clause in reversed(self.clauses)}
        ends = {clause.sentence: clause.end for clause in self.clauses}
        return {sentence: (start, ends[sentence]) for sentence, start in starts.items()}

    def separated(self, start: int, end: int, level: int = SPACE) -> bool:
        """Whether a boundary of at least `level` lies between two tokens."""
        return any(strength >= level for strength in self.before[start + 1 : end + 1])


def split(document: Document) -> Clauses:
    """Find the boundaries."""
    marks = [_mark(document, index) for index in range(len(document.tokens))]
    slashes = [index for index in range(1, len(marks)) if _loose_slash(document, index)]
    if len(slashes) >= _ENTRIES:
        for index in slashes:
            marks[index] = CLAUSE
    before = [0] * len(marks)
    for index in range(1, len(marks)):
        space = SPACE if _spaced_chinese(document, index) else 0
        before[index] = max(marks[index - 1], marks[index] if marks[index] else 0, space)
    clauses: list[Clause] = []
    of_token = [0] * len(marks)
    start = sentence = 0
    for index, strength in enumerate(marks):
        of_token[index] = len(clauses)
        if strength >= CLAUSE or index == len(marks) - 1:
            end = index if strength >= CLAUSE else index + 1
            clauses.append(Clause(start, end, sentence, document.word(index) if strength else ""))
            start = index + 1
            sentence += strength >= SENTENCE
    return Clauses(tuple(clauses), tuple(before), tuple(of_token))


def _mark(document: Document, index: int) -> int:
    word = document.word(index)
    term = document.term_at(index)
    if term is not None and term.end - term.start > 1:
        return 0
    if word in _SENTENCE_MARKS:
        return 0 if word == "?" and _query(document, index) else SENTENCE
    if word == ".":
        return SENTENCE if _full_stop(document, index) else 0
    if word in _CLAUSE_MARKS:
        return 0 if word in ",，" and _list_comma(document, index) else CLAUSE
    if word == "-" and (document.word(index + 1) == "-" or _loose_between(document, index)):
        return CLAUSE
    return 0


def _loose_slash(document: Document, index: int) -> bool:
    """Whether a slash stands between spaces; several of them part the entries of a note ("71M / PD / unresectable")."""
    return document.word(index) == "/" and _loose_between(document, index)


def _query(document: Document, index: int) -> bool:
    """Whether a question mark stands before what is in doubt ("?lung mets")."""
    if index + 1 >= len(document.tokens):
        return False
    following = document.tokens[index + 1]
    opens = index == 0 or document.tokens[index].spaced or document.word(index - 1) in _CLAUSE_MARKS
    return opens and not following.spaced and (following.latin or following.chinese)


def _full_stop(document: Document, index: int) -> bool:
    if index + 1 >= len(document.tokens):
        return True
    before, after = document.word(index - 1), document.tokens[index + 1]
    if before == "n" and after.number:
        return False  # "metastases n. 4"
    if len(before) == 1 and before.isalpha() and document.word(index - 2) == ".":
        return False  # "i.e."
    return after.spaced or after.word == "\n" or after.chinese or (after.latin and len(before) > 1)


def _loose_between(document: Document, index: int) -> bool:
    return document.tokens[index].spaced and index + 1 < len(document.tokens) and document.tokens[index + 1].spaced


def _list_comma(document: Document, index: int) -> bool:
    """Whether a comma stands between two things of one kind ("lung, bone or peritoneal metastases")."""
    left, right = document.term_at(index - 1), document.term_at(index + 1)
    if right is not None and right.any("enumerator"):
        right = document.term_at(right.end)
    if left is None or right is None:
        return False
    if document.word(left.start) == document.word(right.start):
        return False
    if left.any(*_THERAPIES) and right.any(*_THERAPIES):
        return _ends_item(document, right.end)
    return any(left.any(*kinds) and right.any(*kinds) for kinds in _LISTED)


def _ends_item(document: Document, index: int) -> bool:
    """Whether nothing more is said of a therapy before the next one ("no surgery, chemotherapy or ablation")."""
    following = document.term_at(index)
    return document.word(index) in _BEHIND_ITEM or (following is not None and following.any("enumerator", "each"))


def _spaced_chinese(document: Document, index: int) -> bool:
    token, last = document.tokens[index], document.tokens[index - 1]
    return token.spaced and token.chinese and last.chinese
