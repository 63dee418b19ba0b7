"""Everything that is different between two versions of a process folder, in words.

Owns: `Differences`: diagrams, decision tables by rule, forms by field, deadline rules by value, letters and stories by line.
Leaves: diagrams to `engine.bpmn.diff`; which two versions are compared to `studio`; the marks in the picture to the pages.
Promises: a file whose bytes differ is never left out: when nothing people read or cases run on is different, that is what it says.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from typing import Any

import yaml

from engine import feel
from engine.bpmn import diff
from engine.bpmn.diff import Change, Mark
from engine.definitions.package import TEXTS, Package
from engine.dmn import NotReadable, xml
from engine.forms.components import Component
from engine.letters import LetterTemplate
from engine.places import Template
from engine.texts import NO_TEXT, Text
from engine.words import day_text, length_text, list_text
from engine.work.calendars import Period
from engine.work.rules import Offset, Rule, Version

LONGEST = 240
_BLANKS = re.compile(r"[ \t\r\n]+")      #: no-break spaces stay


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file that is different. `kind`: "diagram", "table", "form", "deadlines", "letters", "scenario", "texts" or "other"."""

    path: str
    kind: str
    mark: Mark
    changes: tuple[Change, ...]

    @property
    def words(self) -> tuple[Text, ...]:
        """What people read, in order."""
        return tuple(change.text for change in self.changes if not change.quiet)


@dataclass(frozen=True, slots=True)
class Differences:
    """What is different, file by file: diagrams first, then what stands beside them."""

    files: tuple[FileDifference, ...]

    @property
    def words(self) -> tuple[Text, ...]:
        return tuple(text for file in self.files for text in file.words)

    def marks(self, path: str) -> dict[str, Mark]:
        """How each element of a diagram is marked in the picture; what is added or removed wins over what is changed in it."""
        found: dict[str, Mark] = {}
        for change in (change for file in self.files if file.path == path for change in file.changes):
            if change.element and found.get(change.element) in (None, "changed"):
                found[change.element] = change.mark
        return found


def compare(before: Package, after: Package) -> Differences:
    """Tell what is different between two versions of a folder. Never raises for what is in them."""
    paths = [path for path in {**after.files, **before.files} if before.files.get(path) != after.files.get(path)]
    drawn = diff.compare(before.model, after.model)
    homes = {key: process.file for model in (before.model, after.model) for key, process in model.processes.items()}
    told = [_file(path, before, after, [change for change in drawn if homes.get(change.process) == path])
            for path in sorted(paths, key=_order)]
    # An English name stands in another file than its element: the diagram tells it even when its own bytes are the same.
    others = sorted({homes[change.process] for change in drawn} - set(paths))
    named = [FileDifference(path, "diagram", "changed", tuple(change for change in drawn if homes[change.process] == path))
             for path in others]
    return Differences((*named, *told))


# --- one file -------------------------------------------------------------------------------------

_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("diagram", lambda path: path.endswith(".bpmn")), ("form", lambda path: path.endswith(".form.json")),
    ("table", lambda path: path.endswith(".dmn")), ("deadlines", lambda path: path == "deadlines.yaml"),
    ("letters", lambda path: path == "letters.yaml"), ("texts", lambda path: path == TEXTS),
    ("scenario", lambda path: path.startswith("scenarios/") and path.count("/") == 1 and path.endswith(".yaml")),
    ("other", lambda path: True),
)


def kind_of(path: str) -> str:
    """What a file of a folder is."""
    return next(kind for kind, fits in _KINDS if fits(path))


def _order(path: str) -> tuple[int, str]:
    return [kind for kind, _ in _KINDS].index(kind_of(path)), path


def _file(path: str, before: Package, after: Package, drawn: list[Change]) -> FileDifference:
    kind = kind_of(path)
    mark: Mark = "added" if path not in before.files else "removed" if path not in after.files else "changed"
    if kind == "diagram":
        changes = drawn
    elif mark != "changed" and kind in ("form", "table", "scenario", "other", "texts"):
        changes = [Change(mark, "", "", path, _WHOLE[mark].format(name=_file_name(path, kind, after if mark == "added" else before)))]
    else:
        changes = list(_READERS[kind](path, before, after))
    return FileDifference(path, kind, mark, tuple(changes) or (Change(mark, "layout", "", "", _LAYOUT[kind], quiet=kind == "diagram"),))


