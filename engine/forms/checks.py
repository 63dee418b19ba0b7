"""Whether a value of a form is right.

Owns: the checks of one value: type, required, limits, pattern, choice, own FEEL check, registered validator.
Leaves: which fields are seen, and nested data, to `form`.
Promises: every fault of a value is told, except those that only follow from another (an unreadable number has no limits to break).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from engine import feel
from engine.forms.components import Choice, Component
from engine.forms.faults import FieldError
from engine.texts import Text
from engine.words import say_number

#: A check registered by name for `properties.validator`: takes the value, returns the fault or None.
Validator = Callable[[Any], FieldError | Text | None]
Functions = Mapping[str, Callable[..., Any]]
LONGEST_TEXT = 20_000
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_PHONE = re.compile(r"\+?[\d\s().\u00a0\u202f-]{6,25}")


def is_empty(component: Component, value: Any) -> bool:
    return value is None or value == [] or value == "" or (component.type == "checkbox" and value is False)


def faults_of(component: Component, value: Any, choices: Sequence[Choice], scope: Mapping[str, Any],
              validators: Mapping[str, Validator], functions: Functions) -> list[FieldError]:
    """All faults of one value.

    Args:
        value: typed by `entries`. scope: what its FEEL check may read besides `value`.
        validators: by name; one that is not there is a fault of the form, found when it is deployed (see `engine.definitions`).
    """
    if is_empty(component, value):
        if component.required:
            return [FieldError("required", _REQUIRED.get(component.type, _REQUIRED_FIELD), component.rule)]
        return list(_own_check(component, value, scope, functions))
    wrong = _wrong_type(component, value)
    if wrong is not None:
        return [FieldError(component.type, wrong, component.rule)]
    found = [*_limits(component, value), *_choice(component, value, choices), *_own_check(component, value, scope, functions)]
    if component.no_past and isinstance(value, date) and "today" in functions and value < functions["today"]():
        found.append(FieldError("past", _PAST, component.rule))
    if component.validator in validators:
        found += _validated(component, validators[component.validator](value))
    return found


def _wrong_type(component: Component, value: Any) -> Text | None:
    """Tell what the value should have been, None when its type is right."""
    match component.type:
        case "number":
            right = isinstance(value, (int, Decimal)) and not isinstance(value, bool)
            return None if right else _NOT_A_NUMBER
        case "datetime":
            right = type(value) is {"time": time, "datetime": datetime}.get(component.subtype, date)
            return None if right else _TEMPORAL.get(component.subtype, _TEMPORAL["date"])
        case "checkbox":
            return None if isinstance(value, bool) else _NOT_YES_NO
        case "checklist" | "taglist" | "dynamiclist":
            return None if isinstance(value, list) else _NOT_A_LIST
        case "textfield" | "textarea":
            return None if isinstance(value, str) else _NOT_A_TEXT
        case _:
            return None


def _limits(component: Component, value: Any) -> Iterator[FieldError]:
    if isinstance(value, (int, Decimal)) and component.type == "number":
        yield from _number_limits(component, value)
    elif isinstance(value, str) and component.type in ("textfield", "textarea"):
        yield from _text_limits(component, value)


def _number_limits(component: Component, value: int | Decimal) -> Iterator[FieldError]:
    if component.minimum is not None and value < component.minimum:
        yield FieldError("min", _number_text(_MIN, component.minimum), component.rule)
    if component.maximum is not None and value > component.maximum:
        yield FieldError("max", _number_text(_MAX, component.maximum), component.rule)
    exponent = Decimal(value).normalize().as_tuple().exponent
    if component.decimals is not None and isinstance(exponent, int) and -exponent > component.decimals:
        yield FieldError("decimals", _DECIMALS.format(count=component.decimals) if component.decimals else _WHOLE, component.rule)


def _text_limits(component: Component, value: str) -> Iterator[FieldError]:
    longest = component.max_length or LONGEST_TEXT
    if len(value) > longest:
        yield FieldError("max_length", _TOO_LONG.format(count=longest), component.rule)
        return
    if component.min_length is not None and len(value) < component.min_length:
        yield FieldError("min_length", _TOO_SHORT.format(count=component.min_length), component.rule)
    if component.pattern is not None and not component.pattern.search(value):
        yield FieldError("pattern", component.message if component.message.fr else _PATTERN, component.rule)
    if component.kind == "email" and not _EMAIL.fullmatch(value):
        yield FieldError("email", _NOT_AN_EMAIL, component.rule)
    if component.kind == "phone" and not _PHONE.fullmatch(value):
        yield FieldError("phone", _NOT_A_PHONE, component.rule)


def _choice(component: Component, value: Any, choices: Sequence[Choice]) -> Iterator[FieldError]:
    known = [choice.value for choice in choices]
    if component.type in ("radio", "select") and value not in known:
        yield FieldError("choice", _NOT_A_CHOICE.format(value=value), component.rule)
    for one in value if component.type in ("checklist", "taglist") else ():
        if one not in known:
            yield FieldError("choice", _NOT_A_CHOICE.format(value=one), component.rule)


def _own_check(component: Component, value: Any, scope: Mapping[str, Any], functions: Functions) -> Iterator[FieldError]:
    """The component's FEEL check: a value must make it true; an empty one must not make it false (`value = null or …` lets it pass)."""
    if component.check is None:
        return
    try:
        holds = component.check.evaluate({**scope, "value": value}, functions)
    except feel.EvaluationError as error:
        yield FieldError("check", Text(error.fr, error.en), component.rule)
        return
    if holds is False or (holds is not True and value not in (None, [])):
        yield FieldError("check", component.message if component.message.fr else _NOT_RIGHT, component.rule)


