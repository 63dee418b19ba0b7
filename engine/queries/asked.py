"""What a reader asks of the inbox: a view, an order, and what to leave out.

Owns: `Asked`, written to and read from an address or a saved view; the orders and where a list goes on (`Spot`).
Leaves: finding the tasks to `inbox`.
Promises: what nobody wrote reads as nothing asked; an address never makes a page fail.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal, get_args

View = Literal["mine", "groups", "overdue", "later", "done"]
VIEWS: tuple[View, ...] = get_args(View)
Order = Literal["due", "newest", "priority", "organisation"]
ORDERS: tuple[Order, ...] = get_args(Order)
LONGEST = 120       #: letters of a filter or a search


@dataclass(frozen=True, slots=True)
class Asked:
    """A question to the inbox.

    Attributes:
        search: words of organisation, case number, SIREN, NDA. process, step, group, milestone: ids; "" for every one.
        late: past their day only. free: held by nobody only.
    """

    view: View = "mine"
    order: Order = "due"
    search: str = ""
    process: str = ""
    step: str = ""
    group: str = ""
    milestone: str = ""
    late: bool = False
    free: bool = False

    @classmethod
    def read(cls, given: Mapping[str, Any]) -> Asked:
        """Read a question from the arguments of an address or from a saved view; what is no answer reads as none."""
        view, order = given.get("view"), given.get("order")
        texts: dict[str, Any] = {name: given[name].strip()[:LONGEST] for name in _TEXTS if isinstance(given.get(name), str)}
        ticks: dict[str, Any] = {name: given.get(name) in (True, "yes") for name in _TICKS}
        return cls(view if view in VIEWS else "mine", order if order in ORDERS else "due", **texts, **ticks)

    def told(self) -> dict[str, str]:
        """The same as the arguments of an address; what is as usual is left out."""
        usual = Asked()
        given = {field.name: getattr(self, field.name) for field in fields(self) if getattr(self, field.name) != getattr(usual, field.name)}
        return {name: "yes" if value is True else str(value) for name, value in given.items()}

    @property
    def filters(self) -> int:
        """How many filters it has, beside the search."""
        return sum(map(bool, (self.process, self.step, self.group, self.milestone, self.late, self.free)))

    @property
    def sifts(self) -> bool:
        """Tell whether a filter must look at the tasks themselves: whose group it is and when it is due, the index knows."""
        return bool(self.process or self.step or self.milestone or self.free)


_TEXTS, _TICKS = ("search", "process", "step", "group", "milestone"), ("late", "free")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a list goes on: the values by which its last line was sorted, its id last."""

    values: tuple[Any, ...]

    def __str__(self) -> str:
        plain = [value.isoformat() if isinstance(value, datetime) else value for value in self.values]
        return base64.urlsafe_b64encode(json.dumps(plain, ensure_ascii=False).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None, kinds: tuple[type, ...]) -> Spot | None:
        """Read a place back from an address; None for none, and for one that no list of this order has.

        Args:
            kinds: types of the values, of the order it belongs to.
        """
        try:
            found = json.loads(base64.urlsafe_b64decode((text or "") + "=" * (-len(text or "") % 4)))
            values = [datetime.fromisoformat(one) if kind is datetime else one for one, kind in zip(found, kinds, strict=True)]
        except (ValueError, TypeError, binascii.Error):
            return None
        right = all(type(one) is kind for one, kind in zip(values, kinds, strict=True))
        return cls(tuple(values)) if right and all(one.tzinfo for one in values if isinstance(one, datetime)) else None
