"""The reference models of the OMG, finished as a process owner would finish them, and run to their end.

Most models are drawings: nothing says who does a task, what a gateway decides by, which message an event waits for. `finished` fills in
what the check asks for and changes nothing that is drawn; `Walk` goes through a case as people and partners would.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from random import Random

from lxml import etree  # type: ignore[import-untyped]

from engine.bpmn.xml import JALON, Node, local
from engine.change.rehearsal import OpenWork, Rehearsal
from engine.handler import Complete, Outcome, Registry, Task
from engine.texts import Text

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
FORMAL = "{http://www.w3.org/2001/XMLSchema-instance}type"
_DECIDING = ("exclusiveGateway", "inclusiveGateway")
_NODES = ("task", "userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "scriptTask", "businessRuleTask",
          "callActivity")
#: What says how data is copied, in other languages than ours: left out, for nothing here reads it.
_DATA = ("ioSpecification", "dataInputAssociation", "dataOutputAssociation", "dataInput", "dataOutput", "inputSet", "outputSet",
         "ioBinding",
         "supportedInterfaceRef", "performer", "potentialOwner", "humanPerformer", "resourceRole", "extensionElements")
_EVENTS = ("startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent")
_TYPES = ("itemSubjectRef", "operationRef", "itemRef")
_MOST_STEPS = 100


def finished(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Fill in what the check asks for: groups, handlers, messages, times, conditions that take each way in turn."""
    return {name: _finished(content) for name, content in files.items()}


def _finished(content: bytes) -> bytes:
    root = etree.fromstring(content)
    root.attrib.pop("expressionLanguage", None)
    for process in root.iter(f"{BPMN}process"):
        if any(local(node) != "extensionElements" for node in process if isinstance(node.tag, str)):
            process.set("isExecutable", "true")
    _leave_out(root)
    called = {node.get("id") for node in root.iter(f"{BPMN}process", f"{BPMN}globalTask", f"{BPMN}globalUserTask")}
    names = _messages(root)
    for node in list(root.iter(*_tags(*_NODES, "globalUserTask"))):
        _task(root, node, called, names)
    for node in list(root.iter(*_tags("subProcess", "transaction", "adHocSubProcess"))):
        if not any(local(one) in (*_NODES, "startEvent", "subProcess") for one in node if isinstance(one.tag, str)):
            node.append(etree.Element(f"{BPMN}task", id=f"{node.get('id')}_inside"))
    for node in list(root.iter(*_tags(*_EVENTS))):
        _event(root, node, names)
    for node in root.iter(*_tags("multiInstanceLoopCharacteristics", "standardLoopCharacteristics")):
        _loop(node)
    _ways(root)
    found = etree.tostring(root)
    assert isinstance(found, bytes)
    return found


def _tags(*names: str) -> tuple[str, ...]:
    return tuple(f"{BPMN}{name}" for name in names)


def _leave_out(root: Node) -> None:
    """Leave out the words of other tools, and the types of data that nothing here reads."""
    for node in list(root.iter(*_tags(*_DATA))):
        node.getparent().remove(node)
    for node in root.iter(f"{BPMN}*"):
        for name in [name for name in node.attrib if (name.startswith("{") and name != FORMAL) or name in _TYPES]:
            del node.attrib[name]


def _messages(root: Node) -> dict[str, str]:
    """Name the message of each node that sends or receives: what leaves one node, or arrives at one, by message flows is one message.

    A node that sends and receives counts as two, so that a request is not its own answer.
    """
    names: dict[str, str] = {}
    for flow in root.iter(f"{BPMN}messageFlow"):
        ends = [side + (flow.get(end) or "").rpartition(":")[2] for side, end in (("from ", "sourceRef"), ("to ", "targetRef"))]
        taken = {names[end] for end in ends if end in names}
        names.update(dict.fromkeys([*ends, *(key for key, name in names.items() if name in taken)], min(taken, default=flow.get("id"))))
    return names


def _message_of(node: Node, names: Mapping[str, str]) -> str:
    side = "from " if local(node) in ("sendTask", "endEvent", "intermediateThrowEvent") else "to "
    return names.get(side + node.get("id"), str(node.get("id")))


def _task(root: Node, node: Node, called: set[str], names: Mapping[str, str]) -> None:
    kind = local(node)
    for quantity in ("startQuantity", "completionQuantity"):
        node.attrib.pop(quantity, None)                     # a single case is walked through: one token
    if kind == "task":
        node.tag = f"{BPMN}userTask"                        # what is only drawn as work is done by people
    if kind in ("task", "userTask", "manualTask", "globalUserTask"):
        node.set(f"{{{JALON}}}groups", "auditor")
    elif kind == "serviceTask":
        node.set(f"{{{JALON}}}handler", "step.do")
    elif kind in ("sendTask", "receiveTask"):
        node.set("messageRef", _declared(root, "message", _message_of(node, names)))
    elif kind in ("businessRuleTask", "scriptTask") or (kind == "callActivity"
                                                        and (node.get("calledElement") or "").rpartition(":")[2] not in called):
        node.tag = f"{BPMN}task"
        node.attrib.pop("calledElement", None)
        for script in node.findall(f"{BPMN}script"):
            node.remove(script)