def _validated(component: Component, fault: FieldError | Text | None) -> list[FieldError]:
    if fault is None:
        return []
    code = f"validator.{component.validator}"
    if isinstance(fault, Text):
        return [FieldError(code, fault, component.rule)]
    return [FieldError(fault.code or code, fault.message, fault.rule if fault.rule.fr else component.rule)]


def _number_text(text: Text, limit: Decimal) -> Text:
    return text.format(limit=Text(say_number(limit, "fr"), say_number(limit, "en")))


_REQUIRED_FIELD = Text("Remplissez ce champ.", "Fill in this field.")
_REQUIRED = {
    "checkbox": Text("Cochez cette case pour continuer.", "Tick this box to go on."),
    "radio": Text("Choisissez une réponse.", "Choose an answer."), "select": Text("Choisissez une réponse.", "Choose an answer."),
    "checklist": Text("Cochez au moins une case.", "Tick at least one box."),
    "taglist": Text("Choisissez au moins une réponse.", "Choose at least one."),
    "datetime": Text("Indiquez une date.", "Give a date."), "number": Text("Indiquez un nombre.", "Give a number."),
}
_TEMPORAL = {
    "date": Text("Ce n’est pas une date ; écrivez-la ainsi : 31/01/2026.", "This is not a date; write it like this: 2026-01-31."),
    "time": Text("Ce n’est pas une heure ; écrivez-la ainsi : 14:30.", "This is not a time; write it like this: 14:30."),
    "datetime": Text("Ce n’est pas une date et une heure ; ainsi : 2026-01-31T14:30.",
                     "This is not a date and time; like this: 2026-01-31T14:30."),
}
_NOT_A_NUMBER = Text("Ce n’est pas un nombre.", "This is not a number.")
_NOT_YES_NO = Text("Répondez par oui ou non.", "Answer yes or no.")
_NOT_A_LIST = Text("Une liste est attendue ici.", "A list is expected here.")
_NOT_A_TEXT = Text("Un texte est attendu ici.", "A text is expected here.")
_MIN = Text("Au moins {limit}.", "At least {limit}.")
_MAX = Text("Au plus {limit}.", "At most {limit}.")
_DECIMALS = Text("Au plus {count} décimales.", "At most {count} decimals.")
_WHOLE = Text("Un nombre entier est attendu.", "A whole number is expected.")
_TOO_LONG = Text("Au plus {count} caractères.", "At most {count} characters.")
_TOO_SHORT = Text("Au moins {count} caractères.", "At least {count} characters.")
_PATTERN = Text("Ce texte n’a pas la forme attendue.", "This text does not have the form expected.")
_NOT_AN_EMAIL = Text("Ce n’est pas une adresse e-mail ; ainsi : nom@exemple.fr.",
                     "This is not an e-mail address; like this: name@example.org.")
_NOT_A_PHONE = Text("Ce n’est pas un numéro de téléphone.", "This is not a telephone number.")
_NOT_A_CHOICE = Text("« {value} » n’est pas parmi les réponses possibles.", "“{value}” is not among the possible answers.")
_PAST = Text("Cette date est passée.", "This date is past.")
_NOT_RIGHT = Text("Cette valeur ne convient pas.", "This value is not right.")
