"""The demo's certification body: who it is, its people, its auditors, and the ten months it has lived.

Owns: what exists in the demo only. Its people are `processes/cast.yaml`, its cases and its auditors' links
`processes/certification/demo.yaml`, what the company directory and the public list say against them `processes/demo_directories.json`.
Leaves: living the plan to `engine.change.play`; the data folder and the secret to `jalon.py`.
Promises: nothing is written behind the engine's back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select

from engine.change.play import Plan, Play
from engine.change.rehearsal import Rehearsal
from engine.people.person import Person
from engine.store.tables import deadline, instance
from handlers.registers import Interest, Qualification, Registers

LIVES_FOR = timedelta(days=310)                             #: how long before the day the demo is made its first case begins
QUALIFIED_ON = date(2022, 1, 3)
DIRECTORIES = "demo_directories.json"                       #: in the folder of processes: the exceptions of the two stand-ins
WITHDRAWAL = "applicant.withdrawal"
IDENTITY = {
    "name": "Corvane Certification", "address": "12 rue des Jalons", "postcode": "75012", "city": "Paris", "siren": "812345676",
    "email": "bonjour@corvane.example", "phone": "01 23 45 67 00", "website": "https://corvane.example", "accreditation_number": "5-0000",
    "signatory": "Maud Terrasson", "signatory_title": "Responsable de la certification",
}


def live(rehearsal: Rehearsal, processes: Path, until: datetime, progress: Callable[[datetime], None] = lambda day: None,
         stories: Collection[str] | None = None) -> int:
    """Let the body live its plan up to a moment.

    Args:
        rehearsal: over the demo's database, its clock at the beginning, the processes published. progress: told once a month.
        stories: only the cases of these stories; None: all of them.
    Returns: how many cases began. Raises: PlanInvalid, naming case, element and fault.
    """
    people = yaml.safe_load((processes / "cast.yaml").read_text(encoding="utf-8"))["people"]
    rehearsal.add_people({login: {**facts, "email": f"{login}@corvane.example"} for login, facts in people.items()})
    folder = processes / "certification"
    written = (folder / "demo.yaml").read_bytes()
    plan, beside = Plan.read(written), yaml.safe_load(written)
    if stories is not None:
        plan = replace(plan, cases=tuple(role for role in plan.cases if role.story in stories))
    play = Play(rehearsal, plan, lambda name: (folder / name).read_bytes(), WITHDRAWAL)
    months: set[int] = set()

    def tell(done: int, _of: int) -> None:
        if done // 31 not in months:
            months.add(done // 31)
            progress(rehearsal.clock.now())

    links = [(link["declared"], partial(_declare, rehearsal, link)) for link in beside.get("links") or ()]
    acts = [(act["before"], partial(_act, rehearsal, act)) for act in beside.get("acts") or () if stories is None]
    return play.run(until, tell, [*links, *acts])


def refused(processes: Path) -> dict[str, str]:
    """The addresses that the mail server does not know while the demo is made, with what it says: a letter to one becomes an incident."""
    tree = yaml.safe_load((processes / "certification" / "demo.yaml").read_text(encoding="utf-8"))
    return dict(tree.get("refused") or {})


def _act(rehearsal: Rehearsal, act: Mapping[str, Any]) -> None:
    """Have somebody of the cast do something beside their tasks; on a day when the case or the deadline is not open, they do not."""
    by, engine = rehearsal.person(act["by"]), rehearsal.engine
    with rehearsal.store.read() as connection:
        case_id = connection.scalar(select(instance.c.id).where(instance.c.title == act["organisation"], instance.c.state == "active"))
        due = select(deadline.c.id).where(deadline.c.instance_id == case_id, deadline.c.rule == act.get("rule"), deadline.c.state == "open")
        deadline_id = connection.scalar(due.order_by(deadline.c.due_on, deadline.c.id).limit(1))
    if case_id is None or ("rule" in act and deadline_id is None):
        return
    if act["does"] == "ask_extension":
        engine.ask_extension(str(deadline_id), act["days"], act["reason"], by)
    elif act["does"] == "pause":
        engine.pause_deadline(str(deadline_id), act["reason"], by)
    else:
        engine.suspend_instance(case_id, act["reason"], by)


def _declare(rehearsal: Rehearsal, link: Mapping[str, Any]) -> None:
    """Have an auditor of the cast declare a link with an organisation."""
    interest = Interest(link["siren"], link["organisation"], link["kind"], link["from"], link.get("to"), link.get("note") or "")
    with rehearsal.store.begin() as work:
        Registers(work.connection, rehearsal.clock).auditors.declare(rehearsal.person(link["auditor"]).id, interest)


def enrol(rehearsal: Rehearsal, who: Person, facts: Mapping[str, Any]) -> None:
    """Enter those of the cast who audit in the register: `auditor: {categories, languages, until?: {category: last day}}`."""
    known = facts.get("auditor")
    if known:
        until = known.get("until") or {}
        with rehearsal.store.begin() as work:
            Registers(work.connection, rehearsal.clock).auditors.enter(
                who.id, languages=known["languages"],
                qualifications=[Qualification(one, QUALIFIED_ON, until.get(one)) for one in known["categories"]])
