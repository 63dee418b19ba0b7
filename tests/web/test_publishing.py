"""From a draft to a version by the pages: the gate with its proofs, the second person, two changes that meet, in and out."""

from __future__ import annotations

import html
import io
import re
from datetime import datetime
from typing import Any

import pytest

from engine.change import archive
from engine.change.archive import NotAnArchive, gather
from tests.engine.change.house import FILES
from tests.web.house import House

NBSP = "\u00a0"
NOTE = {path: data.replace(b"anna", b"victor").replace(b'"sales"', b'"reviewer"') for path, data in FILES.items()}


@pytest.fixture(scope="module")
def house() -> House:
    return House(datetime(2027, 2, 1, 9))


class Owner:
    """A process owner before the pages of the studio."""

    def __init__(self, house: House, login: str) -> None:
        self.house, self.client = house, house.client(login)

    def bring_in(self, key: str, files: dict[str, bytes] = NOTE) -> str:
        named = {path: data.replace(b"process: note", b"process: " + key.encode()).replace(b'id="note"', f'id="{key}"'.encode())
                 for path, data in files.items()}
        answer = self.client.post("/studio/processes", data={
            "key": key, "name": "Premier", "file": (io.BytesIO(archive.pack(named)), "note.zip")})
        assert answer.status_code == 303, answer.text
        return str(answer.location.rsplit("/", 1)[1])

    def open_draft(self, key: str, name: str = "Un changement") -> str:
        return str(self.client.post(f"/studio/processes/{key}/drafts", data={"name": name}).location.rsplit("/", 1)[1])

    def save(self, draft: str, path: str, data: str) -> Any:
        revision = self.client.get(f"/studio/drafts/{draft}/editor/{path}").json["revision"]
        return self.client.post(f"/studio/drafts/{draft}/files", json={"revision": revision, "files": {path: data}})

    def content(self, draft: str, path: str) -> str:
        return str(self.client.get(f"/studio/drafts/{draft}/editor/{path}").json["content"])

    def page(self, draft: str, part: str = "publishing") -> str:
        return html.unescape(self.client.get(f"/studio/drafts/{draft}/{part}").text).replace(NBSP, " ")

    def prove(self, draft: str) -> None:
        for proof in ("proofs", "replay"):
            assert self.client.post(f"/studio/drafts/{draft}/{proof}").status_code == 303
            self.house.studio.runs.wait(draft)

    def ask(self, draft: str) -> str:
        assert self.client.post(f"/studio/drafts/{draft}/approval", data={"request": "Voici pourquoi."}).status_code == 303
        return re.findall(r"/approvals/([0-9a-f]+)", self.house.client("remi").get(f"/studio/drafts/{draft}/publishing").text)[0]

    def approve(self, draft: str, approval: str, answer: str = "approve") -> int:
        return self.client.post(f"/studio/drafts/{draft}/approvals/{approval}", data={"answer": answer, "comment": "Bien."}).status_code

    def publish(self, draft: str) -> int:
        return self.client.post(f"/studio/drafts/{draft}/publication").status_code


@pytest.fixture
def odile(house: House) -> Owner:
    return Owner(house, "odile")


@pytest.fixture
def remi(house: House) -> Owner:
    return Owner(house, "remi")


def published(odile: Owner, remi: Owner, key: str) -> None:
    draft = odile.bring_in(key)
    odile.prove(draft)
    assert remi.approve(draft, odile.ask(draft)) == 303
    assert odile.publish(draft) == 303


