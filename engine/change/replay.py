"""Real cases, lived again on a draft.

Owns: `replay`: the recorded answers of finished cases given at the same moments, once to the version they ran on and once to the draft,
and `Replayed`, what came out different.
Leaves: reading answers from the history to `moves`; which registers of the body a rehearsal needs to `furnish`, from the composition root.
Promises: a difference is the draft's doing: a case that a rehearsal cannot repeat on its own version is told apart; nothing leaves the
rehearsal but numbers of cases, names of elements, fields and days; a run is bounded in number and in time.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from sqlalchemy import Connection, insert, or_, select

from engine.bpmn.diff import label
from engine.change import moves
from engine.change.ground import Ground
from engine.change.moves import Move, Path
from engine.change.performances import Stage
from engine.change.rehearsal import Rehearsal
from engine.definitions import Package
from engine.definitions.files import Files
from engine.errors import JalonError, NotAllowed
from engine.forms.faults import FormInvalid
from engine.people.accounts import Accounts
from engine.people.person import APPLICANT, Person
from engine.service import Engine
from engine.states import InstanceState
from engine.store.tables import deadline, definition, instance, membership, party, person
from engine.texts import Text
from engine.words import day_text

Verdict = Literal["same", "other", "stuck", "apart"]
#: Puts into a rehearsal what handlers need to know of the body, read from the body's own database.
Furnish = Callable[[Connection, Rehearsal], object]
MOST_CASES, MOST_SECONDS, LOOKED_AT = 12, 60.0, 500
MOST_NAMED = 8


@dataclass(frozen=True, slots=True)
class ReplayedCase:
    """One case: `same` way, `other` way, `stuck` on the draft, or `apart`: not to be compared. `element`: where it is stuck."""

    instance_id: str
    number: str
    verdict: Verdict
    told: tuple[Text, ...] = ()
    element: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"instance_id": self.instance_id, "number": self.number, "verdict": self.verdict, "element": self.element,
                "told": [text.to_json() for text in self.told]}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> ReplayedCase:
        return cls(kept["instance_id"], kept["number"], kept["verdict"], tuple(map(Text.of, kept["told"])), kept["element"])


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a run has shown. `left_out`: finished cases it did not come to."""

    cases: tuple[ReplayedCase, ...]
    left_out: int = 0

    def count(self, verdict: Verdict) -> int:
        return sum(one.verdict == verdict for one in self.cases)

    @property
    def differ(self) -> bool:
        return any(one.verdict in ("other", "stuck") for one in self.cases)

    @property
    def summary(self) -> Text:
        if not self.cases:
            return _NO_CASE
        return _SUMMARY.format(count=len(self.cases), same=self.count("same"), other=self.count("other"), stuck=self.count("stuck"),
                               apart=self.count("apart"))

    def to_json(self) -> dict[str, Any]:
        return {"cases": [one.to_json() for one in self.cases], "left_out": self.left_out}

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Replayed:
        return cls(tuple(map(ReplayedCase.of, kept["cases"])), kept["left_out"])


def replay(engine: Engine, ground: Ground, stage: Stage, furnish: Furnish = lambda connection, rehearsal: None, *,
           most: int = MOST_CASES, seconds: float = MOST_SECONDS,
           progress: Callable[[int, int], object] = lambda done, of: None) -> Replayed:
    """Let finished cases be lived again on a draft, those that ended last first.

    Args:
        most: how many cases at most. seconds: when to stop beginning new ones. progress: told how many were lived, of how many.
    """
    until = time.monotonic() + seconds
    with engine.store.read() as connection:
        rows = _finished(connection, ground.key)
    cases: list[ReplayedCase] = []
    for row in rows[:most]:
        progress(len(cases), min(len(rows), most))
        if time.monotonic() >= until:
            break
        cases.append(_replayed(engine, ground, stage, furnish, row))
    return Replayed(tuple(cases), len(rows) - len(cases))


