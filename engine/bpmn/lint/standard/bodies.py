"""Expressions that are written without anything in them.

Owns: rules about expressions without a body, timers with several times, and messages named by half.
Leaves: what an expression says to `lint.expressions`; what is not there at all to the rules of each element (it is left to do).
Rule: BPMN 2.0.2, 8.4.6 (expressions), 10.5.5 (event definitions).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import child, children, local, reference, text
from engine.problems import Problem
from engine.texts import Text

_EXPRESSIONS = ("condition", "conditionExpression", "timeDate", "timeCycle", "timeDuration", "loopCondition", "loopCardinality",
                "completionCondition", "activationCondition", "messagePath", "dataPath", "transformation", "from", "to")
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
