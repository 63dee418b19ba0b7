"""Finding what cases run on, read once and kept.

Owns: `Library`: packages by version, bundles by version and bindings, and which version a start takes.
Leaves: rows to `deployment`, what is in a version to `package`.
Promises: a version is read once however many cases run on it; a call is bound to the newest published version when the case starts
and stays bound; safe for threads.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from engine.bpmn.model import Element, Process
from engine.definitions import deployment
from engine.definitions.bundle import Bundle
from engine.definitions.checks import Around, check, check_all
from engine.definitions.deployment import Deployment
from engine.definitions.files import Files
from engine.definitions.package import PARIS, Package
from engine.errors import Conflict, Invalid, NotFound
from engine.handler import Registry
from engine.kernel.program import Program
from engine.problems import Problem
from engine.store.database import Store
from engine.texts import Text

LATEST, DEPLOYMENT, VERSION = "latest", "deployment", "version"  #: how a call may choose its version (`jalon:binding`)
ITSELF = ""  #: the name under which a case's own process stands in its bindings


class NothingPublished(NotFound):
    """No published process is called {process}."""

    fr = "Aucun processus publié ne s’appelle {process}."


class WhichProcess(Conflict):
    """The folder {folder} holds several processes: {processes}. Say which."""

    fr = "Le dossier {folder} contient plusieurs processus : {processes}. Dites lequel."


class NoSuchVersionToCall(NotFound):
    """There is no version {version} of {called} to call."""

    fr = "Il n’y a pas de version {version} de {called} à appeler."


class CallsInCircle(Invalid):
    """These process folders call each other in a circle: {circle}."""

    fr = "Ces dossiers de processus s’appellent en rond : {circle}."


class Library:
    """The published versions of a store, kept in memory."""

    def __init__(self, store: Store, zone: ZoneInfo = PARIS, *, groups: frozenset[str] | None = None,
                 validators: frozenset[str] | None = None) -> None:
        """Open the library of a store.

        Args:
            zone: the body's, for moments in forms and letters. groups, validators: names a folder may use; None: not checked.
        """
        self.store, self.zone = store, zone
        self.groups, self.validators = groups, validators
        self._packages: dict[str, Package] = {}
        self._bundles: dict[tuple[str, tuple[tuple[str, str], ...]], Bundle] = {}
        self._lock = threading.RLock()

    def take_over(self, other: Library) -> None:
        """Share what another library reads, whose rows this one's store holds too: a copy of its database. Versions never change."""
        self._packages, self._bundles, self._lock = other._packages, other._bundles, other._lock

    def package(self, definition_id: str) -> Package:
        """What a version holds. Raises: NoSuchVersion."""
        found = self._packages.get(definition_id)
        if found is None:
            with self.store.read() as connection:
                key, files = deployment.files_of(connection, definition_id)
            found = self._packages.setdefault(definition_id, Package.read(key, files, self.zone))
        return found

    def bundle(self, definition_id: str, bindings: Mapping[str, str]) -> Bundle:
        """What a case with these bindings runs on. Raises: NoSuchVersion."""
        key = (definition_id, tuple(sorted(bindings.items())))
        found = self._bundles.get(key)
        if found is None:
            with self._lock:
                found = self._bundles.setdefault(key, self._build(definition_id, dict(bindings)))
        return found

    def newest(self, name: str) -> Bundle:
        """What a new case of a process runs on.

        Args:
            name: id of a process, or key of a folder that holds one process that may run, or one of the folder's own name.
        Raises: NothingPublished; WhichProcess.
        """
        published = self.published()
        for definition_id, package in published.items():
            if any(process.id == name for process in package.processes):
                return self._bound(definition_id, name, published)
        for definition_id, package in published.items():
            if package.key == name and package.processes:
                if len(package.processes) > 1:
                    raise WhichProcess(folder=name, processes=", ".join(process.id for process in package.processes))
                return self._bound(definition_id, package.processes[0].id, published)
        raise NothingPublished(process=name)

    def published(self) -> dict[str, Package]:
        """The newest published version of every folder: definition id → package."""
        with self.store.read() as connection:
            ids = deployment.newest_ids(connection)
        return {definition_id: self.package(definition_id) for _, definition_id in sorted(ids.items())}

    def has(self, key: str) -> bool:
        """Tell whether a folder of this key is published."""
        return any(package.key == key for package in self.published().values())

    def check(self, files: Files, registry: Registry | None = None, key: str = "") -> list[Problem]:
        """Judge the files of a folder beside the published ones; never raises for what is in them."""
        return check(Package.read(key, files, self.zone), self._around(registry))

    def check_all(self, every: Mapping[str, Files], registry: Registry | None = None) -> dict[str, list[Problem]]:
        """Judge several folders together, since they may call each other; never raises for what is in them. Returns: problems by key."""
        return check_all([Package.read(key, files, self.zone) for key, files in every.items()], self._around(registry))

    def publish(self, connection: Connection, key: str, files: Files, registry: Registry | None = None, *, by: str | None,
                now: datetime) -> Deployment:
        """Check a folder and publish it as the newest version of its key. Raises: NotDeployable, with the problems that forbid it."""
        return self.publish_all(connection, {key: files}, registry, by=by, now=now)[0]

    def publish_all(self, connection: Connection, every: Mapping[str, Files], registry: Registry | None = None, *, by: str | None,
                    now: datetime) -> list[Deployment]:
        """Check folders together, since they may call each other, and publish them all or none. Raises: NotDeployable."""
        return deployment.deploy_all(connection, every, self._around(registry), by=by, now=now, zone=self.zone)

    def _around(self, registry: Registry | None) -> Around:
        return Around(registry, self.validators, self.groups, tuple(self.published().values()))

    def bound(self, definition_id: str, process_id: str) -> Bundle:
        """A process of a version, bound to the newest versions of what it calls. Raises: NoSuchVersion; NothingPublished."""
        return self._bound(definition_id, process_id, self.published())

    def rebound(self, bundle: Bundle, caller: str, element: Element) -> Bundle:
        """What a case runs on once a call that chooses its version late is reached.

        Args:
            caller: id of the process the call stands in. element: the call activity.
        Raises: NothingPublished; NoSuchVersionToCall.
        """
        published = self.published()
        key, newest = self._homes(published).get(element.called, ("", ""))
        with self.store.read() as connection:
            wanted = {LATEST: lambda: newest,
                      DEPLOYMENT: lambda: deployment.called_at(connection, bundle.definition_of(caller)).get(element.called, newest),
                      VERSION: lambda: deployment.numbered(connection, key, element.ext.version)}[element.ext.binding]()
        if not newest:
            raise NothingPublished(process=element.called)
        if not wanted:
            raise NoSuchVersionToCall(version=element.ext.version, called=element.called)
        if bundle.bindings.get(key) == wanted:
            return bundle
        bindings = {**bundle.bindings, key: wanted}
        self._bind_calls(bindings, bundle.id, [self.package(wanted)], published)
        return self.bundle(bundle.id, bindings)

    def message_start(self, message: str) -> tuple[Bundle, str] | None:
        """The process that a message starts, and its start event; None when it starts none."""
        return next(iter(self._starts("message", message)), None)

    def signal_starts(self, signal: str) -> list[tuple[Bundle, str]]:
        """Every process that a signal starts, each with its start event."""
        return self._starts("signal", signal)

    def element_name(self, definition_id: str, process_id: str, element_id: str) -> Text:
        """What people call an element; its id when it has no name or is not drawn."""
        process = self.package(definition_id).model.processes.get(process_id)
        element = process.elements.get(element_id) if process is not None else None
        return element.name if element is not None and element.name.fr else Text(element_id, element_id)

    def process(self, definition_id: str, process_id: str) -> Process | None:
        """A process of a version, None when it is not drawn there."""
        return self.package(definition_id).model.processes.get(process_id)

    def _starts(self, kind: str, name: str) -> list[tuple[Bundle, str]]:
        published = self.published()
        return [(self._bound(definition_id, process.id, published), start.id)
                for definition_id, package in published.items() for process in package.processes for start in process.starts()
                if any(event.kind == kind and event.name == name for event in start.events)]

    def _bound(self, definition_id: str, process_id: str, published: Mapping[str, Package]) -> Bundle:
        """Bind a process to the versions of what it calls, and of what those call."""
        bindings = {ITSELF: process_id}
        self._bind_calls(bindings, definition_id, [self.package(definition_id)], published)
        return self.bundle(definition_id, bindings)

    @staticmethod
    def _homes(published: Mapping[str, Package]) -> dict[str, tuple[str, str]]:
        """Folder and newest version of every process that may be called."""
        return {process.id: (package.key, one) for one, package in published.items() for process in package.processes}

    def _bind_calls(self, bindings: dict[str, str], definition_id: str, waiting: list[Package], published: Mapping[str, Package]) -> None:
        """Add the newest version of each folder that these packages call and that is not bound yet."""
        homes = self._homes(published)
        while waiting:
            for called in sorted(waiting.pop().calls()):
                if called not in homes:
                    raise NothingPublished(process=called)
                key, found = homes[called]
                if key not in bindings and found != definition_id:
                    bindings[key] = found
                    waiting.append(self.package(found))

    def _build(self, definition_id: str, bindings: dict[str, str]) -> Bundle:
        ids = [definition_id, *(one for key, one in sorted(bindings.items()) if key != ITSELF)]
        packages = {one: self.package(one) for one in ids}
        homes = {process: one for one, package in reversed(list(packages.items())) for process in package.model.processes}
        program = _Linker(packages, homes).program(definition_id, ())
        own = packages[definition_id]
        process_id = bindings.get(ITSELF) or (own.main.id if own.main is not None else "")
        return Bundle(definition_id, bindings, program.process(process_id), program, packages, self.zone, homes)


class _Linker:
    """Builds the programs of a bundle, those called first, each once."""

    def __init__(self, packages: Mapping[str, Package], homes: Mapping[str, str]) -> None:
        self.packages, self.homes = packages, homes
        self._built: dict[str, Program] = {}

    def program(self, definition_id: str, above: tuple[str, ...]) -> Program:
        if definition_id in above:
            raise CallsInCircle(circle=" → ".join(self.packages[one].key for one in (*above, definition_id)))
        if definition_id not in self._built:
            package = self.packages[definition_id]
            called = {one: self.program(self.homes[one], (*above, definition_id)) for one in sorted(package.calls()) if one in self.homes}
            self._built[definition_id] = Program(package.reading, called)
        return self._built[definition_id]
