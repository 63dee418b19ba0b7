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

from engine.change.play import Plan, Play
from engine.change.rehearsal import Rehearsal
from engine.people.person import Person
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
    plan, links = Plan.read(written), yaml.safe_load(written).get("links") or ()
    if stories is not None:
        plan = replace(plan, cases=tuple(role for role in plan.cases if role.story in stories))
    play = Play(rehearsal, plan, lambda name: (folder / name).read_bytes(), WITHDRAWAL)
    months: set[int] = set()

    def tell(done: int, _of: int) -> None:
        if done // 31 not in months:
            months.add(done // 31)
            progress(rehearsal.clock.now())

    return play.run(until, tell, [(link["declared"], partial(_declare, rehearsal, link)) for link in links])


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
