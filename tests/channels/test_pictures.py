"""Pictures on the platforms: when they are shown, how they arrive, and what is said where they do not."""

from __future__ import annotations

import asyncio
import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from bot.channels.model import DeniedError, Image, Message, RejectedError, TryLaterError
from bot.channels.pictures import AGAIN, asks_for_picture, drawn, illustrated, in_words, named_in
from bot.channels.splitting import utf8
from bot.channels.teams.output import picture as teams_picture
from bot.channels.wecom.output import LONGEST as WECOM_TEXT
from tests.channels.gateways import Script, gateway
from tests.channels.live import Live
from tests.channels.standins import dingtalk, feishu, receiver, slack, teams, telegram, wecom
from tests.channels.standins.sdk import Sdk
from tests.channels.standins.serving import png_size, status, until
from tests.channels.test_delivery_path import Fake, put

QUESTION = "SRFA 后 5 年总生存率是多少？"
CASE = {"resectability": "unresectable", "lesion_count": 3, "largest_lesion_cm": 2.8, "ras": "mutant"}
STUDY = {"text": "34.8 % [22]", "custom": {"kind": "answer", "lang": "zh", "picture": "srfa-survival"}}
OPTIONS = {
    "text": "options",
    "buttons": [{"title": "Summary", "payload": "Summary"}],
    "custom": {"kind": "options", "lang": "en", "picture": "pathway", "facts": CASE},
}


@dataclass(frozen=True)
class Chat:
    """A conversation on a platform, as its user sees it.

    Attributes:
        place: the conversation as the platform names it.
        say: sends a message.
        images: the sizes of the images that arrived.
        text: everything that can be read.
    """

    standin: Any
    place: str
    say: Callable[[str], Any]
    images: Callable[[], list[tuple[int, int]]]
    text: Callable[[], str]


def chats(live: Live, sdk: Sdk, name: str, who: str) -> Chat:
    standin, url = live.standins[name], live.url
    match name:
        case "telegram":
            number = int.from_bytes(who.encode()[-6:], "big")
            return Chat(
                standin,
                str(number),
                lambda text: telegram.deliver(url, telegram.said(number, text)),
                lambda: [png_size(m["photo"]) for m in standin.sent(number) if "photo" in m],
                lambda: "\n".join(m.get("text", "") for m in standin.sent(number)),
            )
        case "slack":
            channel = f"D-{who}"
            return Chat(
                standin,
                channel,
                lambda text: slack.deliver(url, slack.event("message", channel, text)),
                lambda: [m["size"] for m in standin.posted(channel) if "size" in m],
                lambda: "\n".join(m.get("text", "") for m in standin.posted(channel)),
            )
        case "teams":
            return Chat(
                standin,
                who,
                lambda text: teams.deliver(url, teams.said(standin.url, who, text), teams.token(standin.url)),
                lambda: [png_size(image) for m in standin.sent(who) for image in teams.images_of(m)],
                lambda: standin.texts(who),
            )
        case "wecom":
            return Chat(
                standin,
                who,
                lambda text: wecom.deliver(sdk, url, wecom.message(who, Content=text)),
                lambda: [standin.media[m["image"]["media_id"]] for m in standin.sent(who) if "image" in m],
                lambda: standin.texts(who),
            )
        case "feishu":
            return Chat(
                standin,
                who,
                lambda text: feishu.deliver(url, feishu.said(who, text)),
                lambda: [standin.images[m["content"]["image_key"]] for m in standin.sent(who) if is_image(m)],
                lambda: standin.texts(who),
            )
        case "dingtalk":
            return Chat(
                standin,
                who,
                lambda text: standin.push(dingtalk.said(who, text)),
                lambda: [standin.media[m["photoURL"]] for m in standin.sent(who) if "photoURL" in m],
                lambda: standin.texts(who),
            )
    return Chat(
        standin,
        who,
        lambda text: receiver.post(url, who, text),
        lambda: [received(m) for m in list(standin.messages) if m["conversation"] == who and "picture" in m],
        lambda: "\n".join(m["text"] for m in list(standin.messages) if m["conversation"] == who),
    )


def is_image(message: Mapping[str, Any]) -> bool:
    return bool(message["msg_type"] == "image")


def received(message: Mapping[str, Any]) -> tuple[int, int]:
    picture = message["picture"]
    assert picture["type"] == "image/png"
    size = png_size(base64.b64decode(picture["content"]))
    assert size == (picture["width"], picture["height"])
    return size


ALL = ("telegram", "slack", "teams", "wecom", "feishu", "dingtalk", "generic")


