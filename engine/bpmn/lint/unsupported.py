"""What BPMN has and Jalon does not run: refused by name, never ignored.

Owns: one rule for each such element. A rule leaves this file on the day the kernel runs its element.
Rule: issue 2; BPMN 2.0.2, chapter 10.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn import xml
from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.reader import ACTIVITIES
from engine.bpmn.xml import child, flag, local, text
from engine.problems import Problem
from engine.texts import Text

_CHOREOGRAPHY = ("choreography", "globalChoreographyTask", "choreographyTask", "subChoreography", "callChoreography")
_GLOBAL_TASKS = ("globalTask", "globalUserTask", "globalManualTask", "globalScriptTask", "globalBusinessRuleTask")


@rule
def complex_gateway(look: Look) -> Iterator[Problem]:
    """A complex gateway is not run."""
    for element in look.elements("complexGateway"):
        yield look.finding(element, "unsupported.complex_gateway",
                           Text("La passerelle complexe « {element} » n’est pas exécutée.", "The complex gateway “{element}” is not run."),
                           Text("Utilisez une passerelle exclusive, inclusive ou parallèle.",
                                "Use an exclusive, inclusive or parallel gateway."))


@rule
def compensation(look: Look) -> Iterator[Problem]:
    """Nothing is compensated: neither handlers nor events."""
    for element in look.elements():
        if look.compensates(element) or any(event.kind == "compensate" for event in element.events):
            yield look.finding(element, "unsupported.compensation",
                               Text("« {element} » sert à compenser, ce qui n’est pas exécuté.",
                                    "“{element}” is for compensation, which is not run."),
                               Text("Dessinez le retour en arrière comme un chemin ordinaire, par exemple après un événement d’erreur.",
                                    "Draw the way back as an ordinary path, for example behind an error event."))


@rule
def transaction(look: Look) -> Iterator[Problem]:
    """Transactions and their cancel events are not run."""
    for element in look.elements():
        if element.kind == "transaction" or any(event.kind == "cancel" for event in element.events):
            yield look.finding(element, "unsupported.transaction",
                               Text("« {element} » est une transaction ou son annulation, ce qui n’est pas exécuté.",
                                    "“{element}” is a transaction or its cancellation, which is not run."),
                               Text("Utilisez un sous-processus, une fin d’erreur et un événement d’erreur à sa frontière.",
                                    "Use a sub-process, an error end and an error event on its boundary."))


@rule
def ad_hoc(look: Look) -> Iterator[Problem]:
    """An ad-hoc sub-process is not run."""
    for element in look.elements("adHocSubProcess"):
        yield look.finding(element, "unsupported.ad_hoc",
                           Text("Le sous-processus ad hoc « {element} » n’est pas exécuté.",
                                "The ad-hoc sub-process “{element}” is not run."),
                           Text("Dessinez l’ordre de ses tâches dans un sous-processus ordinaire.",
                                "Draw the order of its tasks in an ordinary sub-process."))


@rule
def multiple_events(look: Look) -> Iterator[Problem]:
    """An event with several definitions is not run."""
    for element in look.elements():
        if element.parallel_multiple or len(element.events) > 1:
            yield look.finding(element, "unsupported.multiple_events",
                               Text("L’événement « {element} » attend ou émet plusieurs choses à la fois, ce qui n’est pas exécuté.",
                                    "The event “{element}” waits for or throws several things at once, which is not run."),
                               Text("Dessinez un événement pour chacune.", "Draw one event for each of them."))


@rule
def global_task(look: Look) -> Iterator[Problem]:
    """A global task cannot be called."""
    for file, root in look.reading.documents.items():
        for node in xml.children(root, *_GLOBAL_TASKS):
            yield look.finding((file, node.get("id") or ""), "unsupported.global_task",
                               Text("La tâche globale « {element} » n’est pas exécutée.", "The global task “{element}” is not run."),
                               Text("Faites-en un processus et appelez-le.", "Make it a process and call that."))


@rule
def choreography(look: Look) -> Iterator[Problem]:
    """Choreographies describe an exchange; there is nothing to run."""
    for file, root in look.reading.documents.items():
        for node in root.iter(*(f"{{{xml.BPMN}}}{tag}" for tag in _CHOREOGRAPHY)):
            yield look.finding((file, node.get("id") or ""), "unsupported.choreography",
                               Text("La chorégraphie « {element} » n’est pas exécutée.", "The choreography “{element}” is not run."),
                               Text("Dessinez un processus par participant, reliés par des messages.",
                                    "Draw one process for each participant, connected by messages."))


@rule
def quantities(look: Look) -> Iterator[Problem]:
    """An activity takes one token and gives one."""
    for element in look.elements(*ACTIVITIES):
        node = look.node(element)
        for name in ("startQuantity", "completionQuantity"):
            if (node.get(name) or "1").strip() != "1":
                yield look.finding(element, "unsupported.quantity",
                                   Text("« {element} » porte {name} = {value} ; seul 1 est exécuté.",
                                        "“{element}” carries {name} = {value}; only 1 is run."),
                                   Text("Retirez {name} ; pour répéter l’activité, utilisez une instance multiple.",
                                        "Remove {name}; to repeat the activity, use a multi-instance."), name=name, value=node.get(name))


@rule
def multi_instance_behaviour(look: Look) -> Iterator[Problem]:
    """A multi-instance throws nothing while it runs."""
    for element in look.elements(*ACTIVITIES):
        found = child(look.node(element), "multiInstanceLoopCharacteristics")
        behaviour = "All" if found is None else (found.get("behavior") or "All").strip()
        if behaviour != "All":
            yield look.finding(element, "unsupported.multi_instance_behavior",
                               Text("L’instance multiple « {element} » a le comportement {behaviour} ; seul All est exécuté.",
                                    "The multi-instance “{element}” has behavior {behaviour}; only All is run."),
                               Text("Retirez behavior ; pour finir plus tôt, donnez une condition d’achèvement.",
                                    "Remove behavior; to end earlier, give a completion condition."), behaviour=behaviour)


@rule
def script_language(look: Look) -> Iterator[Problem]:
    """A script is FEEL."""
    for element in look.elements("scriptTask"):
        language = (look.node(element).get("scriptFormat") or "").strip()
        if language and not _is_feel(language):
            yield look.finding(element, "unsupported.script_language",
                               Text("Le script de « {element} » est en {language} ; seul FEEL est exécuté.",
                                    "The script of “{element}” is in {language}; only FEEL is run."),
                               Text("Récrivez-le en FEEL et retirez scriptFormat, ou faites-en une tâche de service.",
                                    "Write it in FEEL and remove scriptFormat, or make it a service task."), language=language)


@rule
def expression_language(look: Look) -> Iterator[Problem]:
    """An expression that names a language names FEEL. What the file as a whole declares is a default of the tool that wrote it."""
    for element in look.elements():
        yield from _other_languages(look, element.process, element.id, xml.children(look.node(element)))
    for process, flow in look.flows():
        yield from _other_languages(look, process.id, flow.id, xml.children(look.flow_node(process, flow)))


def _other_languages(look: Look, process: str, key: str, holders: Iterator[xml.Node]) -> Iterator[Problem]:
    for holder in holders:
        if local(holder) in ("subProcess", "sequenceFlow") or holder.get("id") in look.model.processes[process].elements:
            continue
        for node in (holder, *holder.iterchildren(f"{{{xml.BPMN}}}*")):
            language = (node.get("language") or "").strip()
            if language and not _is_feel(language) and text(node):
                yield look.finding((look.model.processes[process].file, key), "unsupported.expression_language",
                                   Text("Une expression de « {element} » est en {language} ; seul FEEL est exécuté.",
                                        "An expression of “{element}” is in {language}; only FEEL is run."),
                                   Text("Récrivez-la en FEEL et retirez language.", "Write it in FEEL and remove language."),
                                   language=language)


@rule
def instantiate(look: Look) -> Iterator[Problem]:
    """Only start events start a process."""
    for element in look.elements("receiveTask", "eventBasedGateway"):
        if flag(look.node(element), "instantiate", False):
            yield look.finding(element, "unsupported.instantiate",
                               Text("« {element} » devrait créer une instance, ce qui n’est pas exécuté.",
                                    "“{element}” should create an instance, which is not run."),
                               Text("Commencez par un événement de début qui attend le message.",
                                    "Begin with a start event that waits for the message."))


@rule
def parallel_event_gateway(look: Look) -> Iterator[Problem]:
    """An event-based gateway waits for one of its events, not for all."""
    for element in look.elements("eventBasedGateway"):
        if (look.node(element).get("eventGatewayType") or "Exclusive").strip() == "Parallel":
            yield look.finding(element, "unsupported.parallel_event_gateway",
                               Text("La passerelle « {element} » attend tous ses événements à la fois, ce qui n’est pas exécuté.",
                                    "The gateway “{element}” waits for all of its events, which is not run."),
                               Text("Utilisez une passerelle parallèle suivie des événements.",
                                    "Use a parallel gateway followed by the events."))


@rule
def data_associations(look: Look) -> Iterator[Problem]:
    """Values go through variables and mappings, not along data associations."""
    for element in look.elements(*ACTIVITIES):
        node = look.node(element)
        computed = [found for tag in ("dataInputAssociation", "dataOutputAssociation") for found in xml.children(node, tag)
                    if child(found, "assignment") is not None or child(found, "transformation") is not None]
        if computed:
            yield look.finding(element, "data.association_ignored",
                               Text("Une association de données de « {element} » calcule une valeur ; elle n’est pas exécutée.",
                                    "A data association of “{element}” computes a value; it is not run."),
                               Text("Écrivez-la comme jalon:input ou jalon:output.", "Write it as jalon:input or jalon:output."))
        elif child(node, "ioSpecification") is not None and next(xml.children(node, "dataInputAssociation", "dataOutputAssociation"),
                                                                 None) is not None:
            yield look.finding(element, "data.association_ignored",
                               Text("Les données reliées à « {element} » ne sont qu’un dessin : rien n’est copié.",
                                    "The data connected to “{element}” is only a drawing: nothing is copied."),
                               Text("S’il faut une valeur, écrivez jalon:input ou jalon:output.",
                                    "Where a value is needed, write jalon:input or jalon:output."),
                               "warning")


def _is_feel(language: str) -> bool:
    return "feel" in language.lower().replace("-", "")
