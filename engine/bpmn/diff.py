"""What is different between two drawings of a process, in words.

Owns: `Change`, and comparing two models element by element, flow by flow.
Leaves: forms, tables, rules and letters to `engine.change.differences`; the marks in the picture to the pages, which get the element's id.
Promises: everything that changes how a case runs or what people read of it is told, each thing once, by the name people know; where the
picture alone was moved, nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from engine.bpmn.model import Assignment, Element, EventDefinition, Extension, Flow, Lane, Loop, Model, Process
from engine.bpmn.words import kind_of
from engine.texts import NO_TEXT, Text

_BLANKS = re.compile(r"[ \t\r\n]+")      #: no-break spaces stay
Mark = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different.

    Attributes:
        mark: how the picture shows it. facet: what of it, "flow", "condition", "timer", "form", "groups" …; "" for the thing as a whole.
        process, element: ids; the element is a flow node, a flow, a lane, a milestone or the process itself.
        quiet: for the picture only; the words are in another change.
    """

    mark: Mark
    facet: str
    process: str
    element: str
    text: Text
    quiet: bool = False


def compare(before: Model, after: Model) -> tuple[Change, ...]:
    """Tell what is different, process by process in the order they are drawn, what is gone last."""
    found: list[Change] = []
    for key, process in after.processes.items():
        old = before.processes.get(key)
        if old is None:
            found.append(Change("added", "", key, key, _NEW_PROCESS.format(name=_label(process.name, key))))
        else:
            found += _Comparison(old, process).changes()
    found += [Change("removed", "", key, key, _NO_PROCESS.format(name=_label(process.name, key)))
              for key, process in before.processes.items() if key not in after.processes]
    return tuple(found)


def label(element: Element) -> Text:
    """What people call an element: its name, else what it is with its id."""
    return element.name if element.name.fr else Text(f"{kind_of(element)('fr')} {element.id}", f"{kind_of(element)('en')} {element.id}")


# --- one process ----------------------------------------------------------------------------------

