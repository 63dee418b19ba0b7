"""English texts of a diagram, kept beside it.

Owns: `texts.en.yaml`, its part `elements: {id: name}` or `elements: {id: {name, documentation, subject}}`, and putting those texts into
the model. `subject` is FEEL, as it is in the diagram.
Leaves: the texts of forms to `engine.forms`.
Promises: a name drawn as `jalon:nameEn` stays; a text for an element that is gone is a warning, not a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import yaml

from engine.bpmn.model import Element, Flow, Lane, Milestone, Model, Process
from engine.bpmn.xml import expression
from engine.problems import Problem
from engine.texts import Text

Part = TypeVar("Part", Element, Flow, Lane, Milestone)

#: Where the English texts of a process folder stand.
FILE = "texts.en.yaml"
_PARTS = frozenset({"name", "documentation", "subject"})


@dataclass(frozen=True, slots=True)
class English:
    """What is said of one element in English; "" where nothing is."""

    name: str = ""
    documentation: str = ""
    subject: str = ""


def read(content: bytes, file: str = FILE) -> tuple[dict[str, English], list[Problem]]:
    """Read the English texts of elements.

    Args:
        content: the file as it is. file: its path, for the message.
    Returns: id → English texts, and what is wrong with the file.
    """
    try:
        data: Any = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as fault:
        return {}, [_problem(file, "", "texts.not_yaml", "error",
                             f"Ce fichier n’est pas du YAML lisible : {fault}", f"This file is not readable YAML: {fault}",
                             "Corrigez la ligne indiquée.", "Mend the line named.")]
    elements = {} if data is None else (data.get("elements") or {}) if isinstance(data, dict) else None
    if not isinstance(elements, dict) or not all(_is_readable(one) for one in elements.values()):
        return {}, [_problem(file, "", "texts.wrong_shape", "error",
                             "Les textes anglais s’écrivent « elements: {id: texte} », ou {name, documentation, subject} au lieu du texte.",
                             "English texts are written “elements: {id: text}”, or {name, documentation, subject} for the text.",
                             "Écrivez un texte par identifiant.", "Write one text for each id.")]
    return {str(key): _english_of(one) for key, one in elements.items()}, []


def _is_readable(one: Any) -> bool:
    return isinstance(one, str) or (isinstance(one, dict) and one.keys() <= _PARTS and all(isinstance(text, str) for text in one.values()))


def _english_of(one: Any) -> English:
    if isinstance(one, str):
        return English(" ".join(one.split()))
    return English(" ".join(one.get("name", "").split()), one.get("documentation", "").strip(), one.get("subject", "").strip())


def apply(model: Model, names: Mapping[str, English]) -> Model:
    """Give the elements of a model their English texts. Returns: a new model; names drawn in English stay as drawn."""
    if not names:
        return model
    return replace(model, processes={key: _process(process, names) for key, process in model.processes.items()})


def unknown(model: Model, names: Mapping[str, English], file: str = FILE) -> list[Problem]:
    """List the texts whose element is in no diagram (any more)."""
    drawn = {key for process in model.processes.values() for key in
             (process.id, *process.elements, *process.flows, *(lane.id for lane in process.lanes),
              *(step.id for step in process.milestones))}
    return [_problem(file, key, "texts.unknown_element", "warning", f"« {key} » n’est dans aucun diagramme.", f"“{key}” is in no diagram.",
                     "Retirez ce texte, ou corrigez l’identifiant.",
                     "Remove this text, or mend the id.") for key in names if key not in drawn]


def _process(process: Process, names: Mapping[str, English]) -> Process:
    return replace(process, name=_english(process, names),
                   elements={key: _told(_named(one, names), names) for key, one in process.elements.items()},
                   flows={key: _named(one, names) for key, one in process.flows.items()},
                   lanes=tuple(_named(one, names) for one in process.lanes),
                   milestones=tuple(_named(one, names) for one in process.milestones))


def _named(part: Part, names: Mapping[str, English]) -> Part:
    return replace(part, name=_english(part, names)) if part.id in names else part


def _told(element: Element, texts: Mapping[str, English]) -> Element:
    """An element with its documentation and subject in English too."""
    found = texts.get(element.id)
    if found is None or not (found.documentation or found.subject):
        return element
    return replace(element, documentation=Text(element.documentation.fr, found.documentation),
                   ext=replace(element.ext, subject_en=expression(found.subject)))


def _english(part: Element | Flow | Lane | Milestone | Process, names: Mapping[str, English]) -> Text:
    return Text(part.name.fr, part.name.en or names.get(part.id, English()).name)


def _problem(file: str, key: str, code: str, level: Any, fr: str, en: str, remedy_fr: str, remedy_en: str) -> Problem:
    return Problem(file, key, code, level, Text(fr, en), Text(remedy_fr, remedy_en))
