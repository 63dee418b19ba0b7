"""Who does a task, and what people follow.

Owns: rules about groups, separation of duties and milestones.
Leaves: whether a person may claim a task to `engine.people`.
Rule: docs/diagrams.md, section 2.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.model import Element
from engine.problems import Problem
from engine.texts import Text


@rule
def somebody_does_it(look: Look) -> Iterator[Problem]:
    """What a person does (a user or manual task) has candidates: by itself, by its lane, or by name."""
    for element in look.elements("userTask", "manualTask"):
        if not element.ext.groups and not element.ext.assignee and not _lane_group(look, element):
            yield look.finding(element, "user_task.nobody",
                               Text("Personne ne peut faire « {element} » : ni groupe, ni couloir, ni personne.",
                                    "Nobody can do “{element}”: no group, no lane, no assignee."),
                               Text("Placez-la dans un couloir qui a un groupe, ou donnez-lui jalon:groups.",
                                    "Put it into a lane that has a group, or give it jalon:groups."), "draft")


@rule
def groups_exist(look: Look) -> Iterator[Problem]:
    """A group that is named exists."""
    known = look.known.groups
    if known is None:
        return
    for element in look.elements():
        for group in element.ext.groups:
            if group not in known:
                yield _unknown_group(look, element, group)
    for process in look.processes:
        for lane in process.lanes:
            if lane.group and lane.group not in known:
                yield look.finding((process.file, lane.id), "group.unknown",
                                   Text("Le couloir « {lane} » nomme le groupe « {group} », qui n’existe pas.",
                                        "The lane “{lane}” names the group “{group}”, which does not exist."),
                                   Text("Choisissez un groupe de groups.yaml.", "Choose a group of groups.yaml."),
                                   lane=lane.name if lane.name.fr else lane.id, group=lane.group)


def _unknown_group(look: Look, element: Element, group: str) -> Problem:
    return look.finding(element, "group.unknown", Text("« {element} » nomme le groupe « {group} », qui n’existe pas.",
                                                       "“{element}” names the group “{group}”, which does not exist."),
                        Text("Choisissez un groupe de groups.yaml.", "Choose a group of groups.yaml."), group=group)


@rule
def duties_are_separated_from_something(look: Look) -> Iterator[Problem]:
    """`jalon:notWhoDid` names user tasks; an id of another folder is checked when those are known."""
    here = {element.id: element for process in look.model.processes.values() for element in process.elements.values()}
    for element in look.elements("userTask", "manualTask"):
        for key in element.ext.not_who_did:
            if key in here and here[key].kind not in ("userTask", "manualTask"):
                yield look.finding(element, "not_who_did.not_a_user_task",
                                   Text("« {element} » exclut qui a fait « {key} », mais personne ne fait cet élément.",
                                        "“{element}” excludes who did “{key}”, but no person does that element."),
                                   Text("Nommez une tâche utilisateur.", "Name a user task."), key=key)
            elif key not in here and key not in (look.known.activities or ()):
                yield look.finding(element, "not_who_did.unknown",
                                   Text("« {element} » exclut qui a fait « {key} », qui n’est dans aucun diagramme connu.",
                                        "“{element}” excludes who did “{key}”, which is in no known diagram."),
                                   Text("Nommez l’identifiant d’une tâche utilisateur.", "Name the id of a user task."),
                                   "warning" if look.known.activities is None else "error", key=key)


@rule
def milestones_are_declared(look: Look) -> Iterator[Problem]:
    """A milestone that an element reaches is declared by its process."""
    for element in look.elements():
        declared = {milestone.id for milestone in look.process(element).milestones}
        if element.ext.milestone and element.ext.milestone not in declared:
            yield look.finding(element, "milestone.unknown",
                               Text("« {element} » atteint le jalon « {milestone} », que le processus ne déclare pas.",
                                    "“{element}” reaches the milestone “{milestone}”, which the process does not declare."),
                               Text("Déclarez-le dans le processus (jalon:milestone), ou choisissez-en un autre.",
                                    "Declare it in the process (jalon:milestone), or choose another."), milestone=element.ext.milestone)


def _lane_group(look: Look, element: Element) -> str:
    return next((lane.group for lane in look.process(element).lanes if lane.id == element.lane), "")
