"""Diagrams that name other files.

Owns: that what is imported is there, and that nothing is fetched from outside.
Rule: BPMN 2.0.2, 8.2.2 (import) and 15.3.1 (document structure).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import BPMN, Node, children
from engine.problems import Problem
from engine.texts import Text

_ELSEWHERE = re.compile(r"^([A-Za-z][\w+.-]*:|//)")


@standard
def imports_are_here(look: Look) -> Iterator[Problem]:
    """A diagram that another one imports is in the folder; one from another address is not fetched. Rule: 8.2.2, table 8.2 (location)."""
    for file, node, path in _imports(look):
        location = (node.get("location") or "").strip()
        if path not in look.reading.documents:
            yield look.fault(file, node, "import.not_here",
                             Text("Le diagramme importé « {location} » n’est pas dans le dossier.",
                                  "The imported diagram “{location}” is not in the folder."),
                             Text("Ajoutez ce fichier au dossier, ou retirez l’import.",
                                  "Add that file to the folder, or remove the import."),
                             "draft" if _ELSEWHERE.match(location) else "error", location=location)


@standard
def imported_ids_are_others(look: Look) -> Iterator[Problem]:
    """A diagram shares no id with one that it imports into its own name space. Rule: 8.3.1, table 8.5 (id), 15.3.2."""
    for file, _, path in _imports(look):
        other, root = look.reading.documents.get(path), look.reading.documents[file]
        if other is None or path == file or other.get("targetNamespace") != root.get("targetNamespace"):
            continue
        for key in sorted(_ids(root) & _ids(other)):
            yield look.finding((file, key), "id.twice_by_import",
                               Text("L’identifiant « {element} » est aussi celui d’un élément de « {path} », qui est importé.",
                                    "The id “{element}” is also that of an element of “{path}”, which is imported."),
                               Text("Donnez un autre identifiant à l’un des deux.", "Give one of the two another id."), path=path)


def _imports(look: Look) -> Iterator[tuple[str, Node, str]]:
    """Walk the imports of diagrams: file, element, path inside the folder of what is imported."""
    for file, root in look.reading.documents.items():
        for node in children(root, "import"):
            if (node.get("importType") or "") == BPMN:
                yield file, node, posixpath.normpath(posixpath.join(posixpath.dirname(file), (node.get("location") or "").strip()))


def _ids(root: Node) -> set[str]:
    return {node.get("id") for node in root.iter(f"{{{BPMN}}}*") if node.get("id")} - {root.get("id")}
