"""Decisions: DMN files read, checked and evaluated.

Owns: decision tables with every hit policy, boxed expressions, requirements between decisions, the explanation of a result.
Leaves: expressions to `engine.feel`; where files are kept and which version a case uses to others.
Promises: an input file is read safely; what cannot be read is named at its element; results say which rules matched and why.
Rule: DMN 1.1 to 1.5.
"""

from __future__ import annotations

from engine.dmn.decisions import Decisions, Result, read
from engine.dmn.errors import NoSuchDecision, NotReadable
from engine.dmn.explanation import Step
from engine.dmn.files import read_all
from engine.dmn.logic import Match

__all__ = ["Decisions", "Match", "NoSuchDecision", "NotReadable", "Result", "Step", "read", "read_all"]
