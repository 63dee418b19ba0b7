"""Typesetting by typst, in a process that can be killed.

Owns: that process: started at the first paper, kept for the next ones, killed when it takes too long.
Leaves: the compiler to `typst_worker`; templates to `handlers/templates`.
Promises: a paper takes no longer than its limit; papers are set one at a time.
"""

from __future__ import annotations

import base64
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from handlers.adapters import typst_worker
from handlers.ports import TypesettingFailed

TEMPLATES = Path(__file__).parent.parent / "templates"


class TypstTypesetter:
    """Typesets papers to PDF/A-3a and PDF/UA-1.

    limit_seconds: how long one paper may take; templates: folder of `*.typ`.
    """

    def __init__(self, limit_seconds: float = 30, templates: Path = TEMPLATES) -> None:
        self._limit_seconds, self._templates = limit_seconds, templates
        self._process: subprocess.Popen[bytes] | None = None
        self._turn = threading.Lock()

    def pdf(self, template: str, data: Mapping[str, Any], images: Mapping[str, bytes]) -> bytes:
        """Typeset one paper. `data["made_on"]` (ISO day) dates the file. Raises: TypesettingFailed, telling why."""
        job = {"template": template, "data": dict(data), "made_on": data["made_on"],
               "images": {name: image.decode() for name, image in images.items()}}
        with self._turn:
            answer = self._ask(job)
        if answer is None:
            raise TypesettingFailed(template=template, reason=f"no answer within {self._limit_seconds} s")
        if "error" in answer:
            raise TypesettingFailed(template=template, reason=answer["error"])
        return base64.b64decode(answer["pdf"])

    def close(self) -> None:
        """End the process; the next paper starts another."""
        with self._turn:
            self._end()

    def _ask(self, job: Mapping[str, Any]) -> dict[str, str] | None:
        process = self._running()
        assert process.stdin and process.stdout
        alarm = threading.Timer(self._limit_seconds, process.kill)
        alarm.start()
        try:
            typst_worker.write_frame(process.stdin, job)  # type: ignore[arg-type]
            answer: dict[str, str] | None = typst_worker.read_frame(process.stdout)  # type: ignore[arg-type]
        except OSError:
            answer = None                                   # the pipe broke: it was killed, or died
        finally:
            alarm.cancel()
        if answer is None:
            self._end()
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._end()
            command = [sys.executable, "-I", str(Path(typst_worker.__file__)), str(self._templates)]
            self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()
