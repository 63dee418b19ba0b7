"""Try it and scenarios in the studio's pages: a draft is played as anybody, recorded, and what does not hold is told by its step."""

from __future__ import annotations

import html
import re
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from engine.change import archive
from engine.store.tables import instance
from tests.engine.change.house import FILES, START
from tests.web.house import House, flat, sample
from web.drawing import Link
from web.studio import pictures

NBSP = "\u00a0"
APPLICANT = "elodie@em-formation.example"


@pytest.fixture(scope="module")
def house() -> House:
    return House(datetime(2027, 2, 1, 9))


def open_draft(client: FlaskClient, key: str = "certification", name: str = "Essai") -> str:
    return client.post(f"/studio/processes/{key}/drafts", data={"name": name}).location.rsplit("/", 1)[1]


def small_draft(client: FlaskClient, **changed: bytes) -> str:
    """A draft of a small process of its own, brought in as a ZIP file."""
    import io

    draft = open_draft(client, "note", "Une note")
    files = {path: data.replace(b"anna", b"victor").replace(b'"sales"', b'"reviewer"') for path, data in {**FILES, **changed}.items()}
    answer = client.post(f"/studio/drafts/{draft}/zip", data={"file": (io.BytesIO(archive.pack(files)), "note.zip")})
    assert answer.status_code == 303, answer.text
    return draft


class Trial:
    """One trial in the browser of somebody."""

    def __init__(self, client: FlaskClient, content_id: str, **typed: str) -> None:
        self.client = client
        answer = client.post(f"/studio/contents/{content_id}/trials", data=typed)
        assert answer.status_code == 303, answer.text
        self.address = answer.location.split("#")[0]

    @property
    def text(self) -> str:
        return self.get()

    def get(self, query: str = "") -> str:
        answer = self.client.get(self.address + query)
        assert answer.status_code == 200, answer.text
        return html.unescape(answer.text).replace(NBSP, " ")

    @property
    def revision(self) -> str:
        return str(re.findall(r'name="_revision" value="(\d+)"', self.client.get(self.address).text)[0])

    def post(self, path: str, **typed: object):  # type: ignore[no-untyped-def]
        return self.client.post(f"{self.address}/{path}", data={"_revision": self.revision, **typed})

    def spots(self) -> list[str]:
        return re.findall(r"\?task=([^\"#]+)#task\">", self.text)


def begun(client: FlaskClient, content_id: str) -> Trial:
    """A trial of the certification in which a sample application was sent in."""
    trial = Trial(client, content_id)
    answer = trial.post("start", _process="certification", **flat(sample("independent-trainer")))
    assert answer.status_code == 303, answer.text
    return trial


def test_a_case_is_lived_in_virtual_time_with_its_letters_and_none_of_it_is_real(house: House) -> None:
    client = house.client("odile")
    trial = begun(client, open_draft(client))
    page = trial.text
    assert "Signer le contrat" in page and "Votre devis" in page and "1 geste" not in page
    assert re.search(r"Ce qui arrivera ensuite de soi-même</h2>\s*<p class=\"try-next\"><b>Dans 15 jours</b>", page), page
    assert trial.post("acts", kind="wait").status_code == 303
    page = trial.text
    assert ">16 février 2027<" in page and "15 jours depuis le début" in page
    assert page.count("studio-letter") == 2, "the reminder has gone out"
    with house.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(instance)) == 0
    assert house.outside.mail.sent == []


def test_a_task_is_done_as_somebody_by_its_real_form_with_its_real_faults(house: House) -> None:
    client = house.client("odile")
    trial = begun(client, open_draft(client))
    spot = trial.spots()[0]
    page = trial.get(f"?task={spot}")
    assert '<option value="elodie@em-formation.example"' in page and "Cette tâche revient au client." in page
    wrong = trial.post(f"tasks/{spot}", _by=APPLICANT, signed_by="Élodie Marchand")
    assert wrong.status_code == 422 and 'id="faults"' in wrong.text and 'value="Élodie Marchand"' in wrong.text
    other = re.findall(r"&as=([^\"#]+)#task", page)[0]
    assert 'value="2027-02-01"' in trial.get(f"?task={spot}&as={other}"), "what a scenario writes, on the day of the trial"
    done = trial.post(f"tasks/{spot}", _by=APPLICANT, accepted="true", signed_by="Élodie Marchand", signed_on="2027-02-01")
    assert done.status_code == 303 and "Élodie Marchand termine « Signer le contrat »." in trial.text
    assert "Enregistrer le contrat" in trial.text


