"""The treatment pathway of the review, and where a patient stands in it."""

from __future__ import annotations

from typing import NamedTuple

from knowledge.conditions import facts_of
from knowledge.engine import evaluate
from knowledge.loading import Knowledge
from knowledge.models.base import Lang
from knowledge.models.facts import PatientFacts
from knowledge.models.results import Stance, Truth
from knowledge.models.statements import Statement
from knowledge.pictures.canvas import BODY, LEADING, MARGIN, SMALL, Canvas
from knowledge.pictures.figures import capital, notes_of, pair, row, sentence, source, word
from knowledge.pictures.model import Circle, Colour, Path, Picture, Rect, Table
from knowledge.pictures.steps import Box, Branch, condition_text, steps
from knowledge.pictures.typesetting import width, wrap
from knowledge.rendering.base import contradiction_lines, facts_text, joined, phrase
from knowledge.trace import trace

NAME = "pathway"
WIDTH, GAP, PAD = 860.0, 9.0, 10.0
SPINE, BRANCH, BRANCH_WIDTH = 26.0, 42.0, 172.0
BOXES, BOX_WIDTH, IN_A_ROW = 240.0, 194.0, 3

State = Truth | str
WITHOUT_PATIENT = "shown"
"""The state of everything where no patient is given."""


class Place(NamedTuple):
    """A rule as it stands for the patient.

    Attributes:
        state: whether it holds; None while it is open.
        stance: what is said of the therapy: the engine's word where the rule holds, else the rule's.
        open_facts: the unknown facts that leave it open.
    """

    state: State
    stance: Stance
    open_facts: tuple[str, ...] = ()


class Paint(NamedTuple):
    """What a state looks like."""

    fill: Colour
    stroke: Colour
    stroke_width: float
    dashed: bool
    text: Colour


PAINTS: dict[State, Paint] = {
    True: Paint("own", "accent", 3, dashed=False, text="text"),
    None: Paint("surface", "quiet", 1.5, dashed=True, text="text"),
    False: Paint("surface", "line", 1, dashed=False, text="quiet"),
    WITHOUT_PATIENT: Paint("surface", "quiet", 1, dashed=False, text="text"),
}


def draw(kb: Knowledge, lang: Lang, facts: PatientFacts | None = None) -> Picture:
    """The picture in `lang`; without facts the pathway alone."""
    places = _places(kb, facts)
    keys = [rule.grounds[0] for rule in kb.rules]
    title = word("pathway_patient_title" if facts else "pathway_title", lang)
    canvas = Canvas(WIDTH)
    canvas.heading(title)
    if facts:
        _patient(canvas, kb, facts, lang)
    mdt = joined((source(kb.statements[key]) for key in kb.mdt), lang)
    canvas.paragraph(word("pathway_mdt", lang, places=mdt), BODY, "text")
    canvas.y += 10
    _steps(canvas, kb, facts, places, lang)
    disclaimer = phrase("base.disclaimer", lang)
    canvas.remarks(lang, word("pathway_reads", lang), disclaimer, notes=notes_of(kb, keys, lang, short=True))
    return canvas.finish(
        kb,
        lang,
        name=NAME,
        title=title,
        alt=_alt(kb, facts, places, title, lang),
        statements=[*keys, *kb.mdt],
        therapies=[rule.therapy for rule in kb.rules],
        notes=notes_of(kb, keys, lang),
        table=_table(kb, places, lang, with_patient=facts is not None),
    )


def _places(kb: Knowledge, facts: PatientFacts | None) -> dict[str, Place]:
    """Where the patient stands at each rule."""
    if facts is None:
        return {rule.id: Place(WITHOUT_PATIENT, rule.stance) for rule in kb.rules}
    stances = {option.id: option.stance for option in evaluate(kb, facts).options}
    return {
        found.rule: Place(
            found.holds,
            stances[therapy] if found.holds else found.stance,
            found.decided_by if found.holds is None else (),
        )
        for therapy in kb.therapies
        for found in trace(kb, facts, therapy)
    }


def _patient(canvas: Canvas, kb: Knowledge, facts: PatientFacts, lang: Lang) -> None:
    """What is known of the patient, what contradicts itself, and how the states are drawn."""
    canvas.paragraph(_patient_text(kb, facts, lang), BODY, "text", bold=True)
    for line in contradiction_lines(kb, facts, lang):
        canvas.paragraph(line, SMALL, "caution")
    canvas.y += 6
    x = MARGIN
    for state, key in ((True, "reached"), (None, "open"), (False, "off")):
        _frame(canvas, x, canvas.y, 34, 20, state)
        label = word(f"pathway_legend_{key}", lang)
        canvas.text(x + 44, canvas.y + 15, label, SMALL)
        x += 44 + width(label, SMALL) + 28
    canvas.y += 36


