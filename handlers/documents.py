"""The body's papers: quote, audit report, decision letter, certificate.

Owns: `document.produce`, and which template belongs to which kind of paper.
Leaves: what a paper says to `handlers.papers`; its layout to `handlers/templates`; keeping it to the engine.
Promises: the same variables on the same day give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import Invalid
from engine.handler import Complete, NewDocument, Outcome, Parameter, Registry, Task
from engine.settings import Settings
from engine.texts import Text
from handlers.inputs import APPLICATION, CASE_NUMBER, optional
from handlers.papers import audit_report, certificate, decision_letter, quote
from handlers.ports import Staff, Typesetter
from handlers.variables import text

registry = Registry()


class UnknownPaper(Invalid):
    """There is no paper called {template}; there are {known}."""

    fr = "Il n’existe pas de document « {template} » ; il existe {known}."


@dataclass(frozen=True)
class Paper:
    """A kind of paper: its file name (with `{reference}`) in both languages, what it says, and its images."""

    file: Text
    content: Callable[[Task, Settings, Staff, str], dict[str, Any]]
    images: Callable[[Mapping[str, Any]], dict[str, bytes]] = lambda case: {}
    reference: Callable[[Task], str] = lambda task: text(task.get("case_number"))


PAPERS = {
    "quote": Paper(Text("Devis {reference}.pdf", "Quote {reference}.pdf"),
                   lambda task, settings, staff, locale: quote.content(task.variables, settings, task.today, locale),
                   reference=lambda task: text(task["quote"]["number"])),
    "audit_report": Paper(Text("Rapport d’audit {reference}.pdf", "Audit report {reference}.pdf"),
                          lambda task, settings, staff, locale: audit_report.content(
                              task.variables, settings, task.today, _name(staff, text(task["planning"]["auditor_id"])))),
    "decision_letter": Paper(Text("Décision {reference}.pdf", "Decision {reference}.pdf"),
                             lambda task, settings, staff, locale: decision_letter.content(task.variables, settings, task.today, locale)),
    "certificate": Paper(Text("Certificat {reference}.pdf", "Certificate {reference}.pdf"),
                         lambda task, settings, staff, locale: certificate.content(task.variables, settings),
                         certificate.images, reference=lambda task: text(task["certificate"]["number"])),
}


@registry.external("document.produce", title=Text("Produire un document", "Produce a document"),
                   inputs=(Parameter("template", "string", Text("Le document", "The document"), choices=(
                               ("quote", Text("le devis", "the quote")), ("audit_report", Text("le rapport d’audit", "the audit report")),
                               ("decision_letter", Text("la lettre de décision", "the decision letter")),
                               ("certificate", Text("le certificat", "the certificate")))),
                           Parameter("result_name", "string", Text("La variable qui reçoit l’identifiant du document",
                                                                   "The variable that takes the document’s id")),
                           APPLICATION, optional(CASE_NUMBER)),
                   outputs=(Parameter("document_ids", "list", Text("Le document produit", "The document produced")),))
def produce(task: Task, typesetter: Typesetter, settings: Settings, staff: Staff) -> Outcome:
    """Make a paper of the case as PDF and keep it, readable by the parties.

    Args:
        task: inputs `template` and `result_name`; the variables the paper tells of (see `handlers.papers`).
    Returns: the document; its id goes into `<result_name>`.
    Raises: UnknownPaper; KeyError naming a variable the paper needs; TypesettingFailed.
    """
    paper = PAPERS.get(task["template"])
    if paper is None:
        raise UnknownPaper(template=task["template"], known=", ".join(PAPERS))
    locale = "en" if task.get("client_locale") == "en" else "fr"
    data = paper.content(task, settings, staff, locale) | {"made_on": task.today.isoformat()}
    content = typesetter.pdf(task["template"], data, paper.images(task.variables))
    return Complete(documents=(NewDocument(
        name=paper.file(data["lang"]).format(reference=paper.reference(task)), kind=task["template"], media_type="application/pdf",
        content=content, public_to_parties=True, result=text(task.get("result_name"))),))


def _name(staff: Staff, person_id: str) -> str:
    person = staff.person(person_id)
    return person.name if person else person_id
