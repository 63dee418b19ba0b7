"""The explicit list of handler modules.

Owns: which handlers exist in this product. A new module goes into `MODULES`, and `docs/handlers.md` says how.
Leaves: the contract to `engine.handler`; binding ports to `handlers.binding`.
"""

from __future__ import annotations

from engine.handler import Registry
from handlers import admissibility, application, audit, certificate, decision, documents, findings, follow_up, nda, notify, quote

MODULES = (application, admissibility, quote, audit, findings, follow_up, decision, nda, certificate, documents, notify)


def registry() -> Registry:
    """Collect the handlers of all modules. Raises: ValueError, when two of them have the same name."""
    everything = Registry()
    for module in MODULES:
        everything.include(module.registry)
    return everything
