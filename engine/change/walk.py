"""A diagram walked through from the command line: files, start, steps, and the trace that comes out.

Owns: `walk`: what a steps file may say, read and done one after the other on a rehearsal; every mistake as one sentence.
Leaves: what a step does to `Rehearsal`; expectations, people and letters to `scenarios`.
Promises: a file that cannot be deployed, a step that cannot be read and an element where nothing waits are told with their place; nothing
is walked before all steps have been read.
Rule: issue 4, section 1.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from engine import feel
from engine.change.rehearsal import NotATime, Rehearsal
from engine.definitions import Package, read_folder
from engine.definitions.files import belongs
from engine.definitions.library import WhichProcess
from engine.errors import Invalid, JalonError
from engine.problems import NotDeployable
from engine.texts import Text

Step = Mapping[str, Any]
#: What a step may do, by its word, with the words that may stand beside it.
_WORDS: dict[str, frozenset[str]] = {
    "complete": frozenset({"with", "where"}), "fail": frozenset({"reason"}), "bpmn_error": frozenset({"code"}),
    "message": frozenset({"correlation", "with"}), "signal": frozenset({"with"}), "tell": frozenset(), "advance": frozenset(),
    "settle": frozenset()}


class WrongStep(Invalid):
    """Step {number}: {why}"""

    fr = "Étape {number} : {why}"


class WrongSteps(Invalid):
    """The steps cannot be read: {why}"""

    fr = "Les étapes ne peuvent pas être lues : {why}"


class WrongVariables(Invalid):
    """The variables are not JSON that can be read: {why}"""

    fr = "Les variables ne sont pas du JSON lisible : {why}"


class FileNotReadable(Invalid):
    """{file} cannot be read: {why}"""

    fr = "{file} ne peut pas être lu : {why}"


class CannotWalk(Invalid):
    """These files cannot be run: {file}{element}: {why} {remedy}{more}"""

    fr = "Ces fichiers ne peuvent pas être exécutés : {file}{element} : {why} {remedy}{more}"


@dataclass(frozen=True, slots=True)
class Walked:
    """What came of it: the case that was started, and what its tokens did, in order: element, what happened, moment (ISO 8601)."""

    instance_id: str
    trace: tuple[tuple[str, str, str], ...]


def walk(rehearsal: Rehearsal, files: Mapping[str, bytes], process_id: str, variables: Mapping[str, Any], steps: Sequence[Step]) -> Walked:
    """Deploy files, start a case and do the steps; what is due is done after each.

    Raises: CannotWalk, for files with a problem; NotFound, for a process that is not in them; WrongStep, with the number of the step.
    """
    try:
        rehearsal.deploy(files)
    except NotDeployable as refused:
        raise _cannot(refused) from refused
    instance_id = rehearsal.start(process_id or _only(files), feel.adopt(dict(variables)))
    rehearsal.settle()
    for number, step in enumerate(steps, 1):
        try:
            _do(rehearsal, step)
            rehearsal.settle()
        except (JalonError, feel.FeelError, ValueError) as error:
            raise WrongStep(number=number, why=error.sentence if isinstance(error, JalonError) else Text.of(str(error))) from error
    return Walked(instance_id, tuple((element, happened, at.isoformat()) for element, happened, at in rehearsal.trace(instance_id)))


def read_steps(content: bytes) -> list[Step]:
    """Read a steps file, YAML or JSON: a list of steps, or a mapping with `steps`. Raises: WrongSteps; WrongStep, with its number."""
    try:
        found = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise WrongSteps(why=Text.of(" ".join(str(error).split()))) from error
    steps = found.get("steps") if isinstance(found, dict) else found
    if steps is None:
        steps = []
    if not isinstance(steps, list):
        raise WrongSteps(why=_NOT_A_LIST)
    for number, step in enumerate(steps, 1):
        if (why := _fault(step)) is not None:
            raise WrongStep(number=number, why=why)
    return steps


def read_path(path: Path) -> dict[str, bytes]:
    """Read a file, whatever a diagram is called, or the files of a process folder. Raises: FileNotReadable; FolderNotReadable."""
    if path.is_dir():
        return read_folder(path)
    return {path.name if belongs(path.name) else f"{path.name}.bpmn": read_file(path)}


def read_file(path: Path) -> bytes:
    """Read a file. Raises: FileNotReadable, naming it."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileNotReadable(file=path.name, why=Text.of(error.strerror or str(error))) from error


