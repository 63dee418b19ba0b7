"""The contacts of a case: who has access, who may answer, inviting and letting go.

Owns: `/portal/<case>/contacts`.
Leaves: who may change whom to `engine.service.parties`.
Promises: somebody invited has access once they followed the link mailed to them, not before.
"""

from __future__ import annotations

from flask import g, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, Invalid
from engine.people.parties import Rights
from engine.queries.shapes import CasePage, PartyLine
from web import limits
from web.apply.starting import is_address
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note
from web.portal.blueprint import bp
from web.portal.pages import ContactLine, ContactsPage

INVITATION_LETTER = "invitation"
#: Rights by the words of the choice: what somebody may do beside reading.
RIGHTS = {"read": Rights(False, False), "answer": Rights(True, False), "all": Rights(True, True)}


@bp.get("/<instance_id>/contacts")
def contacts(instance_id: str) -> Answer:
    """Who has access to a case. Raises: NotFound, for a stranger."""
    return _page(instance_id)


@bp.post("/<instance_id>/contacts")
def invite(instance_id: str) -> Answer:
    """Invite somebody by e-mail. Raises: NotFound; NotAllowed (`party`)."""
    found, email = _case(instance_id), request.form.get("email", "").strip()
    if not is_address(email):
        return _page(instance_id, fault=say("This is not an e-mail address; like this: name@example.org."))
    limits.check(limits.ASK)
    limits.check(limits.MAIL, email)
    try:
        host().engine.invite_party(found.line.id, email, request.form.get("name", ""), _rights(), signed_in(), letter=INVITATION_LETTER,
                                   locale="en" if request.form.get("language") == "en" else "fr")
    except (Conflict, Invalid) as error:
        return _page(instance_id, fault=error.sentence(locale()))
    note(say("The invitation is on its way to %(email)s.", email=email))
    return _back(found)


@bp.post("/<instance_id>/contacts/<person_id>")
def change(instance_id: str, person_id: str) -> Answer:
    """Say what somebody may do, or let them go. Raises: NotFound; NotAllowed (`party`)."""
    found = _case(instance_id)
    try:
        if "remove" in request.form:
            host().engine.remove_party(found.line.id, person_id, signed_in())
            note(say("The access is ended."))
        else:
            host().engine.set_party_rights(found.line.id, person_id, _rights(), signed_in())
            note(say("The rights are changed."))
    except Conflict as error:
        return _page(instance_id, fault=error.sentence(locale()))
    return redirect(url_for("portal.index"), 303) if person_id == signed_in().id and "remove" in request.form else _back(found)


@bp.post("/<instance_id>/invitations/<key>/take-back")
def take_back(instance_id: str, key: str) -> Answer:
    """Make an invitation count no longer. Raises: NotFound; NotAllowed (`party`)."""
    found = _case(instance_id)
    host().engine.take_back_invitation(found.line.id, key, signed_in())
    note(say("The invitation is taken back."))
    return _back(found)


def rights_word(party: PartyLine) -> str:
    """What somebody may do, by the word of the choice."""
    return "all" if party.may_invite and party.may_answer else "answer" if party.may_answer else "read"


def _page(instance_id: str, fault: str = "") -> Answer:
    found, me = _case(instance_id), signed_in()
    g.section = "portal"
    g.shown_at = url_for("portal.contacts", instance_id=found.line.id)
    mine = next((one for one in found.parties if one.person_id == me.id), None)
    people = tuple(ContactLine(one, rights_word(one), one.person_id == me.id, one.role == "representative") for one in _once(found.parties))
    page = ContactsPage(
        found, people,
        host().queries.invitations(found.line.id, me), bool(mine and mine.may_invite), fault, dict(request.form) if fault else {})
    return make_response(render_template("portal/contacts.html", page=page), 422 if fault else 200)


def _once(parties: tuple[PartyLine, ...]) -> tuple[PartyLine, ...]:
    """Each person once, with the role that binds most."""
    found: dict[str, PartyLine] = {}
    for one in parties:
        if one.person_id not in found or one.role == "representative":
            found[one.person_id] = one
    return tuple(found.values())


def _case(instance_id: str) -> CasePage:
    return host().queries.case(instance_id, signed_in())


def _rights() -> Rights:
    return RIGHTS.get(request.form.get("rights", ""), RIGHTS["read"])


def _back(found: CasePage) -> Answer:
    return redirect(url_for("portal.contacts", instance_id=found.line.id), 303)