def _file_name(path: str, kind: str, package: Package) -> Text:
    if kind == "scenario":
        return Text.of(_says(package.files[path]) or path)
    return Text.of(path)


def _other(path: str, _before: Package, _after: Package) -> Iterator[Change]:
    yield Change("changed", "content", "", path, _CONTENT.format(name=path))


# --- forms ----------------------------------------------------------------------------------------

_FORM_WORDS = {
    "label": Text("le libellé", "the label"), "help": Text("l’aide", "the help"), "type": Text("le type", "the type"),
    "required": Text("obligatoire", "required"), "readonly": Text("en lecture seule", "read only"),
    "default": Text("la valeur de départ", "the first value"), "hide": Text("caché quand", "hidden when"),
    "options": Text("les choix", "the choices"), "options_from": Text("les choix viennent de", "the choices come from"),
    "minimum": Text("le minimum", "the minimum"), "maximum": Text("le maximum", "the maximum"),
    "decimals": Text("les décimales", "the decimals"), "min_length": Text("la longueur minimale", "the shortest length"),
    "max_length": Text("la longueur maximale", "the greatest length"), "pattern": Text("le motif", "the pattern"),
    "check": Text("le contrôle", "the check"), "message": Text("le message du contrôle", "the message of the check"),
    "rule": Text("la règle citée", "the rule cited"), "validator": Text("le contrôle enregistré", "the registered check"),
    "template": Text("le texte", "the text"), "min_rows": Text("le nombre minimal de lignes", "the least number of rows"),
    "max_rows": Text("le nombre maximal de lignes", "the greatest number of rows"),
    "no_past": Text("pas de jour passé", "no day in the past"),
}
_NOT_SAID = frozenset({"id", "path", "children", "columns", "row", "step"})


def _form(path: str, before: Package, after: Package) -> Iterator[Change]:
    key = path.removesuffix(".form.json")
    old, new = (_fields(package.forms[key].components) for package in (before, after))
    for name, one in new.items():
        if name not in old:
            yield Change("added", "field", "", name, _NEW_FIELD.format(name=_field(one, name)))
            continue
        for field in fields(Component):
            if field.name not in _NOT_SAID:
                said = _FORM_WORDS.get(field.name, Text.of(field.name))
                yield from _value(field.name, name, _FIELD.format(name=_field(one, name)), said,
                                  _shown(getattr(old[name], field.name)), _shown(getattr(one, field.name)))
    for name, one in old.items():
        if name not in new:
            yield Change("removed", "field", "", name, _NO_FIELD.format(name=_field(one, name)))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        yield Change("changed", "order", "", path, _FIELD_ORDER)


def _fields(components: Iterable[Component], above: str = "") -> dict[str, Component]:
    """Every component by its path for people: groups do not count, lists do."""
    found: dict[str, Component] = {}
    for one in components:
        name = above + (".".join(one.path) or one.id)
        found[name] = one
        found.update(_fields(one.children, f"{name}." if one.type == "dynamiclist" else above))
    return found


def _field(component: Component, name: str) -> Text:
    return component.label if component.label.fr else Text.of(name)


# --- decision tables ------------------------------------------------------------------------------

def _table(path: str, before: Package, after: Package) -> Iterator[Change]:
    try:
        old, new = (_decisions(package.files[path], path) for package in (before, after))
    except NotReadable as error:
        yield Change("changed", "content", "", error.element, _NOT_READABLE.format(why=error.sentence))
        return
    for key, one in new.items():
        name = Text.of(one.get("name") or key)
        if key not in old:
            yield Change("added", "decision", "", key, _NEW_DECISION.format(name=name))
            continue
        yield from _value("name", key, name, Text("le nom", "the name"), Text.of(old[key].get("name") or ""), name)
        yield from _decision(key, name, old[key], one)
    for key, one in old.items():
        if key not in new:
            yield Change("removed", "decision", "", key, _NO_DECISION.format(name=one.get("name") or key))


def _decisions(data: bytes, path: str) -> dict[str, xml.Node]:
    return {str(node.get("id") or node.get("name")): node
            for node in xml.children(xml.parse(data, path), "decision", "businessKnowledgeModel", "inputData", "decisionService")}


