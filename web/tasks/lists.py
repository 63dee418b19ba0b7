"""The inbox as a page: a list with everything around it.

Owns: putting `InboxPage` together: views with their counts, saved views, filters and orders with what is chosen.
Leaves: tasks to `engine.queries`, the task beside the list to `beside`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import g, request

from engine.people.accounts import Accounts
from engine.queries.asked import Asked
from engine.queries.pulse import list_mark
from engine.queries.shapes import Choices, Following, Inbox
from engine.texts import Text
from web.catalogue import locale, say
from web.host import host, signed_in
from web.pages import Option
from web.tasks.asked import SAVED, Wanted, wanted
from web.tasks.shapes import Chip, InboxPage, Menu, Said, TaskBeside, ViewLink
from web.tasks.words import ICONS, orders, views

Pairs = tuple[tuple[str, Text], ...]


def inbox_page(beside: TaskBeside | None = None, *, said: Said | None = None, after: Following | None = None) -> InboxPage:
    """The list of this request with everything around it."""
    g.section = "tasks"
    want, person = wanted(), signed_in()
    inbox = host().queries.inbox(person, want.asked, after=request.args.get("after"))
    menus = _menus(want.asked, host().queries.choices(person))
    return InboxPage(
        inbox, want.asked, _title(want), want.where, want.field, _views(want, inbox), _saved_views(want), menus,
        tuple(Option(order, label, order == want.asked.order) for order, label in orders().items()), _chips(want.asked, menus),
        list_mark(inbox.lines), _colleagues(inbox), want.saved, beside, said, after)


def _title(want: Wanted) -> str:
    return want.saved.name if want.saved else views()[want.asked.view]


def _views(want: Wanted, inbox: Inbox) -> tuple[ViewLink, ...]:
    return tuple(ViewLink(Asked(view=view).told(), label, ICONS[view], getattr(inbox.counts, view), view,
                          here=want.saved is None and want.asked.view == view) for view, label in views().items())


def _saved_views(want: Wanted) -> tuple[ViewLink, ...]:
    return tuple(ViewLink({SAVED: one.id}, one.name, "bookmark", one.count, f"{SAVED}:{one.id}",
                          here=want.saved is not None and want.saved.id == one.id) for one in host().queries.saved_views(signed_in()))


def _menus(asked: Asked, choices: Choices) -> tuple[Menu, ...]:
    groups: Pairs = tuple((key, group.name) for key, group in host().groups.items() if key in signed_in().groups)
    found = (("process", say("Process"), choices.processes), ("step", say("Step"), choices.steps), ("group", say("Group"), groups),
             ("milestone", say("Milestone"), choices.milestones))
    return tuple(Menu(name, label, _options(pairs, getattr(asked, name))) for name, label, pairs in found if len(pairs) > 1)


def _options(pairs: Pairs, chosen: str) -> tuple[Option, ...]:
    """What there is to choose; what is chosen and no longer there stays to be seen."""
    options = tuple(Option(key, name(locale()), key == chosen) for key, name in pairs)
    return options if not chosen or any(one.chosen for one in options) else (*options, Option(chosen, chosen, True))


def _chips(asked: Asked, menus: tuple[Menu, ...]) -> tuple[Chip, ...]:
    """The filters that are on, each with the list without it."""
    chosen: list[tuple[str, str, Any]] = [(menu.name, f"{menu.label}{say(': ')}{one.label}", "")
                                          for menu in menus for one in menu.options if one.chosen]
    chosen += [("search", say("“%(words)s”", words=asked.search), "")] if asked.search else []
    chosen += [(name, label, False) for name, label in (("late", say("Overdue only")), ("free", say("Free only"))) if getattr(asked, name)]
    return tuple(Chip(label, replace(asked, **{name: none}).told()) for name, label, none in chosen)


def _colleagues(inbox: Inbox) -> tuple[Option, ...]:
    """Who tasks of this list may be handed over to: the members of their groups."""
    groups = {group for line in inbox.lines for group in line.groups if group != "applicant"}
    if not groups or inbox.asked.view == "done":
        return ()
    with host().store.read() as connection:
        members = Accounts(connection).members(sorted(groups))
    return tuple(Option(one.id, one.name) for one in members if one.id != signed_in().id)
