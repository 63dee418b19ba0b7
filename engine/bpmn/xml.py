"""The XML of a diagram, before anybody asks what it says.

Owns: the parser's settings, the limits, the namespaces, small questions to a node.
Leaves: what the elements mean to `reader`; DMN to `engine.dmn`.
Promises: nothing is fetched, no entity is expanded, a document type is refused, size, depth and number of elements are bounded;
what comes back holds elements only (comments and processing instructions stay in the bytes as drawn).
Rule: BPMN 2.0.2, 15.3 (schema); the limits are ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from engine.problems import Problem
from engine.texts import Text

#: An lxml element. lxml ships no types.
Node = Any

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DI = "http://www.omg.org/spec/DD/20100524/DI"
JALON = "urn:jalon:bpmn:1"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
#: Camunda 7 and the products that share its attribute names.
CAMUNDA_FAMILY = ("http://camunda.org/schema/1.0/bpmn", "http://operaton.org/schema/1.0/bpmn", "http://flowable.org/bpmn", "http://activiti.org/bpmn")
XSI = "http://www.w3.org/2001/XMLSchema-instance"

#: A declaration of UTF-16 in single bytes, which is none: real UTF-16 has two bytes a character.
_CALLED_UTF16 = re.compile(rb"((?:\xef\xbb\xbf)?<\?xml[^>]*encoding=[\"'])utf-?16(?:le|be)?", re.IGNORECASE)

MAX_BYTES = 8_000_000
MAX_DEPTH = 120
MAX_ELEMENTS = 200_000


class Unreadable(Exception):
    """This file is not a readable XML document. `problem` says why and where; the reader turns it into a finding."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem.message))


def parse(content: bytes, file: str) -> Node:
    """Read the bytes of one file.

    Args:
        content: the file as it is. file: its path, for the message.
    Returns: the root element.
    Raises: Unreadable, when it is too large, too deep, not XML, or carries a document type.
    """
    if len(content) > MAX_BYTES:
        raise _unreadable(file, "file.too_large", Text(f"Ce fichier pèse {len(content)} octets ; la limite est de {MAX_BYTES}.",
                                                       f"This file has {len(content)} bytes; the limit is {MAX_BYTES}."),
                          Text("Partagez le processus entre plusieurs diagrammes.", "Split the process into several diagrams."))
    root = _parsed(content, file)
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise _unreadable(file, "file.doctype", Text("Ce fichier porte une déclaration DOCTYPE, qui est refusée.",
                                                     "This file carries a DOCTYPE declaration, which is refused."),
                          Text("Retirez la ligne <!DOCTYPE …>.", "Remove the <!DOCTYPE …> line."))
    _check_shape(root, file)
    return root


def local(node: Node) -> str:
    """Tell the tag of an element without its namespace."""
    return str(etree.QName(node).localname)


def namespace(node: Node) -> str:
    """Tell the namespace of an element, "" when it has none."""
    return str(etree.QName(node).namespace or "")


def is_bpmn(node: Node) -> bool:
    """Tell whether the element belongs to BPMN itself."""
    return bool(node.tag.startswith(f"{{{BPMN}}}"))


def children(node: Node, *tags: str) -> Iterator[Node]:
    """Walk the direct BPMN children; those with one of the tags when tags are given."""
    for child in node:
        if is_bpmn(child) and (not tags or local(child) in tags):
            yield child


def child(node: Node, tag: str) -> Node | None:
    """Find the first direct BPMN child with a tag."""
    return next(children(node, tag), None)


def text(node: Node | None) -> str:
    """Tell the text inside an element, without the space around it; "" for no element."""
    return "" if node is None else "".join(node.itertext()).strip()


def reference(value: str | None) -> str:
    """Tell the id a reference names: `tns:Message_1` names `Message_1`.

    Rule: BPMN 2.0.2, 15.3.2 (references are qualified names); all files of a folder share one space of ids.
    """
    return (value or "").strip().rpartition(":")[2]


def expression(value: str | None) -> str:
    """Tell an expression as FEEL text, a leading `=` and the space around it dropped."""
    bare = (value or "").strip()
    return bare[1:].strip() if bare.startswith("=") else bare


def flag(node: Node, name: str, default: bool) -> bool:
    """Read a boolean attribute of XML Schema (`true`, `false`, `1`, `0`)."""
    value = (node.get(name) or "").strip().lower()
    return default if value not in ("true", "false", "1", "0") else value in ("true", "1")


def whole(value: str | None) -> int | None:
    """Read a whole number; None for anything else."""
    try:
        return int((value or "").strip())
    except ValueError:
        return None


def _parsed(content: bytes, file: str) -> Node:
    try:
        root = etree.fromstring(as_meant(content), parser())
    except (etree.XMLSyntaxError, ValueError, LookupError) as fault:
        line = getattr(fault, "lineno", None) or 1
        raise _unreadable(file, "file.not_xml", Text(f"Ce fichier n’est pas du XML lisible (ligne {line} : {fault}).",
                                                     f"This file is not readable XML (line {line}: {fault})."),
                          Text("Ouvrez-le dans l’outil qui l’a écrit et enregistrez-le à nouveau.",
                               "Open it in the tool that wrote it and save it again.")) from fault
    return root


def parser(with_comments: bool = False) -> Any:
    """Make a parser that fetches nothing and expands nothing; comments and processing instructions are left out unless asked for."""
    return etree.XMLParser(resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False,
                           remove_comments=not with_comments, remove_pis=not with_comments, strip_cdata=True, recover=False)


def as_meant(content: bytes) -> bytes:
    """Undo two slips of tools: space before the declaration, and text saved as UTF-8 that still calls itself UTF-16."""
    if content[:1].isspace():
        content = content.lstrip()
    declared = _CALLED_UTF16.match(content)
    return content if declared is None else declared[1] + b"UTF-8" + content[declared.end():]


def _check_shape(root: Node, file: str) -> None:
    depth = deepest = count = 0
    for event, node in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > deepest:
            deepest = depth
        if deepest > MAX_DEPTH or count > MAX_ELEMENTS:
            what = ("imbriqués trop profondément", "nested too deeply") if deepest > MAX_DEPTH else ("trop nombreux", "too many")
            raise _unreadable(file, "file.too_deep" if deepest > MAX_DEPTH else "file.too_many_elements",
                              Text(f"Les éléments de ce fichier sont {what[0]} (ligne {node.sourceline}).",
                                   f"The elements of this file are {what[1]} (line {node.sourceline})."),
                              Text(f"Restez sous {MAX_DEPTH} niveaux et {MAX_ELEMENTS} éléments.",
                                   f"Stay below {MAX_DEPTH} levels and {MAX_ELEMENTS} elements."))


def _unreadable(file: str, code: str, message: Text, remedy: Text) -> Unreadable:
    return Unreadable(Problem(file, "", code, "error", message, remedy))
