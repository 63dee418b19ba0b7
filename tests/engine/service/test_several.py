"""Several tasks at once, taking back what was handed over, and saved views."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.errors import NotAllowed
from engine.queries import Queries
from engine.queries.asked import Asked
from engine.service.several import TooLateToTakeBack
from engine.service.views import NoName, NoSuchView, TooManyViews
from engine.settings import Settings
from engine.store.database import Store
from engine.work.tasks import AlreadyCompleted
from tests.engine.service.stage import Stage

DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jalon="urn:jalon:bpmn:1" targetNamespace="t" id="d">
<process id="p" name="P" isExecutable="true"><startEvent id="S"><outgoing>a</outgoing></startEvent>
<userTask id="T" name="Study" jalon:groups="sales"><incoming>a</incoming><outgoing>b</outgoing></userTask>
<endEvent id="E"><incoming>b</incoming></endEvent>
<sequenceFlow id="a" sourceRef="S" targetRef="T"/><sequenceFlow id="b" sourceRef="T" targetRef="E"/></process></definitions>"""


@pytest.fixture
def stage(store: Store) -> Stage:
    stage = Stage(store)
    stage.deploy(DIAGRAM)
    return stage


def tasks(stage: Stage, count: int) -> list[str]:
    queries = Queries(stage.store, stage.engine.library, stage.clock, Settings.load())
    for _ in range(count):
        stage.start()
    return [line.id for line in queries.inbox(stage.people["claire"], Asked("groups")).lines]


def test_what_can_be_done_is_done_and_the_rest_says_why(stage: Stage) -> None:
    claire, samuel = stage.people["claire"], stage.people["samuel"]
    one, two, three = tasks(stage, 3)
    stage.engine.claim_task(two, samuel)
    stage.engine.complete_task(three, {}, samuel)
    found = stage.engine.claim_tasks([one, two, three, one, "gone"], claire)
    assert found.done == (one,)
    held, done, gone = (left.error for left in found.not_done)
    assert isinstance(held, NotAllowed) and held.rule == "claim" and held.who_can == ("Samuel",)
    assert held.fact is not None and held.fact.en == "Samuel has taken this task."
    assert isinstance(done, AlreadyCompleted) and gone.sentence.en == "There is no such task."


def test_several_are_handed_over_put_aside_and_given_back(stage: Stage) -> None:
    claire, samuel = stage.people["claire"], stage.people["samuel"]
    ids = tasks(stage, 2)
    assert stage.engine.hand_over_tasks(ids, samuel.id, claire).done == ()
    stage.engine.claim_tasks(ids, claire)
    assert len(stage.engine.hand_over_tasks(ids, samuel.id, claire).done) == 2
    assert len(stage.engine.follow_up_tasks(ids, stage.clock.now() + timedelta(days=2), samuel).done) == 2
    assert len(stage.engine.release_tasks(ids, samuel).done) == 2


def test_what_was_handed_over_is_taken_back_while_nothing_was_done_with_it(stage: Stage) -> None:
    claire, samuel = stage.people["claire"], stage.people["samuel"]
    [task] = tasks(stage, 1)
    stage.engine.claim_task(task, claire)
    stage.engine.hand_over_task(task, samuel.id, claire)
    assert stage.engine.take_back_tasks([task], claire).done == (task,)
    with pytest.raises(NotAllowed):
        stage.engine.release_task(task, samuel)
    stage.engine.release_task(task, claire)


@pytest.mark.parametrize("meanwhile", ["typed", "later", "released", "somebody else asks"])
def test_it_is_not_taken_back_once_the_task_has_gone_on(stage: Stage, meanwhile: str) -> None:
    claire, samuel = stage.people["claire"], stage.people["samuel"]
    [task] = tasks(stage, 1)
    stage.engine.claim_task(task, claire)
    stage.engine.hand_over_task(task, samuel.id, claire)
    stage.clock.advance(timedelta(minutes=1))
    if meanwhile == "typed":
        stage.engine.save_draft(task, {"x": 1}, samuel)
    elif meanwhile == "later":
        stage.clock.advance(timedelta(minutes=11))
    elif meanwhile == "released":
        stage.engine.release_task(task, samuel)
    with pytest.raises(TooLateToTakeBack):
        stage.engine.take_back_task(task, samuel if meanwhile == "somebody else asks" else claire)


def test_a_view_belongs_to_who_kept_it(stage: Stage) -> None:
    claire, samuel = stage.people["claire"], stage.people["samuel"]
    view = stage.engine.save_view("Mes retards", Asked("overdue").told(), claire)
    for refused in (lambda: stage.engine.rename_view(view, "x", samuel), lambda: stage.engine.delete_view(view, samuel)):
        with pytest.raises(NoSuchView):
            refused()
    stage.engine.rename_view(view, "En retard", claire)
    stage.engine.change_view(view, Asked("mine").told(), claire)
    stage.engine.delete_view(view, claire)
    with pytest.raises(NoSuchView):
        stage.engine.delete_view(view, claire)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81])
def test_a_view_has_a_name(stage: Stage, name: str) -> None:
    with pytest.raises(NoName):
        stage.engine.save_view(name, {}, stage.people["claire"])


def test_views_are_not_kept_without_end(stage: Stage) -> None:
    for number in range(30):
        stage.engine.save_view(f"Vue {number}", {}, stage.people["claire"])
    with pytest.raises(TooManyViews):
        stage.engine.save_view("Une de trop", {}, stage.people["claire"])
