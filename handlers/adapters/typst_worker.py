"""The process that typesets: reads jobs from standard input, writes PDFs to standard output, knows nothing of Jalon.

Owns: one typst compiler with its fonts loaded, and the frames of the pipe: 8 bytes of length, then JSON.
Leaves: the time limit to whoever started it, who kills it.
Promises: reads no file outside the folder of templates and no font of the system, so that the same job gives the same bytes everywhere.
"""

from __future__ import annotations

import base64
import json
import struct
import sys
from datetime import UTC, datetime
from typing import Any, BinaryIO

import typst

STANDARDS: Any = ["a-3a", "ua-1"]                           # kept for ten years and read aloud


def read_frame(stream: BinaryIO) -> Any:
    """Read one frame. Returns: None at the end of the stream."""
    head = stream.read(8)
    if len(head) < 8:
        return None
    length = struct.unpack(">Q", head)[0]
    body = stream.read(length)
    return json.loads(body) if len(body) == length else None


def write_frame(stream: BinaryIO, value: Any) -> None:
    """Write one frame."""
    body = json.dumps(value).encode()
    stream.write(struct.pack(">Q", len(body)) + body)
    stream.flush()


def typeset(compiler: typst.Compiler, root: str, job: dict[str, Any]) -> dict[str, str]:
    """Do one job {template, data, images, made_on}. Returns: {"pdf": base64} or {"error": sentence}."""
    try:
        made_on = datetime.fromisoformat(job["made_on"]).replace(tzinfo=UTC)
        pdf = compiler.compile(f"{root}/{job['template']}.typ", format="pdf", pdf_standards=STANDARDS, timestamp=made_on,
                               sys_inputs={"data": json.dumps(job["data"]), **job["images"]})
    except (typst.TypstError, OSError, ValueError) as error:
        return {"error": str(error)}
    return {"pdf": base64.b64encode(bytes(pdf)).decode()}  # type: ignore[arg-type]


def main(root: str) -> None:
    """Serve until the pipe closes."""
    compiler = typst.Compiler(root=root, font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True)
    while (job := read_frame(sys.stdin.buffer)) is not None:
        write_frame(sys.stdout.buffer, typeset(compiler, root, job))


if __name__ == "__main__":
    main(sys.argv[1])
