"""The state of a run as bytes.

Owns: the format of the blob and its version number.
Leaves: variables to `Scopes`, which `engine.execution` keeps beside it; specs to the `Program` of the same definition.
Promises: only live tokens are written, so the size follows what is open; `load(dump())` gives the same tokens in the same order.

`ready` lists the rows of the tokens whose turn it is, in order; it is left out when nothing is ready.
A token is a row: id, row of the scope around it (-1 for none), node, state, what it knows (left out when it knows nothing).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from SpiffWorkflow.util.task import TaskState

from engine.kernel.faults import NotLoadable
from engine.kernel.program import Program
from engine.kernel.scopes import Scopes
from engine.kernel.specs import ROOT
from engine.kernel.specs.containers import Container
from engine.kernel.specs.node import ProcessSpec
from engine.kernel.tokens import Token, Tokens
from engine.kernel.waits import Host

VERSION = 1


def dump(tokens: Tokens) -> bytes:
    """Write the tokens of a run."""
    rows: dict[str, int] = {}
    written: list[list[Any]] = []
    for token in tokens:
        rows[token.id] = len(written)
        row: list[Any] = [token.id, rows.get(token._parent, -1), token.spec.name, token._state]
        written.append([*row, token.note] if token.note else row)
    state: dict[str, Any] = {"v": VERSION, "process": tokens.spec.name, "ends": tokens.ends, "tokens": written}
    if ready := [rows[key] for key in tokens.ready if key in rows]:
        state["ready"] = ready
    return orjson.dumps(state)


def load(program: Program, blob: bytes, scopes: Scopes, host: Host) -> Tokens:
    """Read the tokens of a run. Raises: NotLoadable, when the state is of another version or names what the diagram lacks."""
    try:
        state = orjson.loads(blob)
    except orjson.JSONDecodeError as error:
        raise NotLoadable(what=str(error)) from None
    if not isinstance(state, dict) or state.get("v") != VERSION:
        raise NotLoadable(what=f"version {state.get('v') if isinstance(state, Mapping) else None}")
    root = program.find(state["process"])
    if root is None:
        raise NotLoadable(what=f"process {state['process']}")
    tokens = Tokens(root, scopes, host)
    tokens.ends = state["ends"]
    loaded: list[Token] = []
    for row in state["tokens"]:
        loaded.append(_token(tokens, loaded, root.process, row))
    tokens.ready.extend(loaded[row].id for row in state.get("ready", ()))
    return tokens


def _token(tokens: Tokens, loaded: list[Token], process: ProcessSpec, row: list[Any]) -> Token:
    key, around_row, name, state, *note = row
    around = loaded[around_row] if around_row >= 0 else None
    spec = (around.spec.inner_process(around) if around is not None else process).task_specs.get(name)
    if spec is None or (around is None) != (name == ROOT):
        raise NotLoadable(what=f"element {name}")
    token = Token(tokens, spec, around, state=state, id=key)
    token.note.update(*note)
    _scope(token)
    if state == TaskState.STARTED and spec.wait_kind == "condition":
        tokens.watching.add(key)
    return token


def _scope(token: Token) -> None:
    """Find again which scope a token sees, and what its own falls through to."""
    if "round" in token.note:
        token.tokens.scopes.link(token.id, token.scope)
        token.scope = token.id
    spec = token.spec
    if isinstance(spec, Container) and spec.keeps and f"{token.id}.data" in token.tokens.scopes:
        token.tokens.scopes.link(f"{token.id}.data", token.scope, spec.keeps)
