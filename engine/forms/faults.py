"""What is wrong with a filled-in form: every fault, by field.

Owns: `FieldError` and `FormInvalid`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid
from engine.texts import NO_TEXT, Text


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of one field.

    Attributes:
        code: stable name, "required", "number", "check", "validator.siret". message: what is wrong and what is right.
        rule: source of the rule it breaks, "" texts when it is a matter of form only.
    """

    code: str
    message: Text
    rule: Text = NO_TEXT

    def to_json(self) -> dict[str, Any]:
        return {"code": self.code, "message": self.message.to_json(), "rule": self.rule.to_json()}


class FormInvalid(Invalid):
    """The form has {count} faults."""

    fr = "Le formulaire a {count} erreurs."

    def __init__(self, form: str, errors: Mapping[str, list[FieldError]]) -> None:
        self.form, self.errors = form, dict(errors)
        super().__init__(form=form, count=sum(len(faults) for faults in errors.values()), fields=sorted(errors))

    @property
    def sentence(self) -> Text:
        return Text("Le formulaire a 1 erreur.", "The form has 1 fault.") if self.details["count"] == 1 else super().sentence

    def to_json(self) -> dict[str, Any]:
        return {"form": self.form, "errors": {path: [fault.to_json() for fault in faults] for path, faults in self.errors.items()}}
