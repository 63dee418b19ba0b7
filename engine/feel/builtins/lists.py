"""Lists: looking, counting, building, sorting.

Rule: DMN 1.5, tables 81 and 86.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from engine.feel.builtins.registry import Register
from engine.feel.operators import add, divide, multiply, subtract
from engine.feel.values import CONTEXT, Function, compare, equal, is_number, number, truncated

register = Register()


@register("list contains(list: list, element)", run=True, walk=64)
def list_contains(run: Any, items: list[Any], element: Any) -> bool:
    return any(equal(item, element, run.charge) for item in items)


@register("count(list: list)", walk=2)
def count(items: list[Any]) -> int:
    return len(items)


@register("min(list: list)", "min(values…)", walk=64)
def minimum(items: list[Any]) -> Any:
    return _extreme(items, lambda order: order < 0)


@register("max(list: list)", "max(values…)", walk=64)
def maximum(items: list[Any]) -> Any:
    return _extreme(items, lambda order: order > 0)


def _extreme(items: list[Any], better: Callable[[int], bool]) -> Any:
    if not items:
        return None
    best = items[0]
    for item in items:
        order = compare(item, best)
        if order is None:
            return None
        best = item if better(order) else best
    return best


@register("sum(list: list)", "sum(values…)", run=True, walk=64)
def total(run: Any, items: list[Any]) -> Any:
    """Add numbers; an empty list has no sum."""
    return _folded(items, add, run)


@register("product(list: list)", "product(values…)", run=True, walk=64)
def product(run: Any, items: list[Any]) -> Any:
    return _folded(items, multiply, run)


def _folded(items: list[Any], operator: Callable[[Any, Any, Any], Any], run: Any) -> Any:
    if not items or not all(map(is_number, items)):
        return None
    value = items[0]
    for item in items[1:]:
        value = operator(value, item, run)
    return value


@register("mean(list: list)", "mean(values…)", run=True, walk=64)
def mean(run: Any, items: list[Any]) -> Any:
    return divide(_folded(items, add, run), len(items), run) if items else None


@register("median(list: list)", "median(values…)", run=True, walk=32)
def median(run: Any, items: list[Any]) -> Any:
    if not items or not all(map(is_number, items)):
        return None
    ordered, middle = sorted(items), len(items) // 2
    if len(items) % 2:
        return ordered[middle]
    return divide(add(ordered[middle - 1], ordered[middle], run), 2, run)


@register("stddev(list: list)", "stddev(values…)", run=True, walk=64)
def stddev(run: Any, items: list[Any]) -> Any:
    """The standard deviation of a sample; a single number has none."""
    if len(items) < 2 or not all(map(is_number, items)):
        return None
    average = mean(run, items)
    squares = [multiply(away, away, run) for away in (subtract(item, average, run) for item in items)]
    variance = divide(_folded(squares, add, run), len(items) - 1, run)
    return number(CONTEXT.sqrt(Decimal(variance)))


@register("mode(list: list)", "mode(values…)", walk=64)
def mode(items: list[Any]) -> list[Any] | None:
    """The numbers that come most often, in ascending order."""
    if not all(map(is_number, items)):
        return None
    counts: dict[Any, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, times in counts.items() if times == most)


@register("all(list: list)", "all(values…)")
def all_true(items: list[Any]) -> bool | None:
    if any(item is False for item in items):
        return False
    return True if all(item is True for item in items) else None


@register("any(list: list)", "any(values…)")
def any_true(items: list[Any]) -> bool | None:
    if any(item is True for item in items):
        return True
    return False if all(item is False for item in items) else None


@register("sublist(list: list, start position: number, length?: number)", walk=2)
def sublist(items: list[Any], start: Any, length: Any = None) -> list[Any] | None:
    first = _index(items, start)
    if first is None:
        return None
    if length is None:
        return items[first:]
    size = truncated(length)
    return items[first : first + size] if size is not None and size >= 0 and first + size <= len(items) else None


def _index(items: list[Any], position: Any) -> int | None:
    """Turn a position (from 1, or from -1 backward) into an index."""
    place = truncated(position) or 0
    if place == 0 or abs(place) > len(items):
        return None
    return place - 1 if place > 0 else len(items) + place


@register("append(list: list, items…)", run=True, walk=2)
def append(run: Any, items: list[Any], more: list[Any]) -> list[Any]:
    run.room_for_items(len(items) + len(more))
    return items + more


@register("concatenate(lists…)", run=True, walk=2)
def concatenate(run: Any, lists: list[Any]) -> list[Any] | None:
    found: list[Any] = []
    for one in lists:
        if one is None:
            return None
        found.extend(one if isinstance(one, list) else [one])
        run.room_for_items(len(found))
    return found


@register("insert before(list: list, position: number, newItem)", run=True, walk=2)
def insert_before(run: Any, items: list[Any], position: Any, item: Any) -> list[Any] | None:
    index = _index(items, position)
    run.room_for_items(len(items) + 1)
    return None if index is None else [*items[:index], item, *items[index:]]


@register("remove(list: list, position: number)", run=True, walk=2)
def remove(run: Any, items: list[Any], position: Any) -> list[Any] | None:
    index = _index(items, position)
    run.room_for_items(len(items))
    return None if index is None else items[:index] + items[index + 1 :]


@register("list replace(list: list, position: number, newItem)", run=True, walk=2)
def replace_at(run: Any, items: list[Any], position: Any, item: Any) -> list[Any] | None:
    index = _index(items, position)
    run.room_for_items(len(items))
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@register("list replace(list: list, match: function, newItem)", run=True)
def replace_matching(run: Any, items: list[Any], match: Function, new: Any) -> list[Any] | None:
    found: list[Any] = []
    for item in items:
        run.charge(4)
        hit = match.call(run, [item, new])
        if not isinstance(hit, bool):
            return None
        found.append(new if hit else item)
    return found


@register("reverse(list: list)", run=True, walk=2)
def reverse(run: Any, items: list[Any]) -> list[Any]:
    run.room_for_items(len(items))
    return items[::-1]


@register("index of(list: list, match)", run=True, walk=64)
def index_of(run: Any, items: list[Any], match: Any) -> list[int]:
    return [place for place, item in enumerate(items, 1) if equal(item, match, run.charge)]


@register("union(lists…)", run=True)
def union(run: Any, lists: list[Any]) -> list[Any] | None:
    joined = concatenate(run, lists)
    return None if joined is None else distinct_values(run, joined)


@register("distinct values(list: list)", run=True, walk=32)
def distinct_values(run: Any, items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        run.charge(4 + 4 * len(found))
        if not any(equal(item, one, run.charge) for one in found):
            found.append(item)
    return found


@register("duplicate values(list: list)", run=True, walk=32)
def duplicate_values(run: Any, items: list[Any]) -> list[Any]:
    """The values that come more than once, each once."""
    seen: list[Any] = []
    found: list[Any] = []
    for item in items:
        run.charge(4 + 4 * len(seen))
        if any(equal(item, one, run.charge) for one in seen):
            found.append(item)
        seen.append(item)
    return list(distinct_values(run, found))


@register("flatten(list: list)", run=True)
def flatten(run: Any, items: list[Any]) -> list[Any]:
    found: list[Any] = []
    for item in items:
        run.charge(4)
        found.extend(flatten(run, item) if isinstance(item, list) else [item])
    return found


@register("sort(list: list)", "sort(list: list, precedes?: function)", run=True, walk=32)
def sort(run: Any, items: list[Any], precedes: Function | None = None) -> list[Any] | None:
    """Sort by a function that tells whether one item comes before another; without it in ascending order. Equals keep their order."""
    unknown: list[Any] = []
    if precedes is None and (all(map(is_number, items)) or all(isinstance(item, str) for item in items)):
        run.charge(len(items) * len(items).bit_length() >> 1)
        return sorted(items)

    def order(one: Any, other: Any) -> int:
        run.charge(12)
        if precedes is None:
            found = compare(one, other)
            unknown.extend([one] if found is None else [])
            return found or 0
        before = precedes.call(run, [one, other])
        unknown.extend([] if isinstance(before, bool) else [one])
        return -1 if before is True else (1 if precedes.call(run, [other, one]) is True else 0)

    ordered = sorted(items, key=cmp_to_key(order))
    return None if unknown else ordered