@pytest.mark.parametrize("name", ALL)
def test_an_answer_brings_its_picture_once_and_the_pathway_when_it_is_wanted(
    connected: Live, sdk: Sdk, name: str
) -> None:
    chat = chats(connected, sdk, name, f"{name}-picture")
    chat.say(QUESTION)
    (study,) = until(chat.images)
    assert "34.8%" in chat.text()
    assert 0.8 < study[0] / study[1] < 1.3
    chat.say(QUESTION)
    until(lambda: chat.text().count("34.8%") >= 2)
    chat.say("不可切除，3枚，最大2.8cm，RAS突变")
    chat.say("直接看方案")
    until(lambda: "首选：" in chat.text())
    assert len(chat.images()) == 1
    chat.say("看路径图")
    _, *pathway = until(lambda: chat.images() if len(chat.images()) > 1 else None)
    assert sum(height for _, height in pathway) > 1.8 * pathway[0][0]
    assert not getattr(chat.standin, "errors", [])


REFUSALS: Mapping[str, Any] = {
    "telegram": {"ok": False, "error_code": 400, "description": "Bad Request: not enough rights to send photos"},
    "slack": {"ok": False, "error": "missing_scope"},
    "teams": None,
    "wecom": {"errcode": 48002, "errmsg": "api forbidden"},
    "feishu": {"code": 99991672, "msg": "Access denied. required: im:resource"},
    "dingtalk": {"errcode": 88, "errmsg": "上传失败"},
    "generic": None,
}


@pytest.mark.parametrize("name", ALL)
def test_a_picture_that_is_refused_is_put_into_words(connected: Live, sdk: Sdk, name: str) -> None:
    chat = chats(connected, sdk, name, f"{name}-refused")
    chat.say("你好")
    until(lambda: "综述" in chat.text())
    body = REFUSALS[name]
    refusal = status(400 if body is None else 200, body or {"error": {"code": "refused"}})
    chat.standin.faults.plan(refusal, to=chat.place, pictures=True)
    chat.say(QUESTION)
    until(lambda: chat.text().count("34.8%") == 2)
    assert not chat.images()
    assert chat.text().count("217 是肿瘤个数而非患者数") == 2
    assert chat.text().count("[22]") >= 2
    assert "不完整" not in chat.text()


@pytest.mark.parametrize(
    "text", ["看图", " 看路径图。", "请看图", "Show the picture", "please show the pathway!", "PICTURE"]
)
def test_words_that_ask_for_the_picture(text: str) -> None:
    assert asks_for_picture(text)


@pytest.mark.parametrize("text", ["", "图 3 是什么", "what does the picture say of SRFA", "2", "请"])
def test_other_words_are_for_the_assistant(text: str) -> None:
    assert not asks_for_picture(text)


def test_a_picture_is_shown_by_itself_once_and_then_offered() -> None:
    said, shown, known = illustrated([STUDY], {})
    assert list(said) == [STUDY]
    assert shown == {"name": "srfa-survival", "lang": "zh"}
    (again,), shown, later = illustrated([STUDY], known)
    assert shown is None
    assert again["buttons"] == [{"title": "看图", "payload": "看图"}]
    assert later["picture"] == {"name": "srfa-survival", "lang": "zh"}
    _, shown, _ = illustrated([STUDY], {"seen": {"srfa-survival zh": time.time() - AGAIN - 1}})
    assert shown
    english = {**STUDY, "custom": {**STUDY["custom"], "lang": "en"}}
    assert illustrated([english], known)[1]


def test_the_pathway_is_offered_beside_the_other_quick_replies() -> None:
    (said,), shown, known = illustrated([OPTIONS], {})
    assert shown is None
    assert [button["title"] for button in said["buttons"]] == ["Summary", "Show the pathway"]
    assert known["picture"] == {"name": "pathway", "lang": "en", "facts": CASE}


def test_a_picture_of_a_patient_is_kept_only_while_the_case_cannot_have_changed() -> None:
    _, _, known = illustrated([OPTIONS], {})
    question = {"text": "why", "custom": {"kind": "answer", "lang": "en", "picture": None}}
    _, _, known = illustrated([question], known)
    assert known["picture"]["name"] == "pathway"
    for other in (
        {"text": "A new patient."},
        {"text": "Noted", "custom": {"kind": "facts", "lang": "en", "facts": {}}},
    ):
        assert illustrated([other, question], known)[2]["picture"] is None


def test_what_a_picture_says_fits_into_one_message_everywhere() -> None:
    facts = {"resectability": "unresectable", "surgical_risk": "acceptable", "liver_reserve": "adequate",
             "onset": "metachronous", "lesion_count": 1, "largest_lesion_cm": 4.5, "extrahepatic_disease": "lung_only",
             "chemotherapy_status": "responding", "resection_status": "recurred", "local_therapy_failed": True,
             "ras": "mutant", "braf": "mutant", "tp53": "wild_type", "ugt1a1": "normal", "cea_ng_ml": 312.5,
             "ctdna_after_chemotherapy": "negative", "apri": 1.25, "meld": 12}  # fmt: skip
    for lang in ("zh", "en"):
        for picture in (
            {"name": "pathway", "lang": lang, "facts": facts},
            {"name": "radioembolisation-dose", "lang": lang},
        ):
            assert 300 < utf8(in_words(picture)) <= WECOM_TEXT


