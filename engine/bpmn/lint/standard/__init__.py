"""Rules of the standard that need no running engine to be broken: what BPMN 2.0.2 says a document MUST or MUST NOT hold.

Owns: one function a rule, in files by subject, each with its section of the standard.
Leaves: what only this engine asks for to the modules beside this package.
Promises: a rule speaks of every drawing, meant to run or not; a document that says nothing of a subject is never faulted for it.
Rule: BPMN 2.0.2 (formal/2013-12-09), chapters 8 to 12.
"""

from __future__ import annotations

from engine.bpmn.lint.standard import (  # noqa: F401  importing a module enters its rules
    associations,
    bodies,
    calls,
    choreographies,
    collaborations,
    data_sets,
    event_data,
    flows,
    gateways,
    imports,
    items,
    links,
    operations,
    pictures,
    references,
    repetitions,
    resources,
)