def _decision(key: str, name: Text, old: xml.Node, new: xml.Node) -> Iterator[Change]:
    was, now = xml.child(old, "decisionTable"), xml.child(new, "decisionTable")
    if was is None or now is None:
        yield from _value("logic", key, name, Text("le calcul", "the calculation"), Text.of(_content(old)), Text.of(_content(new)))
        return
    policies = [f"{table.get('hitPolicy') or 'UNIQUE'} {table.get('aggregation') or ''}".strip() for table in (was, now)]
    yield from _value("policy", key, name, Text("la règle de choix", "the hit policy"), *map(Text.of, policies))
    old_columns, new_columns = _columns(was), _columns(now)
    if old_columns != new_columns:
        yield from _value("columns", key, name, Text("les colonnes", "the columns"), *map(list_text, (old_columns, new_columns)))
    yield from _rules(key, name, _rows(was), _rows(now))


def _rules(key: str, name: Text, old: dict[str, tuple[int, str]], new: dict[str, tuple[int, str]]) -> Iterator[Change]:
    for rule, (number, told) in new.items():
        facts = {"name": name, "number": number, "rule": _cut(told)}
        if rule not in old:
            yield Change("added", "rule", "", rule, _NEW_RULE.format(**facts))
        elif old[rule][1] != told:
            yield Change("changed", "rule", "", rule, _RULE.format(**facts, old=_cut(old[rule][1])))
    for rule, (number, told) in old.items():
        if rule not in new:
            yield Change("removed", "rule", "", rule, _NO_RULE.format(name=name, number=number, rule=_cut(told)))
    if [rule for rule in old if rule in new] != [rule for rule in new if rule in old]:
        yield Change("changed", "order", "", key, _RULE_ORDER.format(name=name))


def _columns(table: xml.Node) -> list[str]:
    inputs = [str(one.get("label") or xml.text(xml.child(one, "inputExpression"))) for one in xml.children(table, "input")]
    return [*inputs, *(f"→ {one.get('label') or one.get('name') or ''}".strip() for one in xml.children(table, "output"))]


def _rows(table: xml.Node) -> dict[str, tuple[int, str]]:
    """Rules by id: their number, and their cells in words: conditions → results."""
    found = {}
    for number, rule in enumerate(xml.children(table, "rule"), 1):
        cells = [", ".join(xml.text(one) or "-" for one in xml.children(rule, tag)) for tag in ("inputEntry", "outputEntry")]
        notes = [note for note in (xml.text(one) for one in xml.children(rule, "annotationEntry")) if note]
        found[str(rule.get("id") or number)] = number, " → ".join(cells) + "".join(f" ({note})" for note in notes)
    return found


def _content(node: xml.Node) -> str:
    return " ".join(" ".join(node.itertext()).split())


# --- deadline rules -------------------------------------------------------------------------------

def _deadlines(_path: str, before: Package, after: Package) -> Iterator[Change]:
    for key, rule in after.rules.items():
        if key not in before.rules:
            yield Change("added", "rule", "", key, _NEW_DEADLINE.format(name=rule.title, what=_version_words(rule.versions[-1])))
            continue
        old = before.rules[key]
        yield from _value("title", key, rule.title, Text("le titre", "the title"), old.title, rule.title)
        yield from _value("anchor", key, rule.title, Text("le point de départ", "the start"), old.anchor, rule.anchor)
        yield from _versions(key, old, rule)
    for key, rule in before.rules.items():
        if key not in after.rules:
            yield Change("removed", "rule", "", key, _NO_DEADLINE.format(name=rule.title))


def _versions(key: str, old: Rule, new: Rule) -> Iterator[Change]:
    for was, now in zip(old.versions, new.versions, strict=False):
        name = new.title if len(new.versions) == 1 else _FROM.format(name=new.title, day=_from(now))
        for facet, said, read in _VALUES:
            yield from _value(facet, key, name, said, read(was), read(now))
    shared = min(len(old.versions), len(new.versions))
    for version in new.versions[shared:]:
        yield Change("added", "version", "", key, _NEW_VERSION.format(name=new.title, day=_from(version), what=_version_words(version)))
    for version in old.versions[shared:]:
        yield Change("removed", "version", "", key, _NO_VERSION.format(name=new.title, day=_from(version)))


def _version_words(version: Version) -> Text:
    return _joined([_length(version.length), version.source])


def _from(version: Version) -> Text:
    return day_text(version.valid_from) if version.valid_from else Text("toujours", "ever")


def _length(period: Period) -> Text:
    return length_text(period.months, period.days) if period else NO_TEXT


def _offsets(offsets: Iterable[Offset | None]) -> Text:
    return _joined(_SIDES[one.side].format(length=_length(one.period)) for one in offsets if one is not None)