def _finished(connection: Connection, key: str) -> list[Any]:
    """Finished cases that ran on this folder, as their own process or as one they called; the last to end first."""
    rows = connection.execute(select(instance.c.id, instance.c.business_key, instance.c.process_id, instance.c.definition_id,
                                     instance.c.bindings, instance.c.ended_at, definition.c.key.label("folder"))
                              .join(definition, definition.c.id == instance.c.definition_id)
                              .where(instance.c.state == InstanceState.COMPLETED).order_by(instance.c.ended_at.desc()).limit(LOOKED_AT))
    return [row for row in rows if key == row.folder or key in row.bindings]


def _replayed(engine: Engine, ground: Ground, stage: Stage, furnish: Furnish, row: Any) -> ReplayedCase:
    number = row.business_key or row.id[:8]
    with engine.store.read() as connection:
        every = moves.moves_of(connection, [row.id])
        lived = moves.path_of(connection, row.id)
        why = _CHANGED_BY_HAND if moves.beyond(connection, row.id) else _ERASED if moves.erased(every) else None
    if why is not None or not every or every[0].kind != "start":
        return ReplayedCase(row.id, number, "apart", (why or _NO_START,))
    own = {package.key: package for package in engine.library.bundle(row.definition_id, row.bindings).packages.values()}
    case = _Case(row, every, engine, stage, furnish)
    before = case.live({**ground.folders, **{key: package.files for key, package in own.items()}})
    if before.stuck is not None or before.path != lived:
        return ReplayedCase(row.id, number, "apart", (before.stuck or _NOT_REPEATED.format(
            elements=_names([*(lived - before.path), *(before.path - lived)], own)),))
    return _compared(row.id, number, before, case.live(ground.folders), {**own, **ground.packages})


@dataclass
class _Life:
    """What a case came to in a rehearsal."""

    path: Path
    deadlines: Mapping[str, Sequence[date]]
    state: str = ""
    outcome: str | None = None
    waits: tuple[tuple[str, str], ...] = ()
    stuck: Text | None = None
    stuck_at: str = ""
    told: list[Text] = field(default_factory=list)


class _Case:
    """One case, to be lived on several grounds."""

    def __init__(self, row: Any, every: list[Move], engine: Engine, stage: Stage, furnish: Furnish) -> None:
        self.row, self.moves, self.engine, self.stage, self.furnish = row, every, engine, stage, furnish

    def live(self, folders: Mapping[str, Files]) -> _Life:
        """Live it on these folders. Never raises for what is in them: a case that cannot begin is stuck."""
        rehearsal = self.stage(self.moves[0].at)
        try:
            rehearsal.deploy_all(folders)
            with self.engine.store.read() as connection:
                _bring_people(connection, rehearsal, self.row.id, self.moves)
                self.furnish(connection, rehearsal)
            return _Living(rehearsal, self.row, self.moves).lived()
        except JalonError as error:
            return _Life(Path(), {}, stuck=_CANNOT_BEGIN.format(why=error.sentence))
        finally:
            rehearsal.store.close()


