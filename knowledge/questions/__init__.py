"""Answers free questions with statements of the knowledge base, or says that it has none."""

from knowledge.questions.asking import Questions

__all__ = ["Questions"]