_SIDES = {"after": Text("{length} après le départ", "{length} after the start"),
          "before": Text("{length} avant la fin", "{length} before the end")}


def _flag(value: bool) -> Text:
    return Text("oui", "yes") if value else Text("non", "no")


_VALUES: tuple[tuple[str, Text, Callable[[Version], Text]], ...] = (
    ("length", Text("la durée", "the length"), lambda one: _length(one.length)),
    ("valid", Text("en vigueur depuis", "in force since"), _from),
    ("valid", Text("en vigueur jusqu’à", "in force until"), lambda one: day_text(one.valid_to) if one.valid_to else NO_TEXT),
    ("basis", Text("la base", "the basis"), lambda one: Text("loi", "law") if one.basis == "law" else Text("certificateur", "body")),
    ("source", Text("la source", "the source"), lambda one: one.source),
    ("to_validate", Text("à valider", "to validate"), lambda one: _flag(one.to_validate)),
    ("roll", Text("report au jour ouvré", "moved to a working day"), lambda one: _flag(one.roll != "none")),
    ("extension", Text("la prolongation possible", "the extension allowed"), lambda one: _length(one.extension)),
    ("pause", Text("la pause possible", "a pause allowed"), lambda one: _flag(one.pause)),
    ("reminders", Text("les rappels", "the reminders"), lambda one: _offsets(one.reminders)),
    ("escalations", Text("les alertes", "the alerts"), lambda one: _offsets(one.escalations)),
    ("warns", Text("« bientôt » à partir de", "“soon” from"), lambda one: _offsets([one.warns])),
    ("consequence", Text("la conséquence", "the consequence"), lambda one: one.consequence),
)


# --- letters and stories --------------------------------------------------------------------------

def _letters(_path: str, before: Package, after: Package) -> Iterator[Change]:
    for key, letter in after.letters.items():
        if key not in before.letters:
            yield Change("added", "letter", "", key, _NEW_LETTER.format(name=key, subject=_subject(letter)))
            continue
        old = before.letters[key]
        yield from _value("to", key, _LETTER.format(name=key), Text("le destinataire", "the reader"), old.to, letter.to)
        for locale, language in (("fr", Text("en français", "in French")), ("en", Text("en anglais", "in English"))):
            was, now = getattr(old, locale), getattr(letter, locale)
            name = _LETTER_IN.format(name=key, language=language)
            yield from _lines("subject", key, name, Text("l’objet", "the subject"), was.subject.text, now.subject.text)
            yield from _lines("body", key, name, Text("le corps", "the body"), was.body.text, now.body.text)
    for key in before.letters:
        if key not in after.letters:
            yield Change("removed", "letter", "", key, _NO_LETTER.format(name=key))


def _subject(letter: LetterTemplate) -> Text:
    return Text(letter.fr.subject.text, letter.en.subject.text)


def _scenario(path: str, before: Package, after: Package) -> Iterator[Change]:
    name = Text.of(_says(after.files[path]) or path)
    yield from _lines("story", path, name, Text("le récit", "the story"), *(
        package.files[path].decode("utf-8", "replace") for package in (before, after)))


def _says(data: bytes) -> str:
    try:
        tree = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        return ""
    return str(tree.get("says") or "") if isinstance(tree, dict) else ""


def _lines(facet: str, element: str, name: Text, said: Text, was: str, now: str) -> Iterator[Change]:
    """The lines of a text that are different, each place as a change of its own."""
    old, new = was.splitlines(), now.splitlines()
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _value(facet, element, name, said, Text.of(" ".join(old[i:j])), Text.of(" ".join(new[k:m])))


# --- words ----------------------------------------------------------------------------------------

def _value(facet: str, element: str, name: Text, said: Text, was: Text, now: Text) -> Iterator[Change]:
    if was != now:
        sentence = _BECOMES if was.fr and now.fr else _NOW if now.fr else _NO_LONGER
        yield Change("changed", facet, "", element, sentence.format(name=name, what=said, old=_both(was), new=_both(now)))


def _shown(value: Any) -> Text:
    """A value of a form as people read it."""
    if isinstance(value, Text):
        return value
    if isinstance(value, bool):
        return _flag(value)
    if isinstance(value, feel.Expression):
        return Text.of(value.text)
    if isinstance(value, tuple) and all(isinstance(one, Template) for one in value):
        return Text(*(one.text for one in value)) if value else NO_TEXT
    if isinstance(value, tuple):
        return _joined(one.label if hasattr(one, "label") else _shown(one) for one in value)
    pattern = getattr(value, "pattern", None)
    return NO_TEXT if value is None else Text.of(pattern if pattern is not None else value)


