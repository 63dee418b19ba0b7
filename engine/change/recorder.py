"""The play of a process owner, written down as a story.

Owns: `record`: from the history of a rehearsal to the YAML of a scenario, with what is to be expected after each step.
Leaves: reading and playing stories to `scenarios`; where the story is kept to `drafts`.
Promises: the story is played once while it is written, on a stage of its own: what it expects is what it has seen, and a play that does not
lead the same way twice is refused by the element where it parts.
Rule: docs/diagrams.md, 6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import yaml
from sqlalchemy import select

from engine.change import moves
from engine.change.moves import Move
from engine.change.rehearsal import OpenWork, Rehearsal
from engine.errors import Conflict, Invalid, JalonError, NotAllowed
from engine.states import InstanceState
from engine.store.tables import instance
from engine.texts import Text
from engine.values import plain

#: Makes a rehearsal that begins at a moment, with the processes and the people of the play.
SetStage = Callable[[datetime], Rehearsal]
_WIDE = 1_000_000
_MOMENT = re.compile(r"\b(at|until): '(\d{4}-\d\d-\d\dT\d\d:\d\d)'")      #: YAML reads these as text without quotes too


class NothingPlayed(Invalid):
    """Nothing has been played yet: start a case, then record."""

    fr = "Rien n’a encore été joué : démarrez un dossier, puis enregistrez."


class NotRepeatable(Conflict):
    """This play does not lead the same way twice: it parts at {element}."""

    fr = "Cette pièce ne mène pas deux fois au même endroit : elle s’écarte à {element}."


class NoSentence(Invalid):
    """A scenario says in one sentence what must hold."""

    fr = "Un scénario dit en une phrase ce qui doit tenir."


class CannotTellApart(Invalid):
    """Several tasks wait at {element} and nothing tells them apart; give them a subject in the diagram."""

    fr = "Plusieurs tâches attendent à {element} et rien ne les distingue ; donnez-leur un objet dans le diagramme."


def record(played: Rehearsal, stage: SetStage, says: Text, besides: Sequence[tuple[int, Move]] = ()) -> bytes:
    """Write down what was played.

    Args:
        played: with at least one case; the first is the story's. says: what must hold, in one sentence, in one language or both.
        besides: moves no history tells, each with the number of moves before it that one does, in order.
    Returns: the file, as `scenarios.read` takes it. Raises: NoSentence; NothingPlayed; NotRepeatable; CannotTellApart.
    """
    if not (says.fr.strip() or says.en.strip()):
        raise NoSentence()
    known = played.instances
    if not known:
        raise NothingPlayed()
    with played.store.read() as connection:
        every = moves.moves_of(connection, known)
        main = connection.execute(select(instance).where(instance.c.id == known[0])).one()
    whole = _whole(every, besides)
    if whole[0].kind != "start":
        raise NothingPlayed()
    return _Writer(played, stage, whole, main).written(says)


def _whole(every: Sequence[Move], besides: Sequence[tuple[int, Move]]) -> list[Move]:
    """The moves of the history with the others in their places."""
    found, rest = [], list(besides)
    for number in range(len(every) + 1):
        while rest and rest[0][0] <= number:
            found.append(rest.pop(0)[1])
        found += every[number:number + 1]
    return found + [move for _, move in rest]


class _Writer:
    """A story being written while it is played again."""

    def __init__(self, played: Rehearsal, stage: SetStage, every: list[Move], main: Any) -> None:
        self.played, self.stage, self.moves, self.main = played, stage, every, main
        self.fresh = stage(every[0].at)
        self.logins = played.names()
        self.steps: list[dict[str, Any]] = []
        self.told: dict[str, Any] = {}                      #: what was last expected
        self.letters = 0
        self.cases: dict[str, str] = {}                     #: case of the play → case of the story

    def written(self, says: Text) -> bytes:
        try:
            start = self._start()
            for move in self.moves[1:]:
                self._wait_until(move.at)
                self._move(move)
                self._look()
            self._wait_until(self.played.clock.now())
            self._check_path()
            return self._file(says, start)
        finally:
            self.fresh.store.close()

    def _start(self) -> dict[str, Any]:
        move, row = self.moves[0], self.main
        start: dict[str, Any] = {"process": row.process_id, "at": self._moment(move.at)}
        if move.values:
            start["with"] = dict(move.values)
        if move.by_id:
            start["by"] = self.logins[move.by_id]
        key = self._begin(move, row, None, start)
        if key != row.business_key:                         # the number was given by hand, not by a handler
            self.fresh.store.close()
            self.fresh = self.stage(move.at)
            start["business_key"] = self._begin(move, row, row.business_key, start)
        self._meet()
        self._look()
        return start

    def _begin(self, move: Move, row: Any, key: str | None, start: Mapping[str, Any]) -> str | None:
        """Start the story's case. Returns: the number it has then."""
        case = self.fresh.start(row.process_id, move.values, key, start.get("by"))
        self.fresh.settle()
        with self.fresh.store.read() as connection:
            number: str | None = connection.scalar(select(instance.c.business_key).where(instance.c.id == case))
        return number

    def _move(self, move: Move) -> None:
        """Do what was done and write it as a step."""
        case = self.cases.get(move.instance_id)
        if move.kind == "start" and move.begins:            # another case, begun by a message from outside
            self.fresh.message(move.begins, None, move.values)
            self.steps.append({"message": move.begins} | _with(move))
        elif move.kind == "wait":                           # the time has been let pass already
            return
        elif move.kind == "outside":
            self._switch(move)
        elif case is None or move.kind == "start":
            raise NotRepeatable(element=move.element)
        elif move.kind == "refused":
            self._refused(move, case)
        elif move.kind == "fail":
            self._fail(move, case)
        elif move.kind == "complete":
            self._complete(move, case)
        else:
            correlation = moves.receive(self.fresh, move, case)
            step: dict[str, Any] = {move.kind: move.name}
            self.steps.append(step | ({"correlation": correlation} if correlation is not None else {}) | _with(move))
        self.fresh.settle()
        self._meet()

    def _complete(self, move: Move, case: str) -> None:
        found = moves.find_task(self.fresh, move, case)
        if found is None:
            raise NotRepeatable(element=move.element)
        step: dict[str, Any] = {"complete": move.element}
        by = self.logins.get(move.by_id or "")
        values = self._with_people(found, move.values or {})
        step |= ({"by": by} if by else {}) | self._where(found) | ({"with": values} if values else {})
        try:
            self.fresh.complete(found.token, {key: self._meant(found, value) for key, value in values.items()}, by=by)
        except JalonError as error:
            raise NotRepeatable(element=move.element, why=str(error)) from error
        self.steps.append(step)

    def _switch(self, move: Move) -> None:
        up = bool((move.values or {}).get("up"))
        self.fresh.switch(move.name, up)
        self.steps.append({"outside": move.name, "is": "up" if up else "down"})

    def _refused(self, move: Move, case: str) -> None:
        """Write down that somebody may not take a task. Raises: NotRepeatable, when they may."""
        found, by = moves.find_task(self.fresh, move, case), self.logins.get(move.by_id or "", "")
        if found is None:
            raise NotRepeatable(element=move.element)
        step = {"claim": move.element, "by": by} | self._where(found) | {"refused": move.name}
        try:
            self.fresh.claim(found.token, by)
        except NotAllowed as error:
            if error.rule == move.name:
                self.steps.append(step)
                return
        raise NotRepeatable(element=move.element)

    def _fail(self, move: Move, case: str) -> None:
        waits = [work for work in self.fresh.open_work() if work.element == move.element]
        mine = [work for work in waits if work.instance_id == case]
        if not mine:
            raise NotRepeatable(element=move.element)
        if len(waits) > 1:
            raise CannotTellApart(element=move.element)
        self.fresh.fail(mine[0].token, instance_id=case)
        self.steps.append({"fail": move.element})

    def _with_people(self, found: OpenWork, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values with people named by what a choice calls them: an id is another on every stage. Raises: NotRepeatable."""
        form = self.fresh.process(found.process).elements[found.element].ext.form
        package = self.fresh.engine.library.newest(self.main.process_id).package_of(found.process)
        known = package.forms[form].all_components() if form in package.forms else iter(())
        choices = {one.path[-1]: one.options_from.text for one in known if one.options_from is not None and one.path}
        return {key: self._spoken(found, value, choices, key) for key, value in values.items()}

    def _spoken(self, found: OpenWork, value: Any, choices: Mapping[str, str], key: str) -> Any:
        if isinstance(value, Mapping):
            return {name: self._spoken(found, one, choices, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self._spoken(found, one, choices, key) for one in value]
        if not isinstance(value, str) or value not in self.logins:
            return value
        who = self.fresh.person(self.logins[value])
        text = f'{choices.get(key, "[]")}[contains(label, "{who.name}")][1].value'
        if self.fresh.evaluate_at(found, text) != who.id:
            raise NotRepeatable(element=found.element)
        return f"={text}"

    def _meant(self, found: OpenWork, value: Any) -> Any:
        """A value as the story will have it: what begins with `=` is evaluated, as `scenarios` does."""
        if isinstance(value, Mapping):
            return {name: self._meant(found, one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._meant(found, one) for one in value]
        return self.fresh.evaluate_at(found, value[1:]) if isinstance(value, str) and value.startswith("=") else value

    def _where(self, found: OpenWork) -> dict[str, Any]:
        """What tells a task apart from others that wait at the same element, of any case."""
        rivals = [work for work in self.fresh.open_work() if work.element == found.element and work.kind == found.kind]
        if len(rivals) < 2:
            return {}
        subject = self.fresh.process(found.process).elements[found.element].ext.subject
        for expression in (subject, "loopCounter") if subject else ("loopCounter",):
            values = [self.fresh.seen_from(work.instance_id, work.token)(expression) for work in rivals]
            mine = self.fresh.seen_from(found.instance_id, found.token)(expression)
            if mine is not None and values.count(mine) == 1:
                return {"where": {expression: plain(mine)}}
        raise CannotTellApart(element=found.element)

    def _wait_until(self, at: datetime) -> None:
        if at <= self.fresh.clock.now():
            return
        self.steps.append({"until": self._moment(at)})
        self.fresh.advance(at)
        self._meet()
        self._look()

    def _meet(self) -> None:
        """Take cases as they begin: the story's are the play's, in the same order."""
        self.cases = dict(zip(self.played.instances, self.fresh.instances, strict=False))

    def _look(self) -> None:
        """Expect what is seen now, where it is not what was seen before."""
        main = self.fresh.instances[0]
        seen: dict[str, Any] = {"open_exactly": self.fresh.open_tasks(), "milestone": self.fresh.milestone(main),
                                "incidents": len(self.fresh.incidents())}
        sent = self.fresh.sent()
        new = {key: value for key, value in seen.items() if value != self.told.get(key, 0 if key == "incidents" else None)}
        if sent[self.letters:]:
            new["sent"] = sent[self.letters:]
        self.told, self.letters = seen, len(sent)
        if new:
            self.steps.append({"expect": new})

    def _check_path(self) -> None:
        """Refuse a play that has gone another way. Raises: NotRepeatable."""
        for one, other in self.cases.items():
            was, now = ([stage[:2] for stage in rehearsal.trace(case)] for rehearsal, case in ((self.played, one), (self.fresh, other)))
            if was != now:
                parts = next((stage for stage, again in zip(was, now, strict=False) if stage != again), None) or (was + now)[-1]
                raise NotRepeatable(element=parts[0])
        if len(self.played.instances) != len(self.fresh.instances) or self.fresh.state() == InstanceState.CANCELLED:
            raise NotRepeatable(element=self.main.process_id)

    def _file(self, says: Text, start: Mapping[str, Any]) -> bytes:
        lines = [f"says: {_flow(_sentence(says))}", f"start: {_flow(dict(start))}"]
        lines += ["steps:", *(f"  - {_flow(step)}" for step in self.steps)] if self.steps else []
        if self.fresh.state() == InstanceState.COMPLETED:
            lines.append(f"ends: {_flow(self.fresh.outcome())}")
        return ("\n".join(lines) + "\n").encode()

    def _moment(self, at: datetime) -> str:
        """A moment as the body's clock shows it."""
        local = at.astimezone(self.fresh.calendar.zone).replace(tzinfo=None)
        return local.isoformat(timespec="auto" if local.second or local.microsecond else "minutes")


def _with(move: Move) -> dict[str, Any]:
    return {"with": dict(move.values)} if move.values else {}


def _sentence(says: Text) -> str | dict[str, str]:
    """What a story says, as its file has it: a text for one language, both by their names else."""
    fr, en = (" ".join(text.split()) for text in (says.fr, says.en))
    return {"fr": fr, "en": en} if fr and en and fr != en else fr or en


def _flow(value: Any) -> str:
    """One line of YAML."""
    text: str = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=_WIDE, sort_keys=False)
    return _MOMENT.sub(r"\1: \2", text.removesuffix("...\n").strip())
