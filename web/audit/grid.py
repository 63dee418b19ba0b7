"""What the audit's pages show: every indicator with its verdict, and how the audit stands.

Owns: `Grid`: which indicators are audited, what is expected of each, which verdicts are allowed and why not, totals and the five minors.
Leaves: what is written to `sheet`; the facts of the scheme to the decision tables `audit_guide`, `allowed_gravity` and `nc_counting` of
the process, so that a process owner changes them there.
Rule: arrêté of 6 June 2019, art. 5 (qualiopi.md, 2): 17 indicators allow no minor; from five on, open minors count as majors.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from engine.queries.shapes import TaskPage
from engine.texts import NO_TEXT, Text
from web.audit.sheet import GRAVITIES, VERDICTS, Entry, Sheet, Verdict

GUIDE, GRAVITY, COUNTING = "audit_guide", "allowed_gravity", "nc_counting"
SCOPE = "indicators"
MAJOR_ONLY = "major_only"
#: An indicator of the guide has a number up to this one; where the guide ends, the list ends.
MOST_INDICATORS = 60
#: From this many open minors on, one counts as a major: the length of the row of pips.
FIVE = 5

Decide = Callable[[str, Sequence[Mapping[str, Any]]], Sequence[Any]]


@dataclass(frozen=True)
class Indicator:
    """What the scheme says of one indicator.

    Attributes:
        in_scope: it is audited here. short: its title in a few words. major_only: it allows no minor. expected: what the standard asks for.
        points: what to look for. minor_when: when a finding may stay minor, "" where it may not or nothing is said.
        new_entrant: lighter at the initial audit of a new entrant. to_validate: its words wait to be validated by the body.
    """

    number: int
    title: Text
    in_scope: bool
    short: Text = NO_TEXT
    criterion: int = 0
    criterion_title: Text = NO_TEXT
    major_only: bool = False
    expected: Text = NO_TEXT
    points: tuple[Text, ...] = ()
    minor_when: Text = NO_TEXT
    new_entrant: bool = False
    to_validate: bool = False

    def allows(self, verdict: Verdict) -> bool:
        """Tell whether a verdict may be given: any that is not a minor where the law wants a major; none out of scope."""
        return self.in_scope and verdict in VERDICTS and not (self.major_only and verdict == "minor")


@dataclass(frozen=True)
class Line:
    """One line of the list: an indicator with what is written about it."""

    indicator: Indicator
    entry: Entry

    @property
    def state(self) -> str:
        """`na`, `review`, `conform`, `minor`, `major`, or `open` for one nobody has judged."""
        if not self.indicator.in_scope:
            return "na"
        return "review" if self.entry.review else self.entry.verdict or "open"


@dataclass(frozen=True)
class Grid:
    """The whole audit as it stands. `counted_major`: minors that count as majors by the counting table."""

    lines: tuple[Line, ...]
    sheet: Sheet
    counted_major: int
    new_entrant: bool
    categories: tuple[str, ...]
    totals: Mapping[str, int] = field(default_factory=dict)

    @property
    def in_scope(self) -> tuple[Line, ...]:
        return tuple(line for line in self.lines if line.indicator.in_scope)

    @property
    def seen(self) -> int:
        """How many have a verdict."""
        return sum(1 for line in self.in_scope if line.entry.verdict)

    @property
    def missing(self) -> tuple[int, ...]:
        """Numbers of those without a verdict."""
        return tuple(line.indicator.number for line in self.in_scope if not line.entry.verdict)

    @property
    def findings(self) -> tuple[Line, ...]:
        return tuple(line for line in self.in_scope if line.entry.is_finding)

    @property
    def is_complete(self) -> bool:
        return not self.missing

    def line(self, number: int) -> Line | None:
        return next((line for line in self.lines if line.indicator.number == number), None)

    def beside(self, number: int, step: int) -> int | None:
        """The number of the next (1) or previous (-1) indicator that is audited; None at the end."""
        numbers = [line.indicator.number for line in self.in_scope]
        ahead = [one for one in numbers if (one > number if step > 0 else one < number)]
        return (min(ahead) if step > 0 else max(ahead)) if ahead else None

    def first_open(self) -> int | None:
        """Where to go on: the first without a verdict, else the first to look at again; None when all is done."""
        again = (line.indicator.number for line in self.in_scope if line.entry.review)
        return next(iter(self.missing), None) or next(again, None)

    def by_criterion(self) -> list[tuple[int, Text, tuple[Line, ...], int, int]]:
        """Criterion, its title, its lines, how many are seen, how many are audited."""
        found = []
        for number, group in groupby(self.lines, key=lambda line: line.indicator.criterion):
            lines = tuple(group)
            audited = [line for line in lines if line.indicator.in_scope]
            found.append((number, lines[0].indicator.criterion_title, lines, sum(1 for one in audited if one.entry.verdict), len(audited)))
        return found


@dataclass(frozen=True)
class Brief:
    """The audit of a task in short, and where to go on (None: at the closing)."""

    grid: Grid
    next: int | None


def read(task: TaskPage, decide: Decide) -> Grid:
    """Read the audit of a task: its draft, else what it was answered with the last time.

    Args:
        decide: evaluates a decision table of the case for several inputs.
    """
    sheet = Sheet.read(task.draft if task.draft is not None else task.earlier)
    indicators = indicators_of(task.values, decide)
    lines = tuple(Line(one, sheet.entry(one.number)) for one in indicators)
    totals: Counter[str] = Counter(line.entry.verdict or "open" for line in lines if line.indicator.in_scope)
    totals["na"] = sum(1 for line in lines if not line.indicator.in_scope)
    [counting] = decide(COUNTING, [{gravity: totals[gravity] for gravity in GRAVITIES}])
    application = task.values.get("application")
    application = application if isinstance(application, Mapping) else {}
    return Grid(lines, sheet, int(_of(counting, "counted_major") or 0), application.get("new_entrant") is True,
                tuple(map(str, application.get("categories") or ())), totals)


def indicators_of(variables: Mapping[str, Any], decide: Decide) -> tuple[Indicator, ...]:
    """What the process's tables say of each indicator, and which are in the scope of this case (variable `indicators`)."""
    scope = {int(one) for one in variables.get(SCOPE) or ()}
    numbers = [{"indicator": number} for number in range(1, MOST_INDICATORS + 1)]
    guide = list(decide(GUIDE, numbers))
    known = [one["indicator"] for one, told in zip(numbers, guide, strict=True) if told is not None or one["indicator"] in scope]
    gravities = decide(GRAVITY, [{"indicator": number} for number in known])
    return tuple(_indicator(number, guide[number - 1], gravity, number in scope)
                 for number, gravity in zip(known, gravities, strict=True))


