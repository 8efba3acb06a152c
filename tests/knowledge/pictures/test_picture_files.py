"""SVG and PNG: well formed, escaped, accessible, and readable without the fonts of this machine."""

from __future__ import annotations

import io
import re
import struct
import subprocess
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from knowledge import pictures
from knowledge.loading import Knowledge
from knowledge.models.base import LANGUAGES, Lang
from knowledge.models.facts import PatientFacts
from knowledge.pictures import png
from knowledge.pictures.model import LIGHT, Picture, Table, Text
from knowledge.pictures.png import SCALE, to_png
from knowledge.pictures.svg import to_svg
from knowledge.pictures.typesetting import width, wrap
from tests.knowledge.pictures.reading import SVG, Drawing, parse

HOSTILE = "</text><script>alert(1)</script> \"'&<![CDATA[ ]]> \x00\x1b \ufffe javascript:x $\\frac{1}{2}$ 🙂"
ELEMENTS = {"svg", "title", "desc", "rect", "polyline", "polygon", "circle", "text"}
CHINESE = re.compile("[\u4e00-\u9fff]")


def made(kb: Knowledge) -> Iterator[Picture]:
    """Every picture in both languages, the pathway of a patient among them."""
    patient = PatientFacts(resectability="unresectable", lesion_count=2, ras="mutant")
    for lang in LANGUAGES:
        yield from pictures.listed(kb, lang)
        yield pictures.draw(kb, pictures.PATHWAY, lang, patient)


def hostile(text: str = HOSTILE) -> Picture:
    return Picture(
        name="hostile", lang="en", title=text, alt=text, therapies=(), citations=(), notes=(),
        table=Table(columns=(), rows=()), width=200, height=50, marks=(Text(x=1, y=20, text=text, size=12),),
    )  # fmt: skip


def test_svg_is_well_formed_and_holds_nothing_active(kb: Knowledge) -> None:
    count = 0
    for picture in made(kb):
        svg = to_svg(picture)
        root = parse(svg)
        assert {element.tag.removeprefix(SVG) for element in root.iter()} <= ELEMENTS
        names = {name for element in root.iter() for name in element.attrib}
        assert not {name for name in names if name.startswith("on") or name in ("style", "href", "id")}
        assert "url(" not in svg
        assert svg.count("http") == 1, "only the name space"
        count += 1
    assert count == 2 * (len(pictures.NAMES) + 1)


def test_a_file_has_colours_that_every_program_knows(kb: Knowledge) -> None:
    for picture in made(kb):
        page, file = to_svg(picture), to_svg(picture, fixed=True)
        assert "var(" not in file
        assert re.sub(r"var\(--\w+, (#\w+)\)", r"\1", page) == file


def test_the_words_for_those_who_do_not_see_it(kb: Knowledge) -> None:
    for picture in made(kb):
        root = parse(to_svg(picture))
        assert root.get("role") == "img"
        assert root.get("lang") == {"zh": "zh-CN", "en": "en"}[picture.lang]
        assert [child.tag for child in root][:2] == [f"{SVG}title", f"{SVG}desc"]
        assert root[0].text == picture.title
        assert root[1].text == picture.alt
        assert len(picture.alt) > len(picture.title) + 20


def test_each_language_is_itself(kb: Knowledge) -> None:
    for picture in made(kb):
        words = " ".join(words.text for words in Drawing(to_svg(picture)).words) + picture.title + picture.alt
        assert bool(CHINESE.search(words)) is (picture.lang == "zh")
        table = str(picture.table.model_dump())
        assert bool(CHINESE.search(table)) is (picture.lang == "zh")


def test_nothing_runs_out_of_the_picture_or_into_other_words(kb: Knowledge) -> None:
    for picture in made(kb):
        boxes = [(left(text), text) for text in picture.marks if isinstance(text, Text)]
        for x, text in boxes:
            assert x >= 0, (picture.name, text)
            assert x + span(text) <= picture.width + 2, (picture.name, picture.lang, text)
            assert text.size <= text.y <= picture.height
            assert text.size >= 13, "smaller is hard to read"
        for (x, one), (other_x, other) in combinations(boxes, 2):
            if abs(one.y - other.y) < 0.7 * min(one.size, other.size):
                apart = x + span(one) <= other_x + 3 or other_x + span(other) <= x + 3
                assert apart, (picture.name, picture.lang, one.text, other.text)


def span(text: Text) -> float:
    """How wide it is at most; the estimate is for the widest of the usual fonts."""
    return width(text.text, text.size, bold=text.bold) * 0.93


def left(text: Text) -> float:
    return text.x - span(text) * {"start": 0, "middle": 0.5, "end": 1}[text.anchor]


