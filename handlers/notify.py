"""Letters to the client and to colleagues.

Owns: `client.notify`, `staff.notify`.
Leaves: what a letter says to `letters.yaml` of the process; how it leaves to the mailer.
Promises: a letter leaves once for one task and one recipient, however often the job runs; while mail is down the job tries again for more
than a day before a person is called.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.errors import Invalid
from engine.handler import Complete, Outcome, Parameter, Registry, Retry, Task
from engine.texts import Text
from handlers.inputs import CLIENT_EMAIL, CLIENT_LOCALE, DOCUMENT_IDS, optional, reader_of
from handlers.ports import Attachment, Colleague, Mail, Mailer, Staff
from handlers.variables import text

registry = Registry()
#: Waits of 1, 4, 16 and 64 minutes, then 4 h 16 and six hours each: eleven waits make about 42 hours.
MORE_THAN_A_DAY = Retry(times=12, first_wait_seconds=60, factor=4, longest_wait_seconds=6 * 3600)
LETTER = Parameter("letter", "string", Text("La lettre", "The letter"), names="letter")


class NobodyToWriteTo(Invalid):
    """The letter {letter} has nobody to go to."""

    fr = "La lettre {letter} n’a pas de destinataire."


@registry.external("client.notify", title=Text("Écrire au client", "Write to the client"), retry=MORE_THAN_A_DAY,
                   inputs=(LETTER, Parameter("to", "string", Text("Le destinataire, sinon le client", "The recipient, else the client"),
                                             required=False),
                           Parameter("locale", "string", Text("La langue, sinon celle du client", "The language, else the client’s"),
                                     required=False, choices=(("fr", Text("français", "French")), ("en", Text("anglais", "English")))),
                           DOCUMENT_IDS, optional(CLIENT_EMAIL), optional(CLIENT_LOCALE)))
def notify_client(task: Task, mailer: Mailer) -> Outcome:
    """Send a letter to the client, with documents of the case. Safe to run twice: the mailer sends each `task.key` once.

    Args:
        task: inputs `letter`, `to`, `locale`, `document_ids`; without `to` and `locale` those of the client.
            `secrets`: parts of the letter that its record is not to keep.
    Raises: NobodyToWriteTo; Unreachable while mail is down.
    """
    to = text(task.get("to") or task.get("client_email"))
    if not to:
        raise NobodyToWriteTo(letter=task["letter"])
    locale = text(task.get("locale") or task.get("client_locale")) or "fr"
    mailer.send(_mail(task, to, locale, _attachments(task)), once=task.key)
    return Complete()


@registry.external("staff.notify", title=Text("Écrire à des collègues", "Write to colleagues"), retry=MORE_THAN_A_DAY,
                   inputs=(LETTER, Parameter("group", "string", Text("Le groupe", "The group"), required=False, names="group"),
                           Parameter("person_id", "string", Text("La personne", "The person"), required=False), DOCUMENT_IDS))
def notify_staff(task: Task, mailer: Mailer, staff: Staff) -> Outcome:
    """Send a letter to a person or to each person of a group, in their own language; one mail a recipient.

    Args:
        task: inputs `letter` and `group` or `person_id`.
    Raises: NobodyToWriteTo, when nobody active is meant; Unreachable while mail is down.
    """
    colleagues = _colleagues(task, staff)
    if not colleagues:
        raise NobodyToWriteTo(letter=task["letter"])
    attachments = _attachments(task)
    for colleague in colleagues:
        mailer.send(_mail(task, colleague.email, colleague.locale, attachments), once=f"{task.key}:{colleague.person_id}")
    return Complete()


def _colleagues(task: Task, staff: Staff) -> Sequence[Colleague]:
    if task.get("person_id"):
        person = staff.person(task["person_id"])
        return [person] if person else []
    return staff.of_group(task["group"]) if task.get("group") else []


def _mail(task: Task, to: str, locale: str, attachments: tuple[Attachment, ...]) -> Mail:
    letter = reader_of(task).letter(task["letter"], locale, {"recipient_email": to})
    return Mail(to=to, subject=letter.subject, body=letter.body, template=letter.template, instance_id=task.instance_id,
                occasion=task.key, locale=locale, attachments=attachments,
                secrets=tuple(text(one) for one in task.get("secrets") or ()))


def _attachments(task: Task) -> tuple[Attachment, ...]:
    reader = reader_of(task)
    return tuple(Attachment(document_id, *reader.document(document_id)) for document_id in task.get("document_ids") or ())