class _Living:
    """A case being lived."""

    def __init__(self, rehearsal: Rehearsal, row: Any, every: list[Move]) -> None:
        self.rehearsal, self.row, self.moves = rehearsal, row, every
        self.told: list[Text] = []
        self.case = ""

    def lived(self) -> _Life:
        stuck, at = None, ""
        try:
            self.case = moves.begin(self.rehearsal, self.row.process_id, self.moves[0], self._person(self.moves[0]))
            for move in self.moves[1:]:
                self.rehearsal.advance(max(move.at, self.rehearsal.clock.now()))
                at = move.element
                if move.kind != "complete":
                    moves.receive(self.rehearsal, move, self.case)
                elif (stuck := self._answer(move)) is not None:
                    break
            else:
                self.rehearsal.advance(max(self.row.ended_at, self.rehearsal.clock.now()))
        except FormInvalid as error:
            stuck = _ASKS.format(element=self._name(at), fields=", ".join(sorted(error.errors)))
        return self._life(stuck, at if stuck else "")

    def _answer(self, move: Move) -> Text | None:
        """Give a recorded answer, as the person who gave it. Returns: why it cannot be given, None when it was."""
        found = moves.find_task(self.rehearsal, move, self.case)
        if found is None:
            return _NOBODY_ASKS.format(element=self._name(move.element))
        by = self._person(move)
        if by is not None and found.kind == "user":
            try:
                self.rehearsal.engine.complete_task(found.token, dict(move.values or {}), by)
                return None
            except NotAllowed as error:
                if error.rule == "separation_of_duties":
                    self.told.append(_NOT_BY_THE_SAME.format(element=self._name(move.element)))
        self.rehearsal.complete(found.token, move.values, instance_id=self.case)
        return None

    def _person(self, move: Move) -> Person | None:
        if move.by_id is None:
            return None
        with self.rehearsal.store.read() as connection:
            return Accounts(connection).get(move.by_id)

    def _name(self, element: str) -> Text:
        process = self.rehearsal.engine.library.newest(self.row.process_id)
        found = next((one.elements[element] for package in process.packages.values() for one in package.model.processes.values()
                      if element in one.elements), None)
        return label(found) if found is not None else Text(element, element)

    def _life(self, stuck: Text | None, at: str) -> _Life:
        if not self.case:
            return _Life(Path(), {}, stuck=stuck, stuck_at=at)
        days: dict[str, list[date]] = defaultdict(list)
        with self.rehearsal.store.read() as connection:
            path = moves.path_of(connection, self.case)
            for row in connection.execute(select(deadline.c.rule, deadline.c.due_on).where(deadline.c.instance_id == self.case)):
                days[row.rule].append(row.due_on)
        rehearsal = self.rehearsal
        waits = tuple((work.process, work.element) for work in rehearsal.open_work(self.case) if work.kind in ("user", "failed"))
        return _Life(path, {rule: sorted(found) for rule, found in days.items()}, rehearsal.state(self.case), rehearsal.outcome(self.case),
                     waits, stuck, at, self.told)


def _bring_people(connection: Connection, rehearsal: Rehearsal, instance_id: str, every: Iterable[Move]) -> None:
    """Bring the staff and the parties of a case into a rehearsal, with the ids that answers name."""
    staff = select(membership.c.person_id).where(membership.c.group_id != APPLICANT)
    parties = select(party.c.person_id).where(party.c.instance_id == instance_id)
    actors = {move.by_id for move in every if move.by_id}
    people = connection.execute(select(person).where(or_(person.c.id.in_(staff), person.c.id.in_(parties), person.c.id.in_(actors)))).all()
    groups = connection.execute(select(membership).where(membership.c.person_id.in_([row.id for row in people]))).all()
    with rehearsal.store.begin() as work:
        if people:
            work.connection.execute(insert(person), [{**row._mapping, "password_hash": None} for row in people])
        if groups:
            work.connection.execute(insert(membership), [dict(row._mapping) for row in groups])


# --- comparing ------------------------------------------------------------------------------------

def _compared(instance_id: str, number: str, before: _Life, after: _Life, packages: Mapping[str, Package]) -> ReplayedCase:
    told = [text for text in after.told if text not in before.told]
    if after.stuck is not None:
        return ReplayedCase(instance_id, number, "stuck", (*told, after.stuck), after.stuck_at)
    gone, new = before.path - after.path, after.path - before.path
    if after.state != InstanceState.COMPLETED:
        where = [key for key in after.waits if key not in before.waits]
        return ReplayedCase(instance_id, number, "stuck", (*told, _STILL_WAITS.format(elements=_names(where, packages))),
                            where[0][1] if where else "")
    if new:
        told.append(_ALSO.format(elements=_names(new, packages)))
    if gone:
        told.append(_NO_LONGER.format(elements=_names(gone, packages)))
    if before.outcome != after.outcome:
        told.append(_ENDS.format(new=_end(after.outcome, packages), old=_end(before.outcome, packages)))
    told += _moved(before.deadlines, after.deadlines, packages)
    return ReplayedCase(instance_id, number, "other" if told else "same", tuple(told))


