"""Expressions without anything in them, and in no language.

Owns: rules about expressions without a body or a language, timers with several times, and messages named by half.
Leaves: what an expression says to `lint.expressions`; what is not there at all to the rules of each element (it is left to do).
Rule: BPMN 2.0.2, 8.4.6 (expressions), 10.5.5 (event definitions).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import XSI, child, children, local, reference, text
from engine.problems import Problem
from engine.texts import Text

_EXPRESSIONS = ("condition", "conditionExpression", "timeDate", "timeCycle", "timeDuration", "loopCondition", "loopCardinality",
                "completionCondition", "activationCondition", "messagePath", "dataPath", "transformation", "from", "to")
#: Those that the schema takes for natural language unless they are marked.
_UNTYPED = ("condition", "conditionExpression", "timeDate", "timeCycle", "timeDuration", "loopCondition", "loopCardinality",
            "completionCondition", "activationCondition", "from", "to")
_TIMES = ("timeDate", "timeCycle", "timeDuration")


@standard
def expressions_have_a_body(look: Look) -> Iterator[Problem]:
    """In a process that runs, an expression that is written has a body. Rule: 8.4.6, table 8.54 (FormalExpression, body)."""
    for file, node in look.drawn(*_EXPRESSIONS):
        if not text(node) and look.runs(node):
            yield look.fault(file, node, "expression.empty",
                             Text("« {element} » porte une expression vide ({tag}).", "“{element}” carries an empty expression ({tag})."),
                             Text("Écrivez l’expression, ou retirez-la.", "Write the expression, or remove it."), tag=local(node))


@standard
def expressions_have_a_language(look: Look) -> Iterator[Problem]:
    """In a process that runs, expressions are formal: a natural language is for people.

    A file that declares no language is taken to be written in FEEL throughout; one that declares its language marks what is in it.
    Rule: BPMN 2.0.2, 8.4.6, tables 8.53 and 8.54 (an executable process has FormalExpressions).
    """
    for file, node in look.drawn(*_UNTYPED):
        if local(node.getparent()) == "complexBehaviorDefinition" or not text(node) or node.get(f"{{{XSI}}}type"):
            continue
        if look.reading.documents[file].get("expressionLanguage") and look.runs(node):
            yield look.fault(file, node, "expression.natural_language",
                             Text("« {element} » : l’expression « {text} » ({tag}) n’est pas marquée comme formelle.",
                                  "“{element}”: the expression “{text}” ({tag}) is not marked as formal."),
                             Text("Écrivez-la en FEEL, avec xsi:type=\"tFormalExpression\".",
                                  "Write it in FEEL, with xsi:type=\"tFormalExpression\"."), text=text(node), tag=local(node))


@standard
def scripts_have_a_language(look: Look) -> Iterator[Problem]:
    """A script says its language, in a file that declares one for its expressions (else all is FEEL). Rule: 10.3.3, scriptFormat."""
    for file, node in look.drawn("script"):
        task, root = node.getparent(), look.reading.documents[file]
        if local(task) == "scriptTask" and not task.get("scriptFormat") and root.get("expressionLanguage") and look.runs(node):
            yield look.fault(file, node, "script.without_language",
                             Text("Le script de « {element} » ne dit pas sa langue ; le fichier en déclare une pour ses expressions.",
                                  "The script of “{element}” does not say its language; the file declares one for expressions."),
                             Text("Écrivez scriptFormat=\"feel\".", "Write scriptFormat=\"feel\"."))


@standard
def timers_have_one_time(look: Look) -> Iterator[Problem]:
    """A timer is a date, a duration or a cycle, and no two of them. Rule: 10.5.5, table 10.101 (TimerEventDefinition)."""
    for file, node in look.drawn("timerEventDefinition"):
        times = [local(found) for found in children(node, *_TIMES)]
        if len(times) > 1:
            yield look.fault(file, node, "timer.several_times",
                             Text("« {element} » a plusieurs temps à la fois : {times}.",
                                  "“{element}” has several times at once: {times}."),
                             Text("Gardez-en un seul.", "Keep one of them."), times=", ".join(times))


@standard
def operations_come_with_a_message(look: Look) -> Iterator[Problem]:
    """In a process that runs, a message event that names an operation names the message too. Rule: 10.5.5, table 10.98."""
    for file, node in look.drawn("messageEventDefinition"):
        operation = reference(text(child(node, "operationRef")))
        if operation and not reference(node.get("messageRef")) and look.runs(node):
            yield look.fault(file, node, "message.operation_without_message",
                             Text("« {element} » nomme l’opération « {operation} », mais aucun message.",
                                  "“{element}” names the operation “{operation}”, but no message."),
                             Text("Nommez le message (messageRef), ou retirez l’opération.",
                                  "Name the message (messageRef), or remove the operation."), operation=operation)


@standard
def operations_carry_that_message(look: Look) -> Iterator[Problem]:
    """The operation that a message event, send or receive task names is one for its message. Rule: 10.5.5, table 10.98; 10.3.3."""
    for file, node in look.drawn("messageEventDefinition", "sendTask", "receiveTask"):
        operation = look.named(file, node.get("operationRef") or text(child(node, "operationRef")))
        message = look.named(file, node.get("messageRef"))
        if message is None or operation is None or local(operation) != "operation":
            continue
        if not any(look.named(file, text(told)) is message for told in children(operation, "inMessageRef", "outMessageRef")):
            yield look.fault(file, node, "message.not_of_operation",
                             Text("« {element} » nomme l’opération « {operation} », qui n’est pas faite pour ce message.",
                                  "“{element}” names the operation “{operation}”, which is not for this message."),
                             Text("Choisissez le message de l’opération, ou une autre opération.",
                                  "Choose the message of the operation, or another operation."),
                             operation=operation.get("name") or operation.get("id"))
