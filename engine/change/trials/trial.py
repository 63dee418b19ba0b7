"""A trial under way: a process being lived in virtual time, act by act.

Owns: doing acts in a rehearsal, the letters of each moment, what no history tells of it, and where tokens are and were.
Leaves: what happens to the real engine in `rehearsal`; what a page shows of it to `seen`; keeping it to `kept`.
Promises: an act that is refused changes nothing; the same acts on the same content lead the same way; letting time pass stops at every
moment at which something is due, so that each letter has its day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from engine.change import moves, performances, scenarios
from engine.change.ground import Ground
from engine.change.moves import Move
from engine.change.rehearsal import Letter, OpenWork, Rehearsal
from engine.change.trials.acts import NEXT, Act, packed, unpacked
from engine.errors import Conflict, Invalid, NotAllowed
from engine.people.person import Person
from engine.queries import Queries

LONGEST_WAIT = timedelta(days=366 * 12)
_BY_HAND = ("user", "service", "decision", "failed")
_CAN_FAIL = ("user", "service", "decision", "timer", "message", "signal", "condition")


class NothingWaitsThere(Conflict):
    """Nothing waits at {element} any more."""

    fr = "Plus rien n’attend à {element}."


class NothingAhead(Conflict):
    """Nothing will happen by itself: no deadline runs and no job waits."""

    fr = "Rien n’arrivera de soi-même : aucune échéance ne court, aucun travail n’attend."


class TooFar(Invalid):
    """Let twelve years pass at most at a time, and none back."""

    fr = "Laissez passer douze ans au plus à la fois, et jamais en arrière."


class NotRefused(Conflict):
    """This person may do it now."""

    fr = "Cette personne peut maintenant le faire."


class StoryParts(Conflict):
    """The scenario cannot be played that far: {step}: {problem}"""

    fr = "Le scénario ne peut pas être joué jusque-là : {step} : {problem}"


@dataclass(frozen=True, slots=True)
class Posted:
    """A letter of a trial: when it would have gone out, and with which act (from 0)."""

    at: datetime
    act: int
    letter: Letter


class Trial:
    """A rehearsal and the acts that led to where it stands. Not safe for threads: whoever holds it locks it."""

    def __init__(self, ground: Ground, rehearsal: Rehearsal) -> None:
        """Begin a trial on a stage that is set up."""
        self.ground, self.rehearsal = ground, rehearsal
        self.began_at = rehearsal.clock.now()
        self.acts: list[Act] = []
        self.moments: list[datetime] = []                   #: when each act was done, by the trial's clock
        self.posted: list[Posted] = []
        self.besides: list[tuple[int, Move]] = []           #: what no history tells, see `recorder.record`
        self.queries = Queries(rehearsal.store, rehearsal.engine.library, rehearsal.clock, rehearsal.settings)

    def do(self, act: Act) -> None:
        """Do one act, and all that follows from it now.

        Raises: FormInvalid; NotAllowed; NothingWaitsThere; NothingAhead; TooFar; NotRefused; StoryParts; and what the engine raises.
        """
        getattr(self, f"_{act.kind}")(act)
        self.rehearsal.settle()
        self._collect()
        self.acts.append(act)
        self.moments.append(self.rehearsal.clock.now())

    def point_at(self, case: int, element: str, place: int) -> OpenWork:
        """What waits at an element of a case, the one at this place among those there. Raises: NothingWaitsThere."""
        found = [work for work in self.works(case) if work.element == element]
        if not 0 <= place < len(found):
            raise NothingWaitsThere(element=element)
        return found[place]

    def works(self, case: int) -> list[OpenWork]:
        """Everything that waits in a case, in an order that is the same on every stage."""
        known = self.rehearsal.instances
        return self.rehearsal.open_work(known[case]) if 0 <= case < len(known) else []

    def act_on(self, work: OpenWork, kind: Any, by: str = "", values: Mapping[str, Any] | None = None, name: str = "") -> Act:
        """An act on something that waits, so that it is found again on another stage."""
        case = self.rehearsal.instances.index(work.instance_id)
        place = [one.token for one in self.works(case) if one.element == work.element].index(work.token)
        subject = moves.subjects_of(self.rehearsal, work.instance_id).get(work.token, "")
        return Act(kind, case=case, element=work.element, subject=subject, place=place, by=by, name=name, values=self.pack(values or {}))

    def pack(self, values: Mapping[str, Any]) -> Any:
        """Values as acts keep them. Raises: NotAValue."""
        return packed(values, self.rehearsal.names())

    # --- the acts ---------------------------------------------------------------------------------

    def _start(self, act: Act) -> None:
        self.rehearsal.start(act.process, self._values(act), by=act.by or None)

    def _story(self, act: Act) -> None:
        folder, _, name = act.name.partition("/")
        with self.ground.laid_out() as place:
            story = scenarios.read(place / folder / "scenarios" / f"{name}.yaml")
            try:
                performances.perform(story, self.rehearsal, len(story.steps) if act.steps is None else act.steps)
            except performances.ScenarioFailed as failed:
                raise StoryParts(step=failed.step, problem=failed.problem) from failed

    def _complete(self, act: Act) -> None:
        work, person = self._found(act), self._person(act)
        if person is not None and work.kind == "user":
            self.rehearsal.engine.complete_task(work.token, self._values(act), person)
        else:
            self.rehearsal.complete(work.token, self._values(act), instance_id=work.instance_id)

    def _refused(self, act: Act) -> None:
        work, person = self._found(act), self._person(act)
        try:
            self.rehearsal.claim(work.token, act.by)
        except NotAllowed as error:
            if error.rule != act.name:
                raise
            self._beside("refused", work, name=error.rule, by=person)
            return
        raise NotRefused()

    def _message(self, act: Act) -> None:
        if act.element:
            moves.receive(self.rehearsal, self._move("message", self._found(act), name=act.name, values=self._values(act)),
                          self.rehearsal.instances[act.case])
        else:
            self.rehearsal.message(act.name, None, self._values(act))

    def _signal(self, act: Act) -> None:
        self.rehearsal.signal(act.name, self._values(act))

    def _outside(self, act: Act) -> None:
        self.rehearsal.switch(act.name, act.up)
        self._beside("outside", None, name=act.name, values={"up": act.up})

    def _fail(self, act: Act) -> None:
        work = self._found(act, _CAN_FAIL)
        count = self._told()
        self.rehearsal.fail(work.token, instance_id=work.instance_id)
        self.besides.append((count, self._move("fail", work)))

    def _wait(self, act: Act) -> None:
        target = self.ahead() if act.name == NEXT else self.rehearsal.moment_after(act.name)
        now = self.rehearsal.clock.now()
        if not now <= target <= now + LONGEST_WAIT:
            raise TooFar()
        while (due := self.rehearsal.engine.earliest()) is not None and now < due < target:
            self.rehearsal.advance(due)
            self._collect()
            now = due
        self.rehearsal.advance(target)
        self._beside("wait", None)

    def ahead(self) -> datetime:
        """When something happens next by itself. Raises: NothingAhead."""
        due = self.rehearsal.engine.earliest()
        if due is None:
            raise NothingAhead()
        return max(due, self.rehearsal.clock.now())

    # --- inside -----------------------------------------------------------------------------------

    def _found(self, act: Act, kinds: tuple[str, ...] = ()) -> OpenWork:
        """What an act is about: of its subject when there is one, else at its place."""
        found = [work for work in self.works(act.case) if work.element == act.element and (not kinds or work.kind in kinds)]
        if act.subject and found:
            subjects = moves.subjects_of(self.rehearsal, found[0].instance_id)
            found = [work for work in found if subjects.get(work.token) == act.subject] or found
            return found[min(act.place, len(found) - 1)] if len(found) > 1 else found[0]
        if not found:
            raise NothingWaitsThere(element=act.element)
        return found[min(act.place, len(found) - 1)]

    def _person(self, act: Act) -> Person | None:
        return self.rehearsal.person(act.by) if act.by else None

    def _values(self, act: Act) -> dict[str, Any]:
        return unpacked(dict(act.values), {login: key for key, login in self.rehearsal.names().items()})

    def _move(self, kind: moves.Kind, work: OpenWork | None, *, name: str = "", by: Person | None = None,
              values: Mapping[str, Any] | None = None) -> Move:
        subject = moves.subjects_of(self.rehearsal, work.instance_id).get(work.token, "") if work else ""
        return Move(self.rehearsal.clock.now(), kind, work.instance_id if work else "", work.element if work else "", name,
                    by.id if by else None, values or {}, subject)

    def _beside(self, kind: moves.Kind, work: OpenWork | None, *, name: str = "", by: Person | None = None,
                values: Mapping[str, Any] | None = None) -> None:
        self.besides.append((self._told(), self._move(kind, work, name=name, by=by, values=values)))

    def _told(self) -> int:
        """How many moves the histories tell by now."""
        with self.rehearsal.store.read() as connection:
            return len(moves.moves_of(connection, self.rehearsal.instances))

    def _collect(self) -> None:
        """Note the letters that are new, with the moment and the act."""
        letters = self.rehearsal.letters()
        self.posted += [Posted(self.rehearsal.clock.now(), len(self.acts), letter) for letter in letters[len(self.posted):]]
