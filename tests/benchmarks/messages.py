"""What is said in the measured conversations."""

from __future__ import annotations

CONVERSATIONS: tuple[tuple[str, ...], ...] = (
    (
        "男，62岁，结肠癌肝转移，不可切除，3枚，最大2.8cm",
        "尚未化疗",
        "为什么问这个",
        "没有肝外转移",
        "RAS野生型",
        "SRFA 的 5 年生存率是多少？",
        "直接看方案",
        "为什么不消融",
        "如果RAS突变呢",
        "总结",
    ),
    (
        "62-year-old man with colon cancer, liver metastases unresectable, 2 lesions",
        "largest 2.5 cm",
        "sorry, 3.5 cm",
        "no extrahepatic disease",
        "what is 5-year survival after SRFA?",
        "unknown",
        "show me the options",
        "more",
        "compare TACE and HAIP",
        "summary",
    ),
)
"""One conversation in each language, as a user would hold it."""
