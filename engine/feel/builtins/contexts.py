"""Contexts: reading and building them entry by entry.

Rule: DMN 1.5, tables 87 and 90.
"""

from __future__ import annotations

from typing import Any

from engine.feel.builtins.registry import Register

register = Register()


@register("get value(m: context, key: string)")
def get_value(context: dict[str, Any], key: str) -> Any:
    return context.get(key)


@register("get value(context: context, keys: list)")
def get_deep(context: Any, keys: list[Any]) -> Any:
    for key in keys:
        if not isinstance(context, dict) or not isinstance(key, str):
            return None
        context = context.get(key)
    return context if keys else None


@register("get entries(m: context)", run=True)
def get_entries(run: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
    run.room_for_items(len(context))
    run.charge(2 * len(context))
    return [{"key": key, "value": value} for key, value in context.items()]


@register("context(entries: list)", run=True)
def context(run: Any, entries: list[Any]) -> dict[str, Any] | None:
    """Build a context of `{key: …, value: …}` entries; a key given twice makes it null."""
    run.room_for_items(len(entries))
    run.charge(4 * len(entries))
    found: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry or entry["key"] in found:
            return None
        found[entry["key"]] = entry["value"]
    return found


@register("context put(context: context, key: string, value)", run=True)
def context_put(run: Any, context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    run.room_for_items(len(context) + 1)
    return {**context, key: value}


@register("context put(context: context, keys: list, value)", run=True)
def context_put_deep(run: Any, context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any] | None:
    """Put a value deep inside; contexts missing on the way are made."""
    run.room_for_items(len(context) + 1)
    if not keys or not isinstance(keys[0], str):
        return None
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    made = context_put_deep(run, inner if isinstance(inner, dict) else {}, keys[1:], value)
    return None if made is None else {**context, keys[0]: made}


@register("context merge(contexts: list)", run=True)
def context_merge(run: Any, contexts: list[Any]) -> dict[str, Any] | None:
    """Merge contexts; the later entry wins."""
    found: dict[str, Any] = {}
    for one in contexts:
        if not isinstance(one, dict):
            return None
        run.charge(4 + len(one))
        found.update(one)
    return found
