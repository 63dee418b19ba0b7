"""The nodes a token can stand at, on SpiffWorkflow's `TaskSpec`.

Owns: which class runs which kind of node, and building a process of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from engine.bpmn.lowering import Graph, Node, NodeKind
from engine.bpmn.model import Element
from engine.kernel.specs.activities import Activity, Pass, PlainTask, Script, Waiting
from engine.kernel.specs.ad_hoc import AdHoc
from engine.kernel.specs.complex import Complex
from engine.kernel.specs.containers import Body, Call, Container, Handler, Root, SubProcess, Transaction
from engine.kernel.specs.events import Boundary, Catch, Trigger
from engine.kernel.specs.gateways import Exclusive, FirstOf, Inclusive, Parallel
from engine.kernel.specs.loops import Again, Many
from engine.kernel.specs.node import ProcessSpec, Spec
from engine.kernel.specs.throwing import End, SendTask, Throw

if TYPE_CHECKING:
    from engine.kernel.program import Program

#: The root's name: no id of XML holds a bracket, so it meets none.
ROOT = "(process)"

_CLASSES: dict[NodeKind, Callable[[ProcessSpec, Node], Spec]] = {
    "script": Script, "catch": Catch, "boundary": Boundary, "trigger": Trigger, "end": End,
    "exclusive": Exclusive, "inclusive": Inclusive, "parallel": Parallel, "first_of": FirstOf, "complex": Complex,
    "inside": SubProcess, "transaction": Transaction, "ad_hoc": AdHoc, "handler": Handler, "call": Call, "many": Many, "again": Again,
    "user": lambda process, node: Waiting(process, node, "user"),
    "service": lambda process, node: Waiting(process, node, "service"),
    "decision": lambda process, node: Waiting(process, node, "decision"),
    "pass": lambda process, node: (PlainTask if node.element.kind == "task" else Pass)(process, node),
    "throw": lambda process, node: (SendTask if node.element.kind == "sendTask" else Throw)(process, node),
}


def build(program: Program, graph: Graph) -> Root:
    """Build the nodes of one process and connect them. Nothing changes them afterwards."""
    process = ProcessSpec(program, graph)
    drawn = graph.process
    root = Root(process, Node(ROOT, "inside", Element(drawn.id, "process", drawn.name, drawn.id, ""), "", shown=False))
    specs = [_CLASSES[node.kind](process, node) for node in graph.nodes.values()]
    for spec in specs:
        spec.link()
        if isinstance(spec, Boundary):
            _attach(process.task_specs[spec.node.host], spec)
    root.body = Body(process, drawn.id)
    for spec in specs:
        if isinstance(spec, Container) and not isinstance(spec, Call):
            spec.body = Body(process, spec.node.element.id)
    return root


def _attach(host: Activity, boundary: Boundary) -> None:
    (host.boundaries if boundary.wait_kind is not None else host.catchers).append(boundary)
