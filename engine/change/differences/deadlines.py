"""What is different in deadline rules, value by value.

Owns: which values of a rule people are told, and in which words.
Leaves: the sentences to `telling`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.bpmn.diff import Change
from engine.change.differences.telling import flag, joined, value
from engine.definitions.package import Package
from engine.texts import NO_TEXT, Text
from engine.words import day_text, length_text
from engine.work.calendars import Period
from engine.work.rules import Offset, Rule, Version


def deadlines(_path: str, before: Package, after: Package) -> Iterator[Change]:
    """What is different in the deadline rules, value by value."""
    for key, rule in after.rules.items():
        if key not in before.rules:
            yield Change("added", "rule", "", key, _NEW_DEADLINE.format(name=rule.title, what=_version_words(rule.versions[-1])))
            continue
        old = before.rules[key]
        yield from value("title", key, rule.title, Text("le titre", "the title"), old.title, rule.title)
        yield from value("anchor", key, rule.title, Text("le point de départ", "the start"), old.anchor, rule.anchor)
        yield from _versions(key, old, rule)
    for key, rule in before.rules.items():
        if key not in after.rules:
            yield Change("removed", "rule", "", key, _NO_DEADLINE.format(name=rule.title))


def _versions(key: str, old: Rule, new: Rule) -> Iterator[Change]:
    for was, now in zip(old.versions, new.versions, strict=False):
        name = new.title if len(new.versions) == 1 else _FROM.format(name=new.title, day=_from(now))
        for facet, said, read in _VALUES:
            yield from value(facet, key, name, said, read(was), read(now))
    shared = min(len(old.versions), len(new.versions))
    for version in new.versions[shared:]:
        yield Change("added", "version", "", key, _NEW_VERSION.format(name=new.title, day=_from(version), what=_version_words(version)))
    for version in old.versions[shared:]:
        yield Change("removed", "version", "", key, _NO_VERSION.format(name=new.title, day=_from(version)))


def _version_words(version: Version) -> Text:
    return joined([_length(version.length), version.source])


def _from(version: Version) -> Text:
    return day_text(version.valid_from) if version.valid_from else Text("toujours", "ever")


def _length(period: Period) -> Text:
    return length_text(period.months, period.days) if period else NO_TEXT


def _offsets(offsets: Iterable[Offset | None]) -> Text:
    return joined(_SIDES[one.side].format(length=_length(one.period)) for one in offsets if one is not None)


_SIDES = {"after": Text("{length} après le départ", "{length} after the start"),
          "before": Text("{length} avant la fin", "{length} before the end")}


_VALUES: tuple[tuple[str, Text, Callable[[Version], Text]], ...] = (
    ("length", Text("la durée", "the length"), lambda one: _length(one.length)),
    ("valid", Text("en vigueur depuis", "in force since"), _from),
    ("valid", Text("en vigueur jusqu’à", "in force until"), lambda one: day_text(one.valid_to) if one.valid_to else NO_TEXT),
    ("basis", Text("la base", "the basis"), lambda one: Text("loi", "law") if one.basis == "law" else Text("certificateur", "body")),
    ("source", Text("la source", "the source"), lambda one: one.source),
    ("to_validate", Text("à valider", "to validate"), lambda one: flag(one.to_validate)),
    ("roll", Text("report au jour ouvré", "moved to a working day"), lambda one: flag(one.roll != "none")),
    ("extension", Text("la prolongation possible", "the extension allowed"), lambda one: _length(one.extension)),
    ("pause", Text("la pause possible", "a pause allowed"), lambda one: flag(one.pause)),
    ("reminders", Text("les rappels", "the reminders"), lambda one: _offsets(one.reminders)),
    ("escalations", Text("les alertes", "the alerts"), lambda one: _offsets(one.escalations)),
    ("warns", Text("« bientôt » à partir de", "“soon” from"), lambda one: _offsets([one.warns])),
    ("consequence", Text("la conséquence", "the consequence"), lambda one: one.consequence),
)


_NEW_DEADLINE = Text("Nouvelle règle de délai « {name} » : {what}.", "New deadline rule “{name}”: {what}.")
_NO_DEADLINE = Text("La règle de délai « {name} » est retirée.", "The deadline rule “{name}” is removed.")
_FROM = Text("{name} (depuis {day})", "{name} (since {day})")
_NEW_VERSION = Text("« {name} », nouvelle version depuis {day} : {what}.", "“{name}”, new version since {day}: {what}.")
_NO_VERSION = Text("« {name} », la version depuis {day} est retirée.", "“{name}”, the version since {day} is removed.")
