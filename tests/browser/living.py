"""A living system for browser tests: pages, workers, papers and mail as in an installation, in this process, on the loopback address.

Owns: `LivingHouse`: how it is furnished, opened, moved in time and closed; the mailbox of the SMTP server it writes to.
Leaves: what people do on its pages to `screen`; putting the parts together to `jalon.open_house`.
Promises: everything is real but the time, which stands still until it is moved; moving it stops at every due timer and job, in order,
as life would.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import waitress
import yaml
from aiosmtpd.controller import Controller
from sqlalchemy import and_, func, or_, select
from waitress import wasyncore

import jalon
from engine.change.leaps import Leaps
from engine.change.rehearsal import Rehearsal
from engine.clock import VirtualClock
from engine.definitions import folders
from engine.people.accounts import hash_password
from engine.settings import Settings
from engine.states import JobState
from engine.store import outbox
from engine.store.database import Store
from engine.store.tables import errand, job
from engine.work import timers
from engine.worker import Worker
from handlers import binding, catalogue, demo_body
from handlers.demo_house import everybody
from handlers.validators import VALIDATORS
from web import create_app
from web.demo import Demo

PROCESSES = Path("processes")
PASSWORD = "une phrase de passe pour les tests"
ZONE = ZoneInfo("Europe/Paris")
SECRET = "a secret of the tests, long enough"
QUIET_WITHIN_SECONDS = 30.0


class Post:
    """A real SMTP server on the loopback address; it keeps what it takes. While `refuses` is set, it says that and takes nothing."""

    def __init__(self, port: int) -> None:
        self.letters: list[EmailMessage] = []
        self.refuses = ""
        self._server = Controller(self, hostname="127.0.0.1", port=port)
        self._server.start()

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.refuses:
            return self.refuses
        self.letters.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"

    def close(self) -> None:
        self._server.stop()

    def to(self, address: str) -> list[EmailMessage]:
        """The letters somebody received, oldest first."""
        return [letter for letter in self.letters if letter["To"] == address]

    def link(self, address: str, path: str = "/enter/") -> str:
        """The last link that somebody received: to the case, unless another is asked for."""
        bodies = [body.get_content() for letter in self.to(address) if (body := letter.get_body(("plain",))) is not None]
        links: list[str] = re.findall(rf"https?://\S+{path}\S+", "\n".join(bodies))
        assert links, bodies
        return links[-1]


class Pages:
    """The pages, served by Waitress from threads of this process."""

    def __init__(self, port: int, app: Any) -> None:
        self._server = waitress.create_server(app, host="127.0.0.1", port=port, threads=6, connection_limit=1000, ident="jalon")
        self._thread = threading.Thread(target=self._server.run, name="pages", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Close every connection from the thread that serves them, which ends it."""
        self._server.trigger.pull_trigger(lambda: wasyncore.close_all(self._server._map, ignore_all=True))
        self._thread.join(10)
        self._server.task_dispatcher.shutdown()


class LivingHouse:
    """One installation, open. `url` is where its pages are, `post` what it mailed, `clock` its time."""

    def __init__(self, folder: Path, at: datetime, *, lived: Callable[[Rehearsal], object] | None = None) -> None:
        """Furnish and open a house.

        Args:
            folder: an empty one, for its database. at: the moment it begins; one without a zone is told in the body's.
            lived: what happened before it opens, told to a rehearsal over its database.
        """
        port, post_port = free_port(), free_port()
        self.url = f"http://127.0.0.1:{port}"
        mail = {"host": "127.0.0.1", "port": post_port, "from": "Corvane <bonjour@corvane.example>", "starttls": False}
        self.settings = Settings.load(data_dir=folder, secret_key=SECRET, base_url=self.url, body=demo_body.IDENTITY, mail=mail,
                                      links={"shortest_seconds": 0})
        self.clock = VirtualClock(at.replace(tzinfo=ZONE) if at.tzinfo is None else at)
        _furnish(self.settings, self.clock, lived)
        self.post = Post(post_port)
        self.parts = jalon.open_house(self.settings, self.clock)
        app = create_app(self.parts.engine, self.parts.queries, self.parts.store, self.settings, self.clock, groups=self.parts.groups,
                         demo_parts=Demo(lambda: everybody(self.parts.store), Leaps(self.parts.engine, self.clock)),
                         studio_parts=jalon.open_studio(self.parts),
                         strict_texts=True)
        self._worker = Worker(self.parts.engine)
        self._worker.start()
        self._pages = Pages(port, app)

    def close(self) -> None:
        self._pages.close()
        self._worker.stop()
        self.parts.engine.around.ports.external["typesetter"].close()
        self.parts.store.close()
        self.post.close()

    def settle(self) -> None:
        """Wait until the workers have done all that is due now."""
        self._worker.wake()
        patience = threading.Event()
        for _ in range(int(QUIET_WITHIN_SECONDS / 0.02)):
            if self._is_quiet():
                return
            patience.wait(0.02)
        raise AssertionError("the workers did not come to rest")

    def move_to(self, moment: datetime) -> None:
        """Move the time to a moment (told in the body's zone), stopping wherever something is due on the way."""
        target = moment.replace(tzinfo=ZONE)
        self.settle()
        while (due := self.parts.engine.earliest()) is not None and due <= target:
            self.clock.set(max(due, self.clock.now()))
            self.settle()
        self.clock.set(target)
        self.settle()

    def _is_quiet(self) -> bool:
        """Tell, by one snapshot, whether no job runs or is due, no delivery waits and no timer is due."""
        now = self.clock.now()
        under_way = or_(job.c.state == JobState.RUNNING, and_(job.c.state == JobState.READY, job.c.run_at <= now))
        with self.parts.store.read() as connection:
            jobs = connection.scalar(select(func.count()).select_from(job).where(under_way))
            sending = or_(errand.c.state == JobState.RUNNING, and_(errand.c.state == JobState.READY, errand.c.run_at <= now))
            jobs = jobs or connection.scalar(select(func.count()).select_from(errand).where(sending))
            timer = timers.earliest(connection)
            return not jobs and not outbox.waiting(connection, 1) and (timer is None or timer > now)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _furnish(settings: Settings, clock: VirtualClock, lived: Callable[[Rehearsal], object] | None) -> None:
    """Publish the processes and make the cast known, all with one password; then let happen what is to have happened."""
    store: Store = jalon.open_store(settings)
    ports = binding.rehearsal(store, clock, settings, binding.Outside())
    stage = Rehearsal(clock, store=store, registry=catalogue.registry(), settings=settings, validators=VALIDATORS, ports=ports)
    stage.deploy_all(folders(PROCESSES))
    hashed = hash_password(PASSWORD)
    for login, facts in yaml.safe_load((PROCESSES / "cast.yaml").read_text(encoding="utf-8"))["people"].items():
        stage.people[login] = stage.engine.add_person(login, facts["name"], None, groups=facts["groups"], password_hash=hashed,
                                                      email=f"{login}@corvane.example")
        demo_body.enrol(stage, stage.people[login], facts)
    if lived is not None:
        lived(stage)
    store.close()