def test_a_new_process_goes_from_a_zip_file_through_the_gate_to_a_version(house: House, odile: Owner, remi: Owner) -> None:
    draft = odile.bring_in("memo")
    page = odile.page(draft)
    assert "les scénarios sont à jouer" in page and "Dès la publication, les nouveaux dossiers prennent la version 1." in page
    odile.prove(draft)
    page = odile.page(draft)
    assert "3 sur 3 réussis, en temps simulé" in page and "toutes les branches et tous les minuteurs, 7" in page
    assert remi.approve(draft, odile.ask(draft)) == 303
    assert 'type="submit">Publier la version 1<' in odile.page(draft)
    answer = odile.client.post(f"/studio/drafts/{draft}/publication")
    assert "/studio/versions/" in answer.location and "Les nouveaux dossiers prennent" in odile.client.get(answer.location).text
    again = odile.client.post("/studio/processes", data={"key": "memo", "name": "Encore"})
    assert again.status_code == 409 and "Il y a déjà un processus memo" in again.text


def test_nothing_is_published_around_the_gate(house: House, odile: Owner, remi: Owner) -> None:
    anna = Owner(house, "anna")
    draft = odile.bring_in("around")
    assert odile.publish(draft) == 409, "nothing is proven"
    assert odile.client.post(f"/studio/drafts/{draft}/approval", data={"request": "x"}).status_code == 409, "not to be asked for yet"
    odile.prove(draft)
    assert odile.publish(draft) == 409, "nobody has approved"
    approval = odile.ask(draft)
    assert odile.publish(draft) == 409 and remi.publish(draft) == 409, "it was asked for, not given"
    assert odile.approve(draft, approval) == 403, "who opened it"
    assert anna.approve(draft, approval) == 403 and anna.publish(draft) == 403, "no process owner"
    assert remi.approve(draft, "0" * 32) == 404
    assert remi.approve(draft, approval) == 303
    assert remi.approve(draft, approval) == 409, "decided already"
    story = odile.content(draft, "scenarios/short.yaml")
    assert odile.save(draft, "scenarios/short.yaml", story + "# un mot\n").status_code == 200
    assert odile.publish(draft) == 409, "another content than the one approved"
    assert odile.save(draft, "scenarios/short.yaml", story).status_code == 200
    assert odile.publish(draft) == 409, "the same content again, but the approval has lost its force"
    odile.prove(draft)
    second = odile.ask(draft)
    assert remi.client.post(f"/studio/drafts/{draft}/withdrawal").status_code == 303
    assert remi.approve(draft, second) == 409 and odile.publish(draft) == 409, "withdrawn"
    third = odile.ask(draft)
    assert remi.approve(draft, third, "refuse") == 303 and odile.publish(draft) == 409, "refused"
    for path in ("publication", "approval", "proofs", "replay", "catch-up", "discard"):
        assert house.app.test_client().post(f"/studio/drafts/{draft}/{path}").status_code in (303, 401, 403), "nobody is logged in"


def test_who_has_saved_anything_does_not_approve_whatever_they_saved(house: House, odile: Owner, remi: Owner) -> None:
    draft = odile.bring_in("hands")
    assert remi.save(draft, "scenarios/short.yaml", odile.content(draft, "scenarios/short.yaml") + "# relu\n").status_code == 200
    odile.prove(draft)
    asked = odile.client.post(f"/studio/drafts/{draft}/approval", data={"request": "x"})
    assert asked.status_code == 303
    page = remi.page(draft)
    assert "Vous avez participé à ce brouillon" in page
    assert "/approvals/" not in page, "no button to approve"


