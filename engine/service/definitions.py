"""Commands on definitions: judging the files of processes and publishing them.

Owns: what the operator of the machine does from its command line: publish what ships, import and export folders.
Leaves: reading, judging and numbering versions to `engine.definitions`; drafts, approval and publishing by people to `engine.change`.
Promises: no person publishes here: that is the studio's gate; a version that came this way says so; files with a problem publish nothing;
the same files twice are one version; folders that call each other are published together.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from engine.definitions import Deployment, folders, write_folder
from engine.errors import NotAllowed
from engine.people.person import Person
from engine.problems import Problem
from engine.service.commands import Commands
from engine.texts import Text

Files = Mapping[str, bytes]


class DefinitionCommands(Commands):
    """Processes as they are deployed."""

    def check_files(self, files: Files, key: str = "draft") -> list[Problem]:
        """Judge the files of a process folder against the handlers, groups and processes there are; never raises for what is in them."""
        return self.library.check(files, self.around.registry, key)

    def deploy(self, key: str, files: Files, by: Person | None) -> Deployment:
        """Publish the files of a process folder as its next version. Raises: as `deploy_all`."""
        return self.deploy_all({key: files}, by)[0]

    def deploy_all(self, folders: Mapping[str, Files], by: Person | None) -> list[Deployment]:
        """Publish several folders together, all or none: they may call each other.

        Args:
            by: None, the operator of the machine. A person is refused, whoever it is: people publish through the studio.
        Raises: NotAllowed (`four_eyes`); NotDeployable, with the problems.
        """
        if by is not None:
            raise NotAllowed("four_eyes", _THROUGH_THE_STUDIO)
        with self._command() as work:
            work.hints.add("timer")         # a version may begin cases by time
            return self.library.publish_all(work.connection, folders, self.around.registry, by=by.id if by else None, now=self._now())

    def import_processes(self, path: Path, by: Person | None, *, only_new: bool = False) -> list[tuple[str, int]]:
        """Publish the process folders under a folder: those that have changed, or with `only_new` those that have no version yet.

        Returns: key and version of what was published. Raises: NotDeployable, with the problems of all of them.
        """
        there = {package.key for package in self.library.published().values()} if only_new else set()
        found = {key: files for key, files in folders(path).items() if key not in there}
        return [(one.key, one.version) for one in self.deploy_all(found, by) if one.is_new] if found else []

    def export_processes(self, path: Path) -> list[str]:
        """Write the newest published version of every process into a folder, one folder a key; tell the keys."""
        published = self.library.published().values()
        for package in published:
            write_folder(package.files, path / package.key)
        return sorted(package.key for package in published)


_THROUGH_THE_STUDIO = Text("Une personne publie par l’atelier, avec l’accord d’une deuxième personne.",
                           "People publish through the studio, with the approval of a second person.")
