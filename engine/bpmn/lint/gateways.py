"""Gateways and splits: a token always finds its way, and a join always gets its tokens.

Owns: rules about conditions and defaults, joins that can only wait, event-based gateways.
Rule: BPMN 2.0.2, 10.6 and 13.4.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.graph import Scope
from engine.bpmn.lint.rules import Look, label_of, rule, standard
from engine.bpmn.model import Element
from engine.bpmn.reader import ACTIVITIES, EVENTS, GATEWAYS
from engine.problems import Problem
from engine.texts import Text

_AFTER_EVENT_GATEWAY = ("message", "timer", "signal", "conditional")


@rule
def every_flow_says_when(look: Look) -> Iterator[Problem]:
    """A flow that leaves a deciding gateway has a condition, or is the default."""
    for element in look.elements("exclusiveGateway", "inclusiveGateway"):
        process = look.process(element)
        flows = [process.flows[key] for key in element.outgoing]
        for flow in flows if len(flows) > 1 else ():
            if not flow.condition and flow.id != element.default:
                yield look.flow_finding(process, flow, "gateway.flow_without_condition",
                                        Text("Le flux de « {source} » à « {target} » ne dit pas quand il est pris.",
                                             "The flow from “{source}” to “{target}” does not say when it is taken."),
                                        Text("Donnez-lui une condition, ou faites-en le flux par défaut.",
                                             "Give it a condition, or make it the default flow."), "draft")


@rule
def some_flow_is_taken(look: Look) -> Iterator[Problem]:
    """A decision without a default stops the case when no condition holds."""
    for element in look.elements("exclusiveGateway", "inclusiveGateway", "complexGateway"):
        flows = [look.process(element).flows[key] for key in element.outgoing]
        if len(flows) > 1 and not element.default and all(flow.condition for flow in flows):
            yield look.finding(element, "gateway.without_default",
                               Text("Si aucune condition de « {element} » n’est vraie, le dossier s’arrête sur un incident.",
                                    "When no condition of “{element}” holds, the case stops with an incident."),
                               Text("Faites d’un des flux le flux par défaut.", "Make one of the flows the default flow."), "warning")


@standard
def conditions_are_read(look: Look) -> Iterator[Problem]:
    """A condition stands where it is looked at: behind exclusive and inclusive gateways and activities."""
    for process, flow in look.flows():
        source = process.elements.get(flow.source)
        if source is None or not flow.condition:
            continue
        if source.kind in ("parallelGateway", "eventBasedGateway"):
            yield look.flow_finding(process, flow, "gateway.condition_ignored",
                                    Text("Le flux qui part de « {source} » porte une condition, qui serait ignorée.",
                                         "The flow that leaves “{source}” carries a condition, which would be ignored."),
                                    Text("Retirez-la, ou utilisez une passerelle inclusive.", "Remove it, or use an inclusive gateway."))
        elif source.kind in EVENTS:
            yield look.flow_finding(process, flow, "flow.condition_on_event",
                                    Text("Le flux qui part de l’événement « {source} » porte une condition, qui serait ignorée.",
                                         "The flow that leaves the event “{source}” carries a condition, which would be ignored."),
                                    Text("Placez une passerelle exclusive entre les deux.", "Put an exclusive gateway between the two."))
        elif len(source.outgoing) == 1 and source.kind in ACTIVITIES:
            yield look.flow_finding(process, flow, "flow.only_one_and_conditional",
                                    Text("Le seul flux qui part de « {source} » porte une condition : sinon, rien ne suit.",
                                         "The only flow that leaves “{source}” carries a condition: otherwise nothing follows."),
                                    Text("Retirez la condition, ou dessinez aussi l’autre chemin.",
                                         "Remove the condition, or draw the other path too."))


@standard
def default_has_a_meaning(look: Look) -> Iterator[Problem]:
    """Only exclusive and inclusive gateways and activities have a default flow."""
    for element in look.elements("parallelGateway", "eventBasedGateway"):
        if element.default:
            yield look.finding(element, "gateway.default_ignored",
                               Text("La passerelle « {element} » a un flux par défaut, qui serait ignoré.",
                                    "The gateway “{element}” has a default flow, which would be ignored."),
                               Text("Retirez-le, ou utilisez une passerelle exclusive.", "Remove it, or use an exclusive gateway."))


@rule
def complex_joins_say_when(look: Look) -> Iterator[Problem]:
    """A complex gateway with several ways in says which tokens are enough; with one way in there is nothing to say."""
    for element in look.elements("complexGateway"):
        if len(element.incoming) > 1 and not element.activation:
            yield look.finding(element, "gateway.without_activation",
                               Text("La passerelle complexe « {element} » ne dit pas combien de chemins suffisent.",
                                    "The complex gateway “{element}” does not say how many paths are enough."),
                               Text("Écrivez sa condition d’activation, par exemple activationCount >= 2.",
                                    "Write its activation condition, for example activationCount >= 2."), "draft")
        elif len(element.incoming) <= 1 and element.activation:
            yield look.finding(element, "gateway.activation_ignored",
                               Text("La condition d’activation de « {element} » n’a qu’un chemin à attendre : elle serait ignorée.",
                                    "The activation condition of “{element}” has one path to wait for: it would be ignored."),
                               Text("Retirez-la, ou reliez les autres chemins.", "Remove it, or connect the other paths."))


@standard
def gateway_is_connected(look: Look) -> Iterator[Problem]:
    """A gateway parts or joins. Rule: BPMN 2.0.2, 10.6.1 (several flows in, or several out)."""
    for element in look.elements(*GATEWAYS):
        if len(element.incoming) <= 1 and len(element.outgoing) <= 1:
            yield look.finding(element, "gateway.pointless",
                               Text("La passerelle « {element} » ne partage ni ne réunit aucun chemin.",
                                    "The gateway “{element}” neither parts nor joins paths."),
                               Text("Ajoutez le chemin qui manque, ou supprimez-la.", "Add the path that is missing, or delete it."))


@rule
def join_waits_for_itself(look: Look) -> Iterator[Problem]:
    """A parallel join never waits for a path that begins behind it."""
    for scope, join in _joins(look, on_loops=True):
        before, after = scope.reached(scope.entries(), without=join.id), scope.reached([join.id])
        for key in join.incoming:
            flow = scope.process.flows[key]
            if flow.source in scope.elements and flow.source in after and flow.source not in before:
                yield look.flow_finding(scope.process, flow, "gateway.join_waits_for_itself",
                                        Text("La jonction parallèle « {target} » attend « {source} », qui vient après elle : sans fin.",
                                             "The parallel join “{target}” waits for “{source}”, which comes after it: without end."),
                                        Text("Faites revenir la boucle par une passerelle exclusive placée avant la jonction.",
                                             "Let the loop come back through an exclusive gateway before the join."))


@rule
def join_of_alternatives(look: Look) -> Iterator[Problem]:
    """A parallel join does not wait for two paths of which a decision takes only one."""
    for scope, join in _joins(look):
        if len(join.incoming) > 1 and (decision := _only_decision_before(scope, join)) is not None:
            yield look.finding(join, "gateway.join_of_alternatives",
                               Text("La jonction parallèle « {element} » attend plusieurs chemins, mais « {decision} » n’en prend qu’un.",
                                    "The parallel join “{element}” waits for several paths, but “{decision}” takes only one."),
                               Text("Réunissez-les par une passerelle exclusive.", "Join them with an exclusive gateway."),
                               decision=label_of(decision))


def _only_decision_before(scope: Scope, join: Element) -> Element | None:
    """Find a decision that every path to the join passes, in a scope where nothing on the way could have made a second token."""
    ahead = scope.leading_to(join.id)
    if ahead is None or len(set(scope.entries()) & ahead) != 1:
        return None
    for key in ahead - {join.id}:
        if scope.elements[key].kind in ("exclusiveGateway", "eventBasedGateway") and len(scope.elements[key].outgoing) > 1 \
                and join.id not in scope.reached(scope.entries(), without=key):
            return scope.elements[key]
    return None


@standard
def event_gateway_waits(look: Look) -> Iterator[Problem]:
    """Behind an event-based gateway stand events (or receive tasks) only, at least two, each reached from it alone."""
    for element in look.elements("eventBasedGateway"):
        if len(element.outgoing) < 2:
            yield look.finding(element, "event_gateway.one_way",
                               Text("La passerelle « {element} » n’attend qu’un événement.",
                                    "The gateway “{element}” waits for one event only."),
                               Text("Ajoutez l’autre événement, ou supprimez la passerelle.",
                                    "Add the other event, or delete the gateway."))
        for target in _behind(look, element):
            if not _waits(target):
                yield look.finding(target, "event_gateway.not_an_event",
                                   Text("« {element} » suit une passerelle d’événements sans être un événement à attendre.",
                                        "“{element}” follows an event-based gateway but is no event to wait for."),
                                   Text("Placez-y un événement de message, de temps, de signal ou de condition, ou une tâche de réception.",
                                        "Put a message, timer, signal or conditional event there, or a receive task."))
            elif len(target.incoming) > 1:
                yield look.finding(target, "event_gateway.event_shared",
                                   Text("« {element} » suit une passerelle d’événements, mais un autre flux y mène aussi.",
                                        "“{element}” follows an event-based gateway, but another flow leads to it too."),
                                   Text("Dessinez un événement pour chaque chemin.", "Draw one event for each path."))


@standard
def event_gateways_wait_in_one_way(look: Look) -> Iterator[Problem]:
    """Behind an event-based gateway messages are awaited by events or by receive tasks, not by both. Rule: 10.6.6."""
    for element in look.elements("eventBasedGateway"):
        behind = _behind(look, element)
        if any(other.kind == "receiveTask" for other in behind) and any(
                other.kind == "intermediateCatchEvent" and any(event.kind == "message" for event in other.events) for other in behind):
            yield look.finding(element, "event_gateway.events_and_tasks",
                               Text("Derrière « {element} », des tâches de réception et des événements de message attendent côte à côte.",
                                    "Behind “{element}”, receive tasks and message events wait side by side."),
                               Text("Utilisez l’un ou l’autre partout.", "Use the one or the other throughout."))


@standard
def awaited_tasks_carry_no_events(look: Look) -> Iterator[Problem]:
    """A receive task behind an event-based gateway has no boundary events: the gateway waits in its place. Rule: 10.6.6."""
    for element in look.elements("eventBasedGateway"):
        for task in _behind(look, element):
            if task.kind == "receiveTask" and any(other.attached_to == task.id for other in look.process(task).elements.values()):
                yield look.finding(task, "event_gateway.task_with_events",
                                   Text("La tâche de réception « {element} » suit une passerelle d’événements : "
                                        "elle ne peut pas porter d’événement de frontière.",
                                        "The receive task “{element}” follows an event-based gateway: it cannot carry boundary events."),
                                   Text("Placez cet événement derrière la passerelle, comme un autre chemin.",
                                        "Put that event behind the gateway, as another path."))


def _behind(look: Look, gateway: Element) -> list[Element]:
    process = look.process(gateway)
    targets = (process.elements.get(process.flows[key].target) for key in gateway.outgoing)
    return [target for target in targets if target is not None]


def _waits(element: Element) -> bool:
    return element.kind == "receiveTask" or (element.kind == "intermediateCatchEvent"
                                             and any(event.kind in _AFTER_EVENT_GATEWAY for event in element.events))


def _joins(look: Look, on_loops: bool = False) -> Iterator[tuple[Scope, Element]]:
    for scope in look.scopes:
        looked_at = scope.around_loops() if on_loops else scope.elements
        for element in scope.elements.values():
            if element.kind == "parallelGateway" and len(element.incoming) > 1 and element.id in looked_at:
                yield scope, element