def test_two_changes_meet_file_by_file_and_the_author_says_which_is_right(house: House, odile: Owner, remi: Owner) -> None:
    published(odile, remi, "meet")
    first, second = odile.open_draft("meet", "D’abord"), remi.open_draft("meet", "Ensuite")
    drawn = odile.content(first, "note.bpmn")
    odile.save(first, "note.bpmn", drawn.replace("Relire", "Relire à deux"))
    odile.save(first, "scenarios/short.yaml", odile.content(first, "scenarios/short.yaml") + "# publié\n")
    remi.save(second, "note.bpmn", drawn.replace("Rédiger", "Écrire"))
    remi.save(second, "scenarios/lapsed.yaml", remi.content(second, "scenarios/lapsed.yaml") + "# mien\n")
    odile.prove(first)
    assert remi.approve(first, odile.ask(first)) == 303 and odile.publish(first) == 303
    page = remi.page(second, "meeting")
    assert "Un fichier a été changé des deux côtés." in page and "La version 2 a été publiée par Odile Prat" in page
    assert "« Relire » s’appelle maintenant « Relire à deux »." in page and "« Rédiger » s’appelle maintenant « Écrire »." in page
    undecided = remi.client.post(f"/studio/drafts/{second}/catch-up")
    assert undecided.location.endswith("/meeting")
    hidden = dict(re.findall(r'type="hidden" name="(revision|version)" value="([^"]+)"', remi.page(second, "meeting")))
    stale = remi.client.post(f"/studio/drafts/{second}/catch-up", data={**hidden, "revision": "1", "choice.note.bpmn": "mine"})
    assert stale.status_code == 409 and "Rien n’a été repris." in stale.text
    none = remi.client.post(f"/studio/drafts/{second}/catch-up", data=hidden)
    assert none.status_code == 409 and "note.bpmn" in none.text
    done = remi.client.post(f"/studio/drafts/{second}/catch-up", data={**hidden, "choice.note.bpmn": "theirs"})
    assert done.status_code == 303, done.text
    assert "Relire à deux" in remi.content(second, "note.bpmn") and "Écrire" not in remi.content(second, "note.bpmn")
    assert "# publié" in remi.content(second, "scenarios/short.yaml") and "# mien" in remi.content(second, "scenarios/lapsed.yaml")
    assert remi.client.get(f"/studio/drafts/{second}/meeting").status_code == 303, "nothing is to be decided any more"


def test_a_draft_goes_out_as_a_zip_and_comes_in_as_a_folder(house: House, odile: Owner) -> None:
    draft = odile.bring_in("inout")
    packed = odile.client.get(f"/studio/drafts/{draft}/zip").data
    other = odile.bring_in("inout2")
    sent = [(io.BytesIO(data), f"note/{path}") for path, data in archive.unpack(packed).items()]
    answer = odile.client.post(f"/studio/drafts/{other}/folder", data={"files": sent})
    assert answer.status_code == 303, answer.text
    assert archive.unpack(odile.client.get(f"/studio/drafts/{other}/zip").data) == archive.unpack(packed)
    for name in ("../note.bpmn", "note/../../x.bpmn", "C:\\note.bpmn", "notes.exe"):
        bad = odile.client.post(f"/studio/drafts/{other}/folder", data={"files": [(io.BytesIO(b"x"), name)]})
        assert bad.status_code == 422, name
    assert odile.client.get("/studio/zip").data.startswith(b"PK")


def test_a_folder_that_leads_out_of_itself_is_refused() -> None:
    with pytest.raises(NotAnArchive):
        gather({"a/../../x.bpmn": b"x"})
    assert gather({"f/note.bpmn": b"x", "f/scenarios/a.yaml": b"y"}) == {"note.bpmn": b"x", "scenarios/a.yaml": b"y"}


def test_going_back_is_a_draft_of_the_older_version(house: House, odile: Owner, remi: Owner) -> None:
    published(odile, remi, "back")
    draft = odile.open_draft("back")
    odile.save(draft, "note.bpmn", odile.content(draft, "note.bpmn").replace("Relire", "Revoir"))
    odile.prove(draft)
    assert remi.approve(draft, odile.ask(draft)) == 303 and odile.publish(draft) == 303
    index = odile.client.get("/studio").text
    section = index[index.index('id="p-back"'):]
    first = re.findall(r'/studio/versions/([0-9a-f]+)">Version 1<', section)[0]
    answer = odile.client.post("/studio/processes/back/drafts", data={"name": "Retour", "version": first})
    older = answer.location.rsplit("/", 1)[1]
    assert "Relire" in odile.content(older, "note.bpmn") and "Revoir" not in odile.content(older, "note.bpmn")
    assert "les scénarios sont à jouer" in odile.page(older) or "3 sur 3" in odile.page(older)
    assert odile.publish(older) == 409, "going back goes through the gate too"