def _indicator(number: int, guide: Any, gravity: Any, in_scope: bool) -> Indicator:
    title = _texts(gravity, "title")
    pairs = zip(_list(guide, "points_fr"), _list(guide, "points_en"), strict=False)
    points = tuple(Text(str(french), str(english)) for french, english in pairs)
    title = title if title.fr else Text(f"Indicateur {number}", f"Indicator {number}")
    return Indicator(
        number, title, in_scope, short=_texts(guide, "short") if _of(guide, "short_fr") else title,
        criterion=int(_of(guide, "criterion") or 0), criterion_title=_texts(guide, "criterion"),
        major_only=_of(gravity, "gravity") == MAJOR_ONLY, expected=_texts(guide, "expected"), points=points,
        minor_when=_texts(guide, "minor"), new_entrant=_of(guide, "new_entrant") is True, to_validate=_of(guide, "to_validate") is True)


def _texts(row: Any, name: str) -> Text:
    return Text(str(_of(row, f"{name}_fr") or ""), str(_of(row, f"{name}_en") or ""))


def _list(row: Any, name: str) -> Iterable[Any]:
    found = _of(row, name)
    return found if isinstance(found, list) else ()


def _of(row: Any, name: str) -> Any:
    return row.get(name) if isinstance(row, Mapping) else None
