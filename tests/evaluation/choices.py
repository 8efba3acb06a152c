"""Classifiers and features that intents could be told apart with, compared in the same cross-validation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import yaml
from numpy.typing import NDArray

from tests.evaluation.intents import ROOT, Example, Sorted

Matrix = NDArray[np.float32]

CHOSEN = "RBF SVM on principal components"
VECTORS, GRAMS, BOTH = "sentence vectors", "character n-grams", "vectors and n-grams"
FOLDS = 5
_MOST_GRAMS = 3000
_RANKED = 10
"""As many intents as Rasa ranks."""


@dataclass(frozen=True)
class Choice:
    """A way to tell intents apart.

    Attributes:
        classifier: its name.
        features: what it sees of a message.
        make: an untrained classifier of scikit-learn, with probabilities.
    """

    classifier: str
    features: str
    make: Callable[[], Any]

    @property
    def chosen(self) -> bool:
        """Whether it is what `config.yml` has."""
        return (self.classifier, self.features) == (CHOSEN, VECTORS)


@dataclass(frozen=True)
class Compared:
    """A choice with what it found: the likeliest intent as it is, and after the cues and rules of `bot.nlu.intents`."""

    choice: Choice
    alone: Sorted
    with_cues: Sorted


def _on_components() -> Any:
    """The classifier of `bot.nlu.classifier`."""
    from sklearn.decomposition import PCA
    from sklearn.pipeline import Pipeline

    from bot.nlu.classifier import PRINCIPAL_COMPONENTS

    return Pipeline([("components", PCA(PRINCIPAL_COMPONENTS, random_state=0)), ("machine", _rbf_machine(1))])


def _rbf_machine(gamma: float) -> Any:
    """A support vector machine.

    The kernel is handed over as a function because scikit-learn then computes it as one product of matrices, which
    takes a seventh of the time. The results are the same.
    """
    from sklearn.metrics.pairwise import rbf_kernel
    from sklearn.svm import SVC

    return SVC(C=10, kernel=partial(rbf_kernel, gamma=gamma), class_weight="balanced", probability=True, random_state=0)


def _linear_machine(c: float) -> Any:
    from sklearn.metrics.pairwise import linear_kernel
    from sklearn.svm import SVC

    return SVC(C=c, kernel=linear_kernel, class_weight="balanced", probability=True, random_state=0)


def _regression() -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=10, class_weight="balanced", max_iter=1000)


def _neighbours() -> Any:
    from sklearn.neighbors import KNeighborsClassifier

    return KNeighborsClassifier(5, metric="cosine", weights="distance")


CHOICES = (
    Choice(CHOSEN, VECTORS, _on_components),
    Choice("RBF SVM", VECTORS, lambda: _rbf_machine(1)),
    Choice("linear SVM", VECTORS, lambda: _linear_machine(10)),
    Choice("logistic regression", VECTORS, _regression),
    Choice("5 nearest neighbours", VECTORS, _neighbours),
    Choice("RBF SVM", GRAMS, lambda: _rbf_machine(1)),
    Choice("linear SVM", GRAMS, lambda: _linear_machine(1)),
    Choice("5 nearest neighbours", GRAMS, _neighbours),
    Choice("RBF SVM", BOTH, lambda: _rbf_machine(0.5)),  # vectors of twice the squared length
    Choice("linear SVM", BOTH, lambda: _linear_machine(1)),
    Choice("5 nearest neighbours", BOTH, _neighbours),
)
"""Logistic regression on n-grams takes half a minute and lies below the machines: 75 % alone, 87 % with vectors."""


def compare(
    examples: Sequence[Example], choices: Sequence[Choice] = CHOICES, folds: int = FOLDS
) -> tuple[Compared, ...]:
    """What every choice makes of each example when it was trained on the other folds, which are the same for all."""
    from sklearn.model_selection import StratifiedKFold

    intents = np.array([example.intent for example in examples])
    messages = _read(examples)
    vectors = np.stack([message.get_dense_features("text")[1].features[0] for message in messages])
    found: dict[Choice, list[list[dict[str, Any]]]] = {choice: [[] for _ in examples] for choice in choices}
    for train, test in StratifiedKFold(folds, shuffle=True, random_state=0).split(vectors, intents):
        seen = _features([example.text for example in examples], vectors, train, test)
        for choice in choices:
            known, new = seen[choice.features]
            classifier = choice.make().fit(known, intents[train])
            for position, shares in zip(test, classifier.predict_proba(new), strict=True):
                found[choice][position] = _ranked(classifier.classes_, shares)
    return tuple(
        Compared(
            choice,
            Sorted(f"{choice.classifier}, {choice.features}", examples, [ranking[0]["name"] for ranking in rankings]),
            Sorted("assistant", examples, _settled(messages, rankings)),
        )
        for choice, rankings in found.items()
    )


def component(name: str) -> dict[str, Any]:
    """The settings of a component in `config.yml`."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    return next(
        {key: value for key, value in entry.items() if key != "name"} for entry in pipeline if entry["name"] == name
    )


def _read(examples: Iterable[Example]) -> list[Any]:
    """The examples as Rasa messages, with everything that the pipeline finds before it guesses the intent."""
    from rasa.shared.nlu.training_data.message import Message
    from rasa.shared.nlu.training_data.training_data import TrainingData

    from bot.nlu.cleaning import MessageCleaner
    from bot.nlu.facts import FactEntityExtractor
    from bot.nlu.sentences import SentenceVectorFeaturizer

    messages = [Message({"text": example.text}) for example in examples]
    MessageCleaner.create(component("bot.nlu.cleaning.MessageCleaner")).process(messages)
    FactEntityExtractor.create().process(messages)
    featurizer = SentenceVectorFeaturizer.create(SentenceVectorFeaturizer.get_default_config())
    featurizer.process_training_data(TrainingData(messages))
    return messages


def _features(
    texts: Sequence[str], vectors: Matrix, train: Matrix, test: Matrix
) -> Mapping[str, tuple[Matrix, Matrix]]:
    """What can be seen of the training and the test messages; n-grams are those of the training messages."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    grams = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(1, 4), sublinear_tf=True, max_features=_MOST_GRAMS, dtype=np.float32
    )
    known = grams.fit_transform([texts[i] for i in train]).toarray()
    new = grams.transform([texts[i] for i in test]).toarray()
    return {
        VECTORS: (vectors[train], vectors[test]),
        GRAMS: (known, new),
        BOTH: (np.hstack([vectors[train], known]), np.hstack([vectors[test], new])),
    }


def _ranked(intents: Sequence[str], shares: Matrix) -> list[dict[str, Any]]:
    best = np.argsort(-shares, kind="stable")[:_RANKED]
    return [{"name": str(intents[i]), "confidence": float(shares[i])} for i in best]


def _settled(messages: Iterable[Any], rankings: Iterable[list[dict[str, Any]]]) -> list[str]:
    """The intents after the fallback and the rules."""
    from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.intents import IntentRules

    guessed = [
        Message({**message.data, "intent": ranking[0], "intent_ranking": list(ranking)})
        for message, ranking in zip(messages, rankings, strict=True)
    ]
    FallbackClassifier(component("FallbackClassifier")).process(guessed)
    IntentRules.create().process(guessed)
    return [str(message.get("intent")["name"]) for message in guessed]
