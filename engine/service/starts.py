"""Commands on cases that begin by themselves: at a time, or when a condition comes true.

Owns: beginning a case for a start event whose moment has come, and for those whose condition holds over facts that somebody tells.
Leaves: which starts are watched and their moments to `engine.definitions.schedule`; beginning a case to `instances`.
Promises: a moment and the case it begins are one transaction, so it begins exactly one; a case that cannot begin keeps nobody else
waiting: the reason is kept at the start, and its next moment stands.
Rule: BPMN 2.0.2, 10.5.2: a conditional start begins a case when its condition comes true, and again only once it was false in between.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from engine import feel
from engine.definitions import schedule
from engine.definitions.schedule import Watch
from engine.execution.step import sentence
from engine.people.person import Person
from engine.service.messages import MessageCommands
from engine.store.database import Busy
from engine.texts import Text

log = logging.getLogger(__name__)


class StartCommands(MessageCommands):
    """Cases that begin although nobody asks for one."""

    def fire_due_starts(self, limit: int = 100) -> int:
        """Begin the cases whose moment has come, earliest first, each in a command of its own; tell how many."""
        with self.store.look() as connection:
            found = schedule.due(connection, self._now(), limit)
        return sum(self.fire_start(watch_id) for watch_id in found)

    def fire_start(self, watch_id: str) -> bool:
        """Begin the case of a start whose moment has come; tell whether there was one. Asking twice changes nothing."""
        try:
            return self._fire_start(watch_id)
        except Busy:
            raise           # it is as due as before
        except Exception as error:
            log.exception("the start %s could not begin a case", watch_id)
            return self._fire_start(watch_id, failed=sentence(error))

    def tell_facts(self, facts: Mapping[str, Any], by: Person | None = None) -> list[str]:
        """Tell facts of the world; a case begins at every conditional start whose condition comes true over them.

        Args:
            facts: what conditions may name; they become the variables of the cases. A condition they do not decide stays as it was.
        Returns: ids of the cases that have begun, in no more than one command each.
        """
        begun = []
        while (instance_id := self._begin_one(facts, by)) is not None:
            begun.append(instance_id)
        return begun

    def _fire_start(self, watch_id: str, failed: Text | None = None) -> bool:
        with self._command() as work:
            found = schedule.take(work.connection, watch_id, self._now(), self.around.calendar.zone)
            if found is None:
                return False
            work.hints.add("timer")
            if failed is not None:
                schedule.note_error(work.connection, watch_id, failed)
                return True
            bundle = self.library.bound(found.definition_id, found.process_id)
            due = found.due_at.isoformat() if found.due_at else ""
            self._start(work, bundle, {}, None, at_element=found.element_id, unattended=True, cause={"timer": due})
            return True

    def _begin_one(self, facts: Mapping[str, Any], by: Person | None) -> str | None:
        """Begin the case of the first condition that has come true; keep what the others before it say."""
        with self._command() as work:
            for watch in schedule.conditions(work.connection):
                holds, held = self._holds(watch, facts), bool(watch.plan.get("held"))
                if holds is not None and holds != held:
                    schedule.hold(work.connection, watch.id, held=holds)
                if holds and not held:
                    bundle = self.library.bound(watch.definition_id, watch.process_id)
                    return self._start(work, bundle, facts, by, at_element=watch.element_id, cause={"condition": watch.element_id})
        return None

    def _holds(self, watch: Watch, facts: Mapping[str, Any]) -> bool | None:
        """Tell whether the condition of a start holds; None when these facts do not decide it."""
        element = self.library.package(watch.definition_id).model.processes[watch.process_id].elements[watch.element_id]
        condition = next(event.expression for event in element.events if event.kind == schedule.CONDITION)
        now = self._now()
        functions = {"now": lambda: now, "today": lambda: self.around.calendar.day_of(now)}
        value = feel.evaluate(condition, feel.adopt(dict(facts)), functions)
        return value if isinstance(value, bool) else None
