"""The reference models of the OMG run: finished as a process owner would finish them, each case comes to its end.

The suite lies beside the project and is not part of it; without it these tests are skipped, loudly.
Rule: issue 4, section 4 (miwg: what is executable runs).
"""

from __future__ import annotations

from engine.bpmn import lint, reader
from tests.conformance.miwg import Walk, finished
from tests.conformance.test_bpmn_files import _folder, _suite

#: A catalogue of every element rather than a process: one of its pools comes to a join that its own drawing never fills, or to an error
#: that nothing catches. Both are told by name, at their element.
CATALOGUE = "B.2.0.bpmn"


def test_the_reference_models_run_to_their_end_once_they_say_who_and_when() -> None:
    ended, stopped = 0, 0
    for path in sorted(_suite("miwg").glob("*.bpmn")):
        files = finished(_folder(path))
        reading = reader.read(files)
        assert [problem for problem in lint.check(reading) if problem.level != "warning"] == [], path.name
        for process in (key for key, process in reading.model.processes.items() if process.executable):
            walk = Walk(files)
            if walk.run(process) == "completed":
                ended += 1
                continue
            stopped += 1
            waiting = walk.house.open_work()
            assert path.name == CATALOGUE and waiting and all(work.kind == "failed" and work.reason.fr for work in waiting), path.name
    print(f"miwg: {ended} of {ended + stopped} processes of the 21 models run to their end, {stopped} stopped by name")
    assert ended >= 38 and stopped <= 1
