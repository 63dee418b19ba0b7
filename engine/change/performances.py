"""Stories being played, and how they went.

Owns: playing a `Scenario` in a rehearsal, step by step, and saying what was expected and what was, in both languages.
Leaves: the stage (handlers, adapters, cast, deployed processes) to whoever makes the rehearsal; what a step expects to `expectations`;
which branches no story takes to `coverage`.
Promises: a story that does not hold is told by its step; files named in a story are found beside it and nowhere else.
Rule: docs/diagrams.md, 6.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from engine.change.coverage import Coverage
from engine.change.expectations import Expectations, NotAsExpected, check
from engine.change.rehearsal import OpenWork, Rehearsal, Scene
from engine.change.scenarios import Scenario, verb
from engine.definitions import folders
from engine.errors import JalonError, NotAllowed
from engine.forms.faults import FormInvalid
from engine.texts import Text

#: Makes a rehearsal that begins at a moment, with handlers and adapters, nothing published yet.
Stage = Callable[[datetime], Rehearsal]

#: When the processes of a prepared stage were published: before every story.
_LONG_BEFORE = datetime(2020, 1, 6, 9)
AT_START, AT_END = 0, -1
_SHORT = 120


class ScenarioFailed(AssertionError):
    """A story does not hold: which step, what was expected, what was.

    Attributes:
        number: of the step, from 1; `AT_START` or `AT_END`.
    """

    def __init__(self, file: str, says: Text, number: int, step: Text, problem: Text) -> None:
        self.file, self.says, self.number, self.step, self.problem = file, says, number, step, problem
        super().__init__(f"{file}: {says}\n  at {step}\n  {problem}")


@dataclass
class Outcome:
    """How a story went: `problem` is None when it holds. `coverage`: what it has shown of the diagrams."""

    scenario: Scenario
    problem: ScenarioFailed | None
    coverage: Coverage = field(default_factory=Coverage)


def play(scenario: Scenario, stage: Stage, processes: Path) -> Outcome:
    """Play a story on a fresh stage, with the processes and the cast of a folder.

    Never raises for a story that does not hold: the problem says why. Raises: NotDeployable, when the processes cannot be published.
    """
    rehearsal = stage(scenario.at)
    if not rehearsal.ready:
        set_up(rehearsal, processes)
    problem: ScenarioFailed | None = None
    try:
        perform(scenario, rehearsal)
    except ScenarioFailed as failed:
        problem = failed
    return Outcome(scenario, problem, Coverage.of(rehearsal))


def perform(scenario: Scenario, rehearsal: Rehearsal, steps: int | None = None) -> None:
    """Play a story in a rehearsal that is set up and stands at its beginning.

    Args:
        steps: how many of its steps; None: all of them, and then its end is looked at.
    Raises: ScenarioFailed.
    """
    _Performance(scenario, rehearsal).play(steps)


def answer(scenario: Scenario, number: int, rehearsal: Rehearsal, work: OpenWork) -> dict[str, Any]:
    """What a story writes into the form of a task, read as this task sees it now.

    Args:
        number: of the step, from 1. Raises: NotAsExpected, for a file there is not.
    """
    return dict(_Performance(scenario, rehearsal).value(scenario.steps[number - 1].get("with") or {}, rehearsal.inputs_of(work)))


def prepared(stage: Stage, processes: Path) -> Stage:
    """Make a stage on which the processes and the cast of a folder stand already: set up once, copied for each story.

    Raises: NotDeployable, when the first story begins and the processes cannot be published.
    """
    scenes: list[Scene] = []

    def begin(at: datetime) -> Rehearsal:
        if not scenes:
            first = stage(_LONG_BEFORE)
            set_up(first, processes)
            scenes.append(first.scene())
            first.store.close()
        rehearsal = stage(at)
        rehearsal.begin_from(scenes[0])
        return rehearsal

    return begin


def set_up(rehearsal: Rehearsal, processes: Path) -> None:
    """Publish the process folders of a folder in a rehearsal and make the people of its `cast.yaml` known."""
    rehearsal.deploy_all(folders(processes))
    cast = processes / "cast.yaml"
    if cast.is_file():
        rehearsal.add_people(yaml.safe_load(cast.read_text(encoding="utf-8"))["people"])


def run_all(stories: Sequence[Scenario], stage: Stage, processes: Path, tell: Callable[[str], object] = print) -> int:
    """Play stories and tell how each went; the last line is `N passed, M failed`. Returns: how many failed."""
    outcomes, stage = [], prepared(stage, processes)
    for story in stories:
        outcome = play(story, stage, processes)
        outcomes.append(outcome)
        tell(f"{'FAILED' if outcome.problem else 'ok':6} {story.name}: {story.says}")
        if outcome.problem:
            tell(f"       at {outcome.problem.step}\n       {outcome.problem.problem}")
    failed = sum(outcome.problem is not None for outcome in outcomes)
    tell(f"{len(outcomes) - failed} passed, {failed} failed")
    return failed


class _Performance:
    """A story under way."""

    def __init__(self, scenario: Scenario, rehearsal: Rehearsal) -> None:
        self.scenario, self.rehearsal = scenario, rehearsal
        self.main = ""
        self.expectations = Expectations(rehearsal, self.value)

    def play(self, steps: int | None) -> None:
        with _Telling(self.scenario, AT_START, _START):
            start = self.scenario
            self.main = self.rehearsal.start(start.process, self.value(start.data or {}), start.business_key, start.by)
            self.expectations.main = self.main
            self.rehearsal.settle()
        for number, step in enumerate(self.scenario.steps[:steps], 1):
            with _Telling(self.scenario, number, _STEP.format(number=number, step=_short(step))):
                self._step(step)
        if steps is None:
            with _Telling(self.scenario, AT_END, _END):
                self.expectations.end(self.scenario.ends)

    def _step(self, step: Mapping[str, Any]) -> None:
        name = verb(step)
        if name == "expect":
            self.expectations.meet(step["expect"])
            return
        getattr(self, f"_{name}")(step)
        if name not in ("wait", "until"):
            self.rehearsal.settle()

    def _complete(self, step: Mapping[str, Any]) -> None:
        found = self._work(step, "complete")
        values = self.value(step.get("with") or {}, self.rehearsal.inputs_of(found))
        if "refused" in step:
            self._refused(step, lambda: self.rehearsal.complete(found.token, values, by=self._by(step)))
        else:
            self.rehearsal.complete(found.token, values, by=self._by(step))

    def _claim(self, step: Mapping[str, Any]) -> None:
        found = self._work(step, "claim")
        if "refused" in step:
            self._refused(step, lambda: self.rehearsal.claim(found.token, self._by(step) or ""))
        else:
            self.rehearsal.claim(found.token, self._by(step) or "")

    def _refused(self, step: Mapping[str, Any], call: Callable[[], object]) -> None:
        wanted = step["refused"]
        try:
            call()
        except NotAllowed as error:
            was, why = error.rule, error.fact or error.sentence
        except FormInvalid as error:
            was, why = "invalid", Text.of(", ".join(sorted(error.errors)))
            missing = sorted(set(step.get("fields") or ()) - set(error.errors))
            check(not missing, _NO_FAULT.format(fields=", ".join(missing), why=why))
        else:
            raise NotAsExpected(_ACCEPTED.format(wanted=wanted))
        check(was == wanted, _OTHER_REFUSAL.format(wanted=wanted, was=was, why=why))

    def _wait(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.advance(str(step["wait"]))

    def _until(self, step: Mapping[str, Any]) -> None:
        until = step["until"]
        self.rehearsal.advance(until if isinstance(until, date) else str(until))

    def _message(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.message(step["message"], self._expression(step.get("correlation")), self.value(step.get("with") or {}))

    def _signal(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.signal(step["signal"], self.value(step.get("with") or {}))

    def _outside(self, step: Mapping[str, Any]) -> None:
        # YAML 1.1 reads no word of ours as a boolean here: `down` and `up` stay text.
        check(step.get("is") in ("up", "down"), _UP_OR_DOWN)
        self.rehearsal.switch(step["outside"], step["is"] == "up")

    def _fail(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.fail(step["fail"])

    def _bpmn_error(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.bpmn_error(step["bpmn_error"], str(step.get("code") or ""))

    def _work(self, step: Mapping[str, Any], name: str) -> OpenWork:
        return self.rehearsal.find(step[name], where=step.get("where"))

    def _by(self, step: Mapping[str, Any]) -> str | None:
        by = step.get("by")
        return None if by is None else str(by)

    def _expression(self, value: Any, see: Callable[[str], Any] | None = None) -> Any:
        """A text that begins with `=` is FEEL, seen from the task or from the case; anything else is itself."""
        if not isinstance(value, str) or not value.startswith("="):
            return value
        return see(value[1:]) if see is not None else self.rehearsal.evaluate(value[1:], self.main or None)

    def value(self, value: Any, see: Callable[[str], Any] | None = None) -> Any:
        """Data of a story: files beside it are read, FEEL is evaluated, whatever is inside too."""
        if isinstance(value, Mapping):
            return {str(key): self.value(one, see) for key, one in value.items()}
        if isinstance(value, list):
            return [self.value(one, see) for one in value]
        if isinstance(value, str) and value.endswith((".json", ".yaml")):
            return self._file(value)
        return self._expression(value, see)

    def _file(self, name: str) -> Any:
        folder = self.scenario.file.parent.resolve()
        path = (folder / name).resolve()
        check(path.is_relative_to(folder.parent) and path.is_file(), _NO_FILE.format(name=name))
        data = path.read_text(encoding="utf-8")
        return json.loads(data) if name.endswith(".json") else yaml.safe_load(data)


class _Telling:
    """Tells at which step of which story something went wrong."""

    def __init__(self, scenario: Scenario, number: int, step: Text) -> None:
        self.scenario, self.number, self.step = scenario, number, step

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, NotAsExpected):
            raise self._failed(error.text) from error
        if isinstance(error, FormInvalid):
            faults = [(path, fault.message) for path, every in sorted(error.errors.items()) for fault in every]
            told = Text(*("; ".join(f"{path}: {message(locale)}" for path, message in faults) for locale in ("fr", "en")))
            raise self._failed(_BAD_FORM.format(form=error.form, faults=told)) from error
        if isinstance(error, NotAllowed):
            raise self._failed(_NOT_ALLOWED.format(rule=error.rule, why=error.fact or error.sentence)) from error
        if isinstance(error, JalonError):
            raise self._failed(error.sentence) from error
        if isinstance(error, (ValueError, yaml.YAMLError)):     # a file that is no JSON, a moment in the past
            raise self._failed(Text.of(str(error))) from error

    def _failed(self, problem: Text) -> ScenarioFailed:
        return ScenarioFailed(self.scenario.name, self.scenario.says, self.number, self.step, problem)


def _short(step: Mapping[str, Any]) -> str:
    words = ", ".join(f"{key}: {value}" for key, value in step.items())
    return words if len(words) <= _SHORT else words[:_SHORT - 1] + "…"


_START, _END = Text("le début", "the start"), Text("la fin", "the end")
_STEP = Text("étape {number} : {step}", "step {number}: {step}")
_ACCEPTED = Text("attendu : un refus ({wanted}) ; c’est accepté", "expected a refusal ({wanted}); it was accepted")
_OTHER_REFUSAL = Text("attendu : le refus {wanted} ; c’était {was} ({why})", "expected the refusal {wanted}; was {was} ({why})")
_NO_FAULT = Text("attendu : un défaut dans {fields} ; les défauts sont dans : {why}",
                 "expected a fault in {fields}; the faults are in: {why}")
_UP_OR_DOWN = Text("`is` doit valoir up ou down", "`is` must be up or down")
_NO_FILE = Text("il n’y a pas de fichier {name} à côté du scénario", "there is no file {name} beside the story")
_BAD_FORM = Text("le formulaire {form} n’est pas juste : {faults}", "the form {form} is not right: {faults}")
_NOT_ALLOWED = Text("non autorisé ({rule}) : {why}", "not allowed ({rule}): {why}")
