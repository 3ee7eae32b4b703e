"""Runs the model's graph as the straight line that it is.

Rasa hands its graph to dask, which works out each time in which order the parts go and could run them in parallel; for
a few parts that each wait for the one before, that took a tenth of a turn. The parts, their inputs and what is answered
are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.brain.rasa_patches.replaced import Replaced

REPLACES = (
    Replaced(
        "rasa.engine.runner.dask",
        "DaskGraphRunner.run",
        "39c53d008746a393986a524fb729ab2e6157d83877c2d5bb1185d055a2b9a077",
    ),
    Replaced(
        "rasa.engine.runner.dask",
        "DaskGraphRunner._build_dask_graph",
        "d9a3c5c70763c421cb7ee0f360877ac41d2d3379d4104ffeba6738ec4a81018f",
    ),
    Replaced(
        "rasa.engine.graph", "GraphNode.__call__", "affe0b020acdae50f31001cd840e29f53325850cb3aa10bf691d231556a3e3ab"
    ),
)


class StraightLineRunner(DaskGraphRunner):
    """A loaded model's nodes, in an order that is found once for each set of targets."""

    @classmethod
    def of(cls, loaded: DaskGraphRunner) -> StraightLineRunner:
        """The same nodes, without loading them again."""
        runner = cls.__new__(cls)
        runner.__dict__.update(loaded.__dict__)
        runner._lines = {}
        return runner

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """Run the nodes that the targets need, and answer the targets' outputs."""
        wanted = targets or self._graph_schema.target_names
        outputs = dict(inputs or {})
        for name, node, needs in self._line(tuple(wanted), frozenset(outputs)):
            _, outputs[name] = node(*((need, outputs[need]) for need in needs))
        return {name: outputs[name] for name in wanted}

    def _line(self, targets: tuple[str, ...], inputs: frozenset[str]) -> Sequence[tuple[str, GraphNode, list[str]]]:
        if (targets, inputs) not in self._lines:
            self._lines[targets, inputs] = self._in_order(targets, inputs)
        return self._lines[targets, inputs]

    def _in_order(self, targets: tuple[str, ...], inputs: frozenset[str]) -> list[tuple[str, GraphNode, list[str]]]:
        nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
        if clash := inputs & nodes.keys():
            raise GraphRunError(f"An input has the name of a node: {', '.join(sorted(clash))}.")
        line: list[tuple[str, GraphNode, list[str]]] = []
        done = set(inputs)
        while waiting := [name for name in nodes if name not in done]:
            ready = [name for name in waiting if done.issuperset(nodes[name].needs.values())]
            if not ready:
                raise GraphRunError(f"Nothing provides what these need: {', '.join(waiting)}.")
            line += [(name, self._instantiated_nodes[name], list(nodes[name].needs.values())) for name in ready]
            done.update(ready)
        return line
