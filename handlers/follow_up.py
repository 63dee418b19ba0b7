"""The follow-up of a minor non-conformity in a case of its own, once the certificate is out.

Owns: `follow_up.open`.
Leaves: the time limit to the deadline rules; the check of the evidence to the next audit.
Rule: arrêté of 6 June 2019, art. 5 (qualiopi.md, 2).
"""

from __future__ import annotations

from engine.handler import Complete, Outcome, Parameter, Party, Registry, Task
from engine.texts import Text
from handlers.inputs import CASE_NUMBER, CLIENT_EMAIL, CLIENT_LOCALE, CLIENT_NAME, optional
from handlers.variables import text

registry = Registry()


@registry.local("follow_up.open", title=Text("Ouvrir le suivi d’une mineure", "Open the follow-up of a minor"),
                inputs=(Parameter("nc", "context", Text("La non-conformité", "The non-conformity")), CASE_NUMBER, CLIENT_NAME, CLIENT_EMAIL,
                        optional(CLIENT_LOCALE)))
def open_follow_up(task: Task) -> Outcome:
    """Give the follow-up its number and title, and join the client to it, so that its task reaches somebody.

    Args:
        task: variables `nc` (one of `nonconformities`), `case_number` of the certification, `client_name`, `client_email`, `client_locale`.
    """
    number, client = int(task["nc"]["number"]), text(task["client_name"])
    return Complete(
        title=f"{client} : suivi de la NC {number}", business_key=f"{task['case_number']}-NC{number}",
        parties=(Party(text(task["client_email"]), client, "client", "en" if task.get("client_locale") == "en" else "fr"),))
