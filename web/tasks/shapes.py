"""What the templates of the inbox may use.

Owns: the data of its pages.
Leaves: tasks, counts and forms to `engine.queries.shapes` and `web.forms`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.queries.asked import Asked
from engine.queries.shapes import Count, Following, Inbox, SavedView, TaskPage
from web.audit.grid import Brief
from web.forms import Filled, Told
from web.pages import Option, Refused


@dataclass(frozen=True)
class ViewLink:
    """One view of the rail: the arguments of its address, its name, icon and how many it holds. `value`: in the menu of narrow screens."""

    where: Mapping[str, str]
    label: str
    icon: str
    count: Count | None
    value: str
    here: bool = False


@dataclass(frozen=True)
class Chip:
    """One filter that is on: what it asks, in words, and the list without it."""

    label: str
    without: Mapping[str, str]


@dataclass(frozen=True)
class Menu:
    """One choice of the filters: its name in the form and for people, and what there is to choose."""

    name: str
    label: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class NotDoneLine:
    """A task that several at once did not change: which, and why."""

    task_id: str
    name: str
    where: str
    sentence: str
    refused: Refused | None


@dataclass(frozen=True)
class Said:
    """What became of several tasks: how many were done, in words, and each that was not."""

    sentence: str
    lines: tuple[NotDoneLine, ...]


@dataclass(frozen=True)
class TaskBeside:
    """One task with its form as it stands.

    Attributes:
        colleagues: who may take it over. answers: what was written before. overtaken: what somebody else did meanwhile, in a sentence.
        typed: what the reader had typed when it could not be sent. marks: what others may change of it, each with its sentence.
        parts: the same as marks alone, for the page to compare. audit: when it is done one indicator at a time.
    """

    task: TaskPage
    form: Filled | None
    colleagues: tuple[Option, ...] = ()
    answers: tuple[Told, ...] = ()
    overtaken: str = ""
    typed: tuple[Told, ...] = ()
    parts: str = "{}"
    audit: Brief | None = None


@dataclass(frozen=True)
class InboxPage:
    """The inbox: one list, every view with its count, and the task chosen.

    Attributes:
        where: the arguments of the address of this list; `list_field`: the same in one hidden field of a form.
        saved: the saved view this is, None for another list. mark: changes when the list does.
        colleagues: who several tasks may be handed over to. said: what became of several. after: what follows a task just done.
    """

    inbox: Inbox
    asked: Asked
    title: str
    where: Mapping[str, str]
    list_field: str
    views: tuple[ViewLink, ...]
    saved_views: tuple[ViewLink, ...]
    menus: tuple[Menu, ...]
    orders: tuple[Option, ...]
    chips: tuple[Chip, ...]
    mark: str
    colleagues: tuple[Option, ...] = ()
    saved: SavedView | None = None
    beside: TaskBeside | None = None
    said: Said | None = None
    after: Following | None = None
