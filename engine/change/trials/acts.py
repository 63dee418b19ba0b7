"""What somebody does while trying a process out, kept so that it can be done again.

Owns: `Act`, and its form as JSON, in which people stand by their logins: an id is another on every stage.
Leaves: doing it to `trial`, telling it in words to `words`, the rows to `kept`.
Promises: an act holds nothing that only one stage knows, so that a list of acts leads the same way on any stage of the same content.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

import orjson

from engine import values as codec

Kind = Literal["start", "story", "complete", "refused", "message", "signal", "wait", "outside", "fail"]
KINDS: tuple[Kind, ...] = ("start", "story", "complete", "refused", "message", "signal", "wait", "outside", "fail")
NEXT = "next"
_PERSON = "$person"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing somebody does in a trial.

    Attributes:
        case: which case of the trial, in the order they began. process: what a start begins.
        element, subject, place: what waits; its subject, and which of several at this element, in order.
        name: of a message, signal or part of the outside; the rule that refuses; the story; the length of a wait, or `NEXT`.
        by: login. values: as JSON, people by their logins. up: of the outside. steps: of a story, None: all.
    """

    kind: Kind
    case: int = 0
    process: str = ""
    element: str = ""
    subject: str = ""
    place: int = 0
    name: str = ""
    by: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)
    up: bool = True
    steps: int | None = None

    def to_json(self) -> dict[str, Any]:
        """The act as it is kept: what is not the default."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        usual = {one.name: one.default for one in fields(self)} | {"values": {}}
        return {name: value for name, value in told.items() if value != usual[name]}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Act:
        return cls(**kept)


def packed(values: Mapping[str, Any], logins: Mapping[str, str]) -> Any:
    """Values as an act keeps them. `logins` by id. Raises: NotAValue."""
    return _with_logins(orjson.loads(codec.encode(dict(values))), logins)


def unpacked(kept: Any, ids: Mapping[str, str]) -> dict[str, Any]:
    """Values of an act on a stage. `ids` by login; somebody unknown there stays a login, for the form to refuse."""
    values: dict[str, Any] = codec.decode(orjson.dumps(_with_ids(kept, ids)))
    return values


def _with_logins(value: Any, logins: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {key: _with_logins(one, logins) for key, one in value.items()}
    if isinstance(value, list):
        return [_with_logins(one, logins) for one in value]
    return {_PERSON: logins[value]} if isinstance(value, str) and value in logins else value


def _with_ids(value: Any, ids: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        if set(value) == {_PERSON}:
            return ids.get(value[_PERSON], value[_PERSON])
        return {key: _with_ids(one, ids) for key, one in value.items()}
    return [_with_ids(one, ids) for one in value] if isinstance(value, list) else value
