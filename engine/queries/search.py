"""The search everywhere: cases, tasks, people and their steps, processes, by the beginnings of words.

Owns: what is found for what is typed, of what the engine knows.
Leaves: organisations and certificates to `handlers.registers`; words and their index to `engine.store.words`.
Promises: the reader is of the house and sees what any colleague may see; what it costs does not depend on how much there is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import or_, select

from engine.people.person import APPLICANT, Person
from engine.queries.asked import Asked
from engine.queries.basis import Basis
from engine.queries.inbox import counted, first_ids
from engine.queries.lines import lines
from engine.queries.shapes import CaseHit, CaseRef, Found, PersonHit, ProcessHit
from engine.states import TaskState
from engine.store import words
from engine.store.tables import instance, membership, user_task
from engine.store.tables import person as people
from engine.texts import Text

MOST_PEOPLE, MOST_STEPS = 3, 8
MOST_CASES = 200    #: that tasks are looked for in


def search(basis: Basis, person: Person, text: str, size: int) -> Found:
    """What is found for some typed words, a few of each kind. Raises: NotAllowed (`group`), for people of the outside."""
    basis.check_staff(person)
    asked = words.asked(text)
    if not asked:
        return Found(())
    cases = words.find(basis.connection, "case", asked, MOST_CASES)
    return Found(asked, _cases(basis, cases[:size]), lines(basis, _tasks(basis, asked, cases, size), person),
                 tuple(_people(basis, asked)), tuple(_processes(basis, asked)))


def _cases(basis: Basis, ids: Sequence[str]) -> tuple[CaseHit, ...]:
    columns = (instance.c.id, instance.c.business_key, instance.c.title, instance.c.state, instance.c.milestone, instance.c.definition_id,
               instance.c.process_id)
    rows = {row.id: row for row in basis.connection.execute(select(*columns).where(instance.c.id.in_(ids)))} if ids else {}
    return tuple(_case(basis, rows[one]) for one in ids if one in rows)


def _case(basis: Basis, row: Any) -> CaseHit:
    process = basis.library.process(row.definition_id, row.process_id)
    milestones = process.milestones if process is not None else ()
    return CaseHit(CaseRef(row.id, row.business_key or "", row.title), row.state,
                   process.name if process is not None else Text.of(row.process_id),
                   next((one.name for one in milestones if one.id == row.milestone), None))


def _tasks(basis: Basis, asked: Sequence[str], cases: Sequence[str], size: int) -> list[str]:
    """Open tasks: of the cases found; then those whose step is named by some of the words, in cases that have the others."""
    found = list(_open(basis, (), cases, size))
    for rest, steps in _steps(basis, asked):
        if len(found) < size:
            inside = words.find(basis.connection, "case", rest, MOST_CASES) if rest else None
            found += [one for one in _open(basis, steps, inside, size) if one not in found]
    return found[:size]


def _open(basis: Basis, steps: Sequence[str], cases: Sequence[str] | None, size: int) -> Iterator[str]:
    """Open tasks at these steps (none: at any), in these cases (None: in any)."""
    if cases is not None and not cases:
        return
    query = select(user_task.c.id).where(user_task.c.state == TaskState.OPEN).order_by(user_task.c.due_at, user_task.c.id).limit(size)
    if cases is not None:
        query = query.where(user_task.c.instance_id.in_(cases))
    for step in steps or ("",):
        yield from basis.connection.execute(query.where(user_task.c.element_id == step) if step else query).scalars()


def _steps(basis: Basis, asked: Sequence[str]) -> list[tuple[tuple[str, ...], list[str]]]:
    """Steps that some of the words name, together by the words that are left; those most named first."""
    by_rest: dict[tuple[str, ...], list[str]] = {}
    for package in basis.library.published().values():
        for process in package.processes:
            for element in process.elements.values():
                if element.kind == "userTask":
                    named = words.words_of((element.name.fr, element.name.en))
                    rest = tuple(one for one in asked if not any(word.startswith(one) for word in named))
                    if len(rest) < len(asked):
                        by_rest.setdefault(rest, []).append(element.id)
    ordered = sorted(by_rest.items(), key=lambda pair: len(pair[0]))
    return [(rest, steps[:MOST_STEPS]) for rest, steps in ordered[:2]]


def _people(basis: Basis, asked: Sequence[str]) -> Iterator[PersonHit]:
    """Colleagues by name, each with what they hold, soonest due first."""
    inside = select(membership.c.person_id).where(or_(membership.c.group_id < APPLICANT, membership.c.group_id > APPLICANT))
    staff = select(people.c.id, people.c.name).where(people.c.id.in_(inside), people.c.active).order_by(people.c.name)
    for row in [row for row in basis.connection.execute(staff).all() if _has(asked, row.name)][:MOST_PEOPLE]:
        who = Person(row.id, "", row.name)
        [count] = counted(basis, who, [Asked()])
        yield PersonHit(row.id, row.name, count, lines(basis, first_ids(basis, who, Asked(), MOST_PEOPLE), who))


def _processes(basis: Basis, asked: Sequence[str]) -> Iterator[ProcessHit]:
    for definition_id, package in basis.library.published().items():
        for process in package.processes:
            if _has(asked, process.name.fr, process.name.en, package.key):
                yield ProcessHit(definition_id, process.id, process.name)


def _has(asked: Sequence[str], *texts: str) -> bool:
    """Tell whether each word asked begins a word of these texts."""
    has = words.words_of(texts)
    return all(any(word.startswith(one) for word in has) for one in asked)