def _joined(parts: Iterable[Text]) -> Text:
    every = [part for part in parts if part.fr]
    return Text(*(", ".join(part(locale) for part in every) for locale in ("fr", "en")))


def _both(text: Text) -> Text:
    return Text(_cut(text.fr), _cut(text.en or text.fr))


def _cut(text: str) -> str:
    told = _BLANKS.sub(" ", text).strip()
    return told if len(told) <= LONGEST else told[:LONGEST - 1] + "…"


_READERS: Mapping[str, Callable[[str, Package, Package], Iterator[Change]]] = {
    "form": _form, "table": _table, "deadlines": _deadlines, "letters": _letters, "scenario": _scenario, "texts": lambda *_: iter(()),
    "other": _other,
}
_LAYOUT = {
    "diagram": Text("Seule la disposition du dessin change.", "Only the layout of the drawing changes."),
    "texts": Text("Seuls des textes anglais changent.", "Only English texts change."),
    **dict.fromkeys(("form", "table", "deadlines", "letters", "scenario", "other"),
                    Text("Seule l’écriture du fichier change, rien de ce qu’il dit.",
                         "Only the way the file is written changes, nothing it says.")),
}
_WHOLE = {"added": Text("Nouveau : « {name} ».", "New: “{name}”."), "removed": Text("« {name} » est retiré.", "“{name}” is removed."),
          "changed": Text("« {name} » change.", "“{name}” changes.")}
_BECOMES = Text("« {name} », {what} : « {old} » devient « {new} ».", "“{name}”, {what}: “{old}” becomes “{new}”.")
_NOW = Text("« {name} », {what} : « {new} » (rien avant).", "“{name}”, {what}: “{new}” (nothing before).")
_NO_LONGER = Text("« {name} », {what} : plus rien (avant : « {old} »).", "“{name}”, {what}: nothing any more (before: “{old}”).")
_CONTENT = Text("Le contenu de {name} change.", "The content of {name} changes.")
_FIELD = Text("champ {name}", "field {name}")
_NEW_FIELD = Text("Nouveau champ « {name} ».", "New field “{name}”.")
_NO_FIELD = Text("Le champ « {name} » est retiré.", "The field “{name}” is removed.")
_FIELD_ORDER = Text("Les champs changent d’ordre.", "The fields change their order.")
_NOT_READABLE = Text("La table ne se lit pas : {why}", "The table cannot be read: {why}")
_NEW_DECISION = Text("Nouvelle décision « {name} ».", "New decision “{name}”.")
_NO_DECISION = Text("La décision « {name} » est retirée.", "The decision “{name}” is removed.")
_NEW_RULE = Text("« {name} », nouvelle règle {number} : {rule}.", "“{name}”, new rule {number}: {rule}.")
_NO_RULE = Text("« {name} », la règle {number} est retirée : {rule}.", "“{name}”, rule {number} is removed: {rule}.")
_RULE = Text("« {name} », règle {number} : « {old} » devient « {rule} ».", "“{name}”, rule {number}: “{old}” becomes “{rule}”.")
_RULE_ORDER = Text("« {name} » : les règles changent d’ordre.", "“{name}”: the rules change their order.")
_NEW_DEADLINE = Text("Nouvelle règle de délai « {name} » : {what}.", "New deadline rule “{name}”: {what}.")
_NO_DEADLINE = Text("La règle de délai « {name} » est retirée.", "The deadline rule “{name}” is removed.")
_FROM = Text("{name} (depuis {day})", "{name} (since {day})")
_NEW_VERSION = Text("« {name} », nouvelle version depuis {day} : {what}.", "“{name}”, new version since {day}: {what}.")
_NO_VERSION = Text("« {name} », la version depuis {day} est retirée.", "“{name}”, the version since {day} is removed.")
_LETTER = Text("lettre {name}", "letter {name}")
_LETTER_IN = Text("lettre {name} {language}", "letter {name} {language}")
_NEW_LETTER = Text("Nouvelle lettre {name} : « {subject} ».", "New letter {name}: “{subject}”.")
_NO_LETTER = Text("La lettre {name} est retirée.", "The letter {name} is removed.")
