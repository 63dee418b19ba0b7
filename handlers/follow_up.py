"""The follow-up of a minor non-conformity in a case of its own, once the certificate is out.

Owns: `follow_up.open`, `follow_up.note`.
Leaves: the time limit to the deadline rules; the check of the evidence to the next audit.
Promises: the register of non-conformities knows how each follow-up ended, under the case of the certification it comes from.
Rule: arrêté of 6 June 2019, art. 5 (qualiopi.md, 2).
"""

from __future__ import annotations

from engine.errors import Invalid
from engine.handler import Complete, Outcome, Parameter, Party, Registry, Task
from engine.texts import Text
from handlers.inputs import CASE_NUMBER, CLIENT_EMAIL, CLIENT_LOCALE, CLIENT_NAME, optional
from handlers.registers import NonconformityState, Registers
from handlers.variables import text

registry = Registry()
NC = Parameter("nc", "context", Text("La non-conformité", "The non-conformity"))
#: How a follow-up may end.
ENDS = (NonconformityState.EVIDENCE_RECEIVED, NonconformityState.ACTION_OVER)


class NotAnEnd(Invalid):
    """A follow-up does not end with {outcome}; it ends with {known}."""

    fr = "Un suivi ne finit pas par « {outcome} » ; il finit par {known}."


@registry.local("follow_up.open", title=Text("Ouvrir le suivi d’une mineure", "Open the follow-up of a minor"),
                inputs=(NC, CASE_NUMBER, CLIENT_NAME, CLIENT_EMAIL, optional(CLIENT_LOCALE)))
def open_follow_up(task: Task) -> Outcome:
    """Give the follow-up its number and title, and join the client to it, so that its task reaches somebody.

    Args:
        task: variables `nc` (one of `nonconformities`), `case_number` of the certification, `client_name`, `client_email`, `client_locale`.
    """
    number, client = int(task["nc"]["number"]), text(task["client_name"])
    return Complete(
        title=f"{client} : suivi de la NC {number}", business_key=f"{task['case_number']}-NC{number}",
        parties=(Party(text(task["client_email"]), client, "client", "en" if task.get("client_locale") == "en" else "fr"),))


@registry.local("follow_up.note", title=Text("Noter l’issue du suivi", "Note how the follow-up ended"),
                inputs=(NC, CASE_NUMBER, Parameter("outcome", "string", Text("L’issue", "How it ended"), choices=(
                    ("evidence_received", Text("preuve reçue", "evidence received")),
                    ("action_over", Text("délai de mise en œuvre dépassé", "time to carry it out over"))))))
def note(task: Task, registers: Registers) -> Outcome:
    """Write in the register that evidence came, or that the six months passed without any; the next audit checks it either way.

    Args:
        task: variables `nc`, `case_number` of the certification, and `outcome`.
    Raises: NotAnEnd; ApplicationNotFound; NonconformityNotFound.
    """
    outcome = text(task["outcome"])
    if outcome not in ENDS:
        raise NotAnEnd(outcome=outcome, known=", ".join(ENDS))
    case = registers.applications.numbered(task["case_number"])
    registers.nonconformities.settle(case.instance_id, int(task["nc"]["number"]), NonconformityState(outcome))
    return Complete()
