"""A problem found while checking what a process owner wrote: which file, which element, what, and the way out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from engine.errors import Invalid
from engine.texts import Text

Level = Literal["error", "draft", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding of a check.

    Attributes:
        file: path inside the process folder, `certification.bpmn`.
        element: id of the element in that file, or "" when the file as a whole is meant.
        code: stable name, `gateway.flow_without_condition`.
        level: `error` cannot be read or would run wrong; `draft` may be saved and drawn but not deployed; `warning` is advice.
        message: what is wrong. remedy: what to do.
    """

    file: str
    element: str
    code: str
    level: Level
    message: Text
    remedy: Text

    def to_json(self) -> dict[str, Any]:
        return {"file": self.file, "element": self.element, "code": self.code, "level": self.level,
                "message": self.message.to_json(), "remedy": self.remedy.to_json()}


class NotDeployable(Invalid):
    """These files cannot be deployed: {count} problems."""

    fr = "Ces fichiers ne peuvent pas être déployés : {count} problèmes."

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(count=len(problems), first=f"{problems[0].file}#{problems[0].element} {problems[0].code}" if problems else "")
