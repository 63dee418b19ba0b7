"""What an auditor has written so far: the data of the audit's form, read and changed one indicator at a time.

Owns: `Sheet`: the fields `conform`, `findings` and `notes` of the form as one entry an indicator; the rest of the form beside it.
Leaves: which verdicts are allowed to `grid`, keeping it to the engine (it is the draft of the task), checking the whole to the form.
Promises: nothing typed is lost: the text of a finding stays when the verdict changes, and comes back with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, cast

Verdict = Literal["conform", "minor", "major", ""]
VERDICTS: tuple[Verdict, ...] = ("conform", "minor", "major")
GRAVITIES = ("minor", "major")
#: Where the draft keeps the words of a finding whose verdict has changed; no field of the form, so it is never sent.
SET_ASIDE = "_set_aside"
OWN_FIELDS = ("conform", "findings", "notes", SET_ASIDE)


@dataclass(frozen=True)
class Evidence:
    """Something looked at: what, how much of it ("4 sur 11"), and the file when there is one."""

    name: str
    seen: str = ""
    document: str = ""


@dataclass(frozen=True)
class Entry:
    """What is written about one indicator. `points`: those that were found; `review`: to look at again."""

    indicator: int
    verdict: Verdict = ""
    fact: str = ""
    requirement: str = ""
    risk: str = ""
    categories: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    review: bool = False

    @property
    def is_finding(self) -> bool:
        return self.verdict in GRAVITIES


@dataclass(frozen=True)
class Sheet:
    """The whole: an entry for each indicator that something is written about, and the other fields of the form."""

    entries: Mapping[int, Entry] = field(default_factory=dict)
    rest: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, data: Mapping[str, Any] | None) -> Sheet:
        """Read the data of the form, or a draft of it. What has not its shape is left out."""
        data = data or {}
        aside = {_number(key): value for key, value in _mapping(data.get(SET_ASIDE)).items()}
        found: dict[int, Entry] = {number: _with_finding(Entry(number), row, "") for number, row in aside.items() if number is not None}
        for number in map(_number, _rows_or_values(data.get("conform"))):
            if number is not None:
                found[number] = replace(found.get(number, Entry(number)), verdict="conform")
        for row in _rows(data.get("findings")):
            number, gravity = _number(row.get("indicator")), row.get("gravity")
            if number is not None and gravity in GRAVITIES:
                found[number] = _with_finding(found.get(number, Entry(number)), row, cast(Verdict, gravity))
        for row in _rows(data.get("notes")):
            number = _number(row.get("indicator"))
            if number is not None:
                found[number] = _with_notes(found.get(number, Entry(number)), row)
        return cls(found, {key: value for key, value in data.items() if key not in OWN_FIELDS})

    def entry(self, indicator: int) -> Entry:
        """What is written about an indicator; an empty entry for one nothing is written about."""
        return self.entries.get(indicator, Entry(indicator))

    def with_entry(self, entry: Entry) -> Sheet:
        return replace(self, entries={**self.entries, entry.indicator: entry})

    def with_rest(self, rest: Mapping[str, Any]) -> Sheet:
        """The same with other answers in the fields that are not about one indicator."""
        return replace(self, rest={key: value for key, value in rest.items() if key not in OWN_FIELDS})

    def answers(self) -> dict[str, Any]:
        """The data of the form, to send."""
        entries = [self.entries[number] for number in sorted(self.entries)]
        return {**self.rest, "conform": [one.indicator for one in entries if one.verdict == "conform"],
                "findings": [_finding(one) for one in entries if one.is_finding],
                "notes": [_notes(one) for one in entries if one.points or one.evidence or one.review]}

    def draft(self) -> dict[str, Any]:
        """The data of the form, to keep: with the words of findings that are none any more."""
        aside = {str(one.indicator): _words(one) for one in self.entries.values() if not one.is_finding and any(_words(one).values())}
        return {**self.answers(), **({SET_ASIDE: aside} if aside else {})}


def _finding(entry: Entry) -> dict[str, Any]:
    words = {key: value for key, value in _words(entry).items() if value or key in ("fact", "requirement")}
    return {"indicator": entry.indicator, "gravity": entry.verdict, **words}


def _words(entry: Entry) -> dict[str, Any]:
    return {"fact": entry.fact, "requirement": entry.requirement, "risk": entry.risk, "categories": list(entry.categories)}


def _notes(entry: Entry) -> dict[str, Any]:
    evidence = [{key: value for key, value in vars(one).items() if value} for one in entry.evidence]
    return {"indicator": entry.indicator, "points": "\n".join(entry.points), "evidence": evidence, "review": entry.review}


def _with_finding(entry: Entry, row: Mapping[str, Any], verdict: Verdict) -> Entry:
    return replace(entry, verdict=verdict, fact=_text(row.get("fact")), requirement=_text(row.get("requirement")),
                   risk=_text(row.get("risk")), categories=tuple(map(str, _rows_or_values(row.get("categories")))))


def _with_notes(entry: Entry, row: Mapping[str, Any]) -> Entry:
    evidence = tuple(Evidence(_text(one.get("name")), _text(one.get("seen")), _text(one.get("document")))
                     for one in _rows(row.get("evidence")))
    points = tuple(line.strip() for line in _text(row.get("points")).splitlines() if line.strip())
    return replace(entry, points=points, evidence=evidence, review=row.get("review") is True)


def _rows(value: Any) -> Iterable[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else ()


def _rows_or_values(value: Any) -> Iterable[Any]:
    return value if isinstance(value, list) else ()


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _number(value: Any) -> int | None:
    """A whole number, of a draft's JSON or of FEEL; None for anything else."""
    try:
        return None if isinstance(value, bool) or (int(value) != value and not isinstance(value, str)) else int(value)
    except (TypeError, ValueError):
        return None
