"""Public verification of a certificate: by number, by SIREN, or from the QR code on it; as a page or as JSON.

Owns: the addresses under `/verify`; what the public is told, in words and in data.
Leaves: the register to `handlers.registers.certificates`.
Promises: current status and scope, nothing else: no case, no reason, no person. One looks up what one knows: there is no list, and looking
up fast is slowed down.
Rule: ISO/IEC 17065:2012, 7.8; arrêté of 6 June 2019 (the public may check a certificate).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for

from handlers.registers import Registers
from handlers.registers.certificates import Certificate, CertificateState
from web import limits
from web.access import public
from web.catalogue import say
from web.host import host
from web.pages import Verified, VerifyPage
from web.wording import Mark

bp = Blueprint("verify", __name__, url_prefix="/verify")
LONGEST = 40
#: How long an answer may be kept by whoever asked and on the way: a suspension shows within five minutes.
KEPT_SECONDS = 300
JSON_TYPES = ("text/html", "application/json")
#: The categories in the order of the law.
CATEGORIES = ("OF", "BC", "VAE", "CFA")


@bp.get("")
@public
def search() -> Response:
    """The empty search, or the way to what was typed."""
    typed = " ".join(request.args.get("n", "").split())[:LONGEST]
    if typed:
        return make_response(redirect(url_for("verify.show", number=typed)))
    return make_response(render_template("verify/show.html", page=VerifyPage()))


@bp.get("/<number>.json")
@public
def data(number: str) -> Response:
    """The same as data, whatever is asked for. Raises: TooMany."""
    return _data(number)


@bp.get("/<number>")
@public
def show(number: str) -> Response:
    """What the register says about a number or a SIREN; the answer is 404 when it says nothing. Raises: TooMany."""
    if request.accept_mimetypes.best_match(JSON_TYPES, "text/html") == "application/json":
        return _data(number)
    found = _find(number)
    page = VerifyPage(number[:LONGEST], tuple(_told(one) for one in found))
    response = make_response(render_template("verify/show.html", page=page), 200 if found else 404)
    return _kept(response)


def _data(number: str) -> Response:
    found = _find(number)
    return _kept(make_response(jsonify({
        "asked": number[:LONGEST], "on": host().wording.today().isoformat(), "issued_by": host().settings.body.name,
        "certificates": [_as_data(one) for one in found]}), 200 if found else 404))


def _kept(response: Response) -> Response:
    """Answers may be kept for a little while, unless they show who is asking; search engines keep to the search page."""
    personal = g.get("person") is not None or "lang" in request.args
    response.headers["Cache-Control"] = "private, no-cache" if personal or host().demo else f"public, max-age={KEPT_SECONDS}"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers.add("Vary", "Accept")
    return response


def _find(number: str) -> tuple[Certificate, ...]:
    limits.check(limits.LOOK_UP)
    limits.check(limits.LOOK_UP_DAY)
    with host().store.read() as connection:
        return Registers(connection, host().clock).certificates.public(number[:LONGEST])


def _as_data(certificate: Certificate) -> dict[str, Any]:
    told = _told(certificate)
    return {
        "number": told.number, "status": certificate.status(host().wording.today()).value,
        "status_since": told.state_on.isoformat() if told.state_on else None, "holder": told.holder, "address": told.address,
        "siren": told.siren, "nda": told.nda or None, "categories": _in_order(certificate.categories),
        "valid_from": told.starts_on.isoformat(), "valid_to": told.ends_on.isoformat(), "sites": list(told.sites),
        "page": f"{host().settings.base_url}{url_for('verify.show', number=told.number)}"}


def _told(certificate: Certificate) -> Verified:
    status = certificate.status(host().wording.today())
    holder = certificate.holder
    place = " ".join(part for part in (holder.get("postcode"), holder.get("city")) if part)
    return Verified(
        mark=status_mark(status), means=_means(status), number=certificate.number, holder=str(holder["name"]),
        address=", ".join(part for part in (holder.get("address"), place) if part), siren=certificate.siren,
        nda=holder.get("nda") or "",
        categories=tuple(category_name(one) for one in _in_order(certificate.categories)), starts_on=certificate.starts_on,
        ends_on=certificate.ends_on,
        state_on=certificate.state_on if status in (CertificateState.SUSPENDED, CertificateState.WITHDRAWN) else None,
        sites=tuple(str(site.get("city") or site.get("name")) for site in certificate.sites))


def _in_order(categories: Iterable[str]) -> list[str]:
    return sorted(categories, key=lambda code: (CATEGORIES.index(code) if code in CATEGORIES else len(CATEGORIES), code))


def status_mark(status: CertificateState) -> Mark:
    """The state of a certificate in the public's words."""
    return {
        CertificateState.VALID: Mark("is-done", "done", say("Valid certificate")),
        CertificateState.SUSPENDED: Mark("is-warn", "pause", say("Suspended certificate")),
        CertificateState.WITHDRAWN: Mark("is-risk", "x", say("Withdrawn certificate")),
        CertificateState.EXPIRED: Mark("is-idle", "clock", say("Expired certificate")),
    }[status]


def _means(status: CertificateState) -> str:
    """What a state means for whoever relies on the certificate; "" where it needs no word."""
    return {
        CertificateState.SUSPENDED: say("While it is suspended, the organisation may not present itself as certified. The suspension may "
                                        "end, or become a withdrawal."),
        CertificateState.WITHDRAWN: say("The organisation is no longer certified by this certificate, and may not use the mark."),
        CertificateState.EXPIRED: say("Its last day is past. It is no proof of a certification today."),
    }.get(status, "")


def category_name(code: str) -> str:
    """A category of actions in words (Code du travail, L. 6313-1)."""
    return {
        "OF": say("Training"), "BC": say("Skills assessments"), "VAE": say("Validation of prior learning"),
        "CFA": say("Apprenticeship training"),
    }.get(code, code)


def install(app: Flask) -> None:
    app.register_blueprint(bp)
    app.jinja_env.filters["category"] = category_name
