"""The words beyond BPMN: those of Jalon are spelt right and stand where they mean something; those of others that do work are named.

Owns: rules about unknown or misplaced `jalon:` words, values that cannot be read, and foreign extensions that would be ignored.
Rule: docs/diagrams.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from engine.bpmn.extensions import ATTRIBUTES, CHILD_ATTRIBUTES, CHILDREN
from engine.bpmn.ids import extension_elements
from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.reader import ACTIVITIES, EVENTS
from engine.bpmn.xml import CAMUNDA_FAMILY, JALON, ZEEBE, Node, is_bpmn, local, namespace
from engine.problems import Problem
from engine.texts import Text

_OWN = f"{{{JALON}}}"
#: Foreign extensions that do something when their own engine runs them. Here nothing would come of them.
_FOREIGN_WORK = frozenset({"executionListener", "executionListeners", "taskListener", "taskListeners", "connector", "script"})
_FOREIGN_ATTRIBUTES = frozenset({"class", "delegateExpression", "expression", "variableMappingClass", "calledElementBinding", "resource"})


@rule
def jalon_attributes(look: Look) -> Iterator[Problem]:
    """A `jalon:` attribute is one of those that its element may carry."""
    for file, node in _nodes(look):
        allowed = ATTRIBUTES.get(local(node), frozenset()) | {"nameEn"} if is_bpmn(node) else CHILD_ATTRIBUTES.get(local(node), frozenset())
        for name in node.attrib:
            if name.startswith(_OWN) and name[len(_OWN):] not in allowed:
                yield _misspelt(look, (file, _id(node)), f"jalon:{name[len(_OWN):]}", local(node), [f"jalon:{one}" for one in allowed])


@rule
def jalon_children(look: Look) -> Iterator[Problem]:
    """A `jalon:` element is one of those that may stand there, with the attributes it has."""
    for file, node in _nodes(look):
        if namespace(node) != JALON:
            continue
        holder = node.getparent()
        owner = holder.getparent() if holder is not None and local(holder) == "extensionElements" else None
        if owner is None or local(owner) not in CHILDREN.get(local(node), frozenset()):
            possible = [f"jalon:{name}" for name, places in CHILDREN.items() if owner is not None and local(owner) in places]
            yield _misspelt(look, (file, _id(node)), f"<jalon:{local(node)}>", local(owner if owner is not None else holder), possible)
            continue
        for name in node.attrib:
            if not name.startswith("{") and name not in CHILD_ATTRIBUTES[local(node)]:
                yield _misspelt(look, (file, _id(node)), name, f"jalon:{local(node)}", sorted(CHILD_ATTRIBUTES[local(node)]))


def _misspelt(look: Look, where: tuple[str, str], word: str, place: str, possible: list[str]) -> Problem:
    near = get_close_matches(word, possible, n=1)
    remedy = Text("Vouliez-vous dire « {near} » ?", "Did you mean “{near}”?") if near else \
        Text("Retirez-le. Possible ici : {possible}.", "Remove it. Possible here: {possible}.")
    return look.finding(where, "jalon.unknown_word",
                        Text("« {word} » n’a pas de sens sur {place} ({element}).", "“{word}” has no meaning on {place} ({element})."),
                        remedy, word=word, place=place, near=near[0] if near else "", possible=", ".join(sorted(possible)) or "–")


@rule
def retries_are_a_number(look: Look) -> Iterator[Problem]:
    """The number of tries is a whole number of at least one."""
    for element in look.elements("serviceTask", "sendTask"):
        written = look.node(element).get(f"{_OWN}retries")
        if written is not None and not (element.ext.retries or 0) >= 1:
            yield look.finding(element, "jalon.bad_number",
                               Text("« {element} » : jalon:retries vaut « {written} ».", "“{element}”: jalon:retries is “{written}”."),
                               Text("Écrivez un nombre entier d’au moins 1.", "Write a whole number of at least 1."), written=written)


@rule
def milestones_are_distinct(look: Look) -> Iterator[Problem]:
    """A process declares each milestone once, with an id."""
    for process in look.processes:
        ids = [milestone.id for milestone in process.milestones]
        for key in dict.fromkeys(key for key in ids if not key or ids.count(key) > 1):
            yield look.finding(process, "milestone.twice", Text("« {element} » déclare un jalon sans identifiant ou deux fois : « {key} ».",
                                                                "“{element}” declares a milestone without an id or twice: “{key}”."),
                               Text("Donnez à chaque jalon son propre identifiant.", "Give each milestone its own id."), key=key)


@rule
def foreign_work(look: Look) -> Iterator[Problem]:
    """What another engine would run is not run here, and that is said."""
    for element in look.elements(*ACTIVITIES, *EVENTS):
        node = look.node(element)
        foreign = {local(found) for holder in extension_elements(node) for found in holder.iter()
                   if namespace(found) in (*CAMUNDA_FAMILY, ZEEBE) and local(found) in _FOREIGN_WORK}
        foreign |= {name for space in CAMUNDA_FAMILY for name in _FOREIGN_ATTRIBUTES if node.get(f"{{{space}}}{name}")}
        if element.kind == "scriptTask":
            foreign.discard("script")                      # zeebe:script of a script task is read
        for word in sorted(foreign):
            yield look.finding(element, "extension.ignored",
                               Text("« {word} » de « {element} » vient d’un autre moteur et ne sera pas exécuté.",
                                    "“{word}” of “{element}” belongs to another engine and will not be run."),
                               Text("Remplacez-le par un traitement ou une expression FEEL.",
                                    "Replace it by a handler or a FEEL expression."), "warning", word=word)


def _nodes(look: Look) -> Iterator[tuple[str, Node]]:
    return ((file, node) for file, root in look.reading.documents.items() for node in root.iter())


def _id(node: Node) -> str:
    """Tell the id of the nearest BPMN element around a node that has one."""
    while node is not None and not (is_bpmn(node) and node.get("id")):
        node = node.getparent()
    return "" if node is None else str(node.get("id"))
