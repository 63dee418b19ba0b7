"""Drawings on the pages of the studio: a draft or version with what is marked on it.

Owns: finding the drawing of a process in a folder, its marks for trials, coverage and differences, the same in words.
Leaves: how it is drawn to `web.drawing`; what is marked to whoever asks.
Promises: a process that nobody has drawn has no picture, and its page says what there is in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.bpmn.layout import of_process
from engine.bpmn.model import Process
from engine.definitions.package import Package
from engine.queries.shapes import Trail
from web.catalogue import locale, say
from web.drawing import Link, Marks, Picture, draw

NOTHING = Trail()


@dataclass(frozen=True)
class Drawn:
    """A drawing to put into a page: its name, its picture (None: nobody has drawn it), and what is marked, as one sentence."""

    id: str
    name: str
    picture: Picture | None
    told: str = ""


def of(package: Package, process: Process, marks: Marks, told: str, id: str) -> Drawn:
    """A process of a folder with marks on it. `id`: of the drawing in its page."""
    document = package.reading.documents.get(process.file)
    layout = of_process(document, process.id) if document is not None else None
    name = process.name(locale()) or process.id
    if layout is None:
        return Drawn(id, name, None, told)
    title = say("Diagram: %(process)s", process=name)
    return Drawn(id, name, draw(layout, package.model, marks, locale=locale(), title=title, description=told, id=id), told)


def lived(packages: Mapping[str, Package], trails: Mapping[str, Trail], links: Mapping[str, Link]) -> tuple[Drawn, ...]:
    """The processes a case has been in, its own first, with its tokens, its path and its counts.

    Args:
        packages: of the folders it runs on. links: of elements that lead somewhere.
    """
    homes = {key: (package, process) for package in packages.values() for key, process in package.model.processes.items()}
    return tuple(_lived(*homes[key], trails, links, homes) for key in trails if key in homes)


def _lived(package: Package, process: Process, trails: Mapping[str, Trail], links: Mapping[str, Link],
           homes: Mapping[str, tuple[Package, Process]]) -> Drawn:
    trail, here = trails[process.id], _here(process, trails, homes)
    marks = Marks(here=here, passed=trail.passed, taken=trail.taken, failed=trail.failed & set(here), links={
        key: link for key, link in links.items() if key in here})
    names = [process.elements[key].name(locale()) or key for key in here]
    told = say("Something waits at: %(places)s.", places=", ".join(names)) if names else say("Nothing waits in it.")
    return of(package, process, marks, told, f"plan-{process.id}")


def _here(process: Process, trails: Mapping[str, Trail], homes: Mapping[str, tuple[Package, Process]]) -> dict[str, int]:
    """Where tokens wait, calls counted with what waits inside; boundary events and starts are armed, not reached."""
    trail = trails.get(process.id, NOTHING)
    here = Counter[str]()
    for key, count in trail.here.items():
        element = process.elements.get(key)
        if element is not None and not (element.attached_to or element.kind == "startEvent"):
            here[key] += count
    for element in process.elements.values():
        if element.called in homes and element.called != process.id and element.id in trail.reached:
            inside = sum(_here(homes[element.called][1], trails, homes).values())
            here += Counter({element.id: inside} if inside else {})
    return dict(here)


def changed(package: Package, process: Process, marks: Mapping[str, str], told: str, id: str) -> Drawn:
    """A process with what is added, removed or changed in it, by element."""
    return of(package, process, Marks(classes=marks), told, id)


def covered(package: Package, elements: Iterable[tuple[str, str]], flows: Iterable[tuple[str, str]],
            links: Mapping[str, Link]) -> tuple[Drawn, ...]:
    """The processes of a folder with what scenarios take, and what none takes.

    Args:
        elements, flows: what is taken, as (process, id). links: from what is not taken to where it can be.
    """
    reached, taken = set(elements), set(flows)
    drawn = []
    for process in package.processes:
        passed = {key: 1 for one, key in reached if one == process.id}
        ways = frozenset(key for one, key in taken if one == process.id)
        missed = [key for key in process.flows if key not in ways]
        missed += [key for key, element in process.elements.items() if key not in passed and any(
            event.kind == "timer" for event in element.events)]
        marks = Marks(passed=passed, taken=ways, classes=dict.fromkeys(missed, "missed"), links=links)
        told = say("Every branch and timer is taken by a scenario.") if not missed else say(
            "%(count)s branches or timers are taken by no scenario.", count=len(missed))
        drawn.append(of(package, process, marks, told, f"plan-{process.id}"))
    return tuple(drawn)
