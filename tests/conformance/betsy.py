"""Betsy's processes on our kernel: an adapter, for its script bodies are words and not a language.

Each script task becomes a service task that names its word; the adapter does what the word says, in virtual time.
Words: `../shared/suites/README.md`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from engine.bpmn import reader
from engine.errors import JalonError
from engine.kernel.program import Program
from engine.kernel.run import Run
from engine.kernel.waits import Thrown, Wait
from tests.engine.kernel.drawing import TestHost

_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
_HANDLER = "{urn:jalon:bpmn:1}handler"
_CONTAINS = re.compile(r"^\$?\{?\s*test\.contains\(\s*[\"'](\w+)[\"']\s*\)\s*\}?>?$")
_WORDS_THAT_LOG = re.compile(r"SCRIPT_task\d")


def adapted(content: bytes) -> bytes:
    """Turn script bodies into handlers and conditions into FEEL."""
    root = etree.fromstring(content)
    for node in list(root.iter(f"{_BPMN}scriptTask")):
        script = node.find(f"{_BPMN}script")
        node.tag = f"{_BPMN}serviceTask"
        node.set(_HANDLER, (script.text or "").strip() if script is not None else "NOTHING")
        if script is not None:
            node.remove(script)
    for node in list(root.iter(f"{_BPMN}globalScriptTask")):
        node.tag = f"{_BPMN}globalUserTask"
        node.set(_HANDLER, (node.findtext(f"{_BPMN}script") or "").strip())
    for name in ("conditionExpression", "condition", "loopCondition"):
        for node in root.iter(f"{_BPMN}{name}"):
            node.text = _condition((node.text or "").strip())
    content = etree.tostring(root)
    assert isinstance(content, bytes)
    return content


def _condition(text: str) -> str:
    if match := _CONTAINS.match(text):
        return f'contains(test, "{match.group(1)}")'
    return re.sub(r"^\$\{(.*)\}$", r"\1", text)


@dataclass
class Case:
    """One run of one process with its start values."""

    program: Program
    log: list[str] = field(default_factory=list)
    host: TestHost = field(default_factory=lambda: TestHost(datetime(2026, 1, 1, tzinfo=UTC)))
    runs: list[Run] = field(default_factory=list)

    def play(self, processes: list[str], variables: Mapping[str, Any], delay: float) -> None:
        self.runs = [Run.start(self.program, key, variables, self.host) for key in processes]
        self._settle()
        self._pass(delay)
        for run in self.runs:
            if any(wait.kind == "failed" and wait.cause != "stall" for wait in run.waits().values()):
                uncaught = any(wait.cause == "error" for wait in run.waits().values())
                self.log.append("ERROR_thrownErrorEvent" if uncaught else "ERROR_runtime")

    def _step(self, run: Run) -> bool:
        """Advance a run and do one thing it waits for. Tells whether there was anything to do."""
        run.advance()
        blob, scopes = run.dump(), run.scopes
        _, thrown = run.take()
        assert run.waits() == Run.load(self.program, blob, scopes, self.host).waits()
        for one in thrown:
            self._begin(one)
            for other in self.runs:
                kinds = ("signal", "message") if other is not run else ("message",)
                for wait in list(other.waits().values()):
                    if wait.kind == one.kind and wait.kind in kinds and wait.name == one.name:
                        other.fire(wait.token)
        ready = next((wait for wait in run.waits().values() if wait.kind in ("service", "user", "decision")), None)
        if ready is not None:
            self._do(run, ready)
        return ready is not None or bool(thrown)

    def _begin(self, thrown: Thrown) -> None:
        """Start the processes that a message starts."""
        for process in self.program.model.processes.values():
            for start in process.starts():
                if any((event.kind, event.name or event.ref) == (thrown.kind, thrown.name) for event in start.events):
                    self.runs.append(Run.start(self.program, process.id, {}, self.host, at_element=start.id))

    def _do(self, run: Run, wait: Wait) -> None:
        element = self.program.element(wait.process, wait.element)
        word, given = element.ext.handler, run.inputs(wait.token)
        values: dict[str, Any] = {}
        if _WORDS_THAT_LOG.fullmatch(word):
            self.log.append(word)
        elif word == "CREATE_MARKER_FILE":
            self.log.append("MARKER_exists")
        elif word.startswith("INCREMENT_INTEGER_VARIABLE"):
            values = {"integerVariable": given["integerVariable"] + 1}
            self.log += ["INCREMENT"] if word.endswith("LOG") else []
        elif word == "SET_STRING_DATA":
            values = dict.fromkeys(element.given_by or ("data",), "String")
        elif word == "LOG_DATA":
            [name, *_] = [line.name for line in element.ext.inputs if line.variable] or ["data"]
            self.log.append("DATA_correct" if given.get(name) == "String" else "DATA_wrong")
        elif word == "WAIT_TEN_SECONDS":
            self._pass(10)
            if wait.token not in run.waits():
                return
        elif word == "THROW_ERROR":
            run.bpmn_error(wait.token, "ERR_CODE")
            return
        run.complete(wait.token, values)

    def _pass(self, seconds: float) -> None:
        """Let time pass; timers fire in order and what they set off is done."""
        end = self.host.now() + timedelta(seconds=seconds)
        while True:
            due = sorted(((wait.due_at, wait.token, run) for run in self.runs for wait in run.waits().values()
                          if wait.kind == "timer" and wait.due_at is not None and wait.due_at <= end), key=lambda row: row[:2])
            if not due:
                break
            moment, token, run = due[0]
            self.host.clock.set(max(moment, self.host.clock.now()))
            run.fire(token)
            self._settle()
        self.host.clock.set(end)

    def _settle(self) -> None:
        """Do what is to be done, in all runs, until there is nothing more."""
        for _ in range(300):
            if not any([self._step(run) for run in list(self.runs)]):
                return
        raise AssertionError("the case never comes to rest")


def outcome(content: bytes, case: Mapping[str, Any]) -> list[str]:
    """Run one case and tell what it logged."""
    try:
        reading = reader.read({"betsy.bpmn": adapted(content)})
        program = Program(reading)
    except JalonError:
        return ["ERROR_deployment"]
    executable = [process.id for process in reading.model.processes.values()]
    main = [executable[0]]
    played = Case(program)
    variables = {"test": case["test"], "integerVariable": case["int"], "data": None}
    played.play([*main, *(["ParallelProcess"] if case["parallel"] else [])], variables, case["delay"])
    return played.log
