"""Runs the components of a model one after the other."""

from __future__ import annotations

from graphlib import TopologicalSorter
from typing import Any

from rasa.engine.runner.dask import DaskGraphRunner


class SequentialRunner(DaskGraphRunner):
    """Rasa's runner without its scheduler, which takes longer to plan a run than our components take to do it."""

    _plans: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]]

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """See parent class."""
        wanted = tuple(targets or self._graph_schema.target_names)
        outputs = {name: (name, value) for name, value in (inputs or {}).items()}
        for name, needs in self._plan(wanted):
            outputs[name] = self._instantiated_nodes[name](*(outputs.get(need, need) for need in needs))
        return dict(outputs[target] for target in wanted)

    def _plan(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The nodes that lead to the targets, each after those it needs."""
        plans = self.__dict__.setdefault("_plans", {})
        if targets not in plans:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            needs = {name: tuple(node.needs.values()) for name, node in nodes.items()}
            order = TopologicalSorter(needs).static_order()
            plans[targets] = [(name, needs[name]) for name in order if name in needs]
        plan: list[tuple[str, tuple[str, ...]]] = plans[targets]
        return plan
