"""What a file holds beyond what an editor knows, kept when the editor writes it.

Owns: `kept`: comments, processing instructions, name spaces, attributes written out although they are the default, references to other
systems, and the way numbers and names were written, put back into what an editor has written of a file.
Leaves: what the editor keeps by itself (elements, foreign extensions, the drawing) and what a person has changed, which stays changed.
Promises: a file that is opened and saved without a change is the same, byte for byte; nothing is put back where its element is gone;
what cannot be read is left as it was written.
Rule: BPMN 2.0.2, 15.3 (interchange); issue 4, section 2 (saving keeps the drawing and every foreign extension).
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping

from lxml import etree  # type: ignore[import-untyped]

from engine.bpmn import xml
from engine.bpmn.reader import is_diagram
from engine.bpmn.xml import Node

#: Attributes of BPMN and the value that leaving them out means. Rule: BPMN 2.0.2, the schemas of chapter 15 (default=…).
_DEFAULTS = {
    "associationDirection": "None", "behavior": "All", "cancelActivity": "true", "cancelRemainingInstances": "true",
    "completionQuantity": "1", "eventGatewayType": "Exclusive", "expressionLanguage": "http://www.w3.org/1999/XPath",
    "gatewayDirection": "Unspecified", "instantiate": "false", "isClosed": "false", "isCollection": "false", "isForCompensation": "false",
    "isInterrupting": "true", "isSequential": "false", "isUnlimited": "false", "itemKind": "Information",
    "messageVisibleKind": "initiating", "method": "##Compensate", "parallelMultiple": "false", "processType": "None",
    "startQuantity": "1", "testBefore": "false", "textFormat": "text/plain",
    "triggeredByEvent": "false", "typeLanguage": "http://www.w3.org/2001/XMLSchema", "waitForCompletion": "true",
}
_TYPE = f"{{{xml.XSI}}}type"
_FORMAL, _EXPRESSION = f"{{{xml.BPMN}}}formalExpression", f"{{{xml.BPMN}}}expression"


def kept(before: bytes, after: bytes) -> bytes:
    """Put back what an editor left out.

    Args:
        before: the file that the editor was given. after: the same file as the editor has written it.
    Returns: the file to store: `before` itself when nothing was changed, `after` itself when nothing was left out.
    """
    if before == after:
        return before
    try:
        old, new = _read(before), _read(after)
    except (xml.Unreadable, etree.XMLSyntaxError, ValueError, LookupError):
        return after
    work = _Keeping(old, new)
    restored = work.restored()
    if _plain(restored) == _plain(old):
        return before
    return bytes(etree.tostring(restored.getroottree(), xml_declaration=True, encoding="UTF-8")) if work.touched else after


def all_kept(before: Mapping[str, bytes], changes: Mapping[str, bytes | None]) -> dict[str, bytes | None]:
    """Do the same for every diagram among the files that are written over others: path → content, None for one that is removed."""
    return {path: kept(before[path], content) if content is not None and path in before and is_diagram(path) else content
            for path, content in changes.items()}


def _read(content: bytes) -> Node:
    """Read a file with its comments. Raises: xml.Unreadable, for what the reader refuses."""
    xml.parse(content, "")
    return etree.fromstring(xml.as_meant(content), xml.parser(with_comments=True))


class _Keeping:
    """The work on one file."""

    def __init__(self, old: Node, new: Node) -> None:
        self.old, self.new = old, new
        self.ids = {node.get("id") for node in old.iter(etree.Element) if node.get("id")}
        self.counterpart: dict[Node, Node] = {}
        self.touched = False

    def restored(self) -> Node:
        if next(self.old.iter(_FORMAL), None) is not None:
            self._name_back()
        self._pair_up()
        for old, new in list(self.counterpart.items()):
            self._attributes(old, new)
            self._text(old, new)
            self._children(old, new)
        self._around_the_root()
        return self._with_name_spaces()

    def _name_back(self) -> None:
        """A `formalExpression` is written as an `expression` of that type; with the same text it gets its name back."""
        formal = {(node.text or "").strip() for node in self.old.iter(_FORMAL)}
        for node in self.new.iter(_EXPRESSION):
            if (node.text or "").strip() in formal and (node.get(_TYPE) or "").endswith("tFormalExpression"):
                node.tag, self.touched = _FORMAL, True
                del node.attrib[_TYPE]

    def _pair_up(self) -> None:
        """Find for each element of the old file the one it has become: by its id, else by its place among those like it."""
        here = {(node.tag, node.get("id")): node for node in self.new.iter(etree.Element) if node.get("id")}
        self._pair(self.old, self.new)
        for node in self.old.iter(etree.Element):
            if node.get("id") and (found := here.get((node.tag, node.get("id")))) is not None:
                self._pair(node, found)

    def _pair(self, old: Node, new: Node) -> None:
        open_ = [(old, new)]
        while open_:
            one, other = open_.pop()
            if one in self.counterpart:
                continue
            self.counterpart[one] = other
            for tag in {child.tag for child in _elements(one) if not child.get("id")}:
                ours, theirs = ([child for child in _elements(node) if child.tag == tag and not child.get("id")] for node in (one, other))
                if len(ours) == len(theirs):
                    open_ += zip(ours, theirs, strict=True)

    def _attributes(self, old: Node, new: Node) -> None:
        for name, value in old.attrib.items():
            now = new.get(name)
            left_out = now is None and (_DEFAULTS.get(name) == value or _is_foreign(old)
                                        or (name.startswith(f"{{{xml.XSI}}}") and self._still_means(value)))
            other_way = now is not None and now != value and (self._same_type(old, value, new, now) if name == _TYPE
                                                              else _says_the_same(value, now))
            if left_out or other_way:
                new.set(name, value)
                self.touched = True

    def _same_type(self, old: Node, value: str, new: Node, now: str) -> bool:
        return _qualified(old, value) == _qualified(new, now) and self._still_means(value)

    def _still_means(self, value: str) -> bool:
        """Whether the prefix of a qualified name means the same in the new file, or nothing yet."""
        prefix = value.strip().rpartition(":")[0] or None
        return bool(self.new.nsmap.get(prefix, self.old.nsmap.get(prefix)) == self.old.nsmap.get(prefix))

    def _text(self, old: Node, new: Node) -> None:
        if not len(old) and not len(new) and old.text != new.text and _says_the_same(old.text or "", new.text or ""):
            new.text = old.text
            self.touched = True

    def _children(self, old: Node, new: Node) -> None:
        """Put comments, instructions and references to other systems back before the sibling they stood before."""
        for child in old:
            if isinstance(child.tag, str) and not (child not in self.counterpart and self._names_another_system(child)):
                continue
            lost = copy.deepcopy(child)
            place = next((self.counterpart[one] for one in child.itersiblings(etree.Element) if one in self.counterpart), None)
            if place is not None and place.getparent() is new:
                place.addprevious(lost)
            else:
                new.append(lost)
            self.touched = True

    def _names_another_system(self, node: Node) -> bool:
        prefix = (node.text or "").strip().rpartition(":")[0]
        space = self.old.nsmap.get(prefix) if prefix else None
        return len(node) == 0 and xml.is_bpmn(node) and space is not None and space != self.old.get("targetNamespace")

    def _around_the_root(self) -> None:
        for node in reversed(list(self.old.itersiblings(preceding=True))):
            self.new.addprevious(_without_tail(node))
            self.touched = True
        for node in reversed(list(self.old.itersiblings())):
            self.new.addnext(_without_tail(node))
            self.touched = True

    def _with_name_spaces(self) -> Node:
        """Declare again what the old file declared; a prefix that has come to mean something else keeps its new meaning."""
        missing = {prefix: space for prefix, space in self.old.nsmap.items() if prefix not in self.new.nsmap}
        if not missing:
            return self.new
        self.touched = True
        root = etree.Element(self.new.tag, dict(self.new.attrib), nsmap={**missing, **self.new.nsmap})
        root.text = self.new.text
        for node in self.new.itersiblings(preceding=True):
            root.addprevious(_without_tail(node))
        for node in reversed(list(self.new.itersiblings())):
            root.addnext(_without_tail(node))
        for child in list(self.new):
            root.append(child)
        return root


def _is_foreign(node: Node) -> bool:
    """Whether an element is of another tool: neither BPMN, nor its drawing, nor ours, so that no panel of the editor changes it."""
    return not xml.namespace(node).startswith("http://www.omg.org/spec/") and xml.namespace(node) != xml.JALON


def _qualified(node: Node, value: str) -> tuple[str | None, str]:
    prefix, _, local = value.strip().rpartition(":")
    return node.nsmap.get(prefix or None), local


def _elements(node: Node) -> Iterator[Node]:
    return (child for child in node if isinstance(child.tag, str))


def _without_tail(node: Node) -> Node:
    found = copy.deepcopy(node)
    found.tail = None
    return found


def _says_the_same(one: str, other: str) -> bool:
    """Whether two texts are one number, or one name with other line ends."""
    if " ".join(one.split()) == " ".join(other.split()):
        return True
    try:
        return float(one) == float(other)
    except ValueError:
        return False


def _plain(root: Node) -> bytes:
    """The file without what carries no meaning: order of attributes, space between elements, name spaces that nothing uses."""
    found = copy.deepcopy(root)
    for node in found.iter(etree.Element):
        if len(node) and not (node.text or "").strip():
            node.text = None
        if not (node.tail or "").strip():
            node.tail = None
    return bytes(etree.tostring(found, method="c14n2", strip_text=False))
