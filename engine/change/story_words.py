"""A scenario in words, step by step, for people who do not read YAML.

Owns: one sentence a step, with the names people know instead of ids.
Leaves: reading the file to `scenarios`, playing it to `performances`.
Promises: nothing that is written in the story is left out: what has no sentence of its own is shown as it is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from engine.bpmn.model import Process
from engine.change.scenarios import Scenario, verb
from engine.change.trials.words import element_name, length_of, part_name
from engine.texts import Text
from engine.words import day_text, list_text, say_moment


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a story. `number` of its step, 0: the start, -1: the end. `expects`: it looks, it does nothing. `given`: data."""

    number: int
    text: Text
    expects: bool = False
    given: Any = None


def tell(story: Scenario, processes: Mapping[str, Process], names: Mapping[str, str], zone: ZoneInfo,
         letters: Mapping[str, Text] | None = None) -> tuple[Line, ...]:
    """Tell a story.

    Args:
        processes: by id. names: of people by login. letters: subjects by template.
    """
    return tuple(_Telling(story, processes, names, zone, letters or {}).lines())


class _Telling:
    """The work on one story."""

    def __init__(self, story: Scenario, processes: Mapping[str, Process], names: Mapping[str, str], zone: ZoneInfo,
                 letters: Mapping[str, Text]) -> None:
        self.story, self.processes, self.names, self.zone, self.letters = story, processes, names, zone, letters

    def lines(self) -> Iterator[Line]:
        story = self.story
        process = self.processes.get(story.process)
        name = process.name if process is not None and process.name.fr else Text.of(story.process)
        begins = (_BEGINS_BY if story.by else _BEGINS).format(at=self._moment(story.at), process=name, who=self._who(story.by))
        yield Line(0, begins, given=story.data)
        for number, step in enumerate(story.steps, 1):
            if verb(step) == "expect":
                yield from (Line(number, text, expects=True) for text in self._expected(step["expect"]))
            else:
                yield Line(number, self._done(step), given=step.get("with"))
        ends = _ENDS.format(end=self._element(story.ends)) if story.ends else _STILL_RUNS
        yield Line(-1, ends, expects=True)

    # --- what is done -----------------------------------------------------------------------------

    def _done(self, step: Mapping[str, Any]) -> Text:
        kind, who = verb(step), self._who(step.get("by"))
        match kind:
            case "complete" | "claim":
                return self._worked(step, kind, who)
            case "wait":
                return _PASSES.format(length=length_of(str(step["wait"])))
            case "until":
                return _UNTIL.format(at=self._moment(step["until"]))
            case "message" | "signal":
                about = Text.of(f" ({step['correlation']})") if step.get("correlation") is not None else Text("", "")
                return (_MESSAGE if kind == "message" else _SIGNAL).format(name=step[kind], about=about)
            case "outside":
                return (_ANSWERS if step.get("is") == "up" else _SILENT).format(part=part_name(str(step["outside"])))
            case "fail":
                return _FAILS.format(task=self._element(step["fail"]))
            case "bpmn_error":
                return _ERROR.format(task=self._element(step["bpmn_error"]), code=step.get("code") or "–")
        return Text.of(str(dict(step)))

    def _worked(self, step: Mapping[str, Any], kind: str, who: Text) -> Text:
        task = self._element(step[kind])
        if step.get("where"):
            task = _WHERE.format(task=task, where=", ".join(f"{key} = {one}" for key, one in step["where"].items()))
        if "refused" in step:
            why = _RULES.get(str(step["refused"]), Text.of(step["refused"]))
            return (_NOT_TAKEN if kind == "claim" else _NOT_DONE).format(who=who, task=task, why=why)
        if kind == "claim":
            return _TAKEN.format(who=who, task=task)
        return (_COMPLETED if step.get("by") else _SETTLED).format(who=who, task=task)

    # --- what is expected -------------------------------------------------------------------------

    def _expected(self, expected: Mapping[str, Any]) -> Iterator[Text]:
        for key, value in expected.items():
            if key == "deadline":
                due = day_text(expected["due"]) if isinstance(expected.get("due"), date) else Text.of(str(expected.get("due", "–")))
                yield _DEADLINE.format(rule=value, due=due) if "due" in expected else _A_DEADLINE.format(rule=value)
            elif key in ("open", "not_open", "open_exactly"):
                yield (_OPEN[key] if value else _NOTHING_OPEN).format(tasks=self._elements(value))
            elif key == "sent":
                yield _SENT.format(letters=self._letters(value)) if value else _NOTHING_SENT
            elif key == "variables":
                yield from (_VALUE.format(expression=expression, value=one) for expression, one in value.items())
            elif key in _OTHERS:
                yield _OTHERS[key].format(value=self._milestone(value) if key == "milestone" else _STATES.get(str(value), value))

    def _elements(self, elements: Any) -> Text:
        every = [_QUOTED.format(name=self._element(one)) for one in elements]
        return Text(list_text([one.fr for one in every]).fr, list_text([one.en for one in every]).en)

    def _letters(self, templates: Any) -> Text:
        every = [_QUOTED.format(name=_bare(self.letters.get(one, Text.of(one)))) for one in templates]
        return Text(list_text([one.fr for one in every]).fr, list_text([one.en for one in every]).en)

    def _milestone(self, milestone: Any) -> Text:
        found = (one.name for process in self.processes.values() for one in process.milestones if one.id == milestone)
        return next(found, Text.of(milestone))

    def _element(self, element: Any) -> Text:
        return element_name(self.processes, str(element))

    def _who(self, login: Any) -> Text:
        return Text.of(self.names.get(str(login), str(login))) if login else Text("Personne", "Nobody")

    def _moment(self, at: Any) -> Text:
        if isinstance(at, str):
            try:
                at = datetime.fromisoformat(at)
            except ValueError:
                return Text.of(at)
        if isinstance(at, datetime):
            local = at if at.tzinfo else at.replace(tzinfo=self.zone)
            return Text(*(say_moment(local, locale, self.zone) for locale in ("fr", "en")))
        return day_text(at) if isinstance(at, date) else Text.of(str(at))


