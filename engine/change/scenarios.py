"""Stories that must hold, beside the diagrams they tell of.

Owns: reading `processes/*/scenarios/*.yaml`, playing one in a rehearsal, and saying what was expected and what was.
Leaves: the stage (handlers, adapters, cast, deployed processes) to whoever makes the rehearsal; which branches no story takes to
`coverage`.
Promises: a story that is not written right is told by file, step and key, like one that does not hold; files named in a story are found
beside it and nowhere else.
Rule: docs/diagrams.md, 6.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import yaml

from engine import feel
from engine.change.coverage import Coverage
from engine.change.rehearsal import OpenWork, Rehearsal, Scene
from engine.definitions import folders
from engine.errors import Invalid, JalonError, NotAllowed
from engine.forms.faults import FormInvalid
from engine.states import InstanceState

#: Makes a rehearsal that begins at a moment, with handlers and adapters, nothing published yet.
Stage = Callable[[datetime], Rehearsal]

#: When the processes of a prepared stage were published: before every story.
_LONG_BEFORE = datetime(2020, 1, 6, 9)

_STORY = {"says", "start", "steps", "ends"}
_STEPS = {
    "complete": {"by", "with", "where", "refused", "fields"}, "claim": {"by", "where", "refused"}, "wait": set(), "until": set(),
    "message": {"correlation", "with"}, "signal": {"with"}, "outside": {"is"}, "expect": set(), "fail": set(), "bpmn_error": {"code"},
}
_EXPECT = {"deadline", "due", "open", "not_open", "open_exactly", "milestone", "sent", "variables", "state", "incidents"}


class NotAScenario(Invalid):
    """{file}: {what}."""

    fr = "{file} : {what}."


class ScenarioFailed(AssertionError):
    """A story does not hold: which step, what was expected, what was."""

    def __init__(self, file: str, says: str, step: str, problem: str) -> None:
        self.file, self.says, self.step, self.problem = file, says, step, problem
        super().__init__(f"{file}: {says}\n  at {step}\n  {problem}")


@dataclass(frozen=True)
class Scenario:
    """One story as it is written."""

    file: Path
    says: str
    process: str
    at: datetime
    data: Any
    by: str | None
    business_key: str | None
    steps: tuple[Mapping[str, Any], ...]
    ends: str | None

    @property
    def name(self) -> str:
        """The folder of its process and the file, for people: "certification/one_major"."""
        return f"{self.file.parent.parent.name}/{self.file.stem}"


@dataclass
class Outcome:
    """How a story went: `problem` is None when it holds. `coverage`: what it has shown of the diagrams."""

    scenario: Scenario
    problem: ScenarioFailed | None
    coverage: Coverage = field(default_factory=Coverage)


def find(processes: Path, paths: Sequence[Path] = ()) -> list[Scenario]:
    """Read stories: those of the files and folders named, else all of all process folders, in the order of the alphabet. Raises:
    NotAScenario."""
    if not paths:
        return [read(path) for path in sorted(processes.glob("*/scenarios/*.yaml"))]
    return [read(file) for path in paths for file in (sorted(path.rglob("scenarios/*.yaml")) if path.is_dir() else [path])]


def read(path: Path) -> Scenario:
    """Read a story. Raises: NotAScenario, naming what is wrong."""
    try:
        story = yaml.safe_load(path.read_bytes())
    except yaml.YAMLError as error:
        raise NotAScenario(file=path.name, what=" ".join(str(error).split())) from error
    _check_keys(path, story, _STORY, "the story", needed=("says", "start"))
    start = story["start"]
    _check_keys(path, start, {"process", "at", "with", "by", "business_key"}, "start", needed=("process", "at"))
    steps = story.get("steps") or []
    for number, step in enumerate(steps, 1):
        _check_step(path, number, step)
    return Scenario(path, str(story["says"]), str(start["process"]), _moment(path, start["at"]), start.get("with"), start.get("by"),
                    start.get("business_key"), tuple(steps), story.get("ends"))


def play(scenario: Scenario, stage: Stage, processes: Path) -> Outcome:
    """Play a story on a fresh stage, with the processes and the cast of a folder.

    Never raises for a story that does not hold: the problem says why. Raises: NotDeployable, when the processes cannot be published.
    """
    rehearsal = stage(scenario.at)
    if not rehearsal.ready:
        set_up(rehearsal, processes)
    problem: ScenarioFailed | None = None
    try:
        _Player(scenario, rehearsal).play()
    except ScenarioFailed as failed:
        problem = failed
    return Outcome(scenario, problem, Coverage.of(rehearsal))


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


class _Player:
    """A story under way."""

    def __init__(self, scenario: Scenario, rehearsal: Rehearsal) -> None:
        self.scenario, self.rehearsal = scenario, rehearsal
        self.told = 0       #: letters already expected
        self.main = ""

    def play(self) -> None:
        with _Telling(self.scenario, "the start"):
            start = self.scenario
            self.main = self.rehearsal.start(start.process, self._value(start.data or {}), start.business_key, start.by)
            self.rehearsal.settle()
        for number, step in enumerate(self.scenario.steps, 1):
            with _Telling(self.scenario, f"step {number}: {_short(step)}"):
                self._step(step)
        with _Telling(self.scenario, "the end"):
            self._end()

    def _step(self, step: Mapping[str, Any]) -> None:
        verb = next(verb for verb in _STEPS if verb in step)
        getattr(self, f"_{verb}")(step)
        if verb not in ("expect", "wait", "until"):
            self.rehearsal.settle()

    def _complete(self, step: Mapping[str, Any]) -> None:
        found = self._work(step, "complete")
        values = self._value(step.get("with") or {}, self.rehearsal.inputs_of(found))
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
        try:
            call()
        except NotAllowed as error:
            was, why = error.rule, str(error.fact or error)
        except FormInvalid as error:
            was, why = "invalid", ", ".join(sorted(error.errors))
            missing = sorted(set(step.get("fields") or ()) - set(error.errors))
            _check(not missing, f"expected a fault in {', '.join(missing)}; the faults are in: {why}")
        else:
            raise AssertionError(f"expected a refusal ({step['refused']}); it was accepted")
        _check(was == step["refused"], f"expected the refusal {step['refused']}; was {was} ({why})")

    def _wait(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.advance(str(step["wait"]))

    def _until(self, step: Mapping[str, Any]) -> None:
        until = step["until"]
        self.rehearsal.advance(until if isinstance(until, date) else str(until))

    def _message(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.message(step["message"], self._expression(step.get("correlation")), self._value(step.get("with") or {}))

    def _signal(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.signal(step["signal"], self._value(step.get("with") or {}))

    def _outside(self, step: Mapping[str, Any]) -> None:
        # YAML 1.1 reads no word of ours as a boolean here: `down` and `up` stay text.
        _check(step.get("is") in ("up", "down"), "`is` must be up or down")
        self.rehearsal.switch(step["outside"], step["is"] == "up")

    def _fail(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.fail(step["fail"])

    def _bpmn_error(self, step: Mapping[str, Any]) -> None:
        self.rehearsal.bpmn_error(step["bpmn_error"], str(step.get("code") or ""))

    def _expect(self, step: Mapping[str, Any]) -> None:
        expected = step["expect"]
        for key in expected:
            if key != "due":
                getattr(self, f"_expect_{key}")(expected[key], expected)

    def _expect_deadline(self, rule: str, expected: Mapping[str, Any]) -> None:
        days = self.rehearsal.deadlines(rule)
        _check(bool(days), f"expected a deadline {rule}; there is none")
        if "due" in expected:
            _check(expected["due"] in days, f"expected {rule} due {expected['due']}; is due {_list(days)}")

    def _expect_open(self, elements: list[str], _: Mapping[str, Any]) -> None:
        open_ = self.rehearsal.open_tasks()
        missing = sorted(set(elements) - set(open_))
        _check(not missing, f"expected open: {_list(missing)}; is open: {_list(open_)}{self._incidents()}")

    def _expect_not_open(self, elements: list[str], _: Mapping[str, Any]) -> None:
        wrong = sorted(set(elements) & set(self.rehearsal.open_tasks()))
        _check(not wrong, f"expected not open: {_list(wrong)}; is open")

    def _expect_open_exactly(self, elements: list[str], _: Mapping[str, Any]) -> None:
        open_ = self.rehearsal.open_tasks()
        _check(open_ == sorted(elements), f"expected open exactly: {_list(sorted(elements))}; is open: {_list(open_)}{self._incidents()}")

    def _expect_milestone(self, milestone: str, _: Mapping[str, Any]) -> None:
        was = self.rehearsal.milestone(self.main)
        _check(was == milestone, f"expected milestone {milestone}; was {was}")

    def _expect_sent(self, templates: list[str], _: Mapping[str, Any]) -> None:
        sent = self.rehearsal.sent()
        new, self.told = sent[self.told:], len(sent)
        _check(new == templates, f"expected sent: {_list(templates)}; was sent: {_list(new)}{self._incidents()}")

    def _expect_variables(self, variables: Mapping[str, Any], _: Mapping[str, Any]) -> None:
        for expression, value in variables.items():
            was = self.rehearsal.evaluate(expression, self.main)
            same = feel.evaluate("left = right", {"left": was, "right": feel.adopt(self._value(value))})
            _check(same is True or (was is None and value is None), f"expected {expression} = {value!r}; was {was!r}")

    def _expect_state(self, state: str, _: Mapping[str, Any]) -> None:
        was = self.rehearsal.state(self.main)
        _check(was == state, f"expected state {state}; was {was}{self._incidents()}")

    def _expect_incidents(self, count: int, _: Mapping[str, Any]) -> None:
        open_ = self.rehearsal.incidents()
        _check(len(open_) == count, f"expected {count} incidents; there are {len(open_)}{self._incidents()}")

    def _end(self) -> None:
        ends, state = self.scenario.ends, self.rehearsal.state(self.main)
        open_ = f"; open: {_list(self.rehearsal.open_tasks())}{self._incidents()}"
        if ends is None:
            _check(state == InstanceState.ACTIVE, f"expected to be still running; is {state} at {self.rehearsal.outcome(self.main)}")
            return
        _check(state == InstanceState.COMPLETED, f"expected the end {ends}; the case is {state}{open_}")
        was = self.rehearsal.outcome(self.main)
        _check(was == ends, f"expected the end {ends}; was {was}")

    def _work(self, step: Mapping[str, Any], verb: str) -> OpenWork:
        return self.rehearsal.find(step[verb], where=step.get("where"))

    def _by(self, step: Mapping[str, Any]) -> str | None:
        by = step.get("by")
        return None if by is None else str(by)

    def _expression(self, value: Any, see: Callable[[str], Any] | None = None) -> Any:
        """A text that begins with `=` is FEEL, seen from the task or from the case; anything else is itself."""
        if not isinstance(value, str) or not value.startswith("="):
            return value
        return see(value[1:]) if see is not None else self.rehearsal.evaluate(value[1:], self.main or None)

    def _value(self, value: Any, see: Callable[[str], Any] | None = None) -> Any:
        """Data of a story: files beside it are read, FEEL is evaluated, whatever is inside too."""
        if isinstance(value, Mapping):
            return {str(key): self._value(one, see) for key, one in value.items()}
        if isinstance(value, list):
            return [self._value(one, see) for one in value]
        if isinstance(value, str) and value.endswith((".json", ".yaml")):
            return self._file(value)
        return self._expression(value, see)

    def _file(self, name: str) -> Any:
        folder = self.scenario.file.parent.resolve()
        path = (folder / name).resolve()
        _check(path.is_relative_to(folder.parent) and path.is_file(), f"there is no file {name} beside the story")
        data = path.read_text(encoding="utf-8")
        return json.loads(data) if name.endswith(".json") else yaml.safe_load(data)

    def _incidents(self) -> str:
        open_ = self.rehearsal.incidents()
        return "".join(f"\n  incident at {element}: {why.en}" for element, why in open_)


class _Telling:
    """Tells at which step of which story something went wrong."""

    def __init__(self, scenario: Scenario, step: str) -> None:
        self.scenario, self.step = scenario, step

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, FormInvalid):
            faults = "; ".join(f"{path}: {fault.message.en}" for path, all_ in sorted(error.errors.items()) for fault in all_)
            raise self._failed(f"the form {error.form} is not right: {faults}") from error
        if isinstance(error, NotAllowed):
            raise self._failed(f"not allowed ({error.rule}): {error.fact or error}") from error
        if isinstance(error, (AssertionError, JalonError)):
            raise self._failed(str(error)) from error

    def _failed(self, problem: str) -> ScenarioFailed:
        return ScenarioFailed(self.scenario.name, self.scenario.says, self.step, problem)


def _check(holds: bool, problem: str) -> None:
    if not holds:
        raise AssertionError(problem)


def _list(values: Any) -> str:
    return ", ".join(str(value) for value in values) or "nothing"


def _short(step: Mapping[str, Any]) -> str:
    words = ", ".join(f"{key}: {value}" for key, value in step.items())
    return words if len(words) <= 120 else words[:119] + "…"


def _check_keys(path: Path, found: Any, known: set[str], where: str, needed: tuple[str, ...] = ()) -> None:
    if not isinstance(found, Mapping):
        raise NotAScenario(file=path.name, what=f"{where} must be keys with values")
    unknown = sorted(set(map(str, found)) - known)
    missing = [key for key in needed if key not in found]
    if unknown or missing:
        what = f"unknown key {', '.join(unknown)}" if unknown else f"{', '.join(missing)} is missing"
        raise NotAScenario(file=path.name, what=f"{where}: {what}; known: {', '.join(sorted(known))}")


def _check_step(path: Path, number: int, step: Any) -> None:
    verbs = [verb for verb in _verbs(step)]
    if len(verbs) != 1:
        raise NotAScenario(file=path.name, what=f"step {number}: needs exactly one of {', '.join(_STEPS)}")
    _check_keys(path, step, {verbs[0], *_STEPS[verbs[0]]}, f"step {number}")
    if verbs[0] == "expect":
        _check_keys(path, step["expect"], _EXPECT, f"step {number}, expect")


def _verbs(step: Any) -> Iterator[str]:
    if isinstance(step, Mapping):
        yield from (verb for verb in _STEPS if verb in step)


def _moment(path: Path, at: Any) -> datetime:
    if isinstance(at, datetime):
        return at
    if isinstance(at, date):
        return datetime(at.year, at.month, at.day, 9)
    try:
        return datetime.fromisoformat(str(at))
    except ValueError:
        raise NotAScenario(file=path.name, what=f"start: {at!r} is no moment; write 2026-01-31T09:00") from None