def read_variables(text: str) -> dict[str, Any]:
    """Read variables written as JSON. Raises: WrongVariables."""
    try:
        found = json.loads(text)
    except ValueError as error:
        raise WrongVariables(why=Text.of(str(error))) from error
    if not isinstance(found, dict):
        raise WrongVariables(why=_NOT_BY_NAME)
    return found


def read_moment(text: str) -> datetime | None:
    """Read the moment a walk begins, None for no text. Raises: NotATime."""
    try:
        return datetime.fromisoformat(text) if text else None
    except ValueError as error:
        raise NotATime(text=text) from error


def _fault(step: Any) -> Text | None:
    """Why a step cannot be done, None when it can."""
    words = [word for word in _WORDS if isinstance(step, dict) and word in step]
    if len(words) != 1:
        return _WHICH.format(words=", ".join(_WORDS))
    [word] = words
    if unknown := sorted(str(one) for one in step if one != word and one not in _WORDS[word]):
        return _UNKNOWN.format(word=word, unknown=", ".join(unknown))
    if word in ("complete", "fail", "bpmn_error", "message", "signal") and not isinstance(step[word], str):
        return _NO_NAME.format(word=word)
    if word == "bpmn_error" and not isinstance(step.get("code"), str):
        return _NO_CODE
    values = step["tell"] if word == "tell" else step.get("with", {})
    return None if isinstance(values, dict) else _NOT_VALUES.format(word=word)


def _do(rehearsal: Rehearsal, step: Step) -> None:
    [word] = [word for word in _WORDS if word in step]
    named, values = step[word], feel.adopt(step.get("with") or {})
    does: dict[str, Callable[[], object]] = {
        "complete": lambda: rehearsal.complete(named, values, where=step.get("where")),
        "fail": lambda: rehearsal.fail(named, str(step.get("reason") or "failed on purpose")),
        "bpmn_error": lambda: rehearsal.bpmn_error(named, step["code"]),
        "message": lambda: rehearsal.message(named, feel.adopt(step.get("correlation")), values),
        "signal": lambda: rehearsal.signal(named, values),
        "tell": lambda: rehearsal.tell(feel.adopt(named)),
        "advance": lambda: rehearsal.advance(named),
        "settle": rehearsal.settle,
    }
    does[word]()


def _only(files: Mapping[str, bytes]) -> str:
    """The process to start when none is named. Raises: WhichProcess, when there are several."""
    processes = [process.id for process in Package.read("", files).processes]
    if len(processes) != 1:
        raise WhichProcess(folder="–", processes=", ".join(processes) or "–")
    return processes[0]


def _cannot(refused: NotDeployable) -> CannotWalk:
    first, count = refused.problems[0], len(refused.problems) - 1
    return CannotWalk(file=first.file, element=f"#{first.element}" if first.element else "", why=first.message, remedy=first.remedy,
                      more=_MORE.format(count=count) if count else "")


_NOT_BY_NAME = Text("il faut des valeurs par nom, comme {\"montant\": 3}.", "values by name are needed, such as {\"amount\": 3}.")
_NOT_A_LIST = Text("il faut une liste d’étapes", "a list of steps is needed")
_WHICH = Text("une étape dit une seule chose à faire, parmi : {words}.", "a step says exactly one thing to do, out of: {words}.")
_UNKNOWN = Text("« {word} » ne connaît pas : {unknown}.", "“{word}” does not know: {unknown}.")
_NO_NAME = Text("« {word} » attend un nom.", "“{word}” needs a name.")
_NO_CODE = Text("« bpmn_error » attend le code de l’erreur (`code`).", "“bpmn_error” needs the code of the error (`code`).")
_NOT_VALUES = Text("« {word} » attend des valeurs par nom.", "“{word}” needs values by name.")
_MORE = Text(" (et {count} autre(s) : jalon check les dit tous)", " (and {count} more: jalon check tells them all)")
