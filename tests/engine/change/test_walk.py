"""`jalon run`: a diagram walked through from the command line, and every mistake told in one sentence with exit code 2."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import jalon
from tests.engine.diagrams import bpmn

DIAGRAM = bpmn("""
<startEvent id="Start"/><userTask id="Ask" jalon:groups="sales"/><boundaryEvent id="Late" attachedToRef="Ask">
<timerEventDefinition><timeDuration>P3M</timeDuration></timerEventDefinition></boundaryEvent>
<exclusiveGateway id="Which" default="no"/><sequenceFlow id="no" sourceRef="Which" targetRef="Refused"/>
<endEvent id="Granted"/><endEvent id="Refused"/><endEvent id="Lapsed"/>
Start -> Ask -> Which
Which -> Granted: =amount > 3
Late -> Lapsed
""")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs the command on the diagram with these steps; more arguments come after."""
    monkeypatch.setenv("JALON_LANG", "en")
    (tmp_path / "diagram.bpmn").write_bytes(DIAGRAM)

    def call(steps: Any = None, *more: str, file: str = "diagram.bpmn") -> Result:
        arguments = ["run", str(tmp_path / file), "--process", "p", "--at", "2026-01-31T09:00", *more]
        if steps is not None:
            (tmp_path / "steps.json").write_text(steps if isinstance(steps, str) else json.dumps(steps))
            arguments += ["--steps", str(tmp_path / "steps.json")]
        return CliRunner().invoke(jalon.main, arguments)

    return call


def test_the_trace_is_printed_as_json(run: Any) -> None:
    done = run([{"complete": "Ask", "with": {"amount": 5}}], "--with", '{"client": "A"}')
    assert done.exit_code == 0, done.stderr
    assert [step[:2] for step in json.loads(done.stdout)] == [
        ["Start", "taken"], ["Ask", "entered"], ["Ask", "completed"], ["Which", "taken"], ["Granted", "ended"]]
    assert {step[2] for step in json.loads(done.stdout)} == {"2026-01-31T08:00:00+00:00"}


def test_time_passes_and_due_timers_fire(run: Any) -> None:
    trace = json.loads(run([{"advance": "P1Y"}]).stdout)
    assert trace[-1] == ["Lapsed", "ended", "2026-04-30T07:00:00+00:00"] and ["Ask", "cancelled"] in [step[:2] for step in trace]


def test_steps_may_be_yaml_and_without_steps_the_case_only_begins(run: Any) -> None:
    assert [step[0] for step in json.loads(run("steps:\n- complete: Ask\n  with: {amount: 1}\n").stdout)][-1] == "Refused"
    assert [step[0] for step in json.loads(run().stdout)] == ["Start", "Ask"]


def test_a_diagram_may_be_called_otherwise_and_the_only_process_needs_no_name(run: Any, tmp_path: Path) -> None:
    (tmp_path / "drawing.xml").write_bytes(DIAGRAM)
    assert json.loads(run(None, "--process", "", file="drawing.xml").stdout)[0][0] == "Start"


@pytest.mark.parametrize(("steps", "more", "told"), [
    ([{"complete": "Nowhere"}], (), "Step 1: Nothing waits at Nowhere; open is: Ask, Late."),
    ([{"complete": "Ask", "with": {"amount": 9}}, {"complete": "Ask"}], (), "Step 2: Nothing waits at Ask"),
    ([{"advance": "soon"}], (), "Step 1: “soon” is neither a duration nor a moment."),
    ([{"finish": "Ask"}], (), "Step 1: a step says exactly one thing to do, out of: complete, fail,"),
    ([{"complete": "Ask", "by": "anna"}], (), "Step 1: “complete” does not know: by."),
    ([{"complete": "Ask", "with": 3}], (), "Step 1: “complete” needs values by name."),
    ([{"complete": 3}], (), "Step 1: “complete” needs a name."),
    ([{"bpmn_error": "Ask"}], (), "Step 1: “bpmn_error” needs the code of the error (`code`)."),
    ({"steps": "no"}, (), "The steps cannot be read: a list of steps is needed"),
    ("[{", (), "The steps cannot be read: "),
    (None, ("--with", "{"), "The variables are not JSON that can be read: "),
    (None, ("--with", "[1]"), "The variables are not JSON that can be read: values by name are needed"),
    (None, ("--steps", "nothing.json"), "nothing.json cannot be read: No such file or directory"),
    (None, ("--process", "q"), "No published process is called q."),
    (None, ("--at", "yesterday"), "“yesterday” is neither a duration nor a moment."),
])
def test_a_mistake_is_one_sentence_and_exit_code_2(run: Any, steps: Any, more: tuple[str, ...], told: str) -> None:
    done = run(steps, *more)
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(("content", "told"), [
    (None, "diagram.bpmn cannot be read: No such file or directory"), (b"", "These files cannot be run: diagram.bpmn: "),
    (b"<xml", "These files cannot be run: diagram.bpmn: "),
    (DIAGRAM.replace(b"amount > 3", b"amount > ("), "These files cannot be run: diagram.bpmn#"), (b"<a/>", "These files cannot be run: ")])
def test_a_file_that_cannot_be_run_is_one_sentence_and_exit_code_2(run: Any, tmp_path: Path, content: bytes | None, told: str) -> None:
    if content is None:
        (tmp_path / "diagram.bpmn").unlink()
    else:
        (tmp_path / "diagram.bpmn").write_bytes(content)
    done = run()
    assert (done.exit_code, done.stdout) == (2, "")
    assert told in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_messages_signals_facts_and_failures_are_steps_too(run: Any, tmp_path: Path) -> None:
    (tmp_path / "diagram.bpmn").write_bytes(bpmn("""
<startEvent id="Start"/><intermediateCatchEvent id="Hear"><messageEventDefinition messageRef="M"/></intermediateCatchEvent>
<intermediateCatchEvent id="Flag"><signalEventDefinition signalRef="S"/></intermediateCatchEvent>
<userTask id="Try" jalon:groups="sales"/><boundaryEvent id="Bad" attachedToRef="Try"><errorEventDefinition errorRef="E"/></boundaryEvent>
<userTask id="Last" jalon:groups="sales"/><endEvent id="End"/><endEvent id="Fine"/>
Start -> Hear -> Flag -> Try -> Fine
Bad -> Last -> End""", before='<message id="M" name="m" jalon:correlation="number"/><signal id="S" name="s"/>'
                             '<error id="E" errorCode="NO"/>'))
    trace = json.loads(run([{"message": "m", "correlation": 7, "with": {"x": 1}}, {"signal": "s"}, {"bpmn_error": "Try", "code": "NO"},
                            {"fail": "Last", "reason": "no paper"}, {"settle": None}], "--with", '{"number": 7}').stdout)
    assert [step[:2] for step in trace][-3:] == [["Bad", "taken"], ["Last", "entered"], ["Last", "failed"]]
