"""How templates say days, moments, amounts and states.

Owns: the filters of the templates; the classes, icons and words of a state, the same on every page.
Leaves: the words of days and lengths to `engine.words`; page texts to `catalogue`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from markupsafe import Markup, escape

from engine import words
from engine.clock import Clock
from engine.texts import Text
from web.catalogue import locale, say

NEAR_DAYS = 300


@dataclass(frozen=True)
class Mark:
    """A state as it is shown: its class, its icon, its word."""

    css: str
    icon: str
    word: str


class Wording:
    """Filters that need the body's zone and the engine's clock."""

    def __init__(self, clock: Clock, zone: ZoneInfo) -> None:
        self._clock, self._zone = clock, zone

    def now(self) -> datetime:
        """The present moment by the engine's clock."""
        return self._clock.now()

    def today(self) -> date:
        """The civil day in the body's zone."""
        return self._clock.now().astimezone(self._zone).date()

    def day_of(self, moment: date | datetime) -> date:
        """The civil day a moment falls on."""
        return moment.astimezone(self._zone).date() if isinstance(moment, datetime) else moment

    def day(self, moment: date | datetime, *, weekday: bool = False, year: bool | None = None) -> Markup:
        """A day in a `<time>`: "14 juin"; with its year when that is far from today or asked for."""
        civil = self.day_of(moment)
        with_year = abs((civil - self.today()).days) > NEAR_DAYS if year is None else year
        return self._time(civil.isoformat(), words.say_day(civil, locale(), weekday=weekday, year=with_year))

    def distance(self, moment: date | datetime) -> str:
        """How far a day is: "dans 26 jours", "hier"."""
        return words.say_distance(self.day_of(moment), self.today(), locale())

    def lateness(self, due: date | datetime) -> str:
        """How late: "en retard de 7 jours"."""
        return words.say_lateness(self.day_of(due), self.today(), locale())

    def weekday(self, moment: date | datetime) -> str:
        return words.say_weekday(self.day_of(moment), locale())

    def moment(self, moment: datetime) -> Markup:
        """A moment: "aujourd’hui à 10 h 42", "14 mai à 10 h 31"."""
        civil, told = self.day_of(moment), words.say_time(moment, locale(), self._zone)
        day = self.distance(civil) if abs((civil - self.today()).days) <= 1 else words.say_day(
            civil, locale(), year=abs((civil - self.today()).days) > NEAR_DAYS)
        return self._time(moment.isoformat(), say("%(day)s at %(time)s", day=day, time=told))

    def full_moment(self, moment: datetime) -> Markup:
        """A moment with weekday and year: "mercredi 19 mai 2027 à 10 h 58"."""
        return self._time(moment.isoformat(), words.say_moment(moment, locale(), self._zone, weekday=True))

    def hour(self, moment: datetime) -> Markup:
        """A time of day."""
        return self._time(moment.isoformat(), words.say_time(moment, locale(), self._zone))

    @staticmethod
    def _time(machine: str, told: str) -> Markup:
        return Markup('<time datetime="{}">{}</time>').format(machine, told)


def text(value: Any) -> str:
    """Tell a Text in the language of the request; anything else as it is."""
    return value(locale()) if isinstance(value, Text) else str(value)