class _Comparison:
    """The work on one process drawn twice."""

    def __init__(self, before: Process, after: Process) -> None:
        self.before, self.after = before, after
        self.added = {key for key in after.elements if key not in before.elements}
        self.removed = {key for key in before.elements if key not in after.elements}

    def changes(self) -> Iterator[Change]:
        yield from self._process()
        for key, element in self.after.elements.items():
            if key in self.added:
                yield self._change("added", "", key, self._told_new(element))
            else:
                yield from self._element(self.before.elements[key], element)
        for key in self.before.elements:
            if key in self.removed:
                yield self._change("removed", "", key, _GONE.format(name=label(self.before.elements[key])))
        yield from self._flows()
        yield from self._lanes()
        yield from self._milestones()

    def _change(self, mark: Mark, facet: str, element: str, text: Text, *, quiet: bool = False) -> Change:
        return Change(mark, facet, self.after.id, element, text, quiet)

    def _process(self) -> Iterator[Change]:
        old, new, key = self.before, self.after, self.after.id
        if old.name != new.name:
            yield self._change("changed", "name", key, _RENAMED.format(old=_label(old.name, key), new=_label(new.name, key)))
        if old.executable != new.executable:
            yield self._change("changed", "executable", key, (_MAY_RUN if new.executable else _MAY_NOT_RUN).format(
                name=_label(new.name, key)))
        for facet, said, was, now in (("form", _START_FORM, old.start_form, new.start_form), ("title", _TITLE, old.title, new.title),
                                      ("search", _SEARCH, old.search, new.search)):
            yield from self._value(facet, key, _label(new.name, key), said, was, now)

    def _element(self, old: Element, new: Element) -> Iterator[Change]:
        if old == new:
            return
        name = label(new)
        if old.name != new.name:
            yield self._change("changed", "name", new.id, _RENAMED.format(old=label(old), new=name))
        if old.kind != new.kind:
            yield self._change("changed", "kind", new.id, _KIND.format(name=name, old=kind_of(old), new=kind_of(new)))
        if old.interrupting != new.interrupting:
            yield self._change("changed", "interrupting", new.id, (_INTERRUPTS if new.interrupting else _GOES_ALONG).format(name=name))
        if old.attached_to != new.attached_to:
            yield self._change("changed", "attached", new.id, _MOVED_TO.format(name=name, host=self._name(new.attached_to)))
        if self._lane_name(self.before, old) != self._lane_name(self.after, new):
            yield self._change("changed", "lane", new.id, _LANE.format(
                name=name, old=self._lane_name(self.before, old), new=self._lane_name(self.after, new)))
        yield from self._events(old, new, name)
        yield from self._duties(old, new, name)
        yield from self._mappings(old, new, name)
        for facet, said, read in _FACETS:
            yield from self._value(facet, new.id, name, said, read(old), read(new))
        yield from self._default(old, new, name)
        yield from self._rest(old, new, name)

    def _rest(self, old: Element, new: Element, name: Text) -> Iterator[Change]:
        """Whatever else the model knows: rare settings are told by their name, so that none changes in silence."""
        rest = [(field.name, old, new) for field in fields(Element) if field.name not in _TOLD]
        rest_of_extension = [(field.name, old.ext, new.ext) for field in fields(Extension) if field.name not in _TOLD_OF_EXTENSION]
        for setting, was, now in [*rest, *rest_of_extension]:
            before, after = _setting(getattr(was, setting)), _setting(getattr(now, setting))
            yield from self._value("setting", new.id, name, _SETTING.format(name=setting), before, after)

    def _value(self, facet: str, element: str, name: Text, said: Text, was: Text | str, now: Text | str) -> Iterator[Change]:
        old, new = Text.of(was), Text.of(now)
        if old == new:
            return
        sentence = _BECOMES if old.fr and new.fr else _NOW if new.fr else _NO_LONGER
        yield self._change("changed", facet, element, sentence.format(name=name, what=said, old=_short(old), new=_short(new)))

    def _events(self, old: Element, new: Element, name: Text) -> Iterator[Change]:
        if old.events == new.events:
            return
        for was, now in zip(old.events, new.events, strict=False):
            if was.kind != now.kind:
                yield self._change("changed", "event", new.id, _EVENT_KIND.format(name=name, old=_event(was), new=_event(now)))
                continue
            facet = "timer" if now.kind == "timer" else "condition" if now.kind == "conditional" else "event"
            yield from self._value(facet, new.id, name, _EVENT_WORDS[facet], was.expression or _named(was), now.expression or _named(now))
            yield from self._value("correlation", new.id, name, _CORRELATION, was.correlation, now.correlation)
            if (was.timer, was.expression) != (now.timer, now.expression) and was.expression == now.expression:
                yield self._change("changed", "timer", new.id, _TIMER_KIND.format(name=name, new=_TIMERS[now.timer]))
        shared = min(len(old.events), len(new.events))
        for event in new.events[shared:]:
            yield self._change("changed", "event", new.id, _EVENT_ADDED.format(name=name, event=_event(event)))
        for event in old.events[shared:]:
            yield self._change("changed", "event", new.id, _EVENT_REMOVED.format(name=name, event=_event(event)))

    def _duties(self, old: Element, new: Element, name: Text) -> Iterator[Change]:
        was, now = old.ext.not_who_did, new.ext.not_who_did
        for key in now:
            if key not in was:
                yield self._change("changed", "separation", new.id, _NOT_WHO_DID.format(name=name, other=self._name(key)))
        for key in was:
            if key not in now:
                yield self._change("changed", "separation", new.id, _AGAIN_WHO_DID.format(name=name, other=self._name(key)))

    def _mappings(self, old: Element, new: Element, name: Text) -> Iterator[Change]:
        for said, was, now in ((_INPUT, old.ext.inputs, new.ext.inputs), (_OUTPUT, old.ext.outputs, new.ext.outputs)):
            before, after = _by_name(was), _by_name(now)
            for key in {**before, **after}:
                yield from self._value("mapping", new.id, name, said.format(key=key), before.get(key, ""), after.get(key, ""))

    def _default(self, old: Element, new: Element, name: Text) -> Iterator[Change]:
        was, now = self._target(self.before, old.default), self._target(self.after, new.default)
        if was != now:
            yield from self._value("condition", new.id, name, _DEFAULT, was, now)

    # --- flows ------------------------------------------------------------------------------------

    def _flows(self) -> Iterator[Change]:
        gone = {key: flow for key, flow in self.before.flows.items() if key not in self.after.flows}
        for key, flow in self.after.flows.items():
            if key in self.before.flows:
                yield from self._flow(self.before.flows[key], flow)
            else:
                yield self._new_flow(flow, gone)
        for key, flow in gone.items():
            quiet = flow.source in self.removed or flow.target in self.removed
            text = _LEADS_NO_MORE.format(source=self._name(flow.source), target=self._name(flow.target))
            yield self._change("removed", "flow", key, text, quiet=quiet)

    def _new_flow(self, flow: Flow, gone: dict[str, Flow]) -> Change:
        """A flow drawn anew. One that takes the place of another from the same source is told as one change."""
        source, target = self._name(flow.source), self._name(flow.target)
        instead = next((one for one in gone.values() if one.source == flow.source and one.target not in self.removed), None)
        if flow.source in self.added:
            return self._change("added", "flow", flow.id, _LEADS.format(source=source, target=target), quiet=True)
        if instead is not None:
            del gone[instead.id]
            return self._change("added", "flow", flow.id, _LEADS_INSTEAD.format(source=source, target=target,
                                                                                  old=self._name(instead.target)))
        text = _LEADS_IF.format(source=source, target=target, condition=flow.condition) if flow.condition else _LEADS.format(
            source=source, target=target)
        return self._change("added", "flow", flow.id, text)

    def _flow(self, old: Flow, new: Flow) -> Iterator[Change]:
        source, target = self._name(new.source), self._name(new.target)
        if old.source != new.source:
            yield self._change("changed", "flow", new.id, _COMES_FROM.format(source=source, target=target, old=self._name(old.source)))
        if old.target != new.target:
            yield self._change("changed", "flow", new.id, _LEADS_INSTEAD.format(source=source, target=target, old=self._name(old.target)))
        between = _WAY.format(source=source, target=target)
        yield from self._value("condition", new.id, between, _CONDITION, old.condition, new.condition)
        if old.name != new.name:
            yield from self._value("name", new.id, between, _ANSWER, old.name, new.name)

    # --- lanes and milestones ---------------------------------------------------------------------

    def _lanes(self) -> Iterator[Change]:
        before, after = _by_id(self.before.lanes), _by_id(self.after.lanes)
        for key, lane in after.items():
            name = _label(lane.name, key)
            if key not in before:
                yield self._change("added", "lane", key, _NEW_LANE.format(name=name, group=lane.group or "–"))
                continue
            if before[key].name != lane.name:
                yield self._change("changed", "name", key, _RENAMED.format(old=_label(before[key].name, key), new=name))
            yield from self._value("groups", key, name, _GROUP, before[key].group, lane.group)
        for key, lane in before.items():
            if key not in after:
                yield self._change("removed", "lane", key, _NO_LANE.format(name=_label(lane.name, key)))

    def _milestones(self) -> Iterator[Change]:
        before, after = ({one.id: one for one in process.milestones} for process in (self.before, self.after))
        for key, one in after.items():
            if key not in before:
                yield self._change("added", "milestone", key, _NEW_MILESTONE.format(name=_label(one.name, key)))
            elif before[key].name != one.name:
                yield self._change("changed", "name", key, _RENAMED.format(old=_label(before[key].name, key), new=_label(one.name, key)))
        for key, one in before.items():
            if key not in after:
                yield self._change("removed", "milestone", key, _NO_MILESTONE.format(name=_label(one.name, key)))
        if [key for key in before if key in after] != [key for key in after if key in before]:
            yield self._change("changed", "milestone", self.after.id, _MILESTONES_ORDER)

    # --- words ------------------------------------------------------------------------------------

    def _told_new(self, element: Element) -> Text:
        """A new element with what people ask first: what it is, on what, for whom, and where it leads."""
        name, parts = label(element), [kind_of(element)]
        parts += [_event(event) for event in element.events]
        if element.attached_to:
            parts.append(_ON.format(host=self._name(element.attached_to)))
        lane = self._lane_name(self.after, element)
        if lane is not _NOBODY and element.kind in ("userTask", "manualTask"):
            parts.append(lane)
        if element.ext.handler:
            parts.append(Text.of(element.ext.handler))
        targets = [_QUOTED.format(name=self._name(self.after.flows[key].target)) for key in element.outgoing if key in self.after.flows]
        leads = _THEN.format(targets=_joined(targets)) if targets else NO_TEXT
        return _NEW.format(name=name, what=_joined(parts), leads=leads)

    def _name(self, key: str) -> Text:
        element = self.after.elements.get(key) or self.before.elements.get(key)
        return label(element) if element is not None else Text(key, key)

    def _target(self, process: Process, flow: str) -> Text:
        return self._name(process.flows[flow].target) if flow in process.flows else NO_TEXT

    def _lane_name(self, process: Process, element: Element) -> Text:
        lane = next((one for one in process.lanes if one.id == element.lane), None)
        return _label(lane.name, lane.id) if lane is not None else _NOBODY


