"""What happened in each case, as evidence: an append-only chain that shows any change."""

from engine.history.chain import Chain, NewEvent, genesis
from engine.history.evidence import EvidenceFault, Verification, erase, export_case, verify
from engine.history.words import KINDS, Kind, Naming, describe

__all__ = ["KINDS", "Chain", "EvidenceFault", "Kind", "Naming", "NewEvent", "Verification", "describe", "erase", "export_case", "genesis",
           "verify"]
