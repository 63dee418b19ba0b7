"""The English texts of a draft that stand in a file of their own, as the editors read and change them.

Owns: `texts.en.yaml`: the names of elements that are not written in the diagram, the texts of each form.
Leaves: what a name or a form is to `engine.bpmn` and `engine.forms`; names written in the diagram to the diagram.
Promises: what an editor did not touch stays; a file that cannot be read is not written over.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from engine.definitions.package import TEXTS, Package
from engine.errors import Invalid
from web.studio import yaml_files

ELEMENTS, FORMS = "elements", "forms"
Texts = dict[str, Any]


class EnglishNotReadable(Invalid):
    """The file of the English texts cannot be read as it is; mend texts.en.yaml first."""

    fr = "Le fichier des textes anglais ne peut pas être lu tel quel ; corrigez d’abord texts.en.yaml."


class NotEnglishTexts(Invalid):
    """What the editor sent as English texts cannot be read; reload the page and try again."""

    fr = "Ce que l’éditeur a envoyé comme textes anglais ne peut pas être lu ; rechargez la page et réessayez."


def of_elements(package: Package) -> Texts:
    """English names by element id, those of the file only."""
    return yaml_files.read(package.files.get(TEXTS), ELEMENTS)


def of_form(package: Package, key: str) -> Texts:
    """The English texts of one form, by component key or id."""
    found = yaml_files.read(package.files.get(TEXTS), FORMS).get(key)
    return dict(found) if isinstance(found, dict) else {}


def changed(package: Package, sent: Any) -> dict[str, bytes]:
    """The file of the English texts with what an editor sent, by its path; nothing when it sent nothing new.

    Args:
        sent: `{"elements": {id: text}}` or `{"forms": {form: {key: {label: …}}}}`; an empty value takes its entry away.
    Raises: NotEnglishTexts; EnglishNotReadable.
    """
    if not sent:
        return {}
    if not isinstance(sent, dict) or set(sent) - {ELEMENTS, FORMS} or not all(isinstance(one, dict) for one in sent.values()):
        raise NotEnglishTexts()
    data = before = package.files.get(TEXTS)
    if not _readable(before):
        raise EnglishNotReadable()
    for root, entries in sent.items():
        data = _with(data, root, entries)
    return {} if data == before or data is None else {TEXTS: data}


def _with(data: bytes | None, root: str, entries: Mapping[str, Any]) -> bytes | None:
    before = yaml_files.read(data, root)
    after = {**before, **{str(key): value for key, value in entries.items()}}
    after = {key: value for key, value in after.items() if value}
    return data if after == before else yaml_files.write(data, root, after)


def _readable(data: bytes | None) -> bool:
    try:
        tree = yaml.safe_load(data or b"")
    except (yaml.YAMLError, UnicodeDecodeError):
        return False
    return tree is None or isinstance(tree, dict)
