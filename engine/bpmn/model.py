"""What a diagram says, read once: plain frozen data, no XML, nothing executable.

Owns: the words of BPMN 2.0.2 as dataclasses, with Jalon's own extensions and those of other tools normalised into one form
(`Extension`). Element ids are those of the drawing.
Leaves: reading to `reader`, judging to `lint`, what the kernel gets to `lowering`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.texts import NO_TEXT, Text

EventKind = Literal["none", "message", "timer", "signal", "error", "escalation", "conditional", "link", "compensate", "cancel", "terminate"]


@dataclass(frozen=True)
class Assignment:
    """One line of an input or output mapping: a variable name and the FEEL expression that fills it, or the variable it is a copy of."""

    name: str
    expression: str
    variable: str = ""


@dataclass(frozen=True)
class Extension:
    """What Jalon wants to know of an element beyond BPMN (`docs/diagrams.md` lists the attributes).

    Camunda's and Zeebe's counterparts (assignee, candidate groups, form key, due date, topic or type, retries) land here too.
    Expressions are FEEL without a leading `=`.
    """

    name_en: str = ""
    groups: tuple[str, ...] = ()                            #: candidate groups; empty: those of the lane
    assignee: str = ""                                      #: FEEL: a person's id or login
    form: str = ""                                          #: form key, the file `<key>.form.json`
    due: str = ""                                           #: FEEL: a day or a moment
    follow_up: str = ""                                     #: FEEL
    priority: str = ""                                      #: FEEL, 0 to 100
    subject: str = ""                                       #: FEEL: which one of several, for people
    subject_en: str = ""                                    #: FEEL: the same in English, from texts.en.yaml
    not_who_did: tuple[str, ...] = ()                       #: ids of activities whose performer may not do this one
    milestone: str = ""                                     #: reached when a token enters the element
    handler: str = ""                                       #: "certificate.issue"
    retries: int | None = None
    decision: str = ""                                      #: id of the decision of a business rule task
    result: str = ""                                        #: variable that takes a decision's or script's value
    inputs: tuple[Assignment, ...] = ()
    outputs: tuple[Assignment, ...] = ()
    correlation: str = ""                                   #: FEEL: what a message must match
    collection: str = ""                                    #: FEEL list of a multi-instance
    item: str = ""                                          #: variable that holds one of it
    collect: str = ""                                       #: variable that takes the list of results
    collect_value: str = ""                                 #: FEEL in the iteration's scope: one result
    binding: str = ""                                       #: which version a call takes: "latest", "deployment" or "version"
    version: str = ""                                       #: the number of that version


@dataclass(frozen=True)
class EventDefinition:
    """What an event waits for or throws.

    Attributes:
        kind: which. ref: id of the message, signal, error or escalation; name: its name; code: error or escalation code.
        expression: timer text or condition (FEEL, or an ISO 8601 literal for a timer). timer: which of the three children it came from.
        waits: of a compensation that is thrown: whether the way goes on only once everything is undone.
    """

    kind: EventKind
    ref: str = ""
    name: str = ""
    code: str = ""
    expression: str = ""
    timer: Literal["", "date", "duration", "cycle"] = ""
    correlation: str = ""
    waits: bool = True

    def tells(self, other: EventDefinition) -> bool:
        """Tell whether this is the same thing as another: of its kind and name (an error or escalation: of its code, or of any)."""
        if self.kind != other.kind:
            return False
        if self.kind in ("error", "escalation"):
            return self.code in (other.code, "")
        return (self.name or self.ref) == (other.name or other.ref)


@dataclass(frozen=True)
class Behaviour:
    """An event that a multi-instance throws when one of its rounds is done, for its own boundary events to catch.

    Attributes:
        when: after each round ("each"), after the first ("first"), or after those where the condition holds ("if").
        event: which; None when the drawing names none. condition: FEEL, seen from the round.
    """

    when: Literal["each", "first", "if"]
    event: EventDefinition | None = None
    condition: str = ""


@dataclass(frozen=True)
class AdHoc:
    """How the activities of an ad-hoc sub-process are done: one at a time or side by side, and when that is enough."""

    sequential: bool = False
    completion: str = ""                                    #: FEEL condition
    cancels_rest: bool = True                               #: whether what still runs then is taken away


@dataclass(frozen=True)
class Loop:
    """How often an activity runs: multi-instance (parallel or in sequence) or standard loop."""

    kind: Literal["parallel", "sequential", "standard"]
    cardinality: str = ""                                   #: FEEL number
    completion: str = ""                                    #: FEEL condition
    collection: str = ""                                    #: FEEL list
    item: str = ""
    collect: str = ""
    collect_value: str = ""
    test_before: bool = False
    maximum: int | None = None
    condition: str = ""
    behaviours: tuple[Behaviour, ...] = ()


@dataclass(frozen=True)
class Element:
    """A flow node: activity, event or gateway."""

    id: str
    kind: str                                               #: local name of its tag, "userTask"
    name: Text
    process: str
    parent: str                                             #: id of the sub-process around it, or of the process
    lane: str = ""
    incoming: tuple[str, ...] = ()                          #: ids of sequence flows
    outgoing: tuple[str, ...] = ()
    default: str = ""                                       #: id of the default flow
    events: tuple[EventDefinition, ...] = ()                #: of an event; the message of a send or receive task
    attached_to: str = ""                                   #: host of a boundary event
    interrupting: bool = True                               #: boundary event, or start event of an event sub-process
    parallel_multiple: bool = False
    triggered_by_event: bool = False                        #: event sub-process
    called: str = ""                                        #: calledElement of a call activity
    script: str = ""                                        #: FEEL
    loop: Loop | None = None
    ad_hoc: AdHoc | None = None
    activation: str = ""                                    #: FEEL: when a complex gateway lets its tokens through
    start_quantity: int | None = 1                          #: tokens it takes to begin; None: written, and no whole number
    completion_quantity: int | None = 1                     #: tokens it gives to each flow that leaves it
    for_compensation: bool = False                          #: runs only to undo another activity
    compensator: str = ""                                   #: of a compensation boundary event: the activity that undoes its host
    instantiates: bool = False                              #: a receive task or event-based gateway that begins a case
    waits_for_all: bool = False                             #: an event-based gateway of type Parallel
    keeps: tuple[str, ...] = ()                             #: variables that live and die with a sub-process: its data objects
    gives: tuple[Assignment, ...] = ()                      #: where its data outputs go
    given_by: tuple[str, ...] = ()                          #: names of those data outputs
    ext: Extension = field(default_factory=Extension)
    documentation: Text = NO_TEXT                           #: for whoever does it; English from texts.en.yaml


@dataclass(frozen=True)
class Flow:
    """A sequence flow."""

    id: str
    source: str
    target: str
    name: Text
    condition: str = ""                                     #: FEEL


@dataclass(frozen=True)
class Lane:
    """A lane: who works there by default."""

    id: str
    name: Text
    group: str = ""
    elements: tuple[str, ...] = ()


@dataclass(frozen=True)
class Milestone:
    """A step of the case that people follow, declared by the process in order."""

    id: str
    name: Text


@dataclass(frozen=True)
class Process:
    """One `<process>`."""

    id: str
    name: Text
    executable: bool
    file: str
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    start_form: str = ""                                    #: form of the message or none start
    title: str = ""                                         #: FEEL: the title of a case
    search: str = ""                                        #: FEEL: what a case is found by besides its title and number, a text or a list

    def starts(self, scope: str = "") -> tuple[Element, ...]:
        """Where a scope begins: its start events, and receive tasks and events behind a gateway that instantiate.

        Those of the process itself, or of the sub-process named; what stands deeper is left out.
        """
        return tuple(e for e in self.elements.values() if e.parent == (scope or self.id) and (e.kind == "startEvent" or self.begins(e)))

    def begins(self, element: Element) -> bool:
        """Tell whether an element that is no start event begins a case when what it waits for comes."""
        if element.kind == "receiveTask" and element.instantiates:
            return True
        return any(self.elements[key].instantiates for key in self._before(element) if self.elements[key].kind == "eventBasedGateway")

    def _before(self, element: Element) -> tuple[str, ...]:
        return tuple(self.flows[key].source for key in element.incoming if key in self.flows and self.flows[key].source in self.elements)


@dataclass(frozen=True)
class Model:
    """All diagrams of one process folder."""

    processes: Mapping[str, Process]
    messages: Mapping[str, str] = field(default_factory=dict)    #: id → name
    signals: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)      #: id → code
    escalations: Mapping[str, str] = field(default_factory=dict)