def _event(event: EventDefinition) -> Text:
    return Text(*(" ".join(part for part in (_EVENTS[event.kind](locale), event.expression or _named(event)) if part)
                  for locale in ("fr", "en")))


def _named(event: EventDefinition) -> str:
    return event.name or event.code or event.ref


def _by_name(mapping: Iterable[Assignment]) -> dict[str, str]:
    return {one.name: one.expression for one in mapping}


def _by_id(lanes: Iterable[Lane]) -> Mapping[str, Lane]:
    return {lane.id: lane for lane in lanes}


def _label(name: Text, key: str) -> Text:
    return name if name.fr else Text(key, key)


def _joined(parts: Iterable[Text]) -> Text:
    every = list(parts)
    return Text(*(", ".join(part(locale) for part in every) for locale in ("fr", "en")))


def _short(value: Text) -> Text:
    told = [_BLANKS.sub(" ", value(locale)).strip() for locale in ("fr", "en")]
    return Text(*(text if len(text) <= 200 else text[:199] + "…" for text in told))


def _setting(value: Any) -> str:
    return "" if value is None else str(value)


def _loop(loop: Loop | None) -> str:
    if loop is None:
        return ""
    return " · ".join(str(value) for value in (getattr(loop, field.name) for field in fields(loop)) if value not in ("", None, False, ()))


