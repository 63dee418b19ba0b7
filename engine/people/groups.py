"""The groups people belong to, from `processes/groups.yaml`.

Owns: `Group` and reading the file. Format: `groups: {auditor: {name: {fr: …, en: …}, description: {fr: …, en: …}}}`; a name alone may
stand in place of the inner mapping.
Leaves: who belongs to which to `accounts`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from engine.errors import Invalid
from engine.texts import NO_TEXT, Text


class GroupsNotReadable(Invalid):
    """The groups cannot be read: {why}."""

    fr = "Les groupes ne peuvent pas être lus : {why}."


@dataclass(frozen=True, slots=True)
class Group:
    """A group: its id in diagrams and its name for people."""

    id: str
    name: Text
    description: Text = NO_TEXT


def read_groups(data: bytes) -> dict[str, Group]:
    """Read `groups.yaml`, in its order. Raises: GroupsNotReadable, naming what is wrong."""
    try:
        tree = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise GroupsNotReadable(why=" ".join(str(error).split())) from error
    groups = tree.get("groups") if isinstance(tree, dict) else None
    if not isinstance(groups, dict) or not groups:
        raise GroupsNotReadable(why=Text("il manque « groups: » en tête du fichier", "“groups:” is missing at the top"))
    return {str(name): _group(str(name), content) for name, content in groups.items()}


def _group(name: str, content: Any) -> Group:
    if not content:
        raise GroupsNotReadable(why=Text(f"le groupe {name} n’a pas de nom", f"the group {name} has no name"))
    if isinstance(content, Mapping) and "name" in content:
        return Group(name, Text.of(content["name"]), Text.of(content.get("description") or ""))
    return Group(name, Text.of(content))
