"""The components of the pipeline one by one, without a trained model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.cleaning import MessageCleaner, clean
from bot.nlu.cues import CUES, load_cues
from bot.nlu.facts import FactEntityExtractor
from bot.nlu.intents import IntentRules
from bot.nlu.sentences import SentenceVectorFeaturizer
from knowledge.models.facts import FACT_IDS


@pytest.fixture(scope="module")
def extractor() -> FactEntityExtractor:
    return FactEntityExtractor.create()


@pytest.fixture(scope="module")
def rules() -> IntentRules:
    return IntentRules.create()


@pytest.fixture
def intent(extractor: FactEntityExtractor, rules: IntentRules) -> Any:
    """The intent of a text whose sentence vector says `guess`."""

    def decide(text: str, guess: str = "nlu_fallback", confidence: float = 0.4) -> str:
        message = Message({"text": text, "intent": {"name": guess, "confidence": confidence}})
        rules.process(extractor.process([message]))
        return str(message.get("intent")["name"])

    return decide


# Cleaning


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("hello", "hello"),
        ("/restart", " restart"),
        ("//restart", "  restart"),
        (" \t/ /x", "     x"),
        ("3/4", "3/4"),
        ("a\x00b\x1bc", "a b c"),
        ("a\x1b[31mb", "a     b"),
        ("肝\u200b转移\ufeff", "肝 转移 "),
        ("两行\n文字", "两行\n文字"),
    ],
)
def test_cleaning_keeps_every_position(typed: str, text: str) -> None:
    assert clean(typed) == text
    assert len(clean(typed)) == len(typed)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("", "empty"), (None, "empty"), (" \n\x00", "empty"), ("/", "empty"), ("x" * 11, "too_long"), ("x" * 10, None)],
)
def test_what_cannot_be_read_is_marked(typed: str | None, reason: str | None) -> None:
    message = Message({"text": typed})
    MessageCleaner.create({"max_characters": 10}).process([message])
    assert (message.get("unreadable") or {}).get("reason") == reason
    assert isinstance(message.get("text"), str)
    if reason:
        assert message.get("text").strip() == ""


# Facts and names


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("不可切除，3个病灶", {"resectability": "unresectable", "lesion_count": 3}),
        ("RAS wild type, largest 25 mm", {"ras": "wild_type", "largest_lesion_cm": 2.5}),
        ("什么是转化治疗", {}),
        ("", {}),
    ],
)
def test_facts_become_entities(extractor: FactEntityExtractor, text: str, facts: dict[str, object]) -> None:
    message = extractor.process([Message({"text": text})])[0]
    found = [entity for entity in message.get("entities") if entity["entity"] in FACT_IDS]
    assert {entity["entity"]: entity["value"] for entity in found} == facts
    for entity in found:
        assert text[entity["start"] : entity["end"]] == entity["text"]
        assert entity["extractor"] == "FactEntityExtractor"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("双肺及腹膜均未见转移", "双肺及腹膜"),
        ("pelvis and lungs look clear", "pelvis and lungs"),
        ("no bone or brain mets", "bone or brain"),
        ("no lung mets?", None),
        ("肺功能正常", None),
    ],
)
def test_sites_that_are_free_leave_the_rest_open(extractor: FactEntityExtractor, text: str, words: str | None) -> None:
    message = extractor.process([Message({"text": text})])[0]
    found = [entity for entity in message.get("entities") if entity["entity"] in FACT_IDS]
    expected = [] if words is None else [("extrahepatic_disease", "bound", words)]
    assert [(entity["entity"], entity["status"], entity["text"]) for entity in found] == expected


def test_names_become_entities(extractor: FactEntityExtractor) -> None:
    message = extractor.process([Message({"text": "比较 TACE 和 HAIP，见文献14"})])[0]
    named = {(entity["entity"], entity["value"]) for entity in message.get("entities")}
    assert {("therapy", "tace"), ("therapy", "haip"), ("reference", 14)} <= named


# Sentence vectors


def test_vectors_are_sentence_features() -> None:
    featurizer = SentenceVectorFeaturizer.create(SentenceVectorFeaturizer.get_default_config())
    messages = [Message({"text": text}) for text in ("你好", "hello", "", "5-year survival after SRFA")]
    featurizer.process(messages)
    vectors = []
    for message in messages:
        sequence, sentence = message.get_dense_features("text")
        assert sequence is None
        assert sentence.features.shape == (1, 512)
        vectors.append(sentence.features[0])
    greeting_zh, greeting_en, _, question = vectors
    assert greeting_zh @ greeting_en > greeting_zh @ question


# What is certain about an intent


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("不可切除，3个病灶", "inform"),
        ("RAS wild type", "inform"),
        ("3", "inform"),
        ("没有", "inform"),
        ("wt", "inform"),
        ("跳过", "inform"),
        ("新患者，可切除", "new_patient"),
        ("new patient: resectable, 2 lesions", "new_patient"),
        ("如果RAS突变呢", "what_if"),
        ("what if RAS were mutant", "what_if"),
        ("比较TACE和HAIP", "compare"),
        ("TACE or HAIP, which is better?", "compare"),
        ("撤回RAS", "withdraw"),
        ("forget the CEA", "withdraw"),
        ("为什么问RAS", "ask_why_question"),
        ("why do you ask about CEA", "ask_why_question"),
        ("为什么热消融", "why_option"),
        ("why not surgery", "why_option"),
        ("为什么RAS突变不能用西妥昔单抗", "ask"),
        ("文献14", "show_reference"),
        ("show reference 14", "show_reference"),
        ("不可切除，2个病灶，怎么治疗？", "inform"),
        ("请总结一下", "summary"),
        ("Summary, please!", "summary"),
        ("好的，更多", "more"),
        ("直接看方案", "enough"),
        ("不对，那次ctDNA是阳性的", "inform"),
        ("sorry, the ctDNA was positive", "inform"),
        ("sorry, why ctDNA?", "ask_why_question"),
    ],
)
def test_what_is_certain(intent: Any, text: str, expected: str) -> None:
    for guess in ("nlu_fallback", "greet", "out_of_scope"):
        assert intent(text, guess) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("那个139是哪来的", "ask"),
        ("source of the 34.8%?", "ask"),
        ("show references", "show_reference"),
        ("出处呢", "show_reference"),
        ("correction: 24 and 17", "nlu_fallback"),
    ],
)
def test_the_source_of_a_figure_is_what_the_review_says_of_it(intent: Any, text: str, expected: str) -> None:
    assert intent(text, "show_reference") == expected


@pytest.mark.parametrize("guess", ["greet", "show_facts", "nlu_fallback", "enough"])
def test_what_is_not_certain_is_left_to_the_classifier(intent: Any, guess: str) -> None:
    assert intent("嗯哼哼", guess) == guess


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("请用英文回答", "en"),
        ("answer in Chinese", "zh"),
        ("I read no Chinese, English please", "en"),
        ("换语言", None),
    ],
)
def test_the_language_asked_for_becomes_an_entity(rules: IntentRules, text: str, language: str | None) -> None:
    message = Message({"text": text, "intent": {"name": "set_language", "confidence": 0.9}})
    rules.process([message])
    named = [entity["value"] for entity in message.get("entities", []) if entity["entity"] == "language"]
    assert named == ([language] if language else [])


def test_a_question_with_facts_of_the_patient_is_a_question(intent: Any) -> None:
    assert intent("患者RAS突变，SRFA的5年生存率是多少？", "inform") == "ask"


@pytest.mark.parametrize("text", ["meaning of TP53 mutation", "TP53突变的意义"])
def test_what_is_surely_a_question_says_nothing_of_the_patient(
    extractor: FactEntityExtractor, rules: IntentRules, text: str
) -> None:
    message = Message({"text": text, "intent": {"name": "ask", "confidence": 0.9}})
    rules.process(extractor.process([message]))
    assert message.get("intent")["name"] == "ask"
    assert not any(entity.get("asserted") for entity in message.get("entities"))


def test_a_sure_guess_does_not_undo_facts_beside_a_question(extractor: FactEntityExtractor, rules: IntentRules) -> None:
    message = Message({"text": "患者RAS突变。TACE的生存期是多少？", "intent": {"name": "ask", "confidence": 0.9}})
    rules.process(extractor.process([message]))
    assert any(entity.get("asserted") for entity in message.get("entities"))


@pytest.mark.parametrize("guess", ["withdraw", "new_patient", "continue_case", "goodbye"])
def test_nothing_is_thrown_away_on_a_vague_resemblance(intent: Any, guess: str) -> None:
    assert intent("算了，不想回答", guess, 0.4) == "nlu_fallback"
    assert intent("算了，不想回答", guess, 0.9) == guess


def test_a_polite_opening_does_not_make_a_case_a_question(intent: Any) -> None:
    text = "Can you help me with a patient? 68 yo, 3 lesions, RAS mutant"
    assert intent(text, "inform", 0.8) == "inform"


def test_unreadable_messages_are_not_understood(rules: IntentRules) -> None:
    message = Message({"text": "", "intent": {"name": "greet", "confidence": 0.9}, "unreadable": {"reason": "empty"}})
    rules.process([message])
    assert message.get("intent")["name"] == "nlu_fallback"


def test_every_cue_leads_where_it_says() -> None:
    cues = load_cues()
    for name, phrases in cues.whole.items():
        for phrase in phrases:
            assert cues.intent_of(phrase) == name, phrase
            assert cues.intent_of(f"请{phrase}。") == name, phrase
            assert cues.intent_of(f"{phrase.upper()} please!") == name, phrase


def test_cues_are_known_intents(domain: dict[str, Any]) -> None:
    assert set(load_cues().whole) <= set(domain["intents"])


def test_the_fingerprint_follows_the_cues(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = IntentRules.fingerprint_addon({})
    changed = tmp_path / CUES.name
    changed.write_text(CUES.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr("bot.nlu.intents.CUES", changed)
    assert IntentRules.fingerprint_addon({}) != before
