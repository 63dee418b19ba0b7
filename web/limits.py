"""How often one visitor may do what costs others: begin an application, have a link mailed, look certificates up.

Owns: counting by visitor or e-mail address, the answer 429; which address a visitor has.
Leaves: failed log-ins to `auth`.
Promises: nothing about a visitor leaves this process and nothing is kept longer than the span that is counted. In this process only:
several processes let each as many pass.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, Response, current_app, request
from werkzeug.middleware.proxy_fix import ProxyFix

from engine.errors import NotAllowed
from web import errors
from web.host import host
from web.pages import ErrorPage


class TooMany(NotAllowed):
    """Too many requests in a short time. Wait a little, then go on where you are."""

    fr = "Trop de demandes en peu de temps. Attendez un peu, puis reprenez là où vous êtes."

    def __init__(self, wait_seconds: int) -> None:
        self.wait_seconds = wait_seconds
        super().__init__("often")


@dataclass(frozen=True)
class Limit:
    """At most so many of one thing within a span, by whatever key it is counted."""

    name: str
    most: int
    within: timedelta


#: What one visitor begins in an hour, and what one address is sent.
BEGIN = Limit("begin", 30, timedelta(hours=1))
MAIL = Limit("mail", 6, timedelta(hours=1))
ASK = Limit("ask", 20, timedelta(hours=1))
#: Looking up by hand takes seconds; walking through all numbers takes days.
LOOK_UP = Limit("look_up", 30, timedelta(minutes=1))
LOOK_UP_DAY = Limit("look_up_day", 500, timedelta(days=1))


class Counts:
    """Who did what when, of late."""

    KEPT = 20_000

    def __init__(self) -> None:
        self._done: OrderedDict[tuple[str, str], list[datetime]] = OrderedDict()
        self._lock = Lock()

    def allows(self, limit: Limit, key: str, now: datetime) -> bool:
        """Count one more, unless that is too many; tell whether it was not. The oldest keys are forgotten first."""
        with self._lock:
            recent = [at for at in self._done.pop((limit.name, key), []) if now - at < limit.within]
            allowed = len(recent) < limit.most
            self._done[limit.name, key] = [*recent, now] if allowed else recent
            while len(self._done) > self.KEPT:
                self._done.popitem(last=False)
            return allowed


def allows(limit: Limit, key: str = "") -> bool:
    """Count one more of something, by the visitor's address when no other key is given; tell whether it is not too many."""
    counts: Counts = current_app.extensions["jalon.counts"]
    return counts.allows(limit, key.strip().casefold() or visitor(), host().clock.now())


def check(limit: Limit, key: str = "") -> None:
    """The same, refusing. Raises: TooMany."""
    if not allows(limit, key):
        raise TooMany(int(limit.within.total_seconds()))


def visitor() -> str:
    """The visitor's address: as the proxies before the pages name it, where the settings say that there are some."""
    return request.remote_addr or "unknown"


def _answer(error: TooMany) -> Response:
    response = errors.render(ErrorPage.of(429, error))
    response.headers["Retry-After"] = str(error.wait_seconds)
    return response


def install(app: Flask, *, proxies: int) -> None:
    """Count from here on. `proxies`: how many stand before the pages and name the visitor in `X-Forwarded-For`."""
    app.extensions["jalon.counts"] = Counts()
    app.register_error_handler(TooMany, _answer)
    if proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=0, x_host=0)  # type: ignore[method-assign]
