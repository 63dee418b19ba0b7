"""Why a deadline falls on its day: the sum, step by step.

Owns: `Step`, `Explanation`, and the one way they are told in words, in inbox, portal, mail and export.
Leaves: the sum itself to `deadlines`.
Promises: an explanation keeps every text it needs, so that it reads the same after the rule has changed; `tell` adds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from engine.texts import Text
from engine.words import NBSP, say_day

Operator = Literal["anchor", "plus", "roll", "pause", "equals"]
SIGNS: dict[Operator, str] = {"anchor": "", "plus": "+", "roll": "→", "pause": "+", "equals": "="}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the sum.

    Attributes:
        operator: `anchor` the day it counts from; `plus` a length or an extension; `pause` days kept; `roll` moved to a working day;
            `equals` a result. figure: what is added, or the day. note: where it comes from. day: where the sum stands after it.
    """

    operator: Operator
    figure: Text
    note: Text
    day: date

    def to_json(self) -> dict[str, Any]:
        return {"op": self.operator, "figure": self.figure.to_json(), "note": self.note.to_json(), "day": self.day.isoformat()}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Step:
        return cls(data["op"], Text.of(data["figure"]), Text.of(data["note"]), date.fromisoformat(data["day"]))


@dataclass(frozen=True, slots=True)
class Line:
    """A step in words of one language: "+", "3 mois", "arrêté du 6 juin 2019, art. 5"."""

    sign: str
    figure: str
    note: str


@dataclass(frozen=True, slots=True)
class Telling:
    """An explanation in words of one language.

    Attributes:
        lines: the sum, one step a line. sentence: the same in one sentence. remarks: what the reader must also know
            (to validate, no extension). consequence: what happens once the day is over, "" when the rule says nothing.
        rule: "nc.major.correction, version 1".
    """

    lines: tuple[Line, ...]
    sentence: str
    remarks: tuple[str, ...]
    consequence: str
    rule: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole sum of one deadline, with the texts of the rule as they were.

    Attributes:
        rule, version: which rule, and which of its versions (1 is the oldest). basis: "law" or "body".
        length: "3 mois". anchor: what the anchor is. source: where the length is written.
        to_validate: the figure has no confirmed source yet. extensible: the rule allows an extension.
    """

    rule: str
    version: int
    title: Text
    anchor: Text
    length: Text
    basis: str
    source: Text
    to_validate: bool
    extensible: bool
    consequence: Text
    zone: str
    due_on: date
    steps: tuple[Step, ...]

    def to_json(self) -> dict[str, Any]:
        return {
            "rule": self.rule, "version": self.version, "title": self.title.to_json(), "anchor": self.anchor.to_json(),
            "length": self.length.to_json(), "basis": self.basis, "source": self.source.to_json(), "to_validate": self.to_validate,
            "extensible": self.extensible, "consequence": self.consequence.to_json(), "zone": self.zone,
            "due_on": self.due_on.isoformat(), "steps": [step.to_json() for step in self.steps],
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Explanation:
        """Read an explanation back from its row."""
        texts = {name: Text.of(data[name]) for name in ("title", "anchor", "length", "source", "consequence")}
        return cls(rule=data["rule"], version=data["version"], basis=data["basis"], to_validate=data["to_validate"],
                   extensible=data["extensible"], zone=data["zone"], due_on=date.fromisoformat(data["due_on"]),
                   steps=tuple(Step.of(step) for step in data["steps"]), **texts)

    def tell(self, locale: str) -> Telling:
        """Tell the sum in words of one language."""
        lines = tuple(Line(SIGNS[step.operator], step.figure(locale), step.note(locale)) for step in self.steps)
        remarks = tuple(remark(locale) for remark in self._remarks())
        return Telling(lines, self.reason(locale), remarks, self.consequence(locale), _RULE(locale).format(self.rule, self.version))

    def reason(self, locale: str) -> str:
        """Tell in one sentence why the day is that day: for a line of the inbox and for mail."""
        since = say_day(self.steps[0].day, locale)
        counted = _COUNTED(locale).format(self.length(locale), since, self.anchor(locale), self.source(locale))
        changes = [f"{step.figure(locale)} ({step.note(locale)})" for step in self.steps[2:] if step.operator != "equals"]
        return _SENTENCE(locale).format(day=say_day(self.due_on, locale, weekday=True), counted=counted) + "".join(
            f"{_THEN(locale)}{change}" for change in changes) + "."

    def _remarks(self) -> list[Text]:
        remarks = [_TO_VALIDATE] if self.to_validate else []
        if self.basis == "law" and not self.extensible:
            remarks.append(_LAW)
        return remarks


_SENTENCE = Text(f"{{day}}{NBSP}: {{counted}}", "{day}: {counted}")
_COUNTED = Text("{0} à partir du {1}, {2} ({3})", "{0} from {1}, {2} ({3})")
_THEN = Text(f"{NBSP}; ", "; ")
_RULE = Text("Règle {0}, version {1}", "Rule {0}, version {1}")
_TO_VALIDATE = Text("Délai à valider : sa source n’est pas encore confirmée.", "To validate: its source is not confirmed yet.")
_LAW = Text("Délai légal, sans prolongation possible.", "Set by law; it cannot be extended.")
