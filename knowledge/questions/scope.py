"""What a message is about where its words do not settle it: this disease, anything else, or a manipulation.

A linear classifier over sentence vectors, learnt from the ways to ask for the statements and from
`data/questions/examples.yaml`. It decides whether and why a question is declined, never what is answered.
"""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from pathlib import Path

import numpy as np

from knowledge.array_cache import Array, kept
from knowledge.models.questions import Examples
from knowledge.questions.wording import Wordings
from knowledge.sentence_vectors import encode, encode_one

_SUBJECT, _ELSEWHERE, _MANIPULATION = range(3)
_STRICTNESS = 30.0
"""The inverse strength of the regularisation; from 3 to 100 the cross-validated figures hardly change."""

_SURELY = 0.97
"""In five-fold cross-validation this finds 73 % of the manipulations and takes 1 of 5,697 questions for one."""
_LIKELY = 0.6


class Scope:
    """Tells questions on this disease from other matters and from manipulations."""

    def __init__(self, wordings: Wordings, examples: Examples, cache: Path | None = None) -> None:
        """Learn at the first use.

        Args:
            wordings: gives the questions that the knowledge base answers, with their vectors.
            examples: questions it does not answer, and other messages.
            cache: folder in which what was learnt is kept; None for the user's cache folder.
        """
        self._wordings = wordings
        self._groups = (examples.subject.all, examples.elsewhere.all, examples.manipulation.all)
        self._cache = cache

    def manipulates(self, text: str, *, surely: bool = True) -> bool:
        """Whether a message tries to lead the assistant away from its source.

        Args:
            text: the message.
            surely: whether it must be beyond doubt, because the message could be answered.
        """
        return bool(self._shares(text)[_MANIPULATION] >= (_SURELY if surely else _LIKELY))

    def is_elsewhere(self, text: str) -> bool:
        """Whether a message is more likely about something else than about this disease."""
        shares = self._shares(text)
        return bool(shares[_SUBJECT] < shares[_ELSEWHERE] + shares[_MANIPULATION])

    def _shares(self, text: str) -> Array:
        """How likely a message belongs to each class; the shares add up to 1."""
        weights = self._weights
        scores = weights[:, :-1] @ encode_one(text) + weights[:, -1]
        shares = np.exp(scores - scores.max())
        return np.asarray(shares / shares.sum(), dtype=np.float32)

    @cached_property
    def _weights(self) -> Array:
        """For each class the weights of the components of a vector and, last, its bias."""
        source = (*self._wordings.questions, *chain.from_iterable(self._groups), str(_STRICTNESS))
        return kept("scope", source, self._learn, self._cache)

    def _learn(self) -> Array:
        from sklearn.linear_model import LogisticRegression  # only when something new is learnt

        asked = self._wordings.question_vectors()
        vectors = np.vstack([asked, encode(list(chain.from_iterable(self._groups)))])
        labels = np.repeat((_SUBJECT, *range(len(self._groups))), [len(asked), *map(len, self._groups)])
        model = LogisticRegression(C=_STRICTNESS, max_iter=3000, class_weight="balanced").fit(vectors, labels)
        return np.asarray(np.c_[model.coef_, model.intercept_], dtype=np.float32)
