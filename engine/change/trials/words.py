"""What was done in a trial, and what will happen in it, in words.

Owns: one sentence an act; what comes due next and where it leads.
Leaves: acts and the stage to `trial`; how it is laid out to the pages.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine import feel
from engine.bpmn.diff import label
from engine.bpmn.model import Element, Process
from engine.change.ground import Ground
from engine.change.trials.acts import NEXT, Act
from engine.texts import NO_TEXT, Text
from engine.words import list_text
from engine.work.calendars import Period


def processes_of(ground: Ground) -> dict[str, Process]:
    """Every process of the folders a draft is tried with, by id."""
    return {key: process for package in ground.packages.values() for key, process in package.model.processes.items()}


def element_name(processes: Mapping[str, Process], element_id: str, process_id: str = "") -> Text:
    """What people call an element; its id, when no process draws it."""
    homes = [processes[process_id]] if process_id in processes else processes.values()
    found = next((process.elements[element_id] for process in homes if element_id in process.elements), None)
    return label(found) if found is not None else Text.of(element_id)


def act_text(act: Act, processes: Mapping[str, Process], names: Mapping[str, str], says: Mapping[str, Text]) -> Text:
    """An act as one sentence.

    Args:
        names: of people by login. says: what each story says, by name.
    """
    who, task = names.get(act.by, act.by), element_name(processes, act.element)
    if act.subject:
        task = _OF.format(task=task, subject=act.subject)
    match act.kind:
        case "start":
            name = processes[act.process].name if act.process in processes else Text.of(act.process)
            return (_STARTED_BY if act.by else _STARTED).format(who=who, process=name)
        case "story":
            told = says.get(act.name, Text.of(act.name))
            return _STORY.format(says=told) if act.steps is None else _STORY_UP_TO.format(says=told, steps=act.steps)
        case "complete":
            return (_DONE if act.by else _SETTLED).format(who=who, task=task)
        case "refused":
            return _REFUSED.format(who=who, task=task)
        case "message":
            return _MESSAGE.format(name=act.name)
        case "signal":
            return _SIGNAL.format(name=act.name)
        case "wait":
            return _UNTIL_NEXT if act.name == NEXT else _PASSES.format(length=length_of(act.name))
        case "outside":
            return (_ANSWERS if act.up else _SILENT).format(part=part_name(act.name))
        case "fail":
            return _FAILS.format(task=task)


def part_name(part: str) -> Text:
    """What people call a part of the outside."""
    return _PARTS.get(part, Text.of(part))


def length_of(text: str) -> Text:
    """A length of time as people say it; hours and minutes, and what is no length, as written."""
    length = feel.parse_duration(text)
    if isinstance(length, feel.Months):
        return Period(months=length.months).text
    if length is not None and length.total_seconds() % 86_400 == 0:
        return Period(days=length.days).text
    if length is not None and length.total_seconds() % 3_600 == 0:
        hours = int(length.total_seconds() // 3_600)
        return Text(f"{hours} h", f"{hours} h")
    return Text.of(text)


def timer_text(process: Process, element: Element) -> Text:
    """What happens when a timer fires: what it is called, where it sits, where it leads."""
    name, host = label(element), process.elements.get(element.attached_to)
    leads = [process.flows[flow].target for flow in element.outgoing if flow in process.flows]
    targets = [_QUOTED.format(name=label(process.elements[key])) for key in leads]
    every = Text(list_text([one.fr for one in targets]).fr, list_text([one.en for one in targets]).en)
    then = _THEN.format(targets=every) if targets else NO_TEXT
    told = _FIRES_ON.format(name=name, host=label(host)) if host is not None else _FIRES.format(name=name)
    return Text(told.fr + then.fr, told.en + then.en)


def retry_text(task: Text) -> Text:
    """A step that the machine will try again."""
    return _AGAIN.format(task=task)


_QUOTED = Text("« {name} »", "“{name}”")
_OF = Text("{task}, {subject}", "{task}, {subject}")
_STARTED = Text("Un dossier commence : « {process} ».", "A case begins: “{process}”.")
_STARTED_BY = Text("{who} ouvre un dossier : « {process} ».", "{who} opens a case: “{process}”.")
_STORY = Text("Le scénario est joué en entier : {says}", "The scenario is played to its end: {says}")
_STORY_UP_TO = Text("Le scénario est joué jusqu’à son étape {steps} : {says}", "The scenario is played up to its step {steps}: {says}")
_DONE = Text("{who} termine « {task} ».", "{who} completes “{task}”.")
_SETTLED = Text("« {task} » est réglé à la main.", "“{task}” is settled by hand.")
_REFUSED = Text("{who} essaie de prendre « {task} » : c’est refusé.", "{who} tries to take “{task}”: it is refused.")
_MESSAGE = Text("Le message « {name} » arrive.", "The message “{name}” arrives.")
_SIGNAL = Text("Le signal « {name} » arrive.", "The signal “{name}” arrives.")
_UNTIL_NEXT = Text("Le temps passe jusqu’à la prochaine échéance.", "Time passes to the next deadline.")
_PASSES = Text("Le temps passe : {length}.", "Time passes: {length}.")
_SILENT = Text("{part} : ne répond plus.", "{part}: no longer answers.")
_ANSWERS = Text("{part} : répond de nouveau.", "{part}: answers again.")
_FAILS = Text("« {task} » tombe en panne, exprès.", "“{task}” fails, on purpose.")
_FIRES = Text("« {name} »", "“{name}”")
_FIRES_ON = Text("« {name} », sur « {host} »", "“{name}”, on “{host}”")
_THEN = Text(", puis {targets}", ", then {targets}")
_AGAIN = Text("nouvel essai de « {task} »", "“{task}” is tried again")
_PARTS = {"mail": Text("La messagerie", "Mail"), "directory": Text("L’annuaire des entreprises", "The company directory"),
          "public_list": Text("La liste publique des organismes", "The public list of organisations")}
