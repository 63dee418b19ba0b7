"""The record of a case, told: what happened, newest first; decisions with the rules that matched; who did what.

Owns: reading events page by page, in words; the people of a case and what the separation of duties keeps each from.
Leaves: the words of events to `engine.history`, proof to `engine.history.evidence`.
Promises: a page of the record costs the same however long it is; people of the outside read what is meant for them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Row, func, select

from engine.definitions import Bundle
from engine.history import KINDS, Naming, describe, export_case, verify
from engine.people.person import Person
from engine.queries.basis import Basis, case_ref
from engine.queries.shapes import Broken, Checked, DecisionLine, Did, HistoryLine, HistoryPage, MatchedRule, Separation
from engine.store.tables import event, instance
from engine.texts import Text

FIRST_PAGE = 15
MOST_DECISIONS = 30
_QUIET = tuple(kind for kind, found in KINDS.items() if found.quiet)
_FOR_PARTIES = tuple(kind for kind, found in KINDS.items() if found.for_parties and not found.quiet)


def history(basis: Basis, instance_id: str, bundle: Bundle, person: Person, before: int | None, size: int) -> HistoryPage:
    """One page of what happened, newest first.

    Args:
        before: number of the event the page ends before; None: from the last one.
    """
    query = select(event).where(event.c.instance_id == instance_id).order_by(event.c.seq.desc()).limit(size + 1)
    query = query.where(event.c.kind.not_in(_QUIET) if person.is_staff else event.c.kind.in_(_FOR_PARTIES))
    rows = basis.connection.execute(query if before is None else query.where(event.c.seq < before)).all()
    told = rows[:size]
    basis.learn_names(key for row in told for key in (row.actor_id, row.data.get("person"), row.data.get("to")))
    naming = naming_of(basis, bundle)
    lines = tuple(HistoryLine(row.seq, row.at, row.kind, describe(row.kind, row.data, naming, element_id=row.element_id),
                              basis.name(row.actor_id), row.element_id or "") for row in told)
    return HistoryPage(lines, told[-1].seq if len(rows) > size else None)


def decisions(basis: Basis, instance_id: str, bundle: Bundle) -> tuple[DecisionLine, ...]:
    """The decisions computed in a case, newest first, each with the rules that matched and why."""
    rows = basis.connection.execute(select(event.c.at, event.c.element_id, event.c.data).where(
        event.c.instance_id == instance_id, event.c.kind == "decision_made").order_by(event.c.seq.desc()).limit(MOST_DECISIONS))
    naming = naming_of(basis, bundle)
    return tuple(DecisionLine(row.at, naming.element(row.element_id or ""), str(row.data.get("decision") or ""),
                              tuple(_matched(one) for one in row.data.get("matched") or ())) for row in rows)


def is_erased(basis: Basis, instance_id: str) -> bool:
    """Tell whether personal values of a case were erased, so that what people typed is not to be shown again."""
    erased = select(event.c.seq).where(event.c.instance_id == instance_id, event.c.personal_hash.is_not(None),
                                       event.c.personal_salt.is_(None)).limit(1)
    return basis.connection.execute(erased).first() is not None


def done_by(basis: Basis, row: Row[Any], bundle: Bundle) -> tuple[Did, ...]:
    """Who completed which activity, in the order of the alphabet of people."""
    basis.learn_names(person for people in row.performers.values() for person in people)
    naming, found = naming_of(basis, bundle), dict[str, list[Text]]()
    for element, people in row.performers.items():
        for person in people:
            found.setdefault(person, []).append(naming.element(element))
    return tuple(sorted((Did(basis.name(person), tuple(names)) for person, names in found.items()), key=lambda did: did.name.casefold()))


def separations(basis: Basis, row: Row[Any], bundle: Bundle) -> tuple[Separation, ...]:
    """Steps that somebody of this case may not do, for what they did before. Steps already done are left out."""
    found = []
    for package in bundle.packages.values():
        for element in (one for process in package.processes for one in process.elements.values()):
            names = tuple(dict.fromkeys(basis.name(person) for key in element.ext.not_who_did for person in row.performers.get(key, ())))
            if names and element.id not in row.performers:
                found.append(Separation(element.name, names, tuple(naming_of(basis, bundle).element(key) for key in element.ext.not_who_did
                                                                   if row.performers.get(key))))
    return tuple(found)


def verify_some(basis: Basis, person: Person, after: str, size: int) -> Checked:
    """Check the chains of the next cases in the order of their ids, so that a check of all of them goes on page by page."""
    basis.check_staff(person)
    columns: tuple[Any, ...] = (instance.c.id.label("instance_id"), instance.c.business_key, instance.c.title)
    rows = basis.connection.execute(select(*columns).where(
        instance.c.id > after).order_by(instance.c.id).limit(size + 1)).all()
    results = [(case_ref(row), verify(export_case(basis.connection, row.instance_id, now=basis.now))) for row in rows[:size]]
    return Checked(len(results), sum(result.events for _, result in results),
                   tuple(Broken(case, result.sentence) for case, result in results if not result.intact),
                   rows[size - 1].instance_id if len(rows) > size else "",
                   basis.connection.scalar(select(func.count()).select_from(instance)) or 0)


def naming_of(basis: Basis, bundle: Bundle) -> Naming:
    """How a case's elements, people, rules and milestones are named."""
    elements = {element.id: element.name for package in bundle.packages.values() for process in package.model.processes.values()
                for element in process.elements.values() if element.name.fr}
    rules = {key: rule.title for package in bundle.packages.values() for key, rule in package.rules.items()}
    milestones = {one.id: one.name for one in bundle.process.milestones}
    return Naming(element=_namer(elements), person=basis.name, rule=_namer(rules), milestone=_namer(milestones), zone=basis.calendar.zone)


def _namer(names: Mapping[str, Text]) -> Callable[[str], Text]:
    """Name what is known; the rest goes by its id."""
    return lambda key: names.get(key) or Text(key, key)


def _matched(data: Mapping[str, Any]) -> MatchedRule:
    return MatchedRule(str(data.get("decision") or ""), int(data.get("rule") or 0), str(data.get("annotation") or ""),
                       data.get("inputs") or {}, data.get("outputs") or {})
