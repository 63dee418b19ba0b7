"""Timers: a literal that can be reckoned with, or a FEEL expression.

Owns: rules about durations, dates and cycles written as ISO 8601 text.
Leaves: FEEL texts to `expressions`; reckoning to `engine.kernel`.
Rule: docs/diagrams.md, section 3; ISO 8601.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine import feel
from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.model import Element, EventDefinition
from engine.problems import Problem
from engine.texts import Text

_DURATION = r"P(?=[\dT])(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_IS_DURATION = re.compile(_DURATION)
_IS_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CYCLE = re.compile(rf"R\d*/(?:(\d[^/]+)/)?({_DURATION})(?:/(\d[^/]+))?")
_LOOKS_LITERAL = re.compile(r"-?P($|[\dT.])|R\d*/|\d{4}-\d\d-\d\d|\d{8}T")


def is_literal(text: str) -> bool:
    """Tell whether a timer's text is meant as ISO 8601 and not as FEEL."""
    return bool(_LOOKS_LITERAL.match(text))


@rule
def timers_say_when(look: Look) -> Iterator[Problem]:
    """A timer has a time, of one of the three kinds."""
    for element, event in _timers(look):
        if not event.expression:
            yield look.finding(element, "timer.missing",
                               Text("« {element} » ne dit pas quand il se déclenche.", "“{element}” does not say when it fires."),
                               Text("Donnez une durée (P3M), une date ou un cycle (R3/P7D).",
                                    "Give a duration (P3M), a date or a cycle (R3/P7D)."), "draft")


@rule
def literals_are_right(look: Look) -> Iterator[Problem]:
    """A literal duration, moment or cycle can be read, and a moment has its zone."""
    for element, event in _timers(look):
        if is_literal(event.expression) and (fault := _fault(event.expression)) is not None:
            code, what, remedy = fault
            yield look.finding(element, code,
                               Text("Le temps « {text} » de « {element} » {what}.", "The time “{text}” of “{element}” {what}."),
                               remedy, text=event.expression, what=what)


@rule
def cycles_stand_in_cycles(look: Look) -> Iterator[Problem]:
    """A cycle is written as a cycle: a date or duration fires once."""
    for element, event in _timers(look):
        if event.timer in ("date", "duration") and event.expression.startswith("R") and is_literal(event.expression):
            yield look.finding(element, "timer.cycle_misplaced",
                               Text("« {element} » porte un cycle là où une seule échéance est attendue.",
                                    "“{element}” carries a cycle where one moment is expected."),
                               Text("Choisissez le type « Cycle ».", "Choose the type “Cycle”."))


@rule
def cycles_repeat_where_they_can(look: Look) -> Iterator[Problem]:
    """A cycle repeats on an event that does not interrupt; anywhere else only its first moment counts, and that is said."""
    for element, event in _timers(look):
        if event.timer != "cycle" or not _fires_once(look, element) or event.expression.startswith("R1/"):
            continue
        literal = is_literal(event.expression)
        yield look.finding(element, "timer.cycle_counts_once",
                           Text("« {element} » porte un cycle, mais seul son premier moment compterait.",
                                "“{element}” carries a cycle, but only its first moment would count."),
                           Text("Donnez une durée ou une date ; pour répéter, utilisez un événement qui n’interrompt pas.",
                                "Give a duration or a date; to repeat, use an event that does not interrupt."),
                           "error" if literal else "warning")


def _fires_once(look: Look, element: Element) -> bool:
    """Whether a timer there is passed once: in the way, interrupting, or one of several that must all happen."""
    if element.kind == "startEvent" and element.parent == element.process:
        return False
    return element.kind == "intermediateCatchEvent" or element.interrupting or (element.parallel_multiple and len(element.events) > 1)


def _timers(look: Look) -> Iterator[tuple[Element, EventDefinition]]:
    for element in look.elements():
        for event in element.events:
            if event.kind == "timer":
                yield element, event


_UNREADABLE = (Text("n’est pas une durée, une date ou un cycle lisible", "is no duration, date or cycle that can be read"),
               Text("Écrivez par exemple P3M, PT4H, 2026-04-30T18:00:00+02:00 ou R3/P7D, ou une expression FEEL.",
                    "Write for example P3M, PT4H, 2026-04-30T18:00:00+02:00 or R3/P7D, or a FEEL expression."))
_NAIVE = (Text("n’a pas de fuseau horaire", "has no time zone"),
          Text("Ajoutez-le, par exemple 2026-04-30T18:00:00+02:00.", "Add it, for example 2026-04-30T18:00:00+02:00."))
_ENDLESS = (Text("se répète sans laisser passer de temps", "repeats without letting time pass"),
            Text("Donnez une période plus longue que zéro.", "Give a period longer than zero."))


def _fault(literal: str) -> tuple[str, Text, Text] | None:
    if _IS_DURATION.fullmatch(literal):
        return None
    if match := _CYCLE.fullmatch(literal):
        if not re.search(r"[1-9]", match.group(2)):
            return ("timer.endless", *_ENDLESS)
        return next((fault for moment in match.group(1, 3) if moment and (fault := _moment_fault(moment)) is not None), None)
    return _moment_fault(literal)


def _moment_fault(literal: str) -> tuple[str, Text, Text] | None:
    if _IS_DAY.fullmatch(literal):
        return None if feel.parse_date(literal) is not None else ("timer.unreadable", *_UNREADABLE)
    moment = feel.parse_date_and_time(literal)
    if moment is None:
        return ("timer.unreadable", *_UNREADABLE)
    return None if moment.tzinfo is not None else ("timer.without_zone", *_NAIVE)
