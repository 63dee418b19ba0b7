"""A process owner's story: a reminder and a second approver, stopped by the gate, tried, recorded, approved by another, published.

Rule: docs/studio.md, 1 and 2.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from engine.change import archive
from engine.definitions.files import read_folder
from tests.browser.conftest import OpenScreen
from tests.browser.living import LivingHouse
from tests.browser.screen import Screen

EXAMPLE = read_folder(Path("docs/examples/complaint"))
COMPLAINT = {"complainant": "Formations Lisière", "subject": "L’audit a commencé en retard.", "received_on": "2027-01-31"}
#: After ten days without a correction a manager asks about it; a decider confirms what was corrected, never who corrected it.
NEW_STEPS = """
    <bpmn:boundaryEvent id="Event_ReminderDue" name="Rappel dû" jalon:nameEn="Reminder due" attachedToRef="Activity_Correct"
      cancelActivity="false"><bpmn:outgoing>Flow_Reminder</bpmn:outgoing>
      <bpmn:timerEventDefinition><bpmn:timeDuration>P10D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>
    <bpmn:userTask id="Activity_Remind" name="Relancer" jalon:nameEn="Remind" jalon:groups="manager">
      <bpmn:incoming>Flow_Reminder</bpmn:incoming><bpmn:outgoing>Flow_Reminded</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="Event_Reminded" name="Relancé" jalon:nameEn="Reminded"><bpmn:incoming>Flow_Reminded</bpmn:incoming></bpmn:endEvent>
    <bpmn:userTask id="Activity_Confirm" name="Confirmer" jalon:nameEn="Confirm" jalon:groups="decider, quality"
      jalon:notWhoDid="Activity_ExamineComplaint"><bpmn:incoming>Flow_5</bpmn:incoming><bpmn:outgoing>Flow_Confirmed</bpmn:outgoing></bpmn:userTask>
    <bpmn:sequenceFlow id="Flow_Reminder" sourceRef="Event_ReminderDue" targetRef="Activity_Remind" />
    <bpmn:sequenceFlow id="Flow_Reminded" sourceRef="Activity_Remind" targetRef="Event_Reminded" />
    <bpmn:sequenceFlow id="Flow_Confirmed" sourceRef="Activity_Confirm" targetRef="Event_Corrected" />
  </bpmn:process>"""
NEW_SHAPES = "".join(
    f'<bpmndi:BPMNShape id="{key}_di" bpmnElement="{key}"><dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}" />'
    "</bpmndi:BPMNShape>"
    for key, x, y, width, height in (("Event_ReminderDue", 577, 172, 36, 36), ("Activity_Remind", 540, 250, 110, 80),
                                     ("Event_Reminded", 720, 272, 36, 36), ("Activity_Confirm", 700, 110, 110, 80))
) + "".join(
    f'<bpmndi:BPMNEdge id="{key}_di" bpmnElement="{key}"><di:waypoint x="{x}" y="{y}" /><di:waypoint x="{to_x}" y="{to_y}" />'
    "</bpmndi:BPMNEdge>" for key, x, y, to_x, to_y in (("Flow_Reminder", 595, 208, 595, 250), ("Flow_Reminded", 650, 290, 720, 290),
                                                       ("Flow_Confirmed", 810, 150, 870, 150)))


def changed_drawing() -> bytes:
    """The drawing of the example with the reminder and the second approver."""
    drawn = EXAMPLE["complaint.bpmn"].decode().replace('targetRef="Event_Corrected"', 'targetRef="Activity_Confirm"')
    drawn = drawn.replace("<bpmn:incoming>Flow_5</bpmn:incoming>\n    </bpmn:endEvent>",
                          "<bpmn:incoming>Flow_Confirmed</bpmn:incoming>\n    </bpmn:endEvent>")
    drawn = drawn.replace('x="720" y="132" width="36"', 'x="870" y="132" width="36"')
    drawn = drawn.replace('x="707" y="175" width="62"', 'x="857" y="175" width="62"')
    drawn = drawn.replace('<di:waypoint x="720" y="150" />', '<di:waypoint x="700" y="150" />')
    return drawn.replace("\n  </bpmn:process>", NEW_STEPS).replace("</bpmndi:BPMNPlane>", NEW_SHAPES + "</bpmndi:BPMNPlane>").encode()


@pytest.fixture(scope="module")
def house(folder: Path) -> Iterator[LivingHouse]:
    house = LivingHouse(folder, datetime(2027, 2, 1, 9), lived=lambda stage: stage.deploy_all({"complaint": EXAMPLE}))
    yield house
    house.close()


def do(house: LivingHouse, case: str, element: str, values: dict[str, Any], login: str) -> None:
    """Complete a task of a real case as somebody of the house."""
    from sqlalchemy import select

    from engine.people.accounts import Accounts
    from engine.store.tables import user_task

    with house.parts.store.read() as connection:
        by = Accounts(connection).by_login(login)
        task = connection.scalars(select(user_task.c.id).where(user_task.c.instance_id == case, user_task.c.element_id == element,
                                                               user_task.c.state == "open")).one()
    house.parts.engine.complete_task(task, values, by)
    house.settle()


def act(screen: Screen, task: str, who: str, values: dict[str, Any] | None = None) -> None:
    """Complete a task of the trial as somebody."""
    screen.follow(task, within=screen.page.locator(".try-tasks"))
    screen.page.locator("#by").select_option(label=who)
    screen.fill(values or {})
    screen.press("Terminer la tâche")


@pytest.mark.slow
def test_a_reminder_and_a_second_approver_go_from_an_idea_to_the_cases(house: LivingHouse, screens: OpenScreen, tmp_path: Path) -> None:
    old = house.parts.engine.start_instance("complaint", COMPLAINT)
    odile, remi = screens(house), screens(house, locale="en", width=380)
    page = odile.be("odile").go("/studio?lang=fr").page
    remi.be("remi").go("/studio?lang=en")

    # A draft, changed from a ZIP file. Its differences are told.
    section = page.locator("section[aria-labelledby=p-complaint]")
    section.locator("details summary").click()
    section.locator("input[name=name]").fill("Un rappel et un second accord")
    odile.press("Ouvrir le brouillon", within=section)
    draft = page.url.removeprefix(house.url)
    packed = tmp_path / "complaint.zip"
    packed.write_bytes(archive.pack({**EXAMPLE, "complaint.bpmn": changed_drawing()}))
    page.locator("summary", has_text="Reprendre un fichier ZIP").click()
    page.locator("#zip").set_input_files(packed)
    with page.expect_navigation():
        page.locator("form[action$='/zip'] button").click()
    odile.go(f"{draft}/changes")
    expect(page.locator("main")).to_contain_text("Nouveau : « Confirmer » (tâche d’une personne)")
    expect(page.locator("main")).to_contain_text("Rappel dû")

    # The gate stops: the old story ends elsewhere now, and nothing shows what is new.
    odile.go(f"{draft}/publishing")
    odile.press("Jouer les scénarios")
    expect(page.locator("#scenarios")).to_contain_text("1 sur 2 ne tiennent pas", timeout=60_000)
    expect(page.locator("#coverage")).to_contain_text("Aucun scénario ne laisse partir « Rappel dû, sur Corriger ».")
    expect(page.get_by_role("button", name="Publier la version 2")).to_have_attribute("aria-disabled", "true")
    assert odile.violations() == []

    # They play it as everybody, let time pass to the reminder, and keep that who examined does not confirm.
    odile.follow("Jouer ce qui manque, et l’enregistrer")
    odile.press("Commencer un essai")
    odile.fill(COMPLAINT)
    odile.press("Commencer le dossier")
    act(odile, "Examiner la plainte", "Quentin Aubry", {"founded": "yes", "answer": "Nous sommes désolés."})
    expect(page.locator(".try-next")).to_contain_text("Dans 10 jours")
    odile.press("Laisser passer le temps jusque-là")
    expect(page.locator(".try-day")).to_have_text("11 février 2027")
    expect(page.locator(".plan .active")).to_have_count(2)
    assert odile.violations() == []
    act(odile, "Relancer", "Maud Terrasson")
    act(odile, "Corriger", "Maud Terrasson")
    odile.follow("Confirmer", within=page.locator(".try-tasks"))
    page.locator("summary", has_text="ne peuvent pas, et pourquoi").click()
    quentin = page.locator(".try-refused li", has_text="Quentin Aubry")
    expect(quentin).to_contain_text("Vous avez fait « Examiner la plainte » le 1er février")
    odile.press("En faire une étape de l’histoire", within=quentin)
    act(odile, "Confirmer", "Diane Lefort")
    expect(page.locator(".try-now")).to_contain_text("Terminé")

    # What was played becomes the scenario that the old one was.
    odile.follow("Enregistrer comme scénario")
    expect(page.locator(".story-lines")).to_contain_text("Quentin Aubry ne peut pas prendre « Confirmer »")
    page.locator("#fr").fill("Une plainte fondée est corrigée, relancée, puis confirmée par quelqu’un d’autre.")
    page.locator("#en").fill("A founded complaint is corrected, reminded of, then confirmed by somebody else.")
    page.locator("summary", has_text="Nom du fichier").click()
    page.locator("#name").fill("founded")
    page.locator("input[name=replace]").check()
    odile.press("Enregistrer dans le brouillon")
    odile.go(f"{draft}/publishing")
    odile.press("Jouer les scénarios")
    expect(page.locator("#coverage")).to_contain_text("toutes les branches et tous les minuteurs", timeout=60_000)
    odile.press("Rejouer des dossiers terminés")
    expect(page.locator("#replay")).to_contain_text("aucun dossier terminé", timeout=60_000)

    # A second person approves in another browser; the author cannot.
    page.locator("#request").fill("Un rappel après dix jours, et un second accord.")
    odile.press("Demander l’accord")
    expect(page.locator("#approval")).to_contain_text("Vous avez participé à ce brouillon")
    remi.go(f"{draft}/publishing")
    expect(remi.page.locator("#approval")).to_contain_text("Un rappel après dix jours, et un second accord.")
    assert remi.violations() == [] and remi.too_wide() <= 0
    remi.press("Approve this content")
    expect(remi.page.locator(".toast")).to_contain_text("Draft approved.")
    odile.go(f"{draft}/publishing")
    odile.press("Publier la version 2")
    expect(page.locator("main")).to_contain_text("Les nouveaux dossiers prennent cette version.")

    # A new case shows the change, the old one does not.
    new = house.parts.engine.start_instance("complaint", COMPLAINT)
    for case in (old, new):
        do(house, case, "Activity_ExamineComplaint", {"founded": "yes", "answer": "Nous sommes désolés."}, "quentin")
        do(house, case, "Activity_Correct", {}, "maud")
    diane = screens(house).be("diane")
    expect(diane.go("/tasks?view=groups").page.locator(".task-card", has_text="Confirmer")).to_have_count(1)
    assert diane.go(f"/cases/{old}").page.locator(".case-head").inner_text().count("Terminé") == 1
    expect(diane.go(f"/cases/{new}").page.locator("main")).to_contain_text("Confirmer")


@pytest.mark.parametrize(("locale", "width", "dark"), [("fr", 1400, True), ("en", 380, False)])
def test_axe_finds_nothing_on_the_pages_of_trying(house: LivingHouse, screens: OpenScreen, locale: str, width: int, dark: bool) -> None:
    screen = screens(house, locale=locale, width=width, dark=dark)
    page = screen.be("odile").go(f"/studio?lang={locale}").page
    version = page.locator("section[aria-labelledby=p-complaint] a[href^='/studio/versions']").last.get_attribute("href") or ""
    for path in (f"{version}/try", f"{version}/scenarios", f"{version}/scenarios/not_founded.yaml"):
        screen.go(path)
        assert screen.violations() == [], path
        assert screen.too_wide() <= 0, path
    screen.go(f"{version}/try")
    page.locator("#story").select_option("complaint/founded")
    page.locator("#steps").fill("3")
    with page.expect_navigation():
        page.locator("form:has(#story) button").click()
    page.locator(".try-tasks a").first.click()
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert screen.violations() == [] and screen.too_wide() <= 0