def _declared(root: Node, kind: str, name: str) -> str:
    """Declare a message or signal of a name once, and tell its id."""
    found = next((one for one in root.iter(f"{BPMN}{kind}") if one.get("name") == name), None)
    if found is None:
        found = etree.SubElement(root, f"{BPMN}{kind}", id=f"{kind}_{len(root)}", name=name)
    return str(found.get("id"))


def _event(root: Node, node: Node, names: Mapping[str, str]) -> None:
    for definition in (one for one in node if isinstance(one.tag, str) and local(one).endswith("EventDefinition")):
        kind = local(definition).removesuffix("EventDefinition")
        for inside in list(definition) if kind in ("message", "timer", "conditional") else ():
            definition.remove(inside)
        if kind == "message":
            definition.set("messageRef", _declared(root, kind, _message_of(node, names)))
        elif kind == "signal":
            definition.set("signalRef", _declared(root, kind, " ".join((node.get("name") or "signal").split())))
        elif kind in ("error", "escalation"):
            _code(root, definition, kind)
        elif kind == "timer":
            etree.SubElement(definition, f"{BPMN}timeDuration", {FORMAL: "tFormalExpression"}).text = "P1D"
        elif kind == "conditional":
            etree.SubElement(definition, f"{BPMN}condition", {FORMAL: "tFormalExpression"}).text = "turn > 0"


def _code(root: Node, definition: Node, kind: str) -> None:
    reference = (definition.get(f"{kind}Ref") or "").rpartition(":")[2]
    known = root.find(f"{BPMN}{kind}[@id='{reference}']") if reference else None
    if known is None:
        known = root.find(f"{BPMN}{kind}[@id='{kind}_of_all']")
        if known is None:
            known = etree.SubElement(root, f"{BPMN}{kind}", id=f"{kind}_of_all", name=kind)
        definition.set(f"{kind}Ref", f"{kind}_of_all")
    known.set(f"{kind}Code", known.get(f"{kind}Code") or "CODE")


def _loop(node: Node) -> None:
    for inside in list(node):
        node.remove(inside)
    if local(node) == "standardLoopCharacteristics":
        node.set("loopMaximum", "2")
    else:
        node.attrib.pop("behavior", None)
        etree.SubElement(node, f"{BPMN}loopCardinality", {FORMAL: "tFormalExpression"}).text = "2"


def _ways(root: Node) -> None:
    """Let each way of a decision be taken in turn; the last one by default."""
    flows = list(root.iter(f"{BPMN}sequenceFlow"))
    nodes = {node.get("id"): node for node in root.iter() if isinstance(node.tag, str) and node.get("id")}
    for key in dict.fromkeys(flow.get("sourceRef") for flow in flows):
        leaving = [flow for flow in flows if flow.get("sourceRef") == key]
        for flow in leaving:
            for condition in flow.findall(f"{BPMN}conditionExpression"):
                flow.remove(condition)
        node = nodes[key]
        node.attrib.pop("default", None)
        if local(node) in _DECIDING and len(leaving) > 1:
            node.set("default", leaving[-1].get("id"))
            for number, flow in enumerate(leaving[:-1]):
                condition = etree.SubElement(flow, f"{BPMN}conditionExpression", {FORMAL: "tFormalExpression"})
                condition.text = f"modulo(turn, {len(leaving)}) = {number}"


class Walk:
    """One file going through its cases until all of them have ended."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.turns = turns = Random(7)
        registry = Registry()

        @registry.local("step.do", title=Text("Faire", "Do"))
        def step(task: Task) -> Outcome:
            return Complete(turn=turns.randrange(1000))

        self.house = Rehearsal(datetime(2026, 1, 5, 9, tzinfo=UTC), registry=registry)
        self.house.deploy(files, "model")

    def run(self, process: str) -> str:
        """Begin a process, do all that can be done, and tell how its case stands."""
        case = self.house.start(process, {"turn": 0})
        for _ in range(_MOST_STEPS):
            self.house.settle()
            open_ = self.house.open_work()
            if not open_:
                break
            self._do(open_[0], open_)
        return self.house.state(case)

    def _do(self, first: OpenWork, open_: list[OpenWork]) -> None:
        doable = next((one for one in open_ if one.kind in ("user", "service", "decision")), None)
        if doable is not None:
            self.house.complete(doable.token, {"turn": self.turns.randrange(1000)}, instance_id=doable.instance_id)
        elif any(one.due_at for one in open_) and self.turns.randrange(2):
            self.house.advance(timedelta(days=2))
        else:
            told = next((one for one in open_ if one.kind == "message"), None)
            if told is not None:
                self.house.message(told.name, told.correlation, {"turn": self.turns.randrange(1000)})
            elif (signal := next((one for one in open_ if one.kind == "signal"), None)) is not None:
                self.house.signal(signal.name)
            else:
                self.house.advance(timedelta(days=2))
