"""Names that reach outside the diagram: handlers, forms, decisions, called processes.

Owns: one rule for each; a kind that `Known` knows nothing of is not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches

from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.model import Element, Process
from engine.problems import Problem
from engine.texts import Text


@rule
def handlers(look: Look) -> Iterator[Problem]:
    """A handler that is named exists."""
    for element in look.elements():
        yield from _unknown(look, element, "handler.unknown", element.ext.handler, look.known.handlers,
                            Text("le traitement", "the handler"))


@rule
def forms(look: Look) -> Iterator[Problem]:
    """A form that is named is in the folder."""
    for element in look.elements():
        yield from _unknown(look, element, "form.unknown", element.ext.form, look.known.forms, Text("le formulaire", "the form"))
    for process in look.processes:
        yield from _unknown(look, process, "form.unknown", process.start_form, look.known.forms, Text("le formulaire", "the form"))


@rule
def decisions(look: Look) -> Iterator[Problem]:
    """A decision that is named is in the folder."""
    for element in look.elements():
        yield from _unknown(look, element, "decision.unknown", element.ext.decision, look.known.decisions,
                            Text("la décision", "the decision"))


@rule
def called_processes(look: Look) -> Iterator[Problem]:
    """A process that is called exists and can be called."""
    for element in look.elements("callActivity"):
        called = look.model.processes.get(element.called)
        if called is None:
            yield from _unknown(look, element, "call.unknown_process", element.called, look.known.processes,
                                Text("le processus", "the process"))
        elif not called.executable:
            yield look.finding(element, "call.not_executable",
                               Text("« {element} » appelle « {called} », qui n’est pas exécutable.",
                                    "“{element}” calls “{called}”, which is not executable."),
                               Text("Cochez « Exécutable » dans le processus appelé.", "Tick “Executable” in the called process."),
                               called=element.called)


def _unknown(look: Look, where: Element | Process, code: str, name: str, existing: Iterable[str] | None, kind: Text) -> Iterator[Problem]:
    if name and existing is not None and name not in existing:
        near = get_close_matches(name, existing, n=1)
        yield look.finding(where, code,
                           Text("« {element} » nomme {kind} « {name} », qui n’existe pas.",
                                "“{element}” names {kind} “{name}”, which does not exist."),
                           Text("Vouliez-vous dire « {near} » ?", "Did you mean “{near}”?") if near
                           else Text("Choisissez un nom qui existe, ou créez ce qui manque.",
                                     "Choose a name that exists, or create what is missing."),
                           kind=kind, name=name, near=near[0] if near else "")