def _bare(subject: Text) -> Text:
    """The subject of a letter without what is filled in."""
    return Text(*(_FILLED_IN.sub("…", subject(locale)) for locale in ("fr", "en")))


_FILLED_IN = re.compile(r"{{.*?}}")
_QUOTED = Text("« {name} »", "“{name}”")
_BEGINS = Text("Le {at}, un dossier commence : « {process} ».", "On {at} a case begins: “{process}”.")
_BEGINS_BY = Text("Le {at}, {who} ouvre un dossier : « {process} ».", "On {at} {who} opens a case: “{process}”.")
_COMPLETED = Text("{who} termine « {task} ».", "{who} completes “{task}”.")
_SETTLED = Text("« {task} » est réglé à la main.", "“{task}” is settled by hand.")
_TAKEN = Text("{who} prend « {task} ».", "{who} takes “{task}”.")
_NOT_TAKEN = Text("{who} ne peut pas prendre « {task} » : {why}.", "{who} may not take “{task}”: {why}.")
_NOT_DONE = Text("{who} ne peut pas terminer « {task} » : {why}.", "{who} may not complete “{task}”: {why}.")
_WHERE = Text("{task} ({where})", "{task} ({where})")
_PASSES = Text("Le temps passe : {length}.", "Time passes: {length}.")
_UNTIL = Text("Le temps passe jusqu’au {at}.", "Time passes until {at}.")
_MESSAGE = Text("Le message « {name} »{about} arrive.", "The message “{name}”{about} arrives.")
_SIGNAL = Text("Le signal « {name} »{about} arrive.", "The signal “{name}”{about} arrives.")
_SILENT = Text("{part} : ne répond plus.", "{part}: no longer answers.")
_ANSWERS = Text("{part} : répond de nouveau.", "{part}: answers again.")
_FAILS = Text("« {task} » tombe en panne.", "“{task}” fails.")
_ERROR = Text("« {task} » finit par l’erreur {code}.", "“{task}” ends with the error {code}.")
_RULES = {
    "group": Text("ce n’est pas une tâche de son groupe", "it is no task of their group"),
    "claim": Text("quelqu’un d’autre l’a prise", "somebody else has taken it"),
    "party": Text("ce n’est pas son dossier", "it is not their case"),
    "separation_of_duties": Text("une tâche faite avant l’exclut", "a task done before excludes it"),
    "invalid": Text("le formulaire n’est pas juste", "the form is not right"),
}
_OPEN = {"open": Text("Attendent quelqu’un : {tasks}.", "Somebody is awaited for: {tasks}."),
         "not_open": Text("N’attendent personne : {tasks}.", "Nobody is awaited for: {tasks}."),
         "open_exactly": Text("Attendent quelqu’un, et rien d’autre : {tasks}.", "Somebody is awaited for these only: {tasks}.")}
_NOTHING_OPEN = Text("Aucune tâche n’attend.", "No task waits.")
_SENT = Text("Des lettres sont parties : {letters}.", "Letters have gone out: {letters}.")
_NOTHING_SENT = Text("Aucune lettre n’est partie.", "No letter has gone out.")
_DEADLINE = Text("L’échéance {rule} est au {due}.", "The deadline {rule} is on {due}.")
_A_DEADLINE = Text("Une échéance {rule} court.", "A deadline {rule} runs.")
_VALUE = Text("{expression} vaut {value}.", "{expression} is {value}.")
_OTHERS = {"milestone": Text("Le dossier est à l’étape « {value} ».", "The case is at the milestone “{value}”."),
           "state": Text("Le dossier est {value}.", "The case is {value}."),
           "incidents": Text("Incidents ouverts : {value}.", "Open incidents: {value}.")}
_STATES = {"active": Text("en cours", "running"), "suspended": Text("suspendu", "suspended"),
           "completed": Text("terminé", "ended"), "cancelled": Text("annulé", "cancelled")}
_ENDS = Text("À la fin, le dossier s’arrête à « {end} ».", "At the end the case stops at “{end}”.")
_STILL_RUNS = Text("À la fin, le dossier est encore en cours.", "At the end the case is still running.")