def _steps(canvas: Canvas, kb: Knowledge, facts: PatientFacts | None, places: dict[str, Place], lang: Lang) -> None:
    behind = len(canvas.marks)
    joints: list[float] = []
    for step in steps(kb):
        canvas.add(Path(points=((MARGIN, canvas.y), (WIDTH - MARGIN, canvas.y)), stroke="line"))
        canvas.y += GAP
        asked = " · ".join(kb.facts[fact].label[lang] for fact in step.facts)
        for branch in step.branches:
            state: State = branch.truth(facts.known()) if facts else WITHOUT_PATIENT
            joint, bottom = _branch(canvas, kb, branch, state, asked, lang)
            _boxes(canvas, kb, branch, state, places, bottom, lang)
            joints.append(joint)
            asked = ""
    spine = Path(points=((SPINE, joints[0]), (SPINE, joints[-1])), stroke="quiet", stroke_width=2)
    canvas.marks.insert(behind, spine)


def _branch(canvas: Canvas, kb: Knowledge, branch: Branch, state: State, asked: str, lang: Lang) -> tuple[float, float]:
    """A branch below what its step asks; returns the height at which it leaves the spine, and where it ends."""
    top = canvas.y
    if asked:
        canvas.text(BRANCH, top + SMALL - 2, asked, SMALL, "quiet")
        top += SMALL + 6
    lines = wrap(capital(condition_text(kb, branch.condition, lang)), BRANCH_WIDTH - 2 * PAD - 18, BODY, bold=True)
    height = len(lines) * BODY * LEADING + 2 * PAD - 6
    joint = top + PAD + BODY / 2
    wire = PAINTS[True] if state is True else PAINTS[WITHOUT_PATIENT]
    thick = max(wire.stroke_width, 1.5)
    way = Path(points=((SPINE, joint), (BRANCH, joint)), stroke=wire.stroke, stroke_width=thick, dashed=state is None)
    onward = (BRANCH + BRANCH_WIDTH, joint), (BOXES - 10, joint)
    canvas.add(way, Path(points=onward, stroke=wire.stroke, stroke_width=thick, dashed=state is None))
    head = ((BOXES - 11, joint - 5), (BOXES - 3, joint), (BOXES - 11, joint + 5))
    canvas.add(Path(points=head, closed=True, fill=wire.stroke))
    _frame(canvas, BRANCH, top, BRANCH_WIDTH, height, state)
    for number, line in enumerate(lines):
        y = top + PAD + BODY - 4 + number * BODY * LEADING
        canvas.text(BRANCH + PAD, y, line, BODY, PAINTS[state].text, bold=True)
    return joint, top + height


def _boxes(
    canvas: Canvas, kb: Knowledge, branch: Branch, state: State, places: dict[str, Place], bottom: float, lang: Lang
) -> None:
    """The boxes of a branch beside it, which ends at `bottom` itself."""
    said = facts_of(branch.condition) if state is None else frozenset()
    for start in range(0, len(branch.boxes), IN_A_ROW):
        ends: list[float] = []
        for column, box in enumerate(branch.boxes[start : start + IN_A_ROW]):
            x = BOXES + column * (BOX_WIDTH + GAP)
            ends.append(_box(canvas, kb, box, places[box.rule.id], said, x, lang))
        canvas.y = max(ends) + GAP
    canvas.y = max(canvas.y, bottom + GAP)


def _box(canvas: Canvas, kb: Knowledge, box: Box, place: Place, said: frozenset[str], x: float, lang: Lang) -> float:
    """A rule: the therapy, its stance and source, and what it requires further; returns where it ends."""
    lines = [
        (line, size, colour, size == BODY)
        for text, size, colour in _box_lines(kb, box, place, said, lang)
        for line in wrap(text, BOX_WIDTH - 2 * PAD - (16 if size == BODY else 0), size, bold=size == BODY)
    ]
    height = sum(size * LEADING for _, size, _, _ in lines) + 2 * PAD - 6
    _frame(canvas, x, canvas.y, BOX_WIDTH, height, place.state)
    y = canvas.y + PAD - 2
    for line, size, colour, bold in lines:
        shown = PAINTS[place.state].text if colour == "text" else colour
        canvas.text(x + PAD, y + size, line, size, shown, bold=bold)
        y += size * LEADING
    return canvas.y + height