def size(count: int) -> str:
    """A file's size: "88 Ko", "2,1 Mo"."""
    if count < 1000:
        return say("%(n)s bytes", n=words.say_number(count, locale()))
    if count < 1_000_000:
        return say("%(n)s kB", n=words.say_number(round(count / 1000), locale()))
    tenths = round(count / 100_000)
    return say("%(n)s MB", n=words.say_number(tenths // 10, locale()) + (("." if locale() == "en" else ",") + str(tenths % 10)))


def initials(name: str) -> str:
    """Two letters for a person: first and last name, or the start of a single word."""
    parts = [part for part in name.replace("-", " ").split() if part[:1].isalpha()]
    if not parts:
        return "?"
    return (parts[0][0] + parts[-1][0] if len(parts) > 1 else parts[0][:2]).upper()


def listed(items: Iterable[Any]) -> str:
    """Several things in one line: "A, B et C"."""
    return words.say_list([text(item) for item in items], locale())


def standing(kind: str, basis: str = "body") -> Mark:
    """The state of a task or deadline: icon, word and class, by the design's table."""
    if kind in ("late", "missed") and basis == "law":
        return Mark("is-risk", "late", say("Legal, missed"))
    return {
        "late": Mark("is-warn", "late", say("Late")),
        "missed": Mark("is-warn", "late", say("Missed")),
        "soon": Mark("is-warn", "clock", say("Soon")),
        "on_time": Mark("is-idle", "open", say("On time")),
        "paused": Mark("is-idle", "pause", say("Paused")),
        "met": Mark("is-done", "done", say("Done")),
        "dropped": Mark("is-idle", "na", say("No longer needed")),
    }.get(kind, Mark("is-idle", "open", say("No date")))


def instance_state(state: str) -> Mark:
    """The state of a case."""
    return {
        "active": Mark("is-active", "active", say("Running")),
        "suspended": Mark("is-idle", "pause", say("Suspended")),
        "completed": Mark("is-done", "done", say("Ended")),
        "cancelled": Mark("is-idle", "x", say("Cancelled")),
    }[state]


def days(count: int) -> str:
    """A number of days: "30 jours"."""
    return words.say_count(count, "day", locale())


def party_role(role: str) -> str:
    """What a person of the outside is in a case."""
    return {"client": say("Client"), "representative": say("Representative"), "guest": say("Contact")}.get(role, role)


def landmarks(variables: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The few facts of an application that everybody wants at hand."""
    application = variables.get("application") or {}
    if not isinstance(application, Mapping):
        return []
    organisation = application.get("organisation") or {}
    sites = [site.get("city") for site in application.get("sites") or [] if isinstance(site, Mapping)]
    facts = [
        ("SIREN", spaced(str(organisation.get("siren") or ""))), ("SIRET", str(organisation.get("siret") or "")),
        (say("NDA"), str(organisation.get("nda") or "")), (say("Categories"), ", ".join(application.get("categories") or [])),
        (say("Sites"), ", ".join(city for city in sites if city)),
        (say("Contact"), str((application.get("contact") or {}).get("name") or "")),
    ]
    return [(label, value) for label, value in facts if value]


def install(app: Flask, clock: Clock, zone: ZoneInfo) -> Wording:
    """Give the templates their filters."""
    wording = Wording(clock, zone)
    filters: dict[str, Callable[..., Any]] = {
        "day": wording.day, "distance": wording.distance, "lateness": wording.lateness, "weekday": wording.weekday,
        "moment": wording.moment,
        "full_moment": wording.full_moment, "spaced": spaced,
        "hour": wording.hour, "text": text, "size": size, "initials": initials, "listed": listed,
        "standing": standing, "instance_state": instance_state, "capital": capital, "paragraphs": paragraphs, "days": days,
        "iso_day": lambda moment: wording.day_of(moment).isoformat(), "party_role": party_role, "landmarks": landmarks,
    }
    app.jinja_env.filters.update(filters)
    app.extensions["jalon.wording"] = wording
    return wording


def spaced(digits: str) -> str:
    """A SIREN as people read it: "000 412 700"."""
    return words.NBSP.join(digits[at:at + 3] for at in range(0, len(digits), 3)) if digits.isdigit() else digits


def capital(value: str) -> str:
    """The same with a capital first letter; the rest stays as it is."""
    return value[:1].upper() + value[1:]


def paragraphs(value: Any) -> Markup:
    """A plain text as paragraphs, split at blank lines; a Text in the language of the request."""
    parts = [part.strip() for part in text(value).replace("\r\n", "\n").split("\n\n") if part.strip()]
    return Markup("").join(Markup("<p>{}</p>").format(Markup("<br>").join(escape(line) for line in part.split("\n"))) for part in parts)
