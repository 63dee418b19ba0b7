"""Small diagrams for tests, written short.

Owns: `bpmn`, which puts a process body into a file the reader accepts, and the few diagrams that several tests use.
"""

from __future__ import annotations

from itertools import pairwise

_HEAD = ('<?xml version="1.0" encoding="UTF-8"?>\n<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
         'xmlns:jalon="urn:jalon:bpmn:1" id="Definitions_Test" targetNamespace="urn:test">\n')


def bpmn(body: str, *, process: str = "p", attributes: str = "", before: str = "") -> bytes:
    """Put a process body into a file.

    Args:
        body: elements of the process, prefix `bpmn:` left out (`<task …/>`); flows may be written `a -> b` or `a -> b: =FEEL`, one a line.
        attributes: of the process. before: elements beside it, `<message …/>`.
    """
    opened = f'<bpmn:process id="{process}" isExecutable="true" {attributes}>'
    return f"{_HEAD}{_prefixed(before)}{opened}\n{_prefixed(_flows(body))}\n</bpmn:process>\n</bpmn:definitions>\n".encode()


def _flows(body: str) -> str:
    lines, number = [], 0
    for line in body.splitlines():
        if "->" not in line or "<" in line:
            lines.append(line)
            continue
        ends, _, condition = line.partition(":")
        names = [name.strip() for name in ends.split("->")]
        for source, target in pairwise(names):
            number += 1
            inside = f"<conditionExpression>{condition.strip().removeprefix('=')}</conditionExpression>" if condition.strip() else ""
            lines.append(
                f'<sequenceFlow id="f{number}_{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'
            )
    return "\n".join(lines)


def _prefixed(body: str) -> str:
    """Write `<task` as `<bpmn:task`; what has a prefix keeps it."""
    out, rest = [], body
    while "<" in rest:
        before, _, rest = rest.partition("<")
        closing, name = ("/", rest[1:]) if rest.startswith("/") else ("", rest)
        tag = name.split(">")[0].split(" ")[0].split("/")[0]
        out.append(f"{before}<{closing}{'' if ':' in tag else 'bpmn:'}")
        rest = name
    return "".join(out) + rest


#: One task for sales, then a handler `note.write`, then one for the reviewer, who may not be who did the first; three months at most.
REVIEWED = bpmn("""
<startEvent id="Start"/>
<userTask id="Write" name="Rédiger" jalon:groups="sales"/>
<serviceTask id="Note" jalon:handler="note.write"/>
<userTask id="Review" name="Relire" jalon:groups="reviewer, sales" jalon:notWhoDid="Write"/>
<boundaryEvent id="TooLate" attachedToRef="Review">
  <timerEventDefinition><timeDuration>P3M</timeDuration></timerEventDefinition></boundaryEvent>
<endEvent id="Done"/>
<endEvent id="Lapsed"/>
Start -> Write -> Note -> Review -> Done
TooLate -> Lapsed
""")
