"""Which version a call activity takes.

Owns: rules about `jalon:binding` and `jalon:version`.
Leaves: whether the called process exists to `names`.
Rule: docs/diagrams.md, section 7.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, rule
from engine.problems import Problem
from engine.texts import Text

_BINDINGS = ("", "latest", "deployment", "version")


@rule
def bindings_are_known(look: Look) -> Iterator[Problem]:
    """A call takes the latest version, the one of its deployment, or one by its number."""
    for element in look.elements("callActivity"):
        binding, version = element.ext.binding, element.ext.version
        if binding not in _BINDINGS:
            yield look.finding(element, "call.binding_unknown",
                               Text("« {element} » choisit la version appelée d’une façon inconnue : {binding}.",
                                    "“{element}” chooses the version it calls in an unknown way: {binding}."),
                               Text("Écrivez latest, deployment ou version.", "Write latest, deployment or version."), binding=binding)
        elif (binding == "version") != bool(version) or (version and not (version.isascii() and version.isdecimal())):
            yield look.finding(element, "call.version_without_number",
                               Text("« {element} » ne dit pas clairement quelle version il appelle.",
                                    "“{element}” does not say clearly which version it calls."),
                               Text("Écrivez jalon:binding=\"version\" avec le numéro dans jalon:version, ou retirez les deux.",
                                    "Write jalon:binding=\"version\" with the number in jalon:version, or remove both."))


@rule
def a_folder_is_one_version(look: Look) -> Iterator[Problem]:
    """What is drawn in the same folder is always of the same version: there is nothing to choose."""
    for element in look.elements("callActivity"):
        if element.ext.binding in ("latest", "version") and element.called in look.model.processes:
            yield look.finding(element, "call.binding_in_folder",
                               Text("« {element} » appelle un processus de son propre dossier, qui a toujours la même version que lui.",
                                    "“{element}” calls a process of its own folder, which always has its own version."),
                               Text("Retirez jalon:binding, ou mettez le processus appelé dans un dossier à lui.",
                                    "Remove jalon:binding, or put the called process in a folder of its own."))
