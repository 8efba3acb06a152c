"""The classifier that guesses what a message is for."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.sklearn_intent_classifier import SklearnIntentClassifier


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class SeededIntentClassifier(SklearnIntentClassifier):
    """Rasa's support vector machine, trained the same way every time.

    Its confidences come from a cross-validation with random folds. Without a seed the same examples would give
    another model at every training, and a message near the threshold another answer.
    """

    def _create_classifier(self, num_threads: int, y: Any) -> Any:
        search = super()._create_classifier(num_threads, y)
        search.estimator.random_state = 0
        search.verbose = 0
        return search
