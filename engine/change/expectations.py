"""What a story expects, held against what is.

Owns: every key of an `expect` step and the end of a story, and the difference in words.
Leaves: doing what happens in between to `performances`.
Promises: each `sent` tells of the letters since the one before; a difference names what was expected and what was, in both languages.
Rule: docs/diagrams.md, 6.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine import feel
from engine.change.rehearsal import Rehearsal
from engine.errors import Invalid
from engine.states import InstanceState
from engine.texts import Text


class NotAsExpected(Invalid):
    """{text}"""

    fr = "{text}"

    def __init__(self, text: Text) -> None:
        self.text = text
        super().__init__(text=text)


def check(holds: bool, problem: Text) -> None:
    """Raises: NotAsExpected, when it does not hold."""
    if not holds:
        raise NotAsExpected(problem)


class Expectations:
    """Holds a rehearsal against what a story expects."""

    def __init__(self, rehearsal: Rehearsal, value: Callable[[Any], Any]) -> None:
        """Look at a rehearsal. `value` reads a value of the story: a file, FEEL, or itself."""
        self.rehearsal, self._value = rehearsal, value
        self.main = ""
        self._told = 0                                      #: letters already expected

    def meet(self, expected: Mapping[str, Any]) -> None:
        """Look at everything an `expect` step names. Raises: NotAsExpected, for the first that is otherwise."""
        for key in expected:
            if key != "due":
                getattr(self, f"_{key}")(expected[key], expected)

    def end(self, ends: str | None) -> None:
        """Look at how the case of the story stands when its last step is done."""
        state = self.rehearsal.state(self.main)
        if ends is None:
            check(state == InstanceState.ACTIVE, _NOT_RUNNING.format(state=state, outcome=self.rehearsal.outcome(self.main) or "–"))
            return
        check(state == InstanceState.COMPLETED, _NOT_ENDED.format(
            ends=ends, state=state, open=_list(self.rehearsal.open_tasks()), incidents=self._standing_still()))
        was = self.rehearsal.outcome(self.main)
        check(was == ends, _OTHER_END.format(ends=ends, was=was or "–"))

    def _deadline(self, rule: str, expected: Mapping[str, Any]) -> None:
        days = self.rehearsal.deadlines(rule)
        check(bool(days), _NO_DEADLINE.format(rule=rule))
        if "due" in expected:
            check(expected["due"] in days, _OTHER_DAY.format(rule=rule, due=expected["due"], days=_list(days)))

    def _open(self, elements: list[str], _: Mapping[str, Any]) -> None:
        open_ = self.rehearsal.open_tasks()
        missing = sorted(set(elements) - set(open_))
        check(not missing, _MISSING.format(missing=_list(missing), open=_list(open_), incidents=self._standing_still()))

    def _not_open(self, elements: list[str], _: Mapping[str, Any]) -> None:
        wrong = sorted(set(elements) & set(self.rehearsal.open_tasks()))
        check(not wrong, _OPEN.format(wrong=_list(wrong)))

    def _open_exactly(self, elements: list[str], _: Mapping[str, Any]) -> None:
        open_ = self.rehearsal.open_tasks()
        check(open_ == sorted(elements), _NOT_EXACTLY.format(wanted=_list(sorted(elements)), open=_list(open_),
                                                             incidents=self._standing_still()))

    def _milestone(self, milestone: str, _: Mapping[str, Any]) -> None:
        was = self.rehearsal.milestone(self.main)
        check(was == milestone, _OTHER_MILESTONE.format(wanted=milestone, was=was or "–"))

    def _sent(self, templates: list[str], _: Mapping[str, Any]) -> None:
        sent = self.rehearsal.sent()
        new, self._told = sent[self._told:], len(sent)
        check(new == templates, _OTHER_LETTERS.format(wanted=_list(templates), was=_list(new), incidents=self._standing_still()))

    def _variables(self, variables: Mapping[str, Any], _: Mapping[str, Any]) -> None:
        for expression, value in variables.items():
            was = self.rehearsal.evaluate(expression, self.main)
            same = feel.evaluate("left = right", {"left": was, "right": feel.adopt(self._value(value))})
            check(same is True or (was is None and value is None),
                  _OTHER_VALUE.format(expression=expression, value=repr(value), was=repr(was)))

    def _state(self, state: str, _: Mapping[str, Any]) -> None:
        was = self.rehearsal.state(self.main)
        check(was == state, _OTHER_STATE.format(wanted=state, was=was, incidents=self._standing_still()))

    def _incidents(self, count: int, _: Mapping[str, Any]) -> None:
        open_ = self.rehearsal.incidents()
        check(len(open_) == count, _OTHER_INCIDENTS.format(wanted=count, count=len(open_), incidents=self._standing_still()))

    def _standing_still(self) -> Text:
        """What stands still, as the rest of a sentence: often the cause."""
        told = [_INCIDENT.format(element=element, why=why) for element, why in self.rehearsal.incidents()]
        return Text(*("".join(text(locale) for text in told) for locale in ("fr", "en")))


def _list(values: Any) -> Text:
    every = ", ".join(str(value) for value in values)
    return Text(every or "rien", every or "nothing")


_INCIDENT = Text("\n  incident à {element} : {why}", "\n  incident at {element}: {why}")
_NOT_RUNNING = Text("attendu : encore en cours ; est {state} à {outcome}", "expected to be still running; is {state} at {outcome}")
_NOT_ENDED = Text("attendu : la fin {ends} ; le dossier est {state} ; ouvert : {open}{incidents}",
                  "expected the end {ends}; the case is {state}; open: {open}{incidents}")
_OTHER_END = Text("attendu : la fin {ends} ; c’était {was}", "expected the end {ends}; was {was}")
_NO_DEADLINE = Text("attendu : une échéance {rule} ; il n’y en a pas", "expected a deadline {rule}; there is none")
_OTHER_DAY = Text("attendu : {rule} échue le {due} ; elle l’est le {days}", "expected {rule} due {due}; is due {days}")
_MISSING = Text("attendu ouvert : {missing} ; est ouvert : {open}{incidents}", "expected open: {missing}; is open: {open}{incidents}")
_OPEN = Text("attendu non ouvert : {wrong} ; est ouvert", "expected not open: {wrong}; is open")
_NOT_EXACTLY = Text("attendu ouvert exactement : {wanted} ; est ouvert : {open}{incidents}",
                    "expected open exactly: {wanted}; is open: {open}{incidents}")
_OTHER_MILESTONE = Text("attendu : l’étape {wanted} ; c’était {was}", "expected milestone {wanted}; was {was}")
_OTHER_LETTERS = Text("attendu, lettres parties : {wanted} ; sont parties : {was}{incidents}",
                      "expected sent: {wanted}; was sent: {was}{incidents}")
_OTHER_VALUE = Text("attendu : {expression} = {value} ; c’était {was}", "expected {expression} = {value}; was {was}")
_OTHER_STATE = Text("attendu : l’état {wanted} ; c’était {was}{incidents}", "expected state {wanted}; was {was}{incidents}")
_OTHER_INCIDENTS = Text("attendu : {wanted} incident(s) ; il y en a {count}{incidents}",
                        "expected {wanted} incidents; there are {count}{incidents}")