def test_what_is_refused_is_told_with_its_reason_and_kept_as_a_step(house: House) -> None:
    client = house.client("odile")
    trial = begun(client, open_draft(client))
    spot = trial.spots()[0]
    refused = trial.post(f"tasks/{spot}", _by="anna", accepted="true", signed_by="A", signed_on="2027-02-01")
    assert refused.status_code == 409 and "Cette tâche revient au client." in refused.text
    assert trial.post("acts", kind="refused", spot=spot, by="anna", name="party").status_code == 303
    assert "Anna Kowalska essaie de prendre « Signer le contrat » : c’est refusé." in trial.text


def test_acts_are_taken_back_and_a_page_that_is_out_of_date_changes_nothing(house: House) -> None:
    client = house.client("odile")
    trial = begun(client, open_draft(client))
    seen = trial.revision
    trial.post("acts", kind="wait")
    late = client.post(f"{trial.address}/acts", data={"_revision": seen, "kind": "wait"})
    assert late.status_code == 409 and "Cet essai a continué dans une autre fenêtre" in late.text
    branch = client.post(f"{trial.address}/branch", data={"to": "1"}).location.split("#")[0]
    assert client.get(branch).text.count("try-ways-back") == 0
    trial.post("back", to="1")
    assert ">1er février 2027<" in trial.text
    trial.post("back", to="0")
    assert "Comment il commence" in trial.text
    for bad in ({"kind": "complete"}, {"kind": "wait", "length": "P50Y"}, {"kind": "fail", "spot": "nonsense"},
                {"kind": "outside", "name": "moon"}):
        answer = trial.post("acts", **bad)
        assert answer.status_code == 409, bad


def test_mail_that_does_not_answer_is_tried_again_by_itself(house: House) -> None:
    client = house.client("odile")
    trial = begun(client, open_draft(client))
    trial.post("acts", kind="outside", name="mail", **{"is": "down"})
    trial.post("acts", kind="wait")
    assert "nouvel essai de" in trial.text
    trial.post("acts", kind="outside", name="mail", **{"is": "up"})
    trial.post("acts", kind="wait")
    assert trial.text.count("studio-letter") == 2


def test_a_trial_is_recorded_as_a_scenario_that_is_told_in_words_and_holds(house: House) -> None:
    client = house.client("odile")
    draft = small_draft(client)
    trial = Trial(client, draft, story="note/reviewed", steps="1")
    spot = trial.spots()[0]
    assert "Victor Sanchez</b> <span>lirait : « Vous avez fait « Rédiger » le 31 janvier" in trial.get(f"?task={spot}")
    trial.post("acts", kind="refused", spot=spot, by="victor", name="separation_of_duties")
    assert trial.post(f"tasks/{spot}", _by="rachel").status_code == 303
    shown = html.unescape(client.get(f"{trial.address}/record").text).replace(NBSP, " ")
    assert "Victor Sanchez ne peut pas prendre « Relire » : une tâche faite avant l’exclut." in shown
    assert "À la fin, le dossier s’arrête à « Fini »." in shown
    nothing = client.post(f"{trial.address}/record", data={"do": "save", "fr": " "})
    assert nothing.status_code == 409 and "dit en une phrase" in nothing.text
    saved = client.post(f"{trial.address}/record", data={"do": "save", "fr": "Qui écrit ne relit pas.", "en": "A writer does not review."})
    assert saved.location.endswith(f"/studio/drafts/{draft}/scenarios/qui_ecrit_ne_relit_pas.yaml")
    assert client.post(saved.location.replace("/drafts/", "/contents/") + "/play").status_code == 303
    page = client.get(saved.location).text
    assert "Le scénario tient." in page and "state is-done" in page
    again = client.post(f"{trial.address}/record", data={"do": "save", "fr": "Qui écrit ne relit pas."})
    assert again.status_code == 409 and "Il y a déjà un scénario" in again.text
    assert "A writer does not review." in client.get(saved.location + "?lang=en", follow_redirects=True).text
    client.get("/studio?lang=fr")


def test_scenarios_are_played_beside_the_request_and_what_none_takes_is_marked_in_the_drawing(house: House) -> None:
    client = house.client("odile")
    draft = small_draft(client)
    trial_of = f"/studio/drafts/{draft}/scenarios"
    client.post(f"{trial_of}/lapsed.yaml", data={"do": "remove", "revision": "2"})
    assert client.post(f"{trial_of}/run").status_code == 303
    house.studio.runs.wait(draft)
    answer = client.get(trial_of)
    page = html.unescape(answer.text).replace(NBSP, " ")
    assert "Refresh" not in answer.headers and "Les 2 scénarios tiennent sur ce contenu" in page
    assert "Aucun scénario ne laisse partir « Trop tard, sur Relire »." in page
    assert f'<a href="/studio/drafts/{draft}/try">Essayer</a>' in page and "Personne n’a dessiné ce processus." in page


