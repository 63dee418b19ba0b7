"""The activity declaration number (NDA) of an applicant who had only filed its declaration: checked once it is given, then recorded.

Owns: `nda.check`, `nda.record`.
Leaves: whether it is valid to the person who confirms it; the wait for it to the diagram; each rule to `handlers.qualiopi.admissibility`.
Promises: a public list that is missing or silent makes a warning, never a failed job; what is recorded stands in the register and in the
application of the case, so that the certificate carries it.
Rule: arrêté of 6 June 2019, art. 1 (qualiopi.md, 5): a proof of filing opens the case, the certificate waits for a valid number.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from engine.handler import Complete, Outcome, Parameter, Registry, Task
from engine.texts import Text
from handlers.admissibility import ask_public_list
from handlers.inputs import APPLICATION, ORGANISATION_ID
from handlers.ports import PublicList
from handlers.qualiopi import admissibility as rules
from handlers.qualiopi.numbers import bare
from handlers.registers import Registers
from handlers.variables import text

registry = Registry()
NDA = Parameter("nda", "context", Text("Le NDA donné : son numéro", "The declaration number given: its number"))


@registry.external("nda.check", title=Text("Contrôler le NDA", "Check the NDA"), inputs=(APPLICATION, NDA),
                   outputs=(Parameter("nda_check", "context", Text("Les vérifications et leur résultat", "The checks and their results")),))
def check(task: Task, public_list: PublicList | None) -> Outcome:
    """Check the shape of the number given, and ask the public list whose it is.

    Args:
        task: variables `application` and `nda` ({number}). public_list: None when this installation has none.
    """
    application = numbered(task["application"], task["nda"]["number"])
    checks = [rules.check_nda(application, task.today),
              ask_public_list(partial(public_list.provider, application["organisation"]["nda"]) if public_list else None, application)]
    return Complete(nda_check={"blocked": any(one.result == "block" for one in checks), "checks": [one.to_json() for one in checks]})


@registry.local("nda.record", title=Text("Enregistrer le NDA", "Record the NDA"), inputs=(APPLICATION, ORGANISATION_ID, NDA),
                outputs=(APPLICATION,))
def record(task: Task, registers: Registers) -> Outcome:
    """Write the confirmed number into the application and the register of organisations.

    Args:
        task: variables `application`, `organisation_id` and `nda` ({number}).
    Raises: OrganisationNotFound.
    """
    application = numbered(task["application"], task["nda"]["number"])
    registers.organisations.record_nda(task["organisation_id"], application["organisation"]["nda"])
    return Complete(application=application)


def numbered(application: Mapping[str, Any], number: Any) -> dict[str, Any]:
    """The same application with its declaration number, no longer awaited."""
    return {**application, "organisation": {**application["organisation"], "nda": bare(text(number)), "nda_status": "valid"}}