_SETTING = Text("le réglage {name}", "the setting {name}")
_NOBODY = Text("personne", "nobody")
_NEW_PROCESS = Text("Nouveau processus « {name} ».", "New process “{name}”.")
_NO_PROCESS = Text("Le processus « {name} » est retiré.", "The process “{name}” is removed.")
_MAY_RUN = Text("« {name} » peut maintenant être démarré.", "“{name}” may now be started.")
_MAY_NOT_RUN = Text("« {name} » ne peut plus être démarré.", "“{name}” may no longer be started.")
_RENAMED = Text("« {old} » s’appelle maintenant « {new} ».", "“{old}” is now called “{new}”.")
_KIND = Text("« {name} » était : {old} ; c’est maintenant : {new}.", "“{name}” was: {old}; it is now: {new}.")
_INTERRUPTS = Text("« {name} » interrompt maintenant ce qui est en cours.", "“{name}” now stops what is going on.")
_GOES_ALONG = Text("« {name} » n’interrompt plus ce qui est en cours.", "“{name}” no longer stops what is going on.")
_MOVED_TO = Text("« {name} » est maintenant posé sur « {host} ».", "“{name}” now sits on “{host}”.")
_LANE = Text("« {name} » passe de « {old} » à « {new} ».", "“{name}” goes from “{old}” to “{new}”.")
_BECOMES = Text("« {name} », {what} : « {old} » devient « {new} ».", "“{name}”, {what}: “{old}” becomes “{new}”.")
_NOW = Text("« {name} », {what} : « {new} » (rien avant).", "“{name}”, {what}: “{new}” (nothing before).")
_NO_LONGER = Text("« {name} », {what} : plus rien (avant : « {old} »).", "“{name}”, {what}: nothing any more (before: “{old}”).")
_EVENT_KIND = Text("« {name} » attendait : {old} ; c’est maintenant : {new}.", "“{name}” was about: {old}; it is now about: {new}.")
_EVENT_ADDED = Text("« {name} » a un événement de plus : {event}.", "“{name}” has one more event: {event}.")
_EVENT_REMOVED = Text("« {name} » a un événement de moins : {event}.", "“{name}” has one event less: {event}.")
_TIMER_KIND = Text("« {name} » se lit maintenant comme {new}.", "“{name}” is now read as {new}.")
_TIMERS = {"": Text("une date", "a date"), "date": Text("une date", "a date"), "duration": Text("une durée", "a duration"),
           "cycle": Text("une répétition", "a repetition")}
_NOT_WHO_DID = Text("« {name} » ne peut plus être fait par la personne qui a fait « {other} ».",
                    "“{name}” can no longer be done by the person who did “{other}”.")
_AGAIN_WHO_DID = Text("« {name} » peut de nouveau être fait par la personne qui a fait « {other} ».",
                      "“{name}” can again be done by the person who did “{other}”.")
_LEADS = Text("« {source} » mène maintenant à « {target} ».", "“{source}” now leads to “{target}”.")
_LEADS_IF = Text("« {source} » mène maintenant à « {target} », si {condition}.", "“{source}” now leads to “{target}”, if {condition}.")
_LEADS_INSTEAD = Text("« {source} » mène maintenant à « {target} » au lieu de « {old} ».",
                      "“{source}” now leads to “{target}” instead of “{old}”.")
_COMES_FROM = Text("« {target} » vient maintenant de « {source} » au lieu de « {old} ».",
                   "“{target}” now comes from “{source}” instead of “{old}”.")