def _moved(before: Mapping[str, Sequence[date]], after: Mapping[str, Sequence[date]], packages: Mapping[str, Package]) -> list[Text]:
    """Deadlines that fall on other days, or are there no more, or are new."""
    titles = {rule: package.rules[rule].title for package in packages.values() for rule in package.rules}
    return [_DEADLINE.format(rule=titles.get(rule, Text(rule, rule)), old=_days(before.get(rule, ())), new=_days(after.get(rule, ())))
            for rule in {**before, **after} if before.get(rule) != after.get(rule)]


def _days(days: Sequence[date]) -> Text:
    return _listed([day_text(day) for day in days])


def _end(element: str | None, packages: Mapping[str, Package]) -> Text:
    found = [(process.id, element) for package in packages.values() for process in package.processes if element in process.elements]
    return _names([(process, str(one)) for process, one in found[:1]], packages)


def _names(elements: Iterable[tuple[str, str]], packages: Mapping[str, Package]) -> Text:
    """Elements by the names people know, each once, the first few."""
    known = {(process.id, element.id): label(element) for package in packages.values() for process in package.model.processes.values()
             for element in process.elements.values()}
    every = [_QUOTED.format(name=known.get(key, Text(key[1], key[1]))) for key in dict.fromkeys(elements)]
    return _listed(every)


def _listed(every: Sequence[Text]) -> Text:
    rest = "…" if len(every) > MOST_NAMED else ""
    return Text(*(", ".join(text(locale) for text in every[:MOST_NAMED]) + rest or "–" for locale in ("fr", "en")))


_QUOTED = Text("« {name} »", "“{name}”")
_NO_CASE = Text("aucun dossier terminé à rejouer", "no finished case to replay")
_SUMMARY = Text("{count} dossiers rejoués : {same} même chemin, {other} autre chemin, {stuck} bloqués, {apart} non comparables",
                "{count} cases replayed: {same} same way, {other} other way, {stuck} stuck, {apart} not comparable")
_CHANGED_BY_HAND = Text("Ses délais ont été prolongés, mis en pause ou déplacés à la main.",
                        "Its deadlines were extended, paused or moved by hand.")
_ERASED = Text("Ses données personnelles ont été effacées.", "Its personal data have been erased.")
_NO_START = Text("Son histoire ne dit pas comment il a commencé.", "Its history does not say how it began.")
_NOT_REPEATED = Text("Une répétition ne refait pas son chemin : {elements}.", "A rehearsal does not repeat its way: {elements}.")
_CANNOT_BEGIN = Text("Il ne peut pas commencer : {why}", "It cannot begin: {why}")
_ASKS = Text("« {element} » demande des données que ce dossier n’a pas : {fields}.",
             "“{element}” asks for data this case does not have: {fields}.")
_NOBODY_ASKS = Text("La réponse à « {element} » n’est plus attendue à ce moment.",
                    "The answer to “{element}” is not awaited at that moment.")
_NOT_BY_THE_SAME = Text("« {element} » ne pourrait plus être fait par la personne qui l’a fait.",
                        "“{element}” could no longer be done by the person who did it.")
_STILL_WAITS = Text("Il attend à {elements}, sans réponse dans ce dossier.", "It waits at {elements}, to which this case has no answer.")
_ALSO = Text("Il passe aussi par {elements}.", "It also takes {elements}.")
_NO_LONGER = Text("Il ne passe plus par {elements}.", "It no longer takes {elements}.")
_ENDS = Text("Il finit à {new} au lieu de {old}.", "It ends at {new} instead of {old}.")
_DEADLINE = Text("« {rule} » : {old} devient {new}.", "“{rule}”: {old} becomes {new}.")