def test_a_picture_is_drawn_once_for_all() -> None:
    picture = {"name": "srfa-survival", "lang": "en"}
    first, second = asyncio.run(drawn(picture)), asyncio.run(drawn(dict(picture)))
    assert first is second
    assert (first.width, first.height) == png_size(first.content)
    assert first.title == "Overall and disease-free survival after SRFA"


def test_every_picture_fits_into_an_activity_of_teams() -> None:
    address = {"service": "https://s", "place": "a", "reply_to": "1", "bot": "b"}
    for name, facts, pieces in (("pathway", {"facts": CASE}, 3), ("radioembolisation-dose", {}, 1)):
        image = asyncio.run(drawn({"name": name, "lang": "en", **facts}))
        activity = teams_picture(image, address)["activity"]
        assert teams.problem(activity) is None
        sizes = [png_size(content) for content in teams.images_of(activity)]
        assert len(sizes) == pieces
        height = sum(height for _, height in sizes)
        assert height / sizes[0][0] == pytest.approx(image.height / image.width, rel=0.01)


@pytest.fixture
def drawn_before() -> None:
    """Drawing is slow the first time, and these tests are about what comes after it."""
    for said in (STUDY, OPTIONS):
        picture = named_in([said])
        assert picture
        asyncio.run(drawn(picture))


class Gallery(Fake):
    """A platform whose pictures fail as the test wants, while everything else is taken."""

    def __init__(self, fail: Callable[[], Exception | float] | None = None) -> None:
        super().__init__("gallery")
        self.failing = fail
        self.tried = 0

    def render(self, message: Message, address: Mapping[str, Any]) -> list[Any]:
        return [part.__class__({"text": message.text}) for part in super().render(message, address)]

    async def show(self, image: Image, address: Mapping[str, Any], key: str) -> None:
        self.tried += 1
        if self.failing:
            fault = self.failing()
            if isinstance(fault, Exception):
                raise fault
            await asyncio.sleep(fault)
        await super().show(image, address, key)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [(RejectedError("no"), 1), (DeniedError("no scope", 30.0), 1), (TryLaterError("busy"), 2), (60.0, 2)],
)
@pytest.mark.usefixtures("drawn_before")
def test_a_picture_that_fails_loses_and_delays_nothing(database: str, fault: Any, tries: int) -> None:
    platform = Gallery(lambda: fault)
    put(database, "gallery", "c", "question", "k1", position=1.0)
    put(database, "gallery", "c", "next", "k2", position=2.0)
    answers = {"question": [STUDY, {"text": "And next?"}], "next": [{"text": "the next answer"}]}
    began = time.monotonic()
    with gateway([platform], database, Script(lambda text: answers[text]), lease=3.0):
        until(lambda: len(platform.sent) == 4)
    assert time.monotonic() - began < 15
    first, second, in_its_place, last = platform.sent
    assert (first, second, last) == ("34.8 % [22]", "And next?", "the next answer")
    assert "34.8%" in in_its_place
    assert platform.tried == tries


def test_a_picture_that_cannot_be_drawn_is_put_into_words(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any) -> Any:
        raise OSError("no font can be read")

    monkeypatch.setattr("bot.channels.pictures.to_png", fail)
    monkeypatch.setattr("bot.channels.pictures._image", fail)
    platform = Gallery()
    put(database, "gallery", "c", "question", "k1")
    with gateway([platform], database, Script(lambda _: [STUDY])):
        until(lambda: len(platform.sent) == 2)
    assert "90.1%" in platform.sent[1]
    assert not platform.tried


@pytest.mark.usefixtures("drawn_before")
def test_numbers_and_words_show_the_pathway_and_a_new_patient_has_none(database: str) -> None:
    platform = Gallery()
    platform.numbers_choices = True
    answers = {"case": [OPTIONS], "new patient": [{"text": "A new patient."}]}
    script = Script(lambda text: answers[text])
    with gateway([platform], database, script):
        for number, text in enumerate(("case", "2", "show the pathway", "new patient", "Show the pathway")):
            put(database, "gallery", "c", text, f"k{number}", position=float(number))
            until(lambda count=number: len(platform.sent) > count)
    assert platform.sent == [
        "options",
        "pathway.png",
        "pathway.png",
        "A new patient.",
        "The latest answer has no picture.",
    ]
    assert [text for _, text in script.turns] == ["case", "new patient"]
