"""What the pages of a trial are made of.

Owns: the shapes of the pages, the ways a case may begin, words by the trial's own clock.
Leaves: what is seen to `engine.change.trials`, pictures to `pictures`, requests to `trying`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from engine.change.drafts import NoSuchDraft
from engine.change.publishing import VersionLine
from engine.change.trials import KeptTrial, TrialShown, says_of
from engine.definitions.package import Package
from engine.forms import Form
from web.case_data import told
from web.case_pages import DataGroup
from web.catalogue import locale, say
from web.drawing import Link
from web.forms import Filled
from web.host import host, signed_in
from web.studio import pictures, reading
from web.studio.drafting import ProblemLine
from web.studio.pictures import Drawn
from web.studio.reading import DraftAt, Process, studio
from web.wording import Wording

LENGTHS = ("P1D", "P7D", "P14D", "P1M", "P3M", "P1Y")


@dataclass(frozen=True)
class Held:
    """A moment that stands still, as a clock."""

    at: datetime

    def now(self) -> datetime:
        return self.at


@dataclass(frozen=True)
class Beginning:
    """A process that may begin. `samples`: what can be sent in, by name."""

    process: str
    name: str
    form: Form | None
    samples: Mapping[str, Any]

    def sample(self, name: str) -> dict[str, Any] | None:
        """What a sample sends in; None for a blank form."""
        found = self.samples.get(name)
        return dict(found) if isinstance(found, dict) else None


@dataclass(frozen=True)
class StoryLine:
    """A scenario that can be played first: its name, its sentence, the number of its steps."""

    name: str
    says: str
    folder: str


@dataclass(frozen=True)
class Subject:
    """What is tried: a draft, or a version."""

    id: str
    name: str
    process: Process
    at: DraftAt | None
    version: VersionLine | None

    @property
    def kind(self) -> str:
        """The part of its addresses that tells which it is."""
        return "drafts" if self.at is not None else "versions"

    @property
    def address(self) -> str:
        """Where it is tried."""
        return url_for("studio.tries", kind=self.kind, content_id=self.id)


@dataclass(frozen=True)
class TryPage:
    """The way into trying: what one has under way, and the ways to begin.

    Attributes:
        problems: why it cannot be tried yet. told: what has just been said no to.
    """

    subject: Subject
    trials: tuple[KeptTrial, ...]
    stories: tuple[StoryLine, ...]
    problems: tuple[ProblemLine, ...] = ()
    told: str = ""

    @property
    def at(self) -> DraftAt | None:
        return self.subject.at


@dataclass(frozen=True)
class TrialPage:
    """A trial as it stands.

    Attributes:
        words: days and moments by the trial's clock. filled: the form of the task or start chosen. told: what has just been said no to.
        begins: the ways a case may begin; process: the one chosen. actor: login of whom the reader acts as.
        fillings: stories that fill in the task chosen, each as a part of an address and in words.
    """

    subject: Subject
    shown: TrialShown
    words: Wording
    drawn: tuple[Drawn, ...]
    data: tuple[DataGroup, ...]
    begins: tuple[Beginning, ...]
    filled: Filled | None = None
    told: str = ""
    process: str = ""
    actor: str = ""
    fillings: tuple[tuple[str, str], ...] = ()
    lengths: tuple[str, ...] = LENGTHS

    @property
    def at(self) -> DraftAt | None:
        return self.subject.at

    @property
    def chosen(self) -> Beginning | None:
        """The process whose start is being filled in."""
        return next((one for one in self.begins if one.process == self.process), None)


def subject(content_id: str) -> Subject:
    """The draft or version that is tried. Raises: NotAllowed; NoSuchVersion."""
    try:
        at = reading.draft(content_id)
        return Subject(content_id, say("draft “%(name)s”", name=at.draft.name), at.process, at, None)
    except NoSuchDraft:
        line, process, _ = reading.version(content_id)
        return Subject(content_id, say("version %(number)s", number=line.number), process, None, line)


def beginning(content_id: str, problems: tuple[ProblemLine, ...] = (), told: str = "") -> TryPage:
    """The way into trying a draft or version."""
    about = subject(content_id)
    key, files = studio().grounds.content(content_id)
    ground = studio().grounds.around(key, files)
    says = says_of(ground)
    stories = tuple(StoryLine(one.name, says[one.name](locale()), one.folder) for one in ground.stories() if one.name in says)
    return TryPage(about, tuple(studio().trials.of(content_id, signed_in())), stories, problems, told)


def words(shown: TrialShown) -> Wording:
    """Days and moments as they are said at the trial's moment."""
    return Wording(Held(shown.seen.now), host().zone)


def page(shown: TrialShown, filled: Filled | None, *, told: str, process: str, actor: str) -> TrialPage:
    """The page of a trial."""
    seen = shown.seen
    trails = seen.case.trails if seen.case is not None else {}
    begins = tuple(starts(shown))
    if not process and seen.case is None and len(begins) == 1:
        process = begins[0].process
    return TrialPage(
        subject(shown.kept.content_id), shown, words(shown), pictures.lived(shown.ground.packages, trails, _links(shown)), _data(shown),
        begins, filled, told, process, actor, tuple(_fillings(shown)))


def starts(shown: TrialShown) -> Iterator[Beginning]:
    """The processes that may begin here: the draft's own, then those that call it."""
    folders = dict.fromkeys([shown.ground.key, *(story.folder for story in shown.ground.stories())])
    for folder in folders:
        package = shown.ground.packages[folder]
        for process in package.processes:
            yield Beginning(process.id, process.name(locale()) or process.id, package.forms.get(process.start_form), _samples(package))


def start_of(shown: TrialShown, process: str) -> Beginning | None:
    """A process that may begin here, the only one when none is named and nothing has begun; None when there is none."""
    known = tuple(starts(shown))
    if not process and shown.seen.case is None and len(known) == 1:
        return known[0]
    return next((one for one in known if one.process == process), None)


def _samples(package: Package) -> dict[str, Any]:
    """What can be sent in, by the name of its file."""
    found: dict[str, Any] = {}
    for path in sorted(package.files):
        if path.startswith("samples/") and path.endswith(".json"):
            try:
                found[path.removeprefix("samples/").removesuffix(".json")] = json.loads(package.files[path])
            except ValueError:
                continue                                    # no sample, and no harm: it is only offered
    return {name: data for name, data in found.items() if isinstance(data, dict)}


def _links(shown: TrialShown) -> dict[str, Link]:
    """From a task in the drawing to its form."""
    links: dict[str, Link] = {}
    for one in shown.seen.tasks:
        where = url_for("studio.trial", trial_id=shown.kept.id, task=str(one.spot)) + "#task"
        links.setdefault(one.spot.element, Link(where, say("%(step)s: act", step=one.name(locale()))))
    return links


def _data(shown: TrialShown) -> tuple[DataGroup, ...]:
    return told(shown.seen.data, may_see_raw=False).groups if shown.seen.data is not None else ()


def _fillings(shown: TrialShown) -> Iterator[tuple[str, str]]:
    """The stories that fill in the form of the task chosen."""
    task = shown.seen.task
    if task is not None and task.page.form is not None:
        for name, number, says in studio().trials.answers(shown.kept.id, task.waiting.spot.element, signed_in()):
            yield f"{name}:{number}", says(locale())
