"""The XML of a decision file, before anybody asks what it says.

Owns: the parser's settings, the limits, the namespaces of DMN 1.1 to 1.5 (and the 1.6 now in draft), small questions to a node.
Promises: nothing is fetched, no entity is expanded, a document type is refused; size, depth and number of elements are bounded.
Rule: DMN 1.5, chapter 12; the limits are ours.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from engine.dmn.errors import NotReadable
from engine.texts import Text

#: An lxml element. lxml ships no types.
Node = Any

NAMESPACES = frozenset({
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
    "http://www.omg.org/spec/DMN/20180521/MODEL/", "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "https://www.omg.org/spec/DMN/20211108/MODEL/", "https://www.omg.org/spec/DMN/20230324/MODEL/",
    "https://www.omg.org/spec/DMN/20240513/MODEL/",
})
#: the boxed expressions
EXPRESSIONS = frozenset({
    "literalExpression", "decisionTable", "context", "invocation", "list", "relation", "functionDefinition", "conditional", "filter", "for",
    "some", "every",
})
MAX_BYTES = 8_000_000
MAX_DEPTH = 60
MAX_ELEMENTS = 200_000


def parse(content: bytes, file: str) -> Node:
    """Read the bytes of a file. Returns: its `definitions`. Raises: NotReadable."""
    if len(content) > MAX_BYTES:
        raise NotReadable(Text(f"il pèse {len(content)} octets, la limite est de {MAX_BYTES}.",
                               f"it has {len(content)} bytes, the limit is {MAX_BYTES}."), file=file)
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, dtd_validation=False, no_network=True, huge_tree=False,
                             remove_comments=True, remove_pis=True, strip_cdata=True, recover=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotReadable(Text(f"ce n’est pas du XML bien formé ({error}).", f"it is not well-formed XML ({error})."), file=file) from None
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise NotReadable(Text("il porte une déclaration DOCTYPE, qui est refusée.", "it carries a DOCTYPE declaration, which is refused."),
                          file=file)
    _check_shape(root, file)
    if local(root) != "definitions" or etree.QName(root).namespace not in NAMESPACES:
        raise NotReadable(Text("sa racine n’est pas un élément « definitions » de DMN 1.1 à 1.5.",
                               "its root is no DMN 1.1 to 1.5 'definitions' element."), local(root), file)
    return root


def _check_shape(root: Node, file: str) -> None:
    """Bound depth and number of elements, without recursion."""
    count, depth = 0, 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        count += event == "start"
        if depth > MAX_DEPTH or count > MAX_ELEMENTS:
            raise NotReadable(Text("il est trop grand ou imbriqué trop profondément.", "it is too large or nested too deep."), file=file)


def local(node: Node) -> str:
    """Tell the tag of an element without its namespace."""
    return str(etree.QName(node).localname)


def children(node: Node, *tags: str) -> Iterator[Node]:
    """Walk the direct children of DMN itself; those with one of the tags when tags are given."""
    for child in node:
        if etree.QName(child).namespace in NAMESPACES and (not tags or local(child) in tags):
            yield child


def child(node: Node | None, *tags: str) -> Node | None:
    """Find the first direct child with one of the tags."""
    return None if node is None else next(children(node, *tags), None)


def expression_in(node: Node | None) -> Node | None:
    """Find the boxed expression directly inside an element."""
    return child(node, *EXPRESSIONS)


def text(node: Node | None) -> str:
    """Tell what stands in the `text` of an expression or cell, without the space around it; "" for nothing."""
    inner = child(node, "text")
    return "" if inner is None else "".join(inner.itertext()).strip()


def content(node: Node | None) -> str:
    """Tell the text directly inside an element; "" for no element."""
    return "" if node is None else "".join(node.itertext()).strip()


def reference(node: Node) -> str:
    """Tell the id an `href` names, with the namespace before the `#` when it names one."""
    return str(node.get("href") or "").strip().removeprefix("#")


def identity(node: Node) -> str:
    """Tell the id of an element, or of the nearest around it that has one."""
    while node is not None:
        if node.get("id"):
            return str(node.get("id"))
        node = node.getparent()
    return ""


def type_reference(node: Node | None) -> str:
    """Tell the type an element names, as attribute or (since 1.1) as a child; a prefix such as `feel:` dropped."""
    if node is None:
        return ""
    written = str(node.get("typeRef") or content(child(node, "typeRef")))
    return written.rpartition(":")[2].strip()
