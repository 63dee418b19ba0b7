"""The judgement on diagrams before they run: what would be ignored, run wrong, or is not finished.

Owns: the rules, one small function each, in two registries; every finding names the element and the way out, in French and English.
Levels: `error` breaks the standard where it says MUST, or would run wrong; `draft` is valid, but left to do or not run here; `warning`
is advice.
Leaves: reading to `reader`; decision tables to `engine.dmn`; forms to `engine.forms`; scenarios to `engine.change`.
Promises: a diagram without error and draft findings is run as drawn; a finding's code is stable.
Rule: BPMN 2.0.2, chapters 8, 10 and 13; docs/diagrams.md.
"""

from __future__ import annotations

from dataclasses import replace

from engine.bpmn.lint import (  # noqa: F401  importing a module enters its rules
    activities,
    ad_hoc,
    associations,
    behaviours,
    calls,
    compensation,
    events,
    expressions,
    gateways,
    instantiation,
    names,
    people,
    positions,
    references,
    standard,
    structure,
    timers,
    types,
    unsupported,
    vocabulary,
)
from engine.bpmn.lint.rules import RULES, STANDARD, Known, Look
from engine.bpmn.reader import Reading
from engine.problems import Problem

__all__ = ["Known", "check"]

_SEVERITY = {"error": 0, "draft": 1, "warning": 2}


def check(reading: Reading, known: Known | None = None) -> list[Problem]:
    """Judge the diagrams of one folder.

    Args:
        reading: what the reader gave. known: what exists around them; absent, no outer name is checked.
    Returns: the reader's problems and every finding, by file, the grave ones first; each once.
    """
    look = Look(reading, known or Known())
    found = dict.fromkeys(reading.problems)
    for one in RULES:
        found.update(dict.fromkeys(_softened(problem, look) for problem in one(look)))
    whole = Look(reading, look.known, whole=True)
    for one in STANDARD:
        found.update(dict.fromkeys(one(whole)))
    return sorted(found, key=lambda problem: (problem.file, _SEVERITY[problem.level]))


def _softened(problem: Problem, look: Look) -> Problem:
    """A drawing that is not meant to run cannot run wrong: what is found there is what is left to do."""
    return problem if look.meant_to_run or problem.level != "error" else replace(problem, level="draft")
