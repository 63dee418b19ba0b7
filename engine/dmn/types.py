"""Item definitions: the types a decision file names.

Owns: turning `itemDefinition`s into types of FEEL.
Promises: definitions may stand in any order; one that contains itself is taken as Any where it comes round again.
Rule: DMN 1.5, 7.3.3 and 10.3.2.9.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from engine import feel
from engine.dmn import xml

_ANY = feel.Type("Any")


class Types:
    """The types of one file, by name; those of imported files under `import.name`."""

    def __init__(self, root: xml.Node, imported: Mapping[str, feel.Type], known: tuple[str, ...]) -> None:
        self._nodes = {str(node.get("name")): node for node in xml.children(root, "itemDefinition")}
        self._under_way: set[str] = set()
        self._known = known
        self.by_name: dict[str, feel.Type] = dict(imported)
        for name in self._nodes:
            self.find(name)

    def find(self, name: str) -> feel.Type | None:
        """Find a type by name: a definition of the file, an imported one, or one of FEEL's own. None when nobody knows it."""
        if name in self.by_name:
            return self.by_name[name]
        if name in self._nodes:
            if name in self._under_way:
                return _ANY
            self._under_way.add(name)
            self.by_name[name] = self._read(self._nodes[name])
            return self.by_name[name]
        return feel.simple(name) if name else None

    def _read(self, node: xml.Node) -> feel.Type:
        item = self._base(node)
        allowed = xml.text(xml.child(node, "allowedValues"))
        if allowed:
            item = replace(item, allowed=self._allowing(allowed))
        if node.get("isCollection") != "true":
            return item
        whole = feel.Type("list", item=item)
        constraint = xml.text(xml.child(node, "typeConstraint"))
        return replace(whole, allowed=self._allowing(constraint)) if constraint else whole

    def _base(self, node: xml.Node) -> feel.Type:
        fields = {str(one.get("name")): self._read(one) for one in xml.children(node, "itemComponent")}
        if fields:
            return feel.Type("context", fields=fields)
        function = xml.child(node, "functionItem")
        if function is not None:
            parameters = tuple(self._named(xml.type_reference(one)) for one in xml.children(function, "parameters"))
            return feel.Type("function", parameters=parameters, result=self._named(function.get("outputTypeRef") or ""))
        return self._named(xml.type_reference(node))

    def _named(self, name: str) -> feel.Type:
        return self.find(name.rpartition(":")[2]) or _ANY

    def _allowing(self, text: str) -> Callable[[Any], bool] | None:
        """Make the test of allowed values; one that cannot be read allows everything (the check names it)."""
        try:
            tests = feel.compile_unary(text, self._known)
        except feel.SyntaxError:
            return None
        return lambda value: tests.test(value, {})
