"""A play: many cases in virtual time, with people who answer after a while, or never.

Owns: `Plan` (a YAML file: samples with changes, stories, answers) and `Play`, which lets the engine live it, day by day, up to a moment.
The demo is made so.
Leaves: everything that happens to the real engine; the words of the plan to `processes/<key>/demo.yaml`.
Promises: nothing is written behind the engine's back: each answer is a claim and a completion by a person with all checks; the same
plan gives the same cases; a wrong answer stops the play and names case, element and fault.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count
from typing import Any

import yaml
from sqlalchemy import select

from engine import feel
from engine.change.rehearsal import Rehearsal
from engine.errors import Invalid, JalonError, NotAllowed
from engine.forms.faults import FormInvalid
from engine.people.accounts import Accounts
from engine.people.person import Person
from engine.states import TaskState
from engine.store.tables import candidate, instance, party, user_task

NEVER = "never"
HELD = "held"
#: What an answer may say: when it is given (`after` the task opened, `at` a day, or `held`: taken after a while and not completed), by
#: whom, for which of several tasks (`when`), the data of the form, and a remark for colleagues.
ANSWER = {"after", "at", HELD, "by", "when", "with", "comment"}
WITHDRAW = "withdraw"
FIRST_HOUR, MINUTES_OF_WORK = 9, 8 * 60


class PlanInvalid(Invalid):
    """The plan of the play is not right: {where}: {why}."""

    fr = "Le plan de la pièce ne convient pas : {where} : {why}."


@dataclass(frozen=True)
class Role:
    """One case of the plan: which story, what is sent in, how long before the end it begins."""

    story: str
    sample: str
    starts: str
    set: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A whole play. `answers` by element stand for every story; a story's own come first."""

    process: str
    answers: Mapping[str, Any]
    stories: Mapping[str, Mapping[str, Any]]
    cases: tuple[Role, ...]

    @classmethod
    def read(cls, data: bytes) -> Plan:
        """Read a plan. Raises: PlanInvalid."""
        tree = yaml.safe_load(data)
        roles = tuple(Role(case["story"], case["sample"], case["starts"], case.get("set") or {}) for case in tree["cases"])
        unknown = {role.story for role in roles} - set(tree["stories"])
        if unknown:
            raise PlanInvalid(where="stories", why=", ".join(sorted(unknown)))
        plan = cls(tree["process"], tree.get("answers") or {}, tree["stories"], roles)
        plan._check()
        return plan

    def answer(self, story: str, element: str) -> Any:
        """What people of a story do with a task: an answer, a list of them with `when`, or "never"."""
        return self.stories[story].get(element, self.answers.get(element, NEVER))

    def _check(self) -> None:
        """Raises: PlanInvalid, naming story and element, for an answer that is not written right."""
        for story, answers in {"answers": self.answers, **self.stories}.items():
            for element, answer in answers.items():
                for one in answer if isinstance(answer, list) else [answer]:
                    unknown = set() if one == NEVER else set(one) - ANSWER
                    if unknown:
                        raise PlanInvalid(where=f"{story}, {element}", why=f"unknown: {', '.join(sorted(unknown))}")


