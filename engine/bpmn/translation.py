"""English names of a diagram, kept beside it.

Owns: `texts.en.yaml`, its part `elements: {id: text}`, and putting those names into the model.
Leaves: the texts of forms to `engine.forms`.
Promises: a name drawn as `jalon:nameEn` stays; a text for an element that is gone is a warning, not a fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

import yaml

from engine.bpmn.model import Element, Flow, Lane, Milestone, Model, Process
from engine.problems import Problem
from engine.texts import Text

Part = TypeVar("Part", Element, Flow, Lane, Milestone)

#: Where the English texts of a process folder stand.
FILE = "texts.en.yaml"


def read(content: bytes, file: str = FILE) -> tuple[dict[str, str], list[Problem]]:
    """Read the English names of elements.

    Args:
        content: the file as it is. file: its path, for the message.
    Returns: id → English name, and what is wrong with the file.
    """
    try:
        data: Any = yaml.safe_load(content)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as fault:
        return {}, [_problem(file, "", "texts.not_yaml", "error",
                             f"Ce fichier n’est pas du YAML lisible : {fault}", f"This file is not readable YAML: {fault}",
                             "Corrigez la ligne indiquée.", "Mend the line named.")]
    elements = {} if data is None else (data.get("elements") or {}) if isinstance(data, dict) else None
    if not isinstance(elements, dict) or not all(isinstance(text, str) for text in elements.values()):
        return {}, [_problem(file, "", "texts.wrong_shape", "error",
                             "Les textes anglais doivent s’écrire « elements: {identifiant: texte} ».",
                             "English texts must be written “elements: {id: text}”.",
                             "Écrivez un texte par identifiant.", "Write one text for each id.")]
    return {str(key): " ".join(text.split()) for key, text in elements.items()}, []


def apply(model: Model, names: Mapping[str, str]) -> Model:
    """Give the elements of a model their English names. Returns: a new model; names drawn in English stay as drawn."""
    if not names:
        return model
    return replace(model, processes={key: _process(process, names) for key, process in model.processes.items()})


def unknown(model: Model, names: Mapping[str, str], file: str = FILE) -> list[Problem]:
    """List the texts whose element is in no diagram (any more)."""
    drawn = {key for process in model.processes.values() for key in
             (process.id, *process.elements, *process.flows, *(lane.id for lane in process.lanes),
              *(step.id for step in process.milestones))}
    return [_problem(file, key, "texts.unknown_element", "warning", f"« {key} » n’est dans aucun diagramme.", f"“{key}” is in no diagram.",
                     "Retirez ce texte, ou corrigez l’identifiant.",
                     "Remove this text, or mend the id.") for key in names if key not in drawn]


def _process(process: Process, names: Mapping[str, str]) -> Process:
    return replace(process, name=_english(process, names), elements={key: _named(one, names) for key, one in process.elements.items()},
                   flows={key: _named(one, names) for key, one in process.flows.items()},
                   lanes=tuple(_named(one, names) for one in process.lanes),
                   milestones=tuple(_named(one, names) for one in process.milestones))


def _named(part: Part, names: Mapping[str, str]) -> Part:
    return replace(part, name=_english(part, names)) if part.id in names else part


def _english(part: Element | Flow | Lane | Milestone | Process, names: Mapping[str, str]) -> Text:
    return Text(part.name.fr, part.name.en or names.get(part.id, ""))


def _problem(file: str, key: str, code: str, level: Any, fr: str, en: str, remedy_fr: str, remedy_en: str) -> Problem:
    return Problem(file, key, code, level, Text(fr, en), Text(remedy_fr, remedy_en))
