"""A folder goes out as a ZIP file and comes back the same; nothing else comes in."""

from __future__ import annotations

import io
import stat
import zipfile

import pytest

from engine.change import archive
from engine.change.archive import NotAnArchive
from engine.definitions.files import MOST_BYTES

FILES = {"p.bpmn": b"<x/>", "scenarios/a.yaml": b"says: a", "scenarios/fixtures/b.json": b"{}"}


def packed(*entries: tuple[str, bytes], link: str = "") -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.external_attr = ((stat.S_IFLNK if name == link else stat.S_IFREG) | 0o644) << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(info, content)
    return data.getvalue()


def test_a_folder_packs_to_the_same_bytes_and_comes_back_the_same() -> None:
    assert archive.pack(FILES) == archive.pack(dict(reversed(FILES.items())))
    assert archive.unpack(archive.pack(FILES)) == FILES


def test_a_folder_packed_by_a_system_with_its_own_files_comes_in() -> None:
    data = packed(("note/p.bpmn", b"<x/>"), ("note/scenarios/a.yaml", b"a"), ("__MACOSX/note/._p.bpmn", b"x"), ("note/.DS_Store", b"x"))
    assert archive.unpack(data) == {"p.bpmn": b"<x/>", "scenarios/a.yaml": b"a"}


@pytest.mark.parametrize(("data", "why"), [
    (b"no archive", "no readable ZIP"),
    (packed(("p.bpmn", b"x"))[:-30], "no readable ZIP"),
    (packed(("../p.bpmn", b"x")), "leads out"),
    (packed(("/p.bpmn", b"x")), "leads out"),
    (packed(("note/../../p.bpmn", b"x")), "leads out"),
    (packed(("C:/p.bpmn", b"x")), "leads out"),
    (packed(("scenarios\\..\\p.bpmn", b"x"), ("p.bpmn", b"x")), "leads out|does not belong"),
    (packed(("p.bpmn", b"x"), ("p.bpmn/x.bpmn", b"y"), link="p.bpmn"), "no plain file"),
    (packed(("note/p.bpmn", b"x"), ("other/q.bpmn", b"y")), "does not belong"),
    (packed(("p.bpmn", b"x"), ("run.sh", b"y")), "does not belong"),
    (packed(("p.bpmn", b"\0" * (MOST_BYTES + 1))), "exceeds"),
    (packed(*((f"scenarios/{number}.yaml", b"") for number in range(archive.MOST_ENTRIES + 1))), "exceeds"),
    (packed(), "no file of a process"),
])
def test_what_is_no_folder_of_a_process_is_refused_as_a_whole(data: bytes, why: str) -> None:
    with pytest.raises(NotAnArchive, match=why):
        archive.unpack(data)


def test_a_file_that_is_larger_than_it_declares_is_refused() -> None:
    data = bytearray(packed(("p.bpmn", b"x" * 5_000)))
    for at in (data.find(b"PK\x01\x02") + 24, 22):          # in the directory and beside the file
        data[at:at + 4] = (5).to_bytes(4, "little")
    with pytest.raises(NotAnArchive):
        archive.unpack(bytes(data))
