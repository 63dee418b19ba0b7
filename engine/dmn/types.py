"""Item definitions: the types a decision file names.

Owns: turning `itemDefinition`s into types of FEEL.
Promises: definitions may stand in any order; one that contains itself is taken as Any where it comes round again.
Rule: DMN 1.5, 7.3.3 and 10.3.2.9.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine import feel
from engine.dmn import xml

_ANY = feel.Type("Any")


@dataclass(frozen=True, slots=True)
class Allowed:
    """The constraints of a type: a value is allowed when it passes all of them."""

    tests: tuple[feel.UnaryTests, ...]

    def __call__(self, value: Any) -> bool:
        return all(one.test(value, {}) for one in self.tests)


def limits_of(type: feel.Type | None) -> tuple[feel.UnaryTests, ...]:
    """Tell the constraints of a type, none for no type."""
    return type.allowed.tests if type is not None and isinstance(type.allowed, Allowed) else ()


class Types:
    """The types of one file, by name; those of imported files under `import.name`."""

    def __init__(self, root: xml.Node, imported: Mapping[str, feel.Type], known: tuple[str, ...]) -> None:
        self._nodes = {str(node.get("name")): node for node in xml.children(root, "itemDefinition")}
        self._under_way: set[str] = set()
        #: constraints that are no FEEL: where, what, why
        self.unreadable: list[tuple[xml.Node, str, feel.SyntaxError]] = []
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
        item = self._allowing(self._base(node), xml.child(node, "allowedValues"))
        whole = feel.Type("list", item=item) if node.get("isCollection") == "true" else item
        return self._allowing(whole, xml.child(node, "typeConstraint"))

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

    def _allowing(self, type: feel.Type, node: xml.Node | None) -> feel.Type:
        """Narrow a type to the values some tests allow; tests that cannot be read narrow nothing, and are kept for the check to name."""
        text = xml.text(node)
        if not text:
            return type
        try:
            tests = feel.compile_unary(text, self._known)
        except feel.SyntaxError as error:
            self.unreadable.append((node, text, error))
            return type
        before = type.allowed.tests if isinstance(type.allowed, Allowed) else ()
        return replace(type, allowed=Allowed((*before, tests)))
