"""Random diagrams, run step by step by the kernel and by the small interpreter in `reference.py`: the same tasks are open after each step.

The kernel is saved and restored at every step (`drawing.Story`). The diagrams are drawn from blocks: tasks, with and without boundary
events, exclusive, parallel and inclusive splits with any kind of join (also one that does not fit, so that tokens multiply or stall),
loops, sub-processes and terminate ends, within each other.
Rule: issue 4, section 4.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.engine.kernel.drawing import Story, process, program
from tests.engine.kernel.reference import Diagram, Flow, Node, Reference

BITS = (1, 2, 3)
MOST_WAITING = 40       #: a walk that has multiplied its tokens so much shows nothing new


class Drawing:
    """A diagram made of blocks."""

    def __init__(self, block: Any) -> None:
        self.diagram = Diagram()
        self.defaults: set[str] = set()         #: loops whose way out is still to be drawn
        self._scope("", block)

    def _scope(self, scope: str, block: Any) -> None:
        first, last = self._block(block, scope)
        self._flow(self._node("start", scope), first)
        if last is not None:
            self._flow(last, self._node("end", scope))

    def _node(self, kind: str, scope: str, **more: Any) -> str:
        key = f"{kind}{len(self.diagram.nodes)}"
        self.diagram.nodes[key] = Node(kind, scope, **more)
        return key

    def _flow(self, source: str, target: str, bit: int | None = None, default: bool = False) -> None:
        default = default or source in self.defaults
        self.defaults.discard(source)
        self.diagram.flows[f"f{len(self.diagram.flows)}"] = Flow(source, target, bit, default)

    def _block(self, block: Any, scope: str) -> tuple[str, str | None]:
        """Draw a block; tell its first node, and its last one unless nothing follows it."""
        draw = getattr(self, f"_{block[0]}")
        found: tuple[str, str | None] = draw(scope, *block[1:])
        return found

    def _task(self, scope: str) -> tuple[str, str | None]:
        key = self._node("task", scope)
        return key, key

    def _terminate(self, scope: str) -> tuple[str, str | None]:
        return self._node("terminate", scope), None

    def _seq(self, scope: str, blocks: list[Any]) -> tuple[str, str | None]:
        first, last = self._block(blocks[0], scope)
        for block in blocks[1:]:
            if last is None:
                break
            begin, end = self._block(block, scope)
            self._flow(last, begin)
            last = end
        return first, last

    def _split(self, scope: str, kind: str, join: str, branches: list[Any]) -> tuple[str, str | None]:
        gateway, ends = self._node(kind, scope), list[str | None]()
        for number, block in enumerate(branches, 1):
            if block is None:                               # the last one may go straight to the join
                ends.append(gateway)
                continue
            begin, end = self._block(block, scope)
            is_last = number == len(branches)
            self._flow(gateway, begin, None if kind == "and" or is_last else number, kind != "and" and is_last)
            ends.append(end)
        straight = (None, kind != "and")
        meeting = self._node(join, scope) if join != "none" and any(ends) else None
        for end in ends:
            if end is not None:
                self._flow(end, meeting or self._node("end", scope), *(straight if end == gateway else ()))
        return gateway, meeting

    def _loop(self, scope: str, block: Any) -> tuple[str, str | None]:
        first, last = self._seq(scope, [("task",), block])
        if last is None:
            return first, None
        merge, part = self._node("xor", scope), self._node("xor", scope)
        self._flow(merge, first)
        self._flow(last, part)
        self._flow(part, merge, 1)
        self.defaults.add(part)
        return merge, part

    def _sub(self, scope: str, block: Any, border: bool | None, handler: Any) -> tuple[str, str | None]:
        key = self._node("sub", scope)
        self._scope(key, block)
        return self._bordered(scope, key, border, handler)

    def _bounded(self, scope: str, border: bool, handler: Any) -> tuple[str, str | None]:
        return self._bordered(scope, self._node("task", scope), border, handler)

    def _bordered(self, scope: str, host: str, border: bool | None, handler: Any) -> tuple[str, str | None]:
        if border is None:
            return host, host
        event = self._node("boundary", scope, host=host, interrupting=border)
        begin, end = self._block(handler, scope)
        self._flow(event, begin)
        if end is None:
            return host, host
        merge = self._node("xor", scope)
        self._flow(host, merge)
        self._flow(end, merge)
        return host, merge


def xml(diagram: Diagram, scope: str = "") -> str:
    """The elements of a scope as BPMN."""
    return "".join(_element(diagram, key, node) for key, node in diagram.nodes.items() if node.scope == scope) + "".join(
        _arrow(key, flow) for key, flow in diagram.flows.items() if diagram.nodes[flow.source].scope == scope)


_TAGS = {"start": "startEvent", "task": "userTask", "sub": "subProcess", "xor": "exclusiveGateway", "and": "parallelGateway",
         "or": "inclusiveGateway", "end": "endEvent", "terminate": "endEvent", "boundary": "boundaryEvent"}


def _element(diagram: Diagram, key: str, node: Node) -> str:
    tag, inside, more = _TAGS[node.kind], "", ""
    if node.kind == "sub":
        inside = xml(diagram, key)
    elif node.kind == "terminate":
        inside = "<terminateEventDefinition/>"
    elif node.kind == "boundary":
        inside = '<messageEventDefinition messageRef="M"/>'
        more = f'attachedToRef="{node.host}" cancelActivity="{str(node.interrupting).lower()}"'
    default = next((flow for flow in diagram.out_of(key) if diagram.flows[flow].default), "")
    more += f' default="{default}"' if default and len(diagram.out_of(key)) > 1 else ""
    return f'<{tag} id="{key}" {more}>{inside}</{tag}>'


def _arrow(key: str, flow: Flow) -> str:
    told = f"<conditionExpression>list contains(bits, {flow.bit})</conditionExpression>" if flow.bit is not None else ""
    return f'<sequenceFlow id="{key}" sourceRef="{flow.source}" targetRef="{flow.target}">{told}</sequenceFlow>'


_KINDS, _JOINS = st.sampled_from(["and", "or", "and", "or", "xor"]), st.sampled_from(["and", "or", "xor", "and", "or", "none"])
_TASK: Any = ("task",)
_LEAVES = st.sampled_from([_TASK] * 8 + [("bounded", True, _TASK), ("bounded", False, _TASK)] * 2 + [("terminate",)])


def _split(blocks: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    branches = st.tuples(blocks, blocks, st.one_of(st.none(), blocks)).map(list)
    return st.tuples(st.just("split"), _KINDS, _JOINS, branches)


def _larger(blocks: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    row = st.tuples(st.just("seq"), st.lists(blocks, min_size=2, max_size=3))
    return st.one_of(_split(blocks), _split(blocks), row, st.tuples(st.just("loop"), blocks),
                     st.tuples(st.just("sub"), blocks, st.sampled_from([None, True, False]), _LEAVES))


_SMALL = st.one_of(_LEAVES, _LEAVES, _larger(_LEAVES))
BLOCKS = _larger(st.one_of(_SMALL, _larger(_SMALL)))
STEPS = st.lists(st.tuples(st.integers(0, 30), st.sets(st.sampled_from(BITS))), min_size=8, max_size=12)


@settings(max_examples=250, derandomize=True, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(BLOCKS, STEPS)
@example(("split", "or", "or", [_TASK, ("loop", _TASK), None]), [(0, {1, 2}), (0, {1}), (1, set()), (0, set())])
@example(("seq", [("split", "and", "xor", [_TASK, _TASK, _TASK]), ("split", "or", "or", [_TASK, _TASK, None]), _TASK]),
         [(0, {1}), (2, {1}), (0, {2}), (0, {1}), (0, set()), (0, set())])      # a token upstream that could come on either flow
def test_the_kernel_and_the_reference_open_the_same_tasks_after_each_step(block: Any, steps: list[tuple[int, set[int]]]) -> None:
    diagram = Drawing(block).diagram
    story = Story(program('<message id="M" name="m"/>', process(xml(diagram))), {"bits": list(BITS)})
    reference = Reference(diagram, BITS)
    compare(story, reference)
    for number, bits in steps:
        choices = reference.choices()
        if not choices or len(reference.waiting()) > MOST_WAITING:
            break
        key = choices[number % len(choices)]
        reference.happen(key, bits)
        happens = story.complete if diagram.nodes[key].kind == "task" else story.fire
        happens(key, {"bits": sorted(bits)})
        compare(story, reference)


def compare(story: Story, reference: Reference) -> None:
    assert [key for key in story.open() if not key.startswith("!")] == reference.waiting()
    assert story.run.ended == reference.ended
    assert any(key.startswith("!") for key in story.open()) == reference.stalled()
