"""Links that name each other by id.

Owns: that a link that names its other end is named by it in return, in the same process or sub-process.
Leaves: links that are pairs of equal names, as most tools draw them, to `lint.events`.
Rule: BPMN 2.0.2, 10.5.5, table 10.97 (LinkEventDefinition).
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.bpmn.lint.rules import Look, standard
from engine.bpmn.xml import Node, children, local, reference, text
from engine.problems import Problem
from engine.texts import Text


@standard
def links_name_each_other(look: Look) -> Iterator[Problem]:
    """A link that throws and the one that catches name each other, where one of them does. Rule: 10.5.5, table 10.97, source and target."""
    for file, node in look.drawn("linkEventDefinition"):
        for forth, back in (("target", "source"), ("source", "target")):
            for key in _listed(node, forth):
                other = look.named(file, key)
                if other is None or local(other) != "linkEventDefinition" or node.get("id") not in _listed(other, back):
                    yield look.fault(file, node, "link.one_sided",
                                     Text("Le lien « {element} » nomme « {other} », qui ne le nomme pas en retour.",
                                          "The link “{element}” names “{other}”, which does not name it in return."),
                                     Text("Écrivez la référence des deux côtés, ou retirez-la et donnez le même nom aux deux.",
                                          "Write the reference on both sides, or remove it and give both the same name."), other=key)


@standard
def links_stay_in_their_scope(look: Look) -> Iterator[Problem]:
    """A link leads to a place in the same process or sub-process. Rule: 10.5.5, link events."""
    for file, node in look.drawn("linkEventDefinition"):
        for key in _listed(node, "target"):
            other = look.named(file, key)
            if other is not None and _scope(other) is not _scope(node):
                yield look.fault(file, node, "link.across_scopes",
                                 Text("Le lien « {element} » mène à « {other} », dans un autre processus ou sous-processus.",
                                      "The link “{element}” leads to “{other}”, in another process or sub-process."),
                                 Text("Placez les deux bouts au même niveau.", "Put both ends on the same level."), other=key)


def _scope(definition: Node) -> Node | None:
    event = definition.getparent()
    return None if event is None else event.getparent()


def _listed(node: Node, tag: str) -> list[str]:
    return [key for key in (reference(text(found)) for found in children(node, tag)) if key]
