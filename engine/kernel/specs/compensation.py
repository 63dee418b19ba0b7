"""Undoing what was done: the past of a scope, and going back through it.

Owns: what a scope remembers of the activities completed in it that can be undone; undoing them, the last one first.
Leaves: when to undo to events (`throwing`) and transactions (`containers`).
Promises: only what was completed is undone, and once; what was interrupted is forgotten; an activity that a loop repeats is undone for
each of its rounds, with that round's variables; a sub-process or called process is undone by its own compensation event sub-process
when it has one, else from within.
Rule: BPMN 2.0.2, 10.6 and 13.5.5.

A record is a mapping: `n` the node, `in` the records of what was done inside it, `s` the scope that holds its own variables. Records
stand in the note of the scope's token (`past`), in the order of completion; what is still to be undone stands in `undo`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from engine.kernel.scopes import Scopes
    from engine.kernel.tokens import Token

Record = dict[str, Any]


def remember(token: Token) -> None:
    """Note in the scope around that an activity is done, if there is a way to undo it."""
    around, past = token.around, token.note.pop("past", [])
    if around is None or "undo" in around.note:
        forget(token.tokens.scopes, past)
    elif token.spec.node.repeats:
        _add(around, past)
    elif token.spec.node.compensator:
        forget(token.tokens.scopes, past)
        _add(around, [_record(token, token.spec.node.element.id)])
    elif past or token.spec.undoes_itself(token):
        _add(around, [{**_record(token, token.spec.name), "in": past}])


def forget(scopes: Scopes, records: list[Record]) -> None:
    """Nobody can undo these any more: their variables go."""
    open_ = list(records)
    while open_:
        record = open_.pop()
        open_.extend(record.get("in", ()))
        if "s" in record:
            scopes.close(record["s"])


def taken(token: Token, ref: str) -> list[Record]:
    """Take out of the past what a thrown compensation is about: one activity, or all that was done in the scope it stands in."""
    scopes, around = [], token.around
    while around is not None:
        scopes.append(around)
        if around.spec.node.kind != "handler":              # an event sub-process undoes the scope it belongs to
            break
        around = around.around
    found: list[Record] = []
    for scope in reversed(scopes):
        past = scope.note.pop("past", [])
        found += [record for record in past if _is_meant(record, ref)]
        _add(scope, [record for record in past if not _is_meant(record, ref)])
    return found


def gathered(token: Token) -> list[Record]:
    """Take the whole past of a scope, and of the scopes that are still open in it."""
    found, open_ = [], [token]
    while open_:
        one = open_.pop(0)
        found += one.note.pop("past", [])
        open_.extend(one.inside)
    return found


def start(holder: Token, records: list[Record]) -> bool:
    """Let a token undo these, the last one first. Tells whether it has to wait for that (or has even left meanwhile)."""
    holder.note["undo"] = records
    return go_on(holder)


def go_on(holder: Token) -> bool:
    """Undo what is next. Tells whether the token has to wait for it (or has left meanwhile)."""
    records = holder.note["undo"]
    while records:
        _undo(holder, records.pop())
        if holder.inside or not holder.alive:
            return True
    return False


def leads_into(token: Token, processes: Collection[str]) -> bool:
    """Tell whether undoing what a token remembers would go back into one of these called processes."""
    open_ = [(token.spec.inner_process(token), record) for name in ("past", "undo") for record in token.note.get(name, ())]
    while open_:
        process, record = open_.pop()
        spec = process.task_specs.get(record["n"])
        if spec is None or not record.get("in"):
            continue
        if spec.node.kind == "call":
            process = spec.called_root().process
            if process.name in processes:
                return True
        open_.extend((process, inner) for inner in record["in"])
    return False


def _add(scope: Token, records: list[Record]) -> None:
    if records:
        scope.note.setdefault("past", []).extend(records)


def _is_meant(record: Record, ref: str) -> bool:
    return not ref or record["n"].partition(":")[0] == ref


def _record(token: Token, name: str) -> Record:
    """Note what was done; variables of its own are kept beside, for they end with it."""
    own = token.spec.own_scope(token)
    if own is None or own not in token.tokens.scopes:
        return {"n": name}
    key = f"{token.id}.past"
    token.tokens.scopes.open(key, token.tokens.scopes[own], None)
    return {"n": name, "s": key}


def _undo(holder: Token, record: Record) -> None:
    process = holder.spec.inner_process(holder)
    spec = process.task_specs[record["n"]]
    if spec.node.compensator:
        child = holder.open(process.task_specs[spec.node.compensator], ready=False)
        if "s" in record:
            _see(child, child.id, record["s"], child.scope)
            child.scope, child.note["round"] = child.id, 0
        child.spec._update(child)
        return
    child = holder.open(spec, note={"past": record["in"]} if record["in"] else None, ready=False)
    if "s" in record and spec.node.kind == "call":
        _see(child, spec.inner_scope(child), record["s"], None)
    elif "s" in record and spec.keeps:
        _see(child, spec.inner_scope(child), record["s"], child.scope, spec.keeps)
    elif "s" in record:
        _see(child, child.id, record["s"], child.scope)
        child.scope, child.note["round"] = child.id, 0
    spec.undo(child)


def _see(token: Token, key: str, past: str, around: str | None, kept: Iterable[str] | None = None) -> None:
    """Open a scope anew with the variables that were kept of it."""
    scopes = token.tokens.scopes
    scopes.open(key, scopes[past], around, kept)
    scopes.close(past)
