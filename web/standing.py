"""Where a case stands, in sentences.

Owns: the words of it, for staff and for applicants.
Leaves: the facts to `engine.queries`.
"""

from __future__ import annotations

from markupsafe import Markup, escape

from engine.queries.shapes import CasePage, DeadlineView, TaskLine
from engine.words import say_list
from web.catalogue import locale, ngettext, say
from web.host import host

MOST_TASKS = 3


def sentences(page: CasePage) -> tuple[Markup, ...]:
    """Where a case stands: who does what, what is late, which date binds next."""
    line = page.line
    if line.ended_at is not None:
        outcome = line.outcome(locale()) if line.outcome else say("Ended")
        return (_marked(say("This case is closed: %(outcome)s, on %(day)s."), outcome=outcome, day=host().wording.day(line.ended_at)),)
    told = [_incident(one.element_name(locale())) for one in page.incidents if one.state == "open"]
    told += [_task(task) for task in page.tasks[:MOST_TASKS]]
    if len(page.tasks) > MOST_TASKS:
        rest = len(page.tasks) - MOST_TASKS
        told.append(escape(ngettext("One more task is open.", "%(num)d more tasks are open.", rest) % {"num": rest}))
    if not told:
        told.append(escape(say("Nobody has anything to do just now: the next step comes by itself.")))
    binding = next((one for one in page.deadlines if one.standing in ("late", "soon", "on_time")), None)
    return (*told, _deadline(binding)) if binding else tuple(told)


def _task(task: TaskLine) -> Markup:
    name = task.name(locale()) + (f", {task.subject(locale())}" if task.subject else "")
    if task.assignee_name:
        return _marked(say("%(who)s has “%(task)s” to do."), who=task.assignee_name, task=name)
    if "applicant" in task.groups:
        return _marked(say("“%(task)s” is expected from the client."), task=name)
    groups = [host().groups[group].name(locale()) for group in task.groups if group in host().groups]
    return _marked(say("“%(task)s” waits to be taken: %(groups)s."), task=name, groups=say_list(groups, locale()))


def _incident(element: str) -> Markup:
    return _marked(say("The machine cannot go on alone at “%(step)s”: see operations."), step=element)


def _deadline(deadline: DeadlineView) -> Markup:
    wording = host().wording
    title = deadline.title(locale()) + (f", {deadline.subject(locale())}" if deadline.subject else "")
    day = wording.day(deadline.due_on, weekday=True)
    if deadline.standing == "late":
        return _marked(say("%(title)s: expected on %(day)s, %(late)s."), title=title, day=day, late=wording.lateness(deadline.due_on))
    after = deadline.explanation.tell(locale()).consequence
    told = _marked(say("The next date that binds is %(day)s: %(title)s."), day=day, title=title)
    return told + " " + escape(after) if after else told


def _marked(sentence: str, **facts: object) -> Markup:
    """A sentence with its facts in bold, each escaped."""
    return Markup(escape(sentence) % {name: Markup("<strong>{}</strong>").format(fact) for name, fact in facts.items()})
