"""A house with process owners and a studio, for the tests of safe change.

Owns: `House`: an engine on a real database with a published process `note`, its stories, and the people who change it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from engine.change.drafts import Draft
from engine.change.gate import Gate
from engine.change.rehearsal import Rehearsal
from engine.change.studio import Studio
from engine.clock import VirtualClock
from engine.definitions import Deployment
from engine.handler import Complete, Registry
from engine.people.person import Person
from engine.service import Engine, Ports
from engine.settings import Settings
from engine.store.database import Store
from engine.texts import Text
from tests.engine.diagrams import bpmn

#: Write, then review by another person within three months, reminded after one.
BODY = """
<startEvent id="Start" name="Début"/>
<userTask id="Write" name="Rédiger" jalon:groups="sales"/>
<exclusiveGateway id="Long" name="Longue" default="no"/>
<userTask id="Review" name="Relire" jalon:groups="reviewer" jalon:notWhoDid="Write"/>
<boundaryEvent id="TooLate" name="Trop tard" attachedToRef="Review">
  <timerEventDefinition><timeDuration>P3M</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="Done" name="Fini"/><endEvent id="Lapsed" name="Caduc"/><endEvent id="Short" name="Courte"/>
<sequenceFlow id="a" sourceRef="Start" targetRef="Write"/><sequenceFlow id="b" sourceRef="Write" targetRef="Long"/>
<sequenceFlow id="yes" sourceRef="Long" targetRef="Review"><conditionExpression>pages &gt; 10</conditionExpression></sequenceFlow>
<sequenceFlow id="no" sourceRef="Long" targetRef="Short"/>
<sequenceFlow id="done" sourceRef="Review" targetRef="Done"/><sequenceFlow id="late" sourceRef="TooLate" targetRef="Lapsed"/>
"""
START = "start: {process: note, at: 2026-01-31T09:00, with: fixtures/start.yaml, by: anna}"
FILES = {
    "note.bpmn": bpmn(BODY, process="note", attributes='name="Note"'),
    "scenarios/fixtures/start.yaml": b"{limit: 10}",
    "scenarios/reviewed.yaml": f"""says: A long note is reviewed by another person.
{START}
steps:
  - {{complete: Write, by: anna, with: {{pages: 11}}}}
  - {{complete: Review, by: anna, refused: separation_of_duties}}
  - {{complete: Review, by: rachel}}
ends: Done
""".encode(),
    "scenarios/lapsed.yaml": f"""says: A note that nobody reviews lapses after three months.
{START}
steps:
  - {{complete: Write, by: anna, with: {{pages: 11}}}}
  - {{wait: P3M}}
ends: Lapsed
""".encode(),
    "scenarios/short.yaml": f"""says: A short note is not reviewed.
{START}
steps:
  - {{complete: Write, by: anna, with: {{pages: 3}}}}
ends: Short
""".encode(),
}
CAST = {"anna": {"name": "Anna", "groups": ["sales", "reviewer"]}, "rachel": {"name": "Rachel", "groups": ["reviewer"]}}
NOW = datetime(2026, 6, 1, 8, tzinfo=UTC)


def registry() -> Registry:
    known = Registry()
    known.local("note.write", title=Text("", ""))(lambda task: Complete())
    return known


def changed(old: str, new: str) -> dict[str, bytes | None]:
    """The diagram with a piece changed."""
    assert old in BODY
    return {"note.bpmn": bpmn(BODY.replace(old, new), process="note", attributes='name="Note"')}


class House:
    """An engine, its studio, and people."""

    def __init__(self, store: Store, files: Mapping[str, bytes] | None = None) -> None:
        self.clock, self.staged = VirtualClock(NOW), 0
        self.engine = Engine(store, registry(), Ports(), self.clock, Settings.model_construct(), values_without_form=True)
        self.studio = Studio(self.engine, self.stage, cast=CAST)
        self.odile, self.remi, self.paula = (self._person(login, "process_owner", *more)
                                             for login, more in (("odile", ()), ("remi", ("administrator",)), ("paula", ())))
        self.anna, self.rachel = self._person("anna", "sales", "reviewer"), self._person("rachel", "reviewer")
        self.version: Deployment = self.engine.deploy("note", files or FILES, None)

    def stage(self, at: datetime) -> Rehearsal:
        self.staged += 1
        return Rehearsal(at, registry=registry())

    def draft(self, changes: Mapping[str, bytes | None], by: Person | None = None) -> Draft:
        """A draft with a change in it."""
        who = by or self.odile
        there = self.studio.open_draft("note", "Relances", who)
        return self.studio.save(there.id, changes, there.revision, who)

    def proven(self, draft: Draft) -> Gate:
        """Play and replay all there is."""
        self.studio.prove(draft.id, self.odile)
        self.studio.replay(draft.id, self.odile)
        return self.studio.gate(draft.id, self.odile)

    def lacking(self, gate: Gate) -> dict[str, str]:
        """State of each condition that is not met."""
        return {one.id: one.state for one in gate.conditions if one.state != "met"}

    def live(self, pages: int = 11, *, review: bool = True) -> str:
        """A real case from start to end."""
        case = self.engine.start_instance("note", {}, self.anna)
        self._complete(case, "Write", {"pages": pages}, self.anna)
        if review and pages > 10:
            self._complete(case, "Review", {}, self.rachel)
        return case

    def _complete(self, case: str, element: str, values: Mapping[str, object], by: Person) -> None:
        self.engine.complete_task(self.task(case, element), values, by)

    def task(self, case: str, element: str) -> str:
        from sqlalchemy import select

        from engine.store.tables import user_task

        with self.engine.store.read() as connection:
            return str(connection.scalars(select(user_task.c.id).where(
                user_task.c.instance_id == case, user_task.c.element_id == element, user_task.c.state == "open")).one())

    def _person(self, login: str, *groups: str) -> Person:
        return self.engine.add_person(login, login.title(), None, groups=groups)
