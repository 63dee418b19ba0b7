"""A small builder of diagrams for tests: only what a test is about has to be written."""

from __future__ import annotations

from itertools import pairwise

from engine.bpmn import reader
from engine.bpmn.reader import Reading

_HEAD = ('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jalon="urn:jalon:bpmn:1" '
         'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
         'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:other="urn:somebody:else" id="D" targetNamespace="t">')


def definitions(body: str) -> bytes:
    """Put root elements into a file."""
    return f"{_HEAD}{body}</definitions>".encode()


def diagram(body: str, roots: str = "", attributes: str = "", process: str = "p") -> bytes:
    """Put the inside of one executable process into a file; `roots` are messages and the like beside it."""
    return definitions(f'<process id="{process}" isExecutable="true" {attributes}>{body}</process>{roots}')


def chain(*nodes: str) -> str:
    """Draw elements in one line, joined by sequence flows. A node is its XML, its id the first one in it."""
    ids = [node.split('id="', 1)[1].split('"', 1)[0] for node in nodes]
    return "".join(nodes) + "".join(flow(source, target) for source, target in pairwise(ids))


def flow(source: str, target: str, condition: str = "", key: str = "") -> str:
    """Draw a sequence flow, with the id `source_target` unless told otherwise."""
    inner = f"<conditionExpression>{condition.replace('<', '&lt;')}</conditionExpression>" if condition else ""
    return f'<sequenceFlow id="{key or f"{source}_{target}"}" sourceRef="{source}" targetRef="{target}">{inner}</sequenceFlow>'


START = '<startEvent id="start"/>'
END = '<endEvent id="end"/>'


def read(body: str, roots: str = "", attributes: str = "") -> Reading:
    """Read one process drawn from its inside."""
    return reader.read({"a.bpmn": diagram(body, roots, attributes)})
