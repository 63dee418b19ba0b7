"""Stories that must hold, beside the diagrams they tell of, as they are written.

Owns: `Scenario`, and reading `processes/*/scenarios/*.yaml`.
Leaves: playing one to `performances`, its steps in words to `story_words`.
Promises: a story that is not written right is told by file, step and key.
Rule: docs/diagrams.md, 6.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.errors import Invalid
from engine.texts import Text

#: The fast one, where the machine has it; both read safely.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STORY = {"says", "start", "steps", "ends"}
_STEPS = {
    "complete": {"by", "with", "where", "refused", "fields"}, "claim": {"by", "where", "refused"}, "wait": set(), "until": set(),
    "message": {"correlation", "with"}, "signal": {"with"}, "outside": {"is"}, "expect": set(), "fail": set(), "bpmn_error": {"code"},
}
_EXPECT = {"deadline", "due", "open", "not_open", "open_exactly", "milestone", "sent", "variables", "state", "incidents"}


class NotAScenario(Invalid):
    """{file}: {what}."""

    fr = "{file} : {what}."


@dataclass(frozen=True)
class Scenario:
    """One story as it is written. `says`: one sentence, in both languages when it is written in both."""

    file: Path
    says: Text
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


def find(processes: Path, paths: Sequence[Path] = ()) -> list[Scenario]:
    """Read stories: those of the files and folders named, else all of all process folders, in the order of the alphabet. Raises:
    NotAScenario."""
    if not paths:
        return [read(path) for path in sorted(processes.glob("*/scenarios/*.yaml"))]
    return [read(file) for path in paths for file in (sorted(path.rglob("scenarios/*.yaml")) if path.is_dir() else [path])]


def read(path: Path) -> Scenario:
    """Read a story from its file. Raises: NotAScenario, naming what is wrong."""
    return parse(path, path.read_bytes())


def parse(path: Path, data: bytes) -> Scenario:
    """Read a story.

    Args:
        path: where it lies, for its name and the files it names; nothing is read from there.
    Raises: NotAScenario, naming what is wrong.
    """
    try:
        story = _tree(data)
    except (yaml.YAMLError, ValueError) as error:
        raise NotAScenario(file=path.name, what=Text.of(" ".join(str(error).split()))) from error
    _check_keys(path, story, _STORY, _WHOLE, needed=("says", "start"))
    start, steps = story["start"], story.get("steps") or []
    _check_keys(path, start, {"process", "at", "with", "by", "business_key"}, Text.of("start"), needed=("process", "at"))
    if not isinstance(steps, list):
        raise NotAScenario(file=path.name, what=_NO_LIST)
    for number, step in enumerate(steps, 1):
        _check_step(path, number, step)
    return Scenario(path, Text.of(story["says"]), str(start["process"]), _moment(path, start["at"]), start.get("with"), start.get("by"),
                    start.get("business_key"), tuple(steps), story.get("ends"))


@lru_cache(maxsize=512)
def _tree(data: bytes) -> Any:
    """A file as data, read once for the same bytes; whoever gets it changes nothing in it."""
    return yaml.load(data, Loader=_LOADER)


def verb(step: Mapping[str, Any]) -> str:
    """What a step does: "complete", "until", "expect" …"""
    return next(name for name in _STEPS if name in step)


def _check_keys(path: Path, found: Any, known: set[str], where: Text, needed: tuple[str, ...] = ()) -> None:
    if not isinstance(found, Mapping):
        raise NotAScenario(file=path.name, what=_NO_KEYS.format(where=where))
    unknown = sorted(set(map(str, found)) - known)
    missing = [key for key in needed if key not in found]
    if unknown or missing:
        what = _UNKNOWN.format(keys=", ".join(unknown)) if unknown else _MISSING.format(keys=", ".join(missing))
        raise NotAScenario(file=path.name, what=_AT.format(where=where, what=what, known=", ".join(sorted(known))))


def _check_step(path: Path, number: int, step: Any) -> None:
    verbs = [name for name in _STEPS if name in step] if isinstance(step, Mapping) else []
    if len(verbs) != 1:
        raise NotAScenario(file=path.name, what=_ONE_VERB.format(number=number, verbs=", ".join(_STEPS)))
    _check_keys(path, step, {verbs[0], *_STEPS[verbs[0]]}, _STEP.format(number=number))
    if verbs[0] == "expect":
        _check_keys(path, step["expect"], _EXPECT, _EXPECT_OF.format(number=number))


def _moment(path: Path, at: Any) -> datetime:
    if isinstance(at, datetime):
        return at
    if isinstance(at, date):
        return datetime(at.year, at.month, at.day, 9)
    try:
        return datetime.fromisoformat(str(at))
    except ValueError:
        raise NotAScenario(file=path.name, what=_NO_MOMENT.format(at=repr(at))) from None


_WHOLE = Text("le scénario", "the story")
_STEP = Text("étape {number}", "step {number}")
_EXPECT_OF = Text("étape {number}, expect", "step {number}, expect")
_NO_LIST = Text("steps doit être une liste", "steps must be a list")
_NO_KEYS = Text("{where} doit se composer de clés et de valeurs", "{where} must be keys with values")
_UNKNOWN = Text("clé inconnue {keys}", "unknown key {keys}")
_MISSING = Text("il manque {keys}", "{keys} is missing")
_AT = Text("{where} : {what} ; clés connues : {known}", "{where}: {what}; known: {known}")
_ONE_VERB = Text("étape {number} : il faut exactement un de {verbs}", "step {number}: needs exactly one of {verbs}")
_NO_MOMENT = Text("start : {at} n’est pas un moment ; écrivez 2026-01-31T09:00", "start: {at} is no moment; write 2026-01-31T09:00")
