"""A process told in words says what its picture says."""

from __future__ import annotations

import pytest

from engine.bpmn import words
from tests.engine.bpmn.drawing import END, START, chain, flow, read

LOOP = ('<laneSet id="ls"><lane id="l" name="Auditeur" jalon:nameEn="Auditor"><flowNodeRef>a</flowNodeRef></lane></laneSet>'
        '<startEvent id="s" name="Demande"/><exclusiveGateway id="m"/><userTask id="a" name="Auditer" jalon:nameEn="Audit"/>'
        '<exclusiveGateway id="g" name="Conforme ?" default="g_e"/><endEvent id="e" name="Fini"/>'
        '<boundaryEvent id="late" name="Retard" attachedToRef="a" cancelActivity="false">'
        '<timerEventDefinition><timeDuration>P3M</timeDuration>'
        '</timerEventDefinition></boundaryEvent><endEvent id="told" name="Prévenu"/>' + flow("s", "m") + flow("m", "a") + flow("a", "g")
        + flow("g", "m", "x = 1").replace('id="g_m"', 'id="g_m" name="non"') + flow("g", "e") + flow("late", "told"))


def test_a_process_is_told_in_reading_order_with_people_answers_and_time_limits() -> None:
    model = read(LOOP, attributes='name="Audit initial"').model
    assert words.outline(model, "p", "fr").splitlines() == [
        "Audit initial", "  1. Demande (début)", "  2. m (les voies se rejoignent)", "  3. Auditer (tâche d’une personne, Auditeur)",
        "  4. Conforme ? (une seule voie)", "    → non : 2. m", "    → sinon : 5. Fini", "  5. Fini (fin)",
        "  6. Retard (pendant 3. Auditer, échéance P3M)", "  7. Prévenu (fin)"]
    assert "  3. Audit (task of a person, Auditor)" in words.outline(model, "p", "en").splitlines()


def test_what_is_inside_a_sub_process_is_told_behind_it_one_level_deeper() -> None:
    model = read(chain('<startEvent id="s"/>', '<subProcess id="x"><task id="t"/></subProcess>',
                       '<endEvent id="e"/>')).model
    assert [(line.element, line.level) for line in words.lines(model, "p", "fr")] == [("p", 0), ("s", 1), ("x", 1), ("t", 2), ("e", 1)]


def test_every_element_is_told_once_even_when_nothing_leads_to_it() -> None:
    model = read('<task id="a"/><task id="b"/><endEvent id="alone"/>' + flow("a", "b") + flow("b", "a")).model
    assert sorted({line.element for line in words.lines(model, "p", "en") if line.level == 1}) == ["a", "alone", "b"]


def test_a_process_that_is_not_there_is_an_error_of_the_caller() -> None:
    with pytest.raises(KeyError):
        words.outline(read("").model, "other", "fr")


def test_what_undoes_a_step_is_told_with_it() -> None:
    reading = read(chain(START, '<task id="book" name="Réserver"/>', END) + '<boundaryEvent id="c" name="Annulé" attachedToRef="book">'
                   '<compensateEventDefinition/></boundaryEvent><task id="undo" name="Annuler" isForCompensation="true"/>'
                   '<association id="a" sourceRef="c" targetRef="undo"/>')
    told = words.outline(reading.model, "p", "fr")
    assert "Annulé (défait 2. Réserver, compensation)" in told and "→ 5. Annuler" in told
