"""The applicants' place: contacts and their rights, links to enter, and nothing of another organisation by any address or command."""

from __future__ import annotations

import io
import re
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from engine.people.accounts import Accounts
from engine.store.tables import document, event, party, user_task
from tests.web.house import House, flat
from tests.web.test_apply import link_in_mail

START = datetime(2027, 2, 1, 9)
SIGNED = {"accepted": True, "signed_by": "Hélène Duval", "signed_on": "2027-02-01"}
HELENE, NOOR = "h.duval@parcours-acquis.example", "noor@parcours-acquis.example"


@pytest.fixture
def house() -> House:
    return House(START)


def opened(house: House, name: str = "vae") -> tuple[str, FlaskClient]:
    """A case just applied for: its id, and its applicant's browser."""
    before = set(house.play.instances)
    house.apply(name)
    case_id = (set(house.play.instances) - before).pop()
    return case_id, house.client(str(house.play.variables(case_id)["client_email"]))


def invited(house: House, case_id: str, by: FlaskClient, rights: str) -> FlaskClient:
    """Somebody invited who followed the link."""
    answer = by.post(f"/portal/{case_id}/contacts", data={"name": "Noor Haddad", "email": NOOR, "rights": rights, "language": "fr"})
    assert answer.status_code == 303, answer.text[-2000:]
    link, noor = link_in_mail(house, NOOR, "/invitation/"), house.client()
    assert "Noor Haddad" in noor.get(link).text
    assert noor.post(link).location == f"/portal/{case_id}"
    assert noor.post(link).status_code == 403, "the link worked once"
    return noor


def task_of(house: House, case_id: str) -> str:
    with house.store.read() as connection:
        return str(connection.scalar(select(user_task.c.id).where(user_task.c.instance_id == case_id, user_task.c.state == "open")))


