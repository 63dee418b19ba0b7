"""Reading a form from form-js JSON.

Owns: which components and properties of form-js are understood, and naming what is not.
Leaves: what they mean for values to `entries` and `checks`.
Promises: never raises for what a process owner wrote; every fault names the component.
Rule: form-js schema 19; own properties in docs/diagrams.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import orjson

from engine import feel
from engine.forms.components import CHOICES, SILENT, Choice, Component
from engine.places import PlaceNotReadable, Template
from engine.problems import Level, Problem
from engine.texts import NO_TEXT, Text

TYPES = frozenset({"textfield", "textarea", "number", "datetime", "checkbox", "checklist", "radio", "select", "taglist", "group",
                   "dynamiclist", "text", "html", "spacer", "separator", "filepicker"})
IGNORED = frozenset({"button", "image", "iframe", "documentPreview", "table", "expression"})  #: the page has its own
_KEY = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


class FormReader:
    """Reads one form and gathers its problems."""

    def __init__(self, file: str, texts: Mapping[str, Any]) -> None:
        self.file, self.texts = file, texts
        self.problems: list[Problem] = []
        self._seen: set[tuple[str, ...]] = set()

    def read(self, data: bytes) -> tuple[Component, ...]:
        """Read the whole form; what cannot be read is left out and named in `problems`."""
        try:
            schema = orjson.loads(data)
        except orjson.JSONDecodeError as error:
            self.report("", "not_json", Text("Ce fichier n’est pas du JSON : {error}", "This file is not JSON: {error}"),
                        Text("Ouvrez-le dans l’éditeur de formulaires.", "Open it in the form editor."), error=str(error))
            return ()
        if not isinstance(schema, dict) or not isinstance(schema.get("components"), list):
            self.report("", "no_components", Text("Ce formulaire n’a pas de composants.", "This form has no components."),
                        Text("Il lui faut une liste « components ».", "It needs a list “components”."))
            return ()
        return self._components(schema["components"], (), ())

    def report(self, element: str, code: str, message: Text, remedy: Text, level: Level = "error", **facts: object) -> None:
        self.problems.append(Problem(self.file, element, f"form.{code}", level, message.format(**facts), remedy.format(**facts)))

    def _components(self, components: Any, above: tuple[str, ...], prefix: tuple[str, ...]) -> tuple[Component, ...]:
        """Read components. `above` are the keys of the dynamic lists around, `prefix` those of the groups inside the innermost."""
        found = [self._component(one, above, prefix) for one in components if isinstance(one, dict) and one.get("type") not in IGNORED]
        return tuple(one for one in found if one is not None)

    def _component(self, raw: Mapping[str, Any], above: tuple[str, ...], prefix: tuple[str, ...]) -> Component | None:
        kind, name = raw.get("type"), str(raw.get("id") or raw.get("key") or "")
        if kind not in TYPES:
            self.report(name, "unknown_type",
                        Text("Ce type de composant n’existe pas ici : {kind}.", "This type of component is not known here: {kind}."),
                        Text("Types possibles : {types}.", "Possible types: {types}."), kind=kind, types=", ".join(sorted(TYPES)))
            return None
        own = self._path(raw, name)
        if own is None:
            return None
        path = (*prefix, *own) if own or kind == "group" else ()
        full = (*above, *path)
        if path and kind != "group" and not self._is_new(name, full):
            return None
        texts = self.texts.get(".".join(full)) if own else None
        inside = {"group": (above, path), "dynamiclist": (full, ())}.get(kind, (above, ()))
        children = self._components(raw.get("components") or (), *inside)
        texts = texts if isinstance(texts, dict) else self.texts.get(name) or {}
        return self._filled(raw, () if kind == "group" else path, texts, children)

    def _path(self, raw: Mapping[str, Any], name: str) -> tuple[str, ...] | None:
        """The keys of a component: `key`, or `path` of a group (which may have none) or of a dynamic list."""
        kind = raw["type"]
        if kind in SILENT:
            return ()
        key = raw.get("path") if kind in ("group", "dynamiclist") else raw.get("key")
        if not key and kind == "group":
            return ()
        if not isinstance(key, str) or not _KEY.fullmatch(key):
            self.report(name, "no_key", Text("Ce composant n’a pas de clé correcte : {key}.", "This component has no proper key: {key}."),
                        Text("Donnez-lui une clé de lettres, de chiffres et de points.", "Give it a key of letters, digits and dots."),
                        key=key)
            return None
        return tuple(key.split("."))

    def _is_new(self, name: str, full: tuple[str, ...]) -> bool:
        if full in self._seen:
            self.report(name, "key_twice", Text("Deux composants ont la clé {key}.", "Two components have the key {key}."),
                        Text("Changez l’une des deux.", "Change one of them."), key=".".join(full))
            return False
        self._seen.add(full)
        return True

    def _filled(self, raw: Mapping[str, Any], path: tuple[str, ...], texts: Mapping[str, Any],
                children: tuple[Component, ...]) -> Component:
        name = str(raw.get("id") or raw.get("key") or "")
        rules, own = raw.get("validate") or {}, raw.get("properties") or {}
        look, place = raw.get("appearance") or {}, raw.get("layout") or {}
        label = raw.get("label") or raw.get("dateLabel") or raw.get("timeLabel")
        return Component(
            type=raw["type"], id=name, path=path, label=_text(label, texts.get("label")), children=children,
            help=_text(own.get("help_fr") or raw.get("description"), own.get("help_en") or texts.get("description")),
            required=bool(rules.get("required")), readonly=bool(raw.get("readonly") or raw.get("disabled")),
            default=raw.get("defaultValue"),
            hide=self._feel(name, (raw.get("conditional") or {}).get("hide"), "conditional.hide"),
            options=self._options(name, raw, texts), options_from=self._options_from(name, raw),
            minimum=self._number(name, rules.get("min"), "min"), maximum=self._number(name, rules.get("max"), "max"),
            decimals=_whole(raw.get("decimalDigits")), step=str(raw.get("increment") or ""),
            min_length=_whole(rules.get("minLength")), max_length=_whole(rules.get("maxLength")), pattern=self._pattern(name, rules),
            kind=str(rules.get("validationType") or ""), subtype=str(raw.get("subtype") or "date") if raw["type"] == "datetime" else "",
            no_past=bool(raw.get("disallowPassedDates")), min_rows=_whole(raw.get("defaultRepetitions")) or 0,
            check=self._feel(name, own.get("check"), "check"),
            message=_text(own.get("message_fr"), own.get("message_en") or texts.get("message")),
            rule=_text(own.get("rule"), own.get("rule_en") or texts.get("rule")), validator=str(own.get("validator") or ""),
            prefix=_text(look.get("prefixAdorner"), texts.get("prefix")), suffix=_text(look.get("suffixAdorner"), texts.get("suffix")),
            columns=_whole(place.get("columns")), row=str(place.get("row") or ""), template=self._template(name, raw, texts),
            why=_text(own.get("why_fr"), own.get("why_en") or texts.get("why")), many=raw.get("multiple") is True,
            display=str(own.get("display") or ""))

    def _feel(self, name: str, text: Any, where: str) -> feel.Expression | None:
        if not text:
            return None
        try:
            return feel.compile(str(text).removeprefix("=").strip())
        except feel.SyntaxError as error:
            self.report(name, "not_feel", Text("« {where} » n’est pas du FEEL : {error}", "“{where}” is not FEEL: {error}"),
                        Text("Corrigez l’expression.", "Mend the expression."), where=where, error=Text(error.fr, error.en))
            return None

    def _options(self, name: str, raw: Mapping[str, Any], texts: Mapping[str, Any]) -> tuple[Choice, ...]:
        english = {str(value): label for value, label in (texts.get("values") or {}).items()}
        options = [Choice(one.get("value"), _text(one.get("label") or one.get("value"), english.get(str(one.get("value")))))
                   for one in raw.get("values") or () if isinstance(one, dict)]
        if raw["type"] in CHOICES and not options and not raw.get("valuesKey") and not raw.get("valuesExpression"):
            self.report(name, "no_options", Text("Ce choix n’a pas d’options.", "This choice has no options."),
                        Text("Ajoutez des options, ou la variable qui les donne.", "Add options, or the variable that gives them."))
        return tuple(options)

    def _options_from(self, name: str, raw: Mapping[str, Any]) -> feel.Expression | None:
        source = raw.get("valuesKey") or raw.get("valuesExpression")
        return self._feel(name, source, "valuesKey") if raw["type"] in CHOICES else None

    def _number(self, name: str, value: Any, where: str) -> Decimal | None:
        if value is None or value == "":
            return None
        try:
            return Decimal(str(value))
        except InvalidOperation:
            self.report(name, "not_a_number", Text("« {where} » n’est pas un nombre : {value}.", "“{where}” is not a number: {value}."),
                        Text("Écrivez un nombre.", "Write a number."), where=where, value=value)
            return None

    def _pattern(self, name: str, rules: Mapping[str, Any]) -> re.Pattern[str] | None:
        if not rules.get("pattern"):
            return None
        try:
            return re.compile(str(rules["pattern"]))
        except re.error as error:
            self.report(name, "not_a_pattern", Text("Le motif n’est pas lisible : {error}.", "The pattern cannot be read: {error}."),
                        Text("Corrigez l’expression régulière.", "Mend the regular expression."), error=str(error))
            return None

    def _template(self, name: str, raw: Mapping[str, Any], texts: Mapping[str, Any]) -> tuple[Template, Template] | None:
        key = {"text": "text", "html": "content"}.get(raw["type"])
        if key is None:
            return None
        french = str(raw.get(key) or "").removeprefix("=")
        english = str(texts.get(key) or texts.get("text") or french)
        try:
            return Template(french), Template(english)
        except PlaceNotReadable as error:
            self.report(name, "not_feel", error.sentence, Text("Corrigez l’expression.", "Mend the expression."))
            return None


def _text(french: Any, english: Any) -> Text:
    if not french and not english:
        return NO_TEXT
    return Text(str(french or english), str(english or french))


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int) or (isinstance(value, str) and value.isdecimal()) else None
