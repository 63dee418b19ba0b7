"""Strings, counted in characters of Unicode.

Leaves: regular expressions to `engine.feel.regex`.
Rule: DMN 1.5, table 80; XQuery functions 5.6 for patterns.
"""

from __future__ import annotations

from typing import Any

from engine.feel import regex
from engine.feel.builtins.registry import Register
from engine.feel.values import truncated

register = Register()


@register("substring(string: string, start position: number, length?: number)")
def substring(string: str, start: Any, length: Any = None) -> str | None:
    place = truncated(start) or 0
    if place == 0 or abs(place) > len(string):
        return None
    first = place - 1 if place > 0 else len(string) + place
    if length is None:
        return string[first:]
    size = truncated(length)
    return string[first : first + size] if size is not None and size >= 1 else None


@register("string length(string: string)")
def string_length(string: str) -> int:
    return len(string)


@register("upper case(string: string)", run=True)
def upper_case(run: Any, string: str) -> str:
    run.charge(len(string) >> 3)
    run.room_for_text(len(string))
    return string.upper()


@register("lower case(string: string)", run=True)
def lower_case(run: Any, string: str) -> str:
    run.charge(len(string) >> 3)
    return string.lower()


@register("substring before(string: string, match: string)")
def substring_before(string: str, match: str) -> str:
    return string.partition(match)[0] if match and match in string else ""


@register("substring after(string: string, match: string)")
def substring_after(string: str, match: str) -> str:
    return string.partition(match)[2] if match else string


@register("contains(string: string, match: string)")
def contains(string: str, match: str) -> bool:
    return match in string


@register("starts with(string: string, match: string)")
def starts_with(string: str, match: str) -> bool:
    return string.startswith(match)


@register("ends with(string: string, match: string)")
def ends_with(string: str, match: str) -> bool:
    return string.endswith(match)


@register("matches(input: string, pattern: string, flags?: string!)", run=True)
def matches(run: Any, text: str, pattern: str, flags: str | None = None) -> bool | None:
    program = regex.ready(pattern, flags or "", run)
    return None if program is None else program.search(text, 0, run) is not None


@register("replace(input: string, pattern: string, replacement: string, flags?: string!)", run=True)
def replace(run: Any, text: str, pattern: str, replacement: str, flags: str | None = None) -> str | None:
    program = regex.ready(pattern, flags or "", run)
    return None if program is None else regex.replace(program, text, replacement, run)


@register("split(string: string, delimiter: string)", run=True)
def split(run: Any, text: str, delimiter: str) -> list[str] | None:
    program = regex.ready(delimiter, "", run)
    return None if program is None else regex.split(program, text, run)


@register("string join(list: list, delimiter?: string!, prefix?: string!, suffix?: string!)", run=True)
def string_join(run: Any, items: list[Any], delimiter: str | None = None, prefix: str | None = None,
                suffix: str | None = None) -> str | None:
    """Join the strings of a list; nulls are left out."""
    parts = [item for item in items if item is not None]
    if not all(isinstance(part, str) for part in parts):
        return None
    run.room_for_text(sum(map(len, parts)) + len(delimiter or "") * len(parts))
    return (prefix or "") + (delimiter or "").join(parts) + (suffix or "")