def test_who_is_invited_to_read_reads_and_does_nothing_else(house: House) -> None:
    case_id, helene = opened(house)
    noor = invited(house, case_id, helene, "read")
    page = noor.get(f"/portal/{case_id}").text
    assert "Ces personnes y répondent" in page and "Hélène Duval" in page and "Retirer ma demande" not in page
    task = task_of(house, case_id)
    assert noor.get(f"/portal/tasks/{task}").status_code == 200
    for address, data in ((f"/tasks/{task}/complete", flat(SIGNED)), (f"/tasks/{task}/draft", flat(SIGNED)),
                          (f"/portal/{case_id}/withdraw", {"sure": "yes"}),
                          (f"/documents/of/{case_id}", {"file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}),
                          (f"/portal/{case_id}/contacts", {"name": "X", "email": "x@x.example", "rights": "all"})):
        assert noor.post(address, data=data).status_code == 403, address


def test_who_may_answer_answers_and_the_rights_can_be_taken_back(house: House) -> None:
    case_id, helene = opened(house)
    noor = invited(house, case_id, helene, "answer")
    noor_id = person_id(house, NOOR)
    helene.post(f"/portal/{case_id}/contacts/{noor_id}", data={"rights": "read"})
    assert noor.post(f"/tasks/{task_of(house, case_id)}/complete", data=flat(SIGNED)).status_code == 403
    helene.post(f"/portal/{case_id}/contacts/{noor_id}", data={"rights": "answer"})
    assert noor.post(f"/tasks/{task_of(house, case_id)}/complete", data=flat(SIGNED)).status_code == 303


def test_who_is_removed_sees_nothing_from_then_on(house: House) -> None:
    case_id, helene = opened(house)
    noor = invited(house, case_id, helene, "all")
    helene.post(f"/portal/{case_id}/contacts/{person_id(house, NOOR)}", data={"remove": "1"})
    assert noor.get(f"/portal/{case_id}").status_code == 404
    with house.store.read() as connection:
        of_parties = (event.c.instance_id == case_id, event.c.kind.like("party%"))
        told = connection.scalars(select(event.c.kind).where(*of_parties).order_by(event.c.seq)).all()
    assert told == ["party_joined", "party_invited", "party_joined", "party_removed"]


def test_somebody_is_always_left_who_may_answer_and_invite(house: House) -> None:
    case_id, helene = opened(house)
    me = person_id(house, HELENE)
    for data in ({"rights": "read"}, {"rights": "answer"}, {"remove": "1"}):
        answer = helene.post(f"/portal/{case_id}/contacts/{me}", data=data)
        assert answer.status_code == 422 and "Il doit rester une personne" in answer.text
    with house.store.read() as connection:
        rights = connection.execute(select(party.c.may_answer, party.c.may_invite).where(party.c.instance_id == case_id)).one()
    assert tuple(rights) == (True, True)


def test_the_representative_of_an_organisation_abroad_stays(house: House) -> None:
    case_id, contact = opened(house, "foreign-organisation")
    page = contact.get(f"/portal/{case_id}/contacts?lang=fr").text
    assert "Représentant" in page and "R. 6351-3" in page
    with house.store.read() as connection:
        theirs = select(party.c.person_id).where(party.c.instance_id == case_id)
        representative = connection.scalar(theirs.where(party.c.role == "representative"))
    refused = contact.post(f"/portal/{case_id}/contacts/{representative}", data={"remove": "1"})
    assert refused.status_code == 422 and "il reste" in refused.text


def test_an_invitation_taken_back_opens_nothing(house: House) -> None:
    case_id, helene = opened(house)
    helene.post(f"/portal/{case_id}/contacts", data={"name": "Noor", "email": NOOR, "rights": "all"})
    link = link_in_mail(house, NOOR, "/invitation/")
    key = re.search(rf"/portal/{case_id}/invitations/(\w+)/take-back", helene.get(f"/portal/{case_id}/contacts").text)
    assert key is not None and key[1] not in link
    assert helene.post(key[0]).status_code == 303
    assert house.client().post(link).status_code == 403


def test_a_new_link_enters_once_and_asking_tells_nothing(house: House) -> None:
    case_id, _ = opened(house)
    client, before = house.client(), len(house.outside.mail.sent)
    answers = [re.sub(r"[\w.]+@[\w.-]+", "…", client.post("/enter", data={"email": one}).text)
               for one in (HELENE.upper(), "nobody@x.example", "claire")[:2]]
    assert answers[0] == answers[1]
    house.play.settle()
    assert [sent.mail.to for sent in house.outside.mail.sent[before:]] == [HELENE]
    link = link_in_mail(house, HELENE, "/enter/once/")
    assert client.get(link).status_code == 200 and client.get(link).status_code == 200, "looking uses nothing up"
    assert client.post(link).status_code == 303
    assert client.get("/portal", follow_redirects=True).request.path == f"/portal/{case_id}"
    assert house.client().post(link).status_code == 403
    client.post("/enter", data={"email": HELENE})
    late = link_in_mail(house, HELENE, "/enter/once/")
    house.play.advance("PT31M")
    assert house.client().get(late).status_code == 403


def test_people_of_the_house_enter_by_no_mailed_link(house: House) -> None:
    with house.store.begin() as work:
        Accounts(work.connection).create("eve@corvane.example", "Eve", now=house.play.clock.now(), email="eve@corvane.example",
                                         groups=("decider",))
    house.client().post("/enter", data={"email": "eve@corvane.example"})
    house.play.settle()
    assert [sent for sent in house.outside.mail.sent if sent.mail.to == "eve@corvane.example"] == []


def test_a_contact_of_two_organisations_chooses(house: House) -> None:
    case_id, helene = opened(house)
    other, _ = opened(house, "skills-assessment")
    invited(house, case_id, helene, "read")
    with house.store.begin() as work:
        Accounts(work.connection).join_party(other, NOOR, "Noor", role="guest", locale="fr", now=house.play.clock.now())
    page = house.client(NOOR).get("/portal").text
    assert f"/portal/{case_id}" in page and f"/portal/{other}" in page


def test_no_address_and_no_command_reaches_anything_of_another_organisation(house: House) -> None:
    """Every address of the application that takes an id is asked for with what is another's, and with what does not exist: one answer."""
    theirs, them = opened(house, "skills-assessment")
    mine, me = opened(house, "vae")
    them.post(f"/portal/{theirs}/contacts", data={"name": "Noor", "email": NOOR, "rights": "all"})
    with house.store.read() as connection:
        document_id = connection.scalar(select(document.c.id).where(document.c.instance_id == theirs))
        person = connection.scalar(select(party.c.person_id).where(party.c.instance_id == theirs))
    real = {"instance_id": theirs, "task_id": task_of(house, theirs), "document_id": document_id, "person_id": person, "case": theirs}
    unknown = {name: "0" * 32 for name in real}
    walked, told = 0, []
    for method, path in addresses(house.app, set(real)):
        answers = []
        for ids in (real, unknown):
            answer = me.open(fill(path, ids), method=method, data=_everything() if method == "POST" else None)
            answers.append((answer.status_code, strip(answer.text, ids)))
        if answers[0] != answers[1] or answers[0][0] not in (302, 303, 403, 404, 409, 422):
            told.append((method, path, answers[0][0], answers[1][0]))
        walked += 1
    assert told == [] and walked >= 30
    for number in ("2027-0001",):
        assert me.get(f"/portal/{number}").status_code == 404
    assert house.play.state(theirs) == "active" and "2027-0001" not in me.get(f"/portal/{mine}").text


def addresses(app: Flask, ids: set[str]) -> list[tuple[str, str]]:
    """Every address of cases, tasks and documents that takes an id of these."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.arguments & ids and rule.rule.startswith(("/portal", "/tasks", "/documents", "/cases")):
            found += [(method, rule.rule) for method in sorted((rule.methods or set()) & {"GET", "POST"})]
    return found


def fill(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"<(?:\w+:)?(\w+)>", lambda part: ids.get(part[1], "x"), path)


def strip(text: str, ids: dict[str, str]) -> str:
    """A page without the id that was asked for."""
    for one in ids.values():
        text = text.replace(one, "…")
    return text


def _everything() -> dict[str, object]:
    return {**flat(SIGNED), "sure": "yes", "text": "x", "rights": "all", "name": "N", "email": "n@x.example", "days": "5", "reason": "x",
            "to": "x", "file": (io.BytesIO(b"%PDF-1.7"), "a.pdf")}


def person_id(house: House, login: str) -> str:
    with house.store.read() as connection:
        return Accounts(connection).by_login(login).id


def test_what_is_sent_when_the_session_is_over_is_kept_as_a_draft(house: House) -> None:
    case_id, helene = opened(house)
    task = task_of(house, case_id)
    house.play.advance("PT13H")
    answer = helene.post(f"/tasks/{task}/complete", data={"signed_by": "Hélène D.", "accepted": "true"})
    assert answer.status_code == 303 and answer.location.startswith("/enter?")
    assert "gardé en brouillon" in helene.get(answer.location).text
    assert helene.get(f"/portal/tasks/{task}").status_code == 303, "the session lets nobody in"
    assert "Hélène D." in house.client(HELENE).get(f"/portal/tasks/{task}").text
    house.play.advance("P2D")
    helene.post(f"/tasks/{task}/complete", data={"signed_by": "Later", "accepted": "true"})
    assert "Later" not in house.client(HELENE).get(f"/portal/tasks/{task}").text
