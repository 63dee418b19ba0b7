"""Deadlines: the one door to rules, sum, explanation and ledger.

Owns: nothing of its own; it gathers what the rest of the engine needs under one name.
Leaves: rules to `rules`, the sum to `reckoning`, its words to `explanations`, the rows to `ledger`.
"""

from engine.work.explanations import Explanation, Line, Step, Telling
from engine.work.ledger import DeadlineClosed, Entry, ExtensionRefused, Ledger, PauseRefused, Reckoned
from engine.work.reckoning import Extension, Pause, Reckoning, reckon
from engine.work.rules import NoSuchRule, Offset, Rule, RuleNotInForce, Rules, Version

__all__ = [
    "DeadlineClosed", "Entry", "Explanation", "Extension", "ExtensionRefused", "Ledger", "Line", "NoSuchRule", "Offset", "Pause",
    "PauseRefused", "Reckoned", "Reckoning", "Rule", "RuleNotInForce", "Rules", "Step", "Telling", "Version", "reckon",
]