def test_hostile_text_stays_text() -> None:
    svg = to_svg(hostile())
    root = parse(svg.encode())
    cleaned = re.sub("[\x00\x1b\ufffe]", "\ufffd", HOSTILE)
    assert [root[0].text, root[1].text, root[2].text] == [cleaned] * 3
    assert "<script" not in svg


def test_a_png_has_its_size(kb: Knowledge) -> None:
    from PIL import Image

    for lang in LANGUAGES:
        for picture in pictures.listed(kb, lang):
            drawn = to_png(lambda lang, name=picture.name: pictures.draw(kb, name, lang), lang)
            image = Image.open(io.BytesIO(drawn.content)).convert("RGB")
            if drawn.lang == lang:
                assert image.size == (round(picture.width * SCALE), pytest.approx(picture.height * SCALE, abs=1))
                assert drawn.alt == picture.alt
            assert image.getpixel((1, 1)) == (255, 255, 255)
            assert len(image.convert("L").getcolors() or ()) > 20, "something is drawn"


def test_both_files_show_the_same_colours(kb: Knowledge) -> None:
    from PIL import Image

    content = to_png(lambda lang: pictures.draw(kb, "ablation-timing", lang), "en").content
    image = Image.open(io.BytesIO(content)).convert("RGB")
    colours = {colour for _, colour in image.getcolors(1_000_000) or ()}
    for role in ("surface", "accent", "caution"):
        wanted = bytes.fromhex(LIGHT[role][1:])
        assert any(all(abs(a - b) <= 3 for a, b in zip(wanted, colour, strict=True)) for colour in colours), role
    assert f"var(--accent, {LIGHT['accent']})" in to_svg(pictures.draw(kb, "ablation-timing", "en"))


def test_without_a_chinese_font_the_labels_are_english(kb: Knowledge, monkeypatch: pytest.MonkeyPatch) -> None:
    own = png._fonts()[0]
    monkeypatch.setattr(png, "_fonts", lambda: (own,))
    shown: list[Picture] = []
    draw = png._draw

    def remember(picture: Picture, font: str) -> bytes:
        shown.append(picture)
        return draw(picture, font)  # Matplotlib warns of a missing glyph, and a warning fails the test

    monkeypatch.setattr(png, "_draw", remember)
    for name in pictures.NAMES:
        drawn = to_png(lambda lang, name=name: pictures.draw(kb, name, lang), "zh")
        assert drawn.lang == "en"
        assert drawn.alt.startswith(pictures.draw(kb, name, "zh").alt)
        assert drawn.alt.endswith("图中文字为英文。")
        words = [mark.text for mark in shown[-1].marks if isinstance(mark, Text)]
        assert not CHINESE.search("".join(words))
        assert "No Chinese font" in words[-1]
        height = struct.unpack(">I", drawn.content[20:24])[0]
        assert height > pictures.draw(kb, name, "en").height * SCALE


def test_characters_that_no_font_has_become_question_marks() -> None:
    drawn = to_png(lambda _: hostile("\U000f0000 <b> $x$"), "en")
    assert drawn.content.startswith(b"\x89PNG")


def test_svg_needs_no_matplotlib(kb: Knowledge) -> None:
    program = (
        "import sys\n"
        "from knowledge import pictures\nfrom knowledge.loading import load_knowledge\n"
        "from knowledge.pictures.svg import to_svg\nfrom knowledge.pictures import png\n"
        "[to_svg(p) for p in pictures.listed(load_knowledge(), 'zh')]\n"
        "print('matplotlib' in sys.modules, 'PIL' in sys.modules)\n"
    )
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_contrast_where_no_page_decides(lang: Lang) -> None:
    for text in ("text", "quiet", "accent", "caution"):
        for ground in ("surface", "own"):
            assert contrast(LIGHT[text], LIGHT[ground]) >= 4.5, (text, ground)  # type: ignore[index]


def contrast(one: str, other: str) -> float:
    low, high = sorted(map(luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [value / 255 for value in bytes.fromhex(colour[1:])]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "text", ["不可切除者以全身化疗为主，以延长 PFS 和 OS。", "Response (CR), 3–5 cm and more", "x" * 80]
)
def test_lines_are_no_wider_than_their_room(text: str) -> None:
    for room in (60, 120, 400):
        lines = wrap(text, room, 14)
        assert "".join(lines).replace(" ", "") == text.replace(" ", "")
        assert all(width(line, 14) <= room for line in lines)
        assert not any(line[0] in "，。)" for line in lines)
    assert wrap(" ", 10, 14) == []
