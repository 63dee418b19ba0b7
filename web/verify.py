"""Public verification of a certificate: by number, by SIREN, or from the QR code on it.

Owns: the two addresses `/verify` and `/verify/<number>`; what the public is told.
Leaves: the register to `handlers.registers.certificates`.
Promises: current status and scope, nothing else: no case, no reason, no person.
Rule: ISO/IEC 17065:2012, 7.8; arrêté of 6 June 2019 (the public may check a certificate).
"""

from __future__ import annotations

from flask import Blueprint, Flask, Response, make_response, redirect, render_template, request, url_for

from handlers.registers import Registers
from handlers.registers.certificates import Certificate, CertificateState
from web.access import public
from web.catalogue import say
from web.host import host
from web.pages import Verified, VerifyPage
from web.wording import Mark

bp = Blueprint("verify", __name__, url_prefix="/verify")
SIREN_DIGITS = 9


@bp.get("")
@public
def search() -> Response:
    """The empty search, or the way to what was typed."""
    typed = " ".join(request.args.get("n", "").split())
    if typed:
        return make_response(redirect(url_for("verify.show", number=typed)))
    return make_response(render_template("verify/show.html", page=VerifyPage()))


@bp.get("/<number>")
@public
def show(number: str) -> Response:
    """What the register says about a number or a SIREN; the answer is 404 when it says nothing."""
    with host().store.read() as connection:
        found = _find(Registers(connection, host().clock), number)
    page = VerifyPage(number, tuple(_told(one) for one in found))
    return make_response(render_template("verify/show.html", page=page), 200 if found else 404)


def _find(registers: Registers, typed: str) -> tuple[Certificate, ...]:
    bare = "".join(typed.split())
    if bare.isdigit() and len(bare) == SIREN_DIGITS:
        return registers.certificates.of_siren(bare)
    one = registers.certificates.find(bare)
    return (one,) if one else ()


def _told(certificate: Certificate) -> Verified:
    status = certificate.status(host().wording.today())
    holder = certificate.holder
    place = " ".join(part for part in (holder.get("postcode"), holder.get("city")) if part)
    return Verified(
        mark=status_mark(status), number=certificate.number, holder=str(holder["name"]),
        address=", ".join(part for part in (holder.get("address"), place) if part), siren=certificate.siren,
        nda=holder.get("nda") or "",
        categories=tuple(category_name(one) for one in certificate.categories), starts_on=certificate.starts_on,
        ends_on=certificate.ends_on,
        state_on=certificate.state_on if status in (CertificateState.SUSPENDED, CertificateState.WITHDRAWN) else None,
        sites=tuple(str(site.get("city") or site.get("name")) for site in certificate.sites))


def status_mark(status: CertificateState) -> Mark:
    """The state of a certificate in the public's words."""
    return {
        CertificateState.VALID: Mark("is-done", "done", say("Valid certificate")),
        CertificateState.SUSPENDED: Mark("is-warn", "pause", say("Suspended certificate")),
        CertificateState.WITHDRAWN: Mark("is-risk", "x", say("Withdrawn certificate")),
        CertificateState.EXPIRED: Mark("is-idle", "clock", say("Expired certificate")),
    }[status]


def category_name(code: str) -> str:
    """A category of actions in words (Code du travail, L. 6313-1)."""
    return {
        "OF": say("Training"), "BC": say("Skills assessments"), "VAE": say("Validation of prior learning"),
        "CFA": say("Apprenticeship training"),
    }.get(code, code)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["category"] = category_name