_LEADS_NO_MORE = Text("« {source} » ne mène plus à « {target} ».", "“{source}” no longer leads to “{target}”.")
_WAY = Text("{source} → {target}", "{source} → {target}")
_NEW = Text("Nouveau : « {name} » ({what}){leads}.", "New: “{name}” ({what}){leads}.")
_QUOTED = Text("« {name} »", "“{name}”")
_THEN = Text(", puis {targets}", ", then {targets}")
_ON = Text("sur « {host} »", "on “{host}”")
_GONE = Text("« {name} » est retiré.", "“{name}” is removed.")
_NEW_LANE = Text("Nouveau couloir « {name} » (groupe {group}).", "New lane “{name}” (group {group}).")
_NO_LANE = Text("Le couloir « {name} » est retiré.", "The lane “{name}” is removed.")
_NEW_MILESTONE = Text("Nouvelle étape du dossier : « {name} ».", "New milestone of the case: “{name}”.")
_NO_MILESTONE = Text("L’étape du dossier « {name} » est retirée.", "The milestone “{name}” is removed.")
_MILESTONES_ORDER = Text("Les étapes du dossier changent d’ordre.", "The milestones of the case change their order.")
_START_FORM = Text("le formulaire de départ", "the start form")
_TITLE = Text("le titre du dossier", "the title of the case")
_SEARCH = Text("ce qui fait retrouver le dossier", "what the case is found by")
_GROUP = Text("le groupe", "the group")
_CONDITION = Text("la condition", "the condition")
_ANSWER = Text("la réponse", "the answer")
_DEFAULT = Text("la voie par défaut", "the default way")
_CORRELATION = Text("la clé du message", "the key of the message")
_INPUT = Text("l’entrée {key}", "the input {key}")
_OUTPUT = Text("la sortie {key}", "the output {key}")
_EVENT_WORDS = {"timer": Text("le minuteur", "the timer"), "condition": Text("la condition", "the condition"),
                "event": Text("l’événement", "the event")}
_EVENTS = {
    "none": NO_TEXT, "message": Text("message", "message"), "timer": Text("minuteur", "timer"), "signal": Text("signal", "signal"),
    "error": Text("erreur", "error"), "escalation": Text("escalade", "escalation"), "conditional": Text("condition", "condition"),
    "link": Text("lien", "link"), "compensate": Text("compensation", "compensation"), "cancel": Text("annulation", "cancellation"),
    "terminate": Text("tout s’arrête", "everything stops"),
}
_FACETS: tuple[tuple[str, Text, Callable[[Element], str]], ...] = (
    ("form", Text("le formulaire", "the form"), lambda one: one.ext.form),
    ("groups", Text("les groupes", "the groups"), lambda one: ", ".join(one.ext.groups)),
    ("assignee", Text("la personne", "the person"), lambda one: one.ext.assignee),
    ("due", Text("l’échéance", "the due day"), lambda one: one.ext.due),
    ("follow_up", Text("le jour de suivi", "the day of follow-up"), lambda one: one.ext.follow_up),
    ("priority", Text("la priorité", "the priority"), lambda one: one.ext.priority),
    ("subject", Text("l’objet", "the subject"), lambda one: one.ext.subject),
    ("handler", Text("l’automatisme", "the handler"), lambda one: one.ext.handler),
    ("retries", Text("les nouveaux essais", "the retries"), lambda one: "" if one.ext.retries is None else str(one.ext.retries)),
    ("decision", Text("la décision", "the decision"), lambda one: one.ext.decision),
    ("result", Text("le résultat", "the result"), lambda one: one.ext.result),
    ("script", Text("le calcul", "the calculation"), lambda one: one.script),
    ("called", Text("le processus appelé", "the process called"), lambda one: one.called),
    ("milestone", Text("l’étape du dossier", "the milestone"), lambda one: one.ext.milestone),
    ("loop", Text("la répétition", "the repetition"), lambda one: _loop(one.loop)),
    ("documentation", Text("la note", "the note"), lambda one: one.documentation.fr),
)
_TOLD = frozenset({"id", "kind", "name", "process", "lane", "incoming", "outgoing", "default", "events", "attached_to", "interrupting",
                   "called", "script", "loop", "ext", "documentation"})
_TOLD_OF_EXTENSION = frozenset({"name_en", "groups", "assignee", "form", "due", "follow_up", "priority", "subject", "subject_en",
                                "not_who_did",
                                "milestone", "handler", "retries", "decision", "result", "inputs", "outputs", "correlation", "collection",
                                "item", "collect", "collect_value"})
