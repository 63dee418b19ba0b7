"""Deadline rules as process owners write them in `deadlines.yaml`.

Owns: `Rule`, its dated `Version`s, and reading them with every fault named.
Leaves: the sum to `deadlines`; what a diagram does at the end of it to the diagram.
Promises: a rule that was read is right: its versions do not overlap and its lengths are calendar lengths.
Rule: format in docs/diagrams.md, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any, Literal

import yaml

from engine.errors import Invalid, NotFound
from engine.problems import Problem
from engine.texts import NO_TEXT, Text
from engine.work.calendars import NO_PERIOD, Period

FILE = "deadlines.yaml"
Roll = Literal["none", "next_working_day"]
_VERSION_KEYS = {"valid", "length", "basis", "source", "to_validate", "roll", "extension", "pause", "reminders", "escalations", "warns",
                 "consequence"}
_RULE_KEYS = {"title", "anchor", "versions"}


class NoSuchRule(NotFound, KeyError):
    """No deadline rule is called {rule}."""

    fr = "Aucune règle de délai ne s’appelle {rule}."


class RuleNotInForce(Invalid):
    """The deadline rule {rule} has no version for {day}; add one to deadlines.yaml."""

    fr = "La règle de délai {rule} n’a pas de version pour le {day} ; ajoutez-en une à deadlines.yaml."


@dataclass(frozen=True, slots=True)
class Offset:
    """A day told from one of the two ends: so long after the anchor day, or before the last day."""

    side: Literal["after", "before"]
    period: Period


@dataclass(frozen=True, slots=True)
class Version:
    """A rule as it stands between two anchor days.

    Attributes:
        number: 1 is the oldest. valid_from, valid_to: anchor days, each included; None: without limit.
        length: from the anchor day. extension: the most that may be added in all; empty: nothing.
        warns: when it becomes "soon"; None: at the first reminder, else seven days before.
    """

    number: int
    valid_from: date | None
    valid_to: date | None
    length: Period
    basis: Literal["law", "body"]
    source: Text
    to_validate: bool = False
    roll: Roll = "none"
    extension: Period = NO_PERIOD
    pause: bool = False
    reminders: tuple[Offset, ...] = ()
    escalations: tuple[Offset, ...] = ()
    warns: Offset | None = None
    consequence: Text = NO_TEXT

    def covers(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Rule:
    """A deadline rule: what it is called, what it counts from, and its versions, oldest first."""

    id: str
    title: Text
    anchor: Text
    versions: tuple[Version, ...]

    def at(self, day: date) -> Version:
        """The version in force on an anchor day. Raises: RuleNotInForce, when there is none."""
        for version in self.versions:
            if version.covers(day):
                return version
        raise RuleNotInForce(rule=self.id, day=day.isoformat())


class Rules(Mapping[str, Rule]):
    """All rules of one process folder, by id. `problems` names what could not be read; those rules are left out."""

    def __init__(self, rules: Mapping[str, Rule] | None = None, problems: tuple[Problem, ...] = ()) -> None:
        self._rules, self.problems = dict(rules or {}), problems

    @classmethod
    def read(cls, data: bytes, file: str = FILE) -> Rules:
        """Read `deadlines.yaml`. Never raises: what is wrong is in `problems`, each naming its rule."""
        reader = _Reader(file)
        return cls(reader.read(data), tuple(reader.problems))

    def at(self, rule: str, anchor_day: date) -> tuple[Rule, Version]:
        """A rule with its version for an anchor day. Raises: NoSuchRule; RuleNotInForce."""
        found = self[rule]
        return found, found.at(anchor_day)

    def __getitem__(self, rule: str) -> Rule:
        try:
            return self._rules[rule]
        except KeyError:
            raise NoSuchRule(rule=rule) from None

    def __contains__(self, rule: object) -> bool:
        return rule in self._rules

    def __iter__(self) -> Iterator[str]:
        return iter(self._rules)

    def __len__(self) -> int:
        return len(self._rules)


class _Fault(Exception):
    """Something in one rule that is not right, with the way out."""

    def __init__(self, code: str, message: Text, remedy: Text, **facts: object) -> None:
        super().__init__(code)
        self.code, self.message, self.remedy = f"deadlines.{code}", message.format(**facts), remedy.format(**facts)


class _Reader:
    """Reads one file and gathers its problems."""

    def __init__(self, file: str) -> None:
        self.file, self.problems = file, list[Problem]()

    def read(self, data: bytes) -> dict[str, Rule]:
        try:
            tree = yaml.safe_load(data)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            self._report("", _Fault("not_yaml", _NOT_YAML, _MEND_LINE, error=" ".join(str(error).split())))
            return {}
        rules = (tree or {}).get("rules") if isinstance(tree or {}, dict) else None
        if not isinstance(rules, dict):
            self._report("", _Fault("no_rules", _NO_RULES, _START_WITH_RULES))
            return {}
        read = {str(name): self._rule(str(name), content) for name, content in rules.items()}
        return {name: rule for name, rule in read.items() if rule is not None}

    def _report(self, rule: str, fault: _Fault) -> None:
        self.problems.append(Problem(self.file, rule, fault.code, "error", fault.message, fault.remedy))

    def _rule(self, name: str, content: Any) -> Rule | None:
        try:
            content = _mapping(content, name, _RULE_KEYS)
            versions = content.get("versions")
            if not isinstance(versions, list) or not versions:
                raise _missing("versions")
            read = [_version(number, version) for number, version in enumerate(versions, 1)]
            _check_order(read)
            return Rule(name, _text(content, "title"), _text(content, "anchor"), tuple(read))
        except _Fault as fault:
            self._report(name, fault)
            return None


def _check_order(versions: list[Version]) -> None:
    for older, newer in pairwise(versions):
        if older.valid_to is None or newer.valid_from is None or newer.valid_from <= older.valid_to:
            raise _Fault("versions_overlap", _OVERLAP, _OLDEST_FIRST, older=older.number, newer=newer.number)


def _version(number: int, content: Any) -> Version:
    content = _mapping(content, f"versions[{number}]", _VERSION_KEYS)
    valid = _mapping(content.get("valid") or {}, "valid", {"from", "to"})
    length = _period(content.get("length"), "length")
    if not length:
        raise _Fault("not_a_length", _NOT_A_LENGTH, _WRITE_LENGTH, key="length", value=content.get("length"))
    basis = content.get("basis")
    if basis not in ("law", "body"):
        raise _choice("basis", basis, "law, body")
    extension = _mapping(content.get("extension") or {}, "extension", {"max"})
    return Version(
        number=number, valid_from=_day(valid.get("from"), "valid.from"), valid_to=_day(valid.get("to"), "valid.to"), length=length,
        basis=basis, source=_text(content, "source"), to_validate=_flag(content, "to_validate"), roll=_roll(content.get("roll")),
        extension=_period(extension.get("max", "P0D"), "extension.max"), pause=_flag(content, "pause"),
        reminders=_offsets(content, "reminders"), escalations=_offsets(content, "escalations"),
        warns=_offset(content["warns"], "warns") if content.get("warns") else None,
        consequence=_text(content, "consequence") if content.get("consequence") else NO_TEXT)


def _mapping(value: Any, where: str, keys: set[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _Fault("not_a_mapping", _NOT_A_MAPPING, _SEE_FORMAT, where=where)
    unknown = sorted(str(key) for key in value if key not in keys)
    if unknown:
        raise _Fault("unknown_key", _UNKNOWN_KEY, _KNOWN_KEYS, where=where, unknown=", ".join(unknown), keys=", ".join(sorted(keys)))
    return value


def _missing(key: str) -> _Fault:
    return _Fault("missing", _MISSING, _ADD, key=key)


def _choice(key: str, value: Any, choices: str) -> _Fault:
    return _Fault("not_a_choice", _NOT_A_CHOICE, _WRITE_ONE, key=key, value=value, choices=choices)


def _text(content: Mapping[str, Any], key: str) -> Text:
    value = content.get(key)
    if not value:
        raise _missing(key)
    return Text.of(value)


def _flag(content: Mapping[str, Any], key: str) -> bool:
    value = content.get(key, False)
    if not isinstance(value, bool):
        raise _choice(key, value, "true, false")
    return value


def _roll(value: Any) -> Roll:
    if value in (None, "none"):
        return "none"
    if value == "next_working_day":
        return "next_working_day"
    raise _choice("roll", value, "none, next_working_day")


def _day(value: Any, key: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    raise _Fault("not_a_day", _NOT_A_DAY, _WRITE_DAY, key=key, value=value)


def _period(value: Any, key: str) -> Period:
    try:
        return Period.parse(str(value))
    except ValueError:
        raise _Fault("not_a_length", _NOT_A_LENGTH, _WRITE_LENGTH, key=key, value=value) from None


def _offset(value: Any, key: str) -> Offset:
    value = _mapping(value, key, {"after", "before"})
    if len(value) != 1:
        raise _choice(key, value, _OFFSETS)
    side, period = next(iter(value.items()))
    return Offset(side, _period(period, f"{key}.{side}"))


def _offsets(content: Mapping[str, Any], key: str) -> tuple[Offset, ...]:
    values = content.get(key) or []
    if not isinstance(values, list):
        raise _choice(key, values, f"[{_OFFSETS}]")
    return tuple(_offset(value, key) for value in values)


_OFFSETS = "{after: P1M}, {before: P15D}"
_NOT_YAML = Text("Ce fichier n’est pas du YAML : {error}", "This file is not YAML: {error}")
_MEND_LINE = Text("Corrigez la ligne nommée.", "Mend the line named.")
_NO_RULES = Text("Il manque « rules: » en tête du fichier.", "“rules:” is missing at the top of the file.")
_START_WITH_RULES = Text("Commencez par rules: puis une règle par nom.", "Start with rules: and then one rule a name.")
_OVERLAP = Text("Les versions {older} et {newer} se recouvrent.", "Versions {older} and {newer} overlap.")
_OLDEST_FIRST = Text("Écrivez-les de la plus ancienne à la plus récente, sans recouvrement.", "Write them oldest first, without overlap.")
_NOT_A_MAPPING = Text("« {where} » doit tenir des clés et leurs valeurs.", "“{where}” must hold keys with values.")
_SEE_FORMAT = Text("Le format est décrit dans docs/diagrams.md, section 4.", "The format is described in docs/diagrams.md, section 4.")
_UNKNOWN_KEY = Text("« {where} » a une clé inconnue : {unknown}.", "“{where}” has an unknown key: {unknown}.")
_KNOWN_KEYS = Text("Clés connues : {keys}.", "Known keys: {keys}.")
_MISSING = Text("Il manque « {key} ».", "“{key}” is missing.")
_ADD = Text("Ajoutez {key}.", "Add {key}.")
_NOT_A_CHOICE = Text("« {key} » ne peut pas valoir « {value} ».", "“{key}” cannot be “{value}”.")
_WRITE_ONE = Text("Écrivez l’un de : {choices}.", "Write one of: {choices}.")
_NOT_A_DAY = Text("« {key} » n’est pas un jour : {value}.", "“{key}” is not a day: {value}.")
_WRITE_DAY = Text("Écrivez-le ainsi : 2023-09-01.", "Write it like this: 2023-09-01.")
_NOT_A_LENGTH = Text("« {key} » n’est pas une durée : {value}.", "“{key}” is not a length: {value}.")
_WRITE_LENGTH = Text("Écrivez P3M, P30D, P2W ou P1Y.", "Write P3M, P30D, P2W or P1Y.")
