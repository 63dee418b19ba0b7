"""The inputs and outputs several handlers share, described once for the studio and the lint."""

from __future__ import annotations

from dataclasses import replace

from engine.handler import Parameter, Reader, Task
from engine.texts import Text


def optional(parameter: Parameter) -> Parameter:
    """The same input, not required."""
    return replace(parameter, required=False)


def reader_of(task: Task) -> Reader:
    """What a task can look up. Raises: RuntimeError when it was handed none, which only a test can do."""
    if task.reader is None:
        raise RuntimeError(f"{task.handler} at {task.element} looks things up and was handed no reader")
    return task.reader


APPLICATION = Parameter("application", "context", Text("La demande", "The application"))
ORGANISATION_ID = Parameter("organisation_id", "string", Text("L’organisation au registre", "The organisation in the register"))
CASE_NUMBER = Parameter("case_number", "string", Text("Le numéro du dossier", "The number of the case"))
CLIENT_NAME = Parameter("client_name", "string", Text("Le nom du client", "The client’s name"))
CLIENT_EMAIL = Parameter("client_email", "string", Text("Le courriel du client", "The client’s e-mail address"))
CLIENT_LOCALE = Parameter("client_locale", "string", Text("La langue du client", "The client’s language"))
PLANNING = Parameter("planning", "context", Text("L’auditeur, le jour, la durée et le lieu de l’audit",
                                                 "The auditor, day, length and place of the audit"))
INDICATORS = Parameter("indicators", "list", Text("Les indicateurs applicables", "The applicable indicators"))
AUDIT = Parameter("audit", "context", Text("Les constats de l’audit", "The findings of the audit"))
NONCONFORMITIES = Parameter("nonconformities", "list", Text("Les non-conformités", "The non-conformities"))
COUNTS = Parameter("counts", "context", Text("Le compte des non-conformités", "The count of non-conformities"))
DOCUMENT_IDS = Parameter("document_ids", "list", Text("Les documents à joindre", "The documents to attach"), required=False)
