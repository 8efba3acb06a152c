"""What the connectors say themselves. Nothing clinical: that comes from the knowledge base alone."""

from __future__ import annotations

from knowledge.models.base import Lang

_WORDS: dict[str, dict[Lang, str]] = {
    "group": {
        "zh": "这里其他人也能看到消息：请勿发送姓名、证件号、影像号等可识别患者的信息。"
        "只有被点名时我才回答；每个{unit}是一个病例。",
        "en": "Others can read along here: send nothing that identifies a patient. I answer only when I am addressed; "
        "each {unit} is a case of its own.",
    },
    "thread": {"zh": "话题", "en": "thread"},
    "person": {"zh": "成员", "en": "person"},
    "old_choice": {
        "zh": "这个按钮属于之前的消息，已不再有效。请用最新的按钮，或直接打字说明要改什么。",
        "en": "That button belongs to an earlier message and no longer counts. Use the newest ones, "
        "or type what to change.",
    },
    "undelivered": {
        "zh": "⚠ 这里有一段回答无法在本平台送达，以上内容不完整。请回复“总结”，或联系管理员。",
        "en": "⚠ A part of the answer could not be delivered here, so what you see is incomplete. "
        'Reply "summary", or ask your administrator.',
    },
    "see_picture": {"zh": "看图", "en": "Show the picture"},
    "see_pathway": {"zh": "看路径图", "en": "Show the pathway"},
    "no_picture": {
        "zh": "最近一条回答没有配图。",
        "en": "The latest answer has no picture.",
    },
    "choose": {"zh": "请选择", "en": "Please choose"},
    "encrypted": {
        "zh": "我读不了加密房间里的消息。请在未加密的房间里邀请我。",
        "en": "I cannot read encrypted rooms. Please invite me to a room without encryption.",
    },
}


def words(key: str, lang: Lang, **values: str) -> str:
    """A sentence in the user's language."""
    return _WORDS[key][lang].format(**values)
