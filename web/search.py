"""The search everywhere: by number, name, SIREN, NDA, certificate; over any page with Ctrl K, or at its own address without script.

Owns: `/search`, and the links to what was found.
Leaves: what is found to `engine.queries`, organisations and certificates to `handlers.registers`.
Promises: people of the house only; a process is shown to who may open it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, Flask, Response, g, make_response, render_template, request

from engine.change.owners import PROCESS_OWNER
from engine.queries.shapes import Found, ProcessHit
from handlers.registers import Certificate, Organisation, Registers
from web.access import for_staff
from web.host import host, signed_in
from web.verify import status_mark
from web.wording import Mark

bp = Blueprint("search", __name__)
MOST = 6            #: organisations and certificates
LONGEST = 120


@dataclass(frozen=True)
class OrganisationHit:
    """An organisation that was found, with the case to open (its latest) and how many it has."""

    organisation: Organisation
    case_id: str
    cases: int


@dataclass(frozen=True)
class CertificateHit:
    """A certificate that was found, with its state today."""

    certificate: Certificate
    mark: Mark


@dataclass(frozen=True)
class SearchPage:
    """What was typed, and what was found."""

    typed: str
    found: Found
    organisations: tuple[OrganisationHit, ...] = ()
    certificates: tuple[CertificateHit, ...] = ()
    processes: tuple[ProcessHit, ...] = ()

    @property
    def nothing(self) -> bool:
        found = self.found
        return not (found.cases or found.tasks or found.people or self.organisations or self.certificates or self.processes)


@bp.get("/search")
@for_staff
def index() -> Response:
    """The page of the search; asked by its dialog, what was found alone."""
    g.section = "search"
    typed = request.args.get("q", "").strip()[:LONGEST]
    page = _searched(typed)
    template = "search/_found.html" if request.headers.get("X-Piece") else "search/index.html"
    return make_response(render_template(template, page=page))


def _searched(typed: str) -> SearchPage:
    found = host().queries.search(signed_in(), typed)
    if not found.asked:
        return SearchPage(typed, found)
    with host().store.read() as connection:
        registers = Registers(connection, host().clock)
        organisations = registers.organisations.found(found.asked, MOST)
        certificates = registers.certificates.found(found.asked, MOST)
    today = host().wording.today()
    may_open = host().studio is not None and signed_in().is_in(PROCESS_OWNER)
    return SearchPage(
        typed, found, tuple(OrganisationHit(one, cases[0] if cases else "", len(cases)) for one, cases in organisations),
        tuple(CertificateHit(one, status_mark(one.status(today))) for one in certificates), found.processes if may_open else ())


def install(app: Flask) -> None:
    app.register_blueprint(bp)