class Play:
    """Lets the engine of a rehearsal live a plan."""

    def __init__(self, rehearsal: Rehearsal, plan: Plan, read: Callable[[str], bytes], message: str = "") -> None:
        """Set the play up.

        Args:
            rehearsal: engine, clock and people; its store may be a file. read: gives a sample's bytes by name.
            message: name of the message that withdraws a case, for stories with `withdraw`.
        """
        self._rehearsal, self._plan, self._read, self._message = rehearsal, plan, read, message
        self._story: dict[str, str] = {}                    # by instance
        self._seen: set[str] = set()                        # tasks whose answer is decided
        self._number = count()
        self._agenda: list[tuple[datetime, int, Callable[[], None]]] = []

    def run(self, until: datetime, progress: Callable[[int, int], None] = lambda done, of: None,
            besides: Iterable[tuple[str, Callable[[], None]]] = ()) -> int:
        """Live the plan up to a moment and leave the clock there.

        Args:
            progress: told how many days have passed, of how many. besides: what else happens, each with how long before the end.
        Returns: how many cases began. Raises: PlanInvalid, naming case, element and fault.
        """
        begin = self._rehearsal.clock.now()
        for role in self._plan.cases:
            self._put(self._working_hour(self._before(until, role.starts)), lambda role=role: self._start(role))  # type: ignore[misc]
        for length, act in besides:
            self._put(self._working_hour(self._before(until, length)), act)
        for moment in self._moments(until):
            progress((moment - begin).days, (until - begin).days)
        self._rehearsal.clock.set(until)
        return len(self._story)

    def _moments(self, until: datetime) -> Iterator[datetime]:
        """Go from one moment at which something happens to the next."""
        rehearsal = self._rehearsal
        while True:
            rehearsal.settle()
            self._plan_answers()
            planned = self._agenda[0][0] if self._agenda else None
            moments = [moment for moment in (planned, rehearsal.engine.earliest()) if moment is not None]
            if not moments or min(moments) > until:
                return
            rehearsal.clock.set(max(min(moments), rehearsal.clock.now()))
            while self._agenda and self._agenda[0][0] <= rehearsal.clock.now():
                heapq.heappop(self._agenda)[2]()
            yield rehearsal.clock.now()

    def _put(self, moment: datetime, act: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (max(moment, self._rehearsal.clock.now()), next(self._number), act))

    def _start(self, role: Role) -> None:
        data = json.loads(self._read(role.sample))
        today = {"today": lambda: self._today()}
        for path, value in role.set.items():
            _set(data, path.split("."), _told(value, lambda text: feel.evaluate(text, data, today)))
        try:
            instance_id = self._rehearsal.start(self._plan.process, data)
        except FormInvalid as error:
            raise PlanInvalid(where=f"{role.story}, {role.sample}", why=_faults(error)) from error
        self._story[instance_id] = role.story
        withdraw = self._plan.stories[role.story].get(WITHDRAW)
        if withdraw:
            self._put(self._after(withdraw["after"]), lambda: self._withdraw(instance_id))

    def _withdraw(self, instance_id: str) -> None:
        self._rehearsal.message(self._message, self._rehearsal.evaluate("case_number", instance_id))

    def _plan_answers(self) -> None:
        """Decide, for each task that has opened, when it is answered and how."""
        with self._rehearsal.store.read() as connection:
            rows = connection.execute(select(user_task.c.id, user_task.c.instance_id, user_task.c.element_id)
                                      .where(user_task.c.state == TaskState.OPEN).order_by(user_task.c.created_at, user_task.c.id)).all()
        for row in rows:
            if row.id not in self._seen:
                self._seen.add(row.id)
                self._plan_answer(row.id, row.instance_id, row.element_id)

    def _plan_answer(self, task_id: str, instance_id: str, element: str) -> None:
        story = self._story.get(instance_id)
        answer = self._plan.answer(story, element) if story else self._plan.answers.get(element, NEVER)
        see = self._rehearsal.seen_from(instance_id, task_id)
        options: list[Any] = answer if isinstance(answer, list) else [answer]
        chosen: Any = next((one for one in options if one == NEVER or see(one.get("when", "true")) is True), NEVER)
        if chosen == NEVER:
            return
        if HELD in chosen:
            self._put(self._after(chosen[HELD]), lambda: self._hold(task_id, instance_id, chosen))
            return
        moment = self._working_hour(_told(chosen["at"], see)) if "at" in chosen else self._after(chosen["after"])
        self._put(moment, lambda: self._answer(task_id, instance_id, element, chosen))

    def _answer(self, task_id: str, instance_id: str, element: str, chosen: Mapping[str, Any]) -> None:
        if not self._is_open(task_id):
            return
        by = self._taker(task_id, instance_id, chosen.get("by"))
        self._remark(task_id, instance_id, chosen, by)
        data = _told(chosen.get("with") or {}, self._rehearsal.seen_from(instance_id, task_id))
        try:
            self._rehearsal.engine.complete_task(task_id, data, by)
        except JalonError as error:
            why = _faults(error) if isinstance(error, FormInvalid) else error.sentence.en
            raise PlanInvalid(where=f"{self._story.get(instance_id)}, {element}", why=why) from error

    def _hold(self, task_id: str, instance_id: str, chosen: Mapping[str, Any]) -> None:
        """Have somebody take a task who is still at it when the play ends."""
        if self._is_open(task_id):
            self._remark(task_id, instance_id, chosen, self._taker(task_id, instance_id, chosen.get("by")))

    def _remark(self, task_id: str, instance_id: str, chosen: Mapping[str, Any], by: Person) -> None:
        if chosen.get("comment"):
            self._rehearsal.engine.add_comment(instance_id, chosen["comment"], by, task_id)

    def _is_open(self, task_id: str) -> bool:
        with self._rehearsal.store.read() as connection:
            return connection.scalar(select(user_task.c.state).join(instance, instance.c.id == user_task.c.instance_id)
                                     .where(user_task.c.id == task_id, instance.c.state == "active")) == TaskState.OPEN

    def _taker(self, task_id: str, instance_id: str, login: str | None) -> Person:
        """Have somebody take a task: the one the plan names, who holds it, else one who may, in turn.

        Raises: PlanInvalid, when nobody may.
        """
        refusals = []
        for by in [self._rehearsal.person(login)] if login else self._candidates(task_id, instance_id):
            try:
                self._rehearsal.engine.claim_task(task_id, by)
                return by
            except NotAllowed as error:
                refusals.append(f"{by.login} ({error.rule})")
        raise PlanInvalid(where=self._story.get(instance_id), why="nobody may take it: " + ", ".join(refusals))

    def _candidates(self, task_id: str, instance_id: str) -> list[Person]:
        with self._rehearsal.store.read() as connection:
            accounts = Accounts(connection)
            assignee = connection.scalar(select(user_task.c.assignee_id).where(user_task.c.id == task_id))
            if assignee:
                return [accounts.get(assignee)]
            groups = set(connection.scalars(select(candidate.c.group_id).where(candidate.c.task_id == task_id)))
            parties = connection.scalars(select(party.c.person_id).where(party.c.instance_id == instance_id).order_by(party.c.role)).all()
            found = [accounts.get(one) for one in parties] if "applicant" in groups else []
        staff = [person for person in self._rehearsal.people.values() if person.is_in(*groups)]
        turn = int(instance_id[:6], 16) % len(staff) if staff else 0
        return found + staff[turn:] + staff[:turn]

    # --- time -------------------------------------------------------------------------------------

    def _today(self) -> date:
        return self._rehearsal.calendar.day_of(self._rehearsal.clock.now())

    def _before(self, until: datetime, length: str) -> date:
        return self._rehearsal.calendar.day_of(until) - _days(length)

    def _after(self, length: str) -> datetime:
        return self._working_hour(self._today() + _days(length))

    def _working_hour(self, day: date) -> datetime:
        """A moment in the working hours of a day, a different one each time; Saturdays and Sundays are no working days."""
        while day.weekday() > 4:
            day += timedelta(days=1)
        minute = (next(self._number) * 37) % MINUTES_OF_WORK
        return self._rehearsal.calendar.at(day, (datetime.combine(day, time(FIRST_HOUR)) + timedelta(minutes=minute)).time())


def _days(length: str) -> timedelta:
    found = feel.parse_duration(length)
    if not isinstance(found, timedelta):
        raise PlanInvalid(where=length, why="not a number of days, such as P5D")
    return found


def _told(value: Any, see: Callable[[str], Any]) -> Any:
    """A value of the plan, its `=` expressions evaluated, at any depth."""
    if isinstance(value, str) and value.startswith("="):
        return see(value[1:])
    if isinstance(value, Mapping):
        return {key: _told(one, see) for key, one in value.items()}
    return [_told(one, see) for one in value] if isinstance(value, list) else value


def _set(data: dict[str, Any], path: list[str], value: Any) -> None:
    for key in path[:-1]:
        data = data.setdefault(key, {})
    if value is None:
        data.pop(path[-1], None)
    else:
        data[path[-1]] = value


def _faults(error: FormInvalid) -> str:
    return "; ".join(f"{path}: {', '.join(str(fault.message) for fault in faults)}" for path, faults in error.errors.items())
