"""TensorFlow only if something needs it.

Rasa imports TensorFlow whenever it imports an entity extractor or a policy, for training utilities that only its
neural components use. The components of this project use none of it, but would pay for it in every process: three
seconds of start-up and 340 MB of memory.
"""

from __future__ import annotations

import importlib.util
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

TRAINING_UTILITIES = "rasa.utils.train_utils"


def defer(name: str = TRAINING_UTILITIES) -> None:
    """Put a stand-in in the place of a module; the module itself is loaded when something of it is used.

    Nothing happens if it has been imported already.

    Raises:
        ModuleNotFoundError: there is no such module.
    """
    if name in sys.modules:
        return
    parent, _, child = name.rpartition(".")
    spec = importlib.util.find_spec(name)
    if spec is None or not isinstance(spec.loader, SourceFileLoader):
        raise ModuleNotFoundError(f"no module named {name}", name=name)
    loader = spec.loader
    code = loader.get_code(name)
    defined = frozenset(code.co_names if code else ())
    stand_in = ModuleType(name)
    stand_in.__spec__ = spec

    def load(attribute: str) -> Any:
        # Some packages look through all modules for a function of theirs; that is no use of this one.
        if attribute.startswith("__") or attribute not in defined:
            raise AttributeError(f"module {name} has no attribute {attribute}")
        if sys.modules[name] is stand_in:
            module = importlib.util.module_from_spec(spec)
            sys.modules[name] = module
            setattr(sys.modules[parent], child, module)
            loader.exec_module(module)
        return getattr(sys.modules[name], attribute)

    stand_in.__getattr__ = load  # type: ignore[method-assign]
    sys.modules[name] = stand_in
    setattr(sys.modules[parent], child, stand_in)