def _box_lines(
    kb: Knowledge, box: Box, place: Place, said: frozenset[str], lang: Lang
) -> list[tuple[str, float, Colour]]:
    """What stands in a box; facts that its branch already shows as open are not named again."""
    ground = kb.statements[box.rule.grounds[0]]
    warns = place.stance in ("caution", "not_recommended") and place.state is not False
    lines: list[tuple[str, float, Colour]] = [
        (kb.therapies[box.rule.therapy].short[lang], BODY, "text"),
        (f"{phrase(f'base.{place.stance}', lang)} · {_source(kb, ground)}", SMALL, "caution" if warns else "text"),
    ]
    if box.further:
        lines.append((_further(kb, box, lang), SMALL, "text"))
    waiting = [kb.facts[fact].label[lang] for fact in place.open_facts if fact not in said]
    if waiting:
        lines.append((word("pathway_open_facts", lang, facts=joined(waiting, lang)), SMALL, "text"))
    return lines


def _further(kb: Knowledge, box: Box, lang: Lang) -> str:
    return capital(joined((condition_text(kb, part, lang) for part in box.further), lang))


def _source(kb: Knowledge, statement: Statement) -> str:
    return " ".join([source(statement), *(note.id for note in kb.notes_for([statement.id]))])


def _frame(canvas: Canvas, x: float, y: float, width: float, height: float, state: State) -> None:
    """A frame that tells the state by its line and a sign, not by colour alone: a tick, or a question mark."""
    fill, stroke, thick, dashed, _ = PAINTS[state]
    canvas.add(
        Rect(
            x=x, y=y, width=width, height=height, fill=fill, stroke=stroke, stroke_width=thick, dashed=dashed, radius=7
        )
    )
    corner = (x + width - 14, y + (14 if height > 24 else height / 2))
    if state is True:
        cx, cy = corner
        canvas.add(Circle(x=cx, y=cy, radius=8, fill="accent"))
        tick = ((cx - 4, cy), (cx - 1, cy + 3.5), (cx + 4, cy - 3.5))
        canvas.add(Path(points=tick, stroke="surface", stroke_width=2))
    elif state is None:
        canvas.text(corner[0], corner[1] + 5, "?", BODY, "quiet", "middle", bold=True)


def _table(kb: Knowledge, places: dict[str, Place], lang: Lang, *, with_patient: bool) -> Table:
    columns = ["therapy", "stance", "when", *(["patient"] if with_patient else []), "source"]
    rows = []
    for step in steps(kb):
        for branch in step.branches:
            for box in branch.boxes:
                place = places[box.rule.id]
                when = joined((condition_text(kb, part, lang) for part in (branch.condition, *box.further)), lang)
                cells = [kb.therapies[box.rule.therapy].name[lang], phrase(f"base.{place.stance}", lang), when]
                rows.append(
                    row(
                        kb,
                        [*cells, *([_state_text(kb, place, lang)] if with_patient else [])],
                        kb.statements[box.rule.grounds[0]],
                    )
                )
    return Table(columns=tuple(word(f"column_{column}", lang) for column in columns), rows=tuple(rows))


def _state_text(kb: Knowledge, place: Place, lang: Lang) -> str:
    if place.state is None:
        return word("pathway_open_facts", lang, facts=joined((kb.facts[f].label[lang] for f in place.open_facts), lang))
    return word("pathway_reached" if place.state else "pathway_off", lang)


def _alt(kb: Knowledge, facts: PatientFacts | None, places: dict[str, Place], title: str, lang: Lang) -> str:
    if facts is None:
        conditions = [branch.condition for step in steps(kb) for branch in step.branches]
        said = [condition_text(kb, condition, lang) for condition in conditions]
    else:
        options = {option.id: phrase(f"base.{option.stance}", lang) for option in evaluate(kb, facts).options}
        waiting = {rule.therapy: None for rule in kb.rules if places[rule.id].state is None} | options
        names = [kb.therapies[therapy].short[lang] for therapy, stance in waiting.items() if stance is None]
        said = [
            _patient_text(kb, facts, lang),
            *(pair(stance, kb.therapies[therapy].short[lang], lang) for therapy, stance in options.items()),
            "" if options else word("pathway_none", lang),
            word("pathway_open_therapies", lang, therapies=joined(names, lang)) if names else "",
        ]
    return word("alt", lang, title=title, text=sentence(said, lang))


def _patient_text(kb: Knowledge, facts: PatientFacts, lang: Lang) -> str:
    known = facts_text(kb, facts, lang)
    return word("pathway_facts", lang, facts=known) if known else word("pathway_nothing_known", lang)
