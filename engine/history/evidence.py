"""The history of a case as evidence that anybody can check.

Owns: the export of a case's chain, its verification from the export alone, and the erasure of personal values.
Leaves: who may export or erase to `engine.people`; files and seals to the command line.
Promises: `verify` needs nothing but the export; any change of an event, its order, a gap or a cut end is told; erased values leave the
chain intact and are told as erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from engine.errors import NotFound
from engine.history.chain import event_hash, genesis, moment_text, personal_hash
from engine.store.tables import event, instance, person
from engine.texts import Text

FORMAT = "jalon-case/1"
_EVENT_KEYS = frozenset({"seq", "at", "kind", "element_id", "actor_id", "data", "personal", "personal_salt", "personal_hash", "prev_hash",
                         "hash"})


class NoSuchCase(NotFound):
    """There is no such case."""

    fr = "Ce dossier n’existe pas."


@dataclass(frozen=True, slots=True)
class EvidenceFault:
    """One thing that is not as it was written. `seq` is the event's number, 0 for the export as a whole."""

    seq: int
    message: Text


@dataclass(frozen=True, slots=True)
class Verification:
    """What a check of an export found.

    Attributes:
        events: how many there are. head: hash of the last one, to compare with a seal kept elsewhere.
        erased: numbers of events whose personal values were erased.
    """

    events: int
    head: str
    faults: tuple[EvidenceFault, ...]
    erased: tuple[int, ...]

    @property
    def intact(self) -> bool:
        return not self.faults

    @property
    def sentence(self) -> Text:
        """The result in one sentence; of several faults, the first."""
        if self.intact:
            return _INTACT.format(count=self.events, head=self.head[:12])
        return _BROKEN.format(count=len(self.faults), seq=self.faults[0].seq, first=self.faults[0].message)


def export_case(connection: Connection, instance_id: str, *, now: datetime) -> dict[str, Any]:
    """Write the history of a case as plain JSON. Raises: NoSuchCase."""
    case = connection.execute(select(instance).where(instance.c.id == instance_id)).first()
    if case is None:
        raise NoSuchCase(instance_id=instance_id)
    rows = connection.execute(select(event).where(event.c.instance_id == instance_id).order_by(event.c.seq)).all()
    actors = {row.actor_id for row in rows if row.actor_id}
    people = connection.execute(select(person.c.id, person.c.name).where(person.c.id.in_(actors)))
    return {
        "format": FORMAT, "exported_at": moment_text(now),
        "instance": {"id": case.id, "process": case.process_id, "business_key": case.business_key, "title": case.title,
                     "started_at": moment_text(case.started_at)},
        "head": {"seq": case.event_seq, "hash": case.event_hash},
        "people": {row.id: row.name for row in people},
        "events": [_exported(dict(row._mapping)) for row in rows],
    }


def _exported(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "instance_id"} | {"at": moment_text(row["at"])}


def verify(export: Mapping[str, Any]) -> Verification:
    """Check an export against itself: every hash, their order, and the end it claims. Never raises."""
    try:
        instance_id, events, head = str(export["instance"]["id"]), list(export["events"]), export["head"]
        check = _Check(instance_id)
        for number, one in enumerate(events, 1):
            check.event(number, one)
        if (head["seq"], head["hash"]) != (len(events), check.previous):
            check.fault(0, _CUT)
        return Verification(len(events), check.previous, tuple(check.faults), tuple(check.erased))
    except (KeyError, TypeError, ValueError, AttributeError):
        return Verification(0, "", (EvidenceFault(0, _NOT_AN_EXPORT),), ())


class _Check:
    """A check under way: the hash the next event must follow, and what was found so far."""

    def __init__(self, instance_id: str) -> None:
        self.instance_id, self.previous = instance_id, genesis(instance_id)
        self.faults: list[EvidenceFault] = []
        self.erased: list[int] = []

    def fault(self, seq: int, message: Text) -> None:
        self.faults.append(EvidenceFault(seq, message))

    def event(self, number: int, one: Mapping[str, Any]) -> None:
        if one["seq"] != number:
            self.fault(number, _OUT_OF_ORDER)
        if one["prev_hash"] != self.previous:
            self.fault(number, _NOT_AFTER)
        if set(one) != _EVENT_KEYS or event_hash({**one, "instance_id": self.instance_id}) != one["hash"]:
            self.fault(number, _CHANGED)
        self._personal(number, one)
        self.previous = one["hash"]

    def _personal(self, number: int, one: Mapping[str, Any]) -> None:
        if one["personal_hash"] is None:
            if one["personal"] is not None:
                self.fault(number, _PERSONAL_CHANGED)
        elif one["personal_salt"] is None and one["personal"] is None:
            self.erased.append(number)
        elif personal_hash(one["personal"], one["personal_salt"] or "") != one["personal_hash"]:
            self.fault(number, _PERSONAL_CHANGED)


def erase(connection: Connection, instance_id: str, seqs: list[int] | None = None) -> int:
    """Erase personal values of a case, of some events or of all; the chain stays intact. Returns: how many events had any."""
    chosen = [event.c.instance_id == instance_id, event.c.personal_salt.is_not(None)]
    if seqs is not None:
        chosen.append(event.c.seq.in_(seqs))
    return connection.execute(update(event).where(*chosen).values(personal=None, personal_salt=None)).rowcount


_INTACT = Text("Journal intact : {count} événements, empreinte {head}.", "The record is intact: {count} events, fingerprint {head}.")
_BROKEN = Text("Le journal n’est pas intact ({count} écarts). Événement {seq} : {first}",
               "The record is not intact ({count} faults). Event {seq}: {first}")
_CUT = Text("La fin annoncée n’est pas celle de la chaîne : des événements manquent ou ont été ajoutés.",
            "The end claimed is not that of the chain: events are missing or were added.")
_NOT_AN_EXPORT = Text("Ce fichier n’est pas un export de dossier.", "This file is not the export of a case.")
_OUT_OF_ORDER = Text("Cet événement n’est pas à sa place.", "This event is out of order.")
_NOT_AFTER = Text("Cet événement ne suit pas celui d’avant.", "This event does not follow the one before.")
_CHANGED = Text("Cet événement a été modifié.", "This event was changed.")
_PERSONAL_CHANGED = Text("Les données personnelles de cet événement ont été modifiées.", "The personal values of this event were changed.")