def test_what_no_scenario_takes_is_marked_in_the_drawing_and_leads_to_trying_it(house: House) -> None:
    package = next(one for one in house.play.engine.library.published().values() if one.key == "remediation")
    timer = next(one for one in package.processes[0].elements.values() if one.attached_to and one.events[0].kind == "timer")
    flows = [(package.processes[0].id, key) for key in package.processes[0].flows][1:]
    with house.app.test_request_context():
        drawn = pictures.covered(package, [], flows, {timer.id: Link("/studio/drafts/x/try", "Aucun scénario")})[0]
    assert drawn.picture is not None
    assert f'<a id="plan-{package.processes[0].id}-at-{timer.id}" class="missed" href="/studio/drafts/x/try"' in drawn.picture.svg
    assert drawn.picture.svg.count('class="flow missed"') == 1 and drawn.picture.svg.count('class="flow done"') == len(flows)


def test_a_scenario_that_does_not_hold_is_told_by_its_step_in_both_languages(house: House) -> None:
    client = house.client("odile")
    wrong = f"says: {{fr: Une note courte est relue., en: A short note is reviewed.}}\n{START.replace('anna', 'victor')}\nsteps:\n" \
            "  - {complete: Write, by: victor, with: {pages: 3}}\n  - {expect: {open: [Review]}}\nends: Done\n"
    draft = small_draft(client)
    address = f"/studio/drafts/{draft}/scenarios/short.yaml"
    assert client.post(address, data={"revision": "2", "written": wrong}).status_code == 303
    client.post(address.replace("/drafts/", "/contents/") + "/play")
    page = html.unescape(client.get(address).text).replace(NBSP, " ")
    assert "attendu ouvert : Review ; est ouvert : rien" in page and "is-bad" in page and "Une note courte est relue." in page
    english = client.get(address + "?lang=en", follow_redirects=True).text
    assert "expected open: Review; is open: nothing" in english and "A short note is reviewed." in english
    client.get("/studio?lang=fr")
    begun = Trial(client, draft, story="note/short", steps="1")
    assert "Le scénario est joué jusqu’à son étape 1" in begun.text


def test_a_scenario_that_cannot_be_read_is_not_saved_and_nothing_typed_is_lost(house: House) -> None:
    client = house.client("odile")
    draft = small_draft(client)
    address = f"/studio/drafts/{draft}/scenarios/short.yaml"
    for written, words in (("says: [", "short.yaml"), ("says: x\nstart: {process: note, at: never}", "n’est pas un moment"),
                           ("says: x\nstart: {process: note, at: 2026-01-31}\nsteps: [{clam: Write}]", "étape 1")):
        answer = client.post(address, data={"revision": "2", "written": written})
        assert answer.status_code == 422 and words in answer.text, answer.text
        assert html.escape(written.split("\n")[0], quote=False) in answer.text
    stale = client.post(address, data={"revision": "1", "written": f"says: x\n{START}\n"})
    assert stale.status_code == 409 and "a enregistré ce brouillon" in stale.text


def test_a_draft_with_errors_is_not_tried_but_led_to_what_is_wrong(house: House) -> None:
    client = house.client("odile")
    draft = small_draft(client, **{"note.bpmn": FILES["note.bpmn"].replace(b'targetRef="Done"', b'targetRef="Nowhere"')})
    answer = client.post(f"/studio/contents/{draft}/trials", data={})
    assert answer.status_code == 409 and "Ce brouillon ne peut pas encore tourner" in answer.text and "/draw/note.bpmn" in answer.text
    assert "aucun scénario ne peut être joué" in client.get(f"/studio/drafts/{draft}/scenarios").text


def test_a_published_version_is_tried_too_and_only_by_process_owners(house: House) -> None:
    odile, anna, remi = house.client("odile"), house.client("anna"), house.client("remi")
    version = re.findall(r"/studio/versions/([0-9a-f]+)", odile.get("/studio").text)[0]
    assert odile.get(f"/studio/versions/{version}/try").status_code == 200
    assert odile.get(f"/studio/versions/{version}/scenarios").status_code == 200
    trial = begun(odile, version)
    assert "Une version publiée garde ses scénarios." in trial.text
    assert remi.get(trial.address).status_code == 404, "each has their own"
    assert anna.get(trial.address).status_code == 403 and anna.post(f"/studio/contents/{version}/trials").status_code == 403
    assert odile.post(f"{trial.address}/forget").status_code == 303 and odile.get(trial.address).status_code == 404
