"""A draft is tried out in virtual time: acts lead the same way again, can be taken back, and become a scenario."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import yaml
from sqlalchemy import func, select

from engine.change.studio import Studio
from engine.change.trials import NEXT, Act, NoSuchTrial, NotRefused, Spot, TooFar, TrialMoved, TrialShown, acts
from engine.change.trials import kept as rows
from engine.change.trials.acts import packed, unpacked
from engine.errors import NotAllowed
from engine.problems import NotDeployable
from engine.store.database import Store
from engine.store.tables import instance, trial
from engine.texts import Text
from tests.engine.change.house import NOW, House, changed

NBSP = "\u00a0"
START = Act("start", process="note", by="anna")


@pytest.fixture
def house(store: Store) -> House:
    return House(store)


class Player:
    """Odile at one trial of a draft."""

    def __init__(self, house: House, content_id: str) -> None:
        self.house, self.trials = house, house.studio.trials
        self.id = self.trials.begin(content_id, house.odile).id

    def show(self, spot: Spot | None = None) -> TrialShown:
        return self.trials.show(self.id, self.house.odile, spot=spot)

    def do(self, act: Act) -> None:
        self.trials.act(self.id, act, self.show().kept.revision, self.house.odile)

    def complete(self, element: str, by: str, **values: object) -> None:
        self.trials.complete(self.id, Spot(0, element, 0), by, values, self.show().kept.revision, self.house.odile)


def at_review(house: House) -> Player:
    """A trial in which the note waits for its review."""
    player = Player(house, house.draft(changed("P3M", "P2M")).id)
    player.do(START)
    player.complete("Write", "anna", pages=11)
    return player


def test_a_draft_is_played_in_virtual_time_and_nothing_of_it_reaches_a_case(house: House) -> None:
    player = at_review(house)
    seen = player.show(spot=Spot(0, "Review", 0)).seen
    assert [str(one.name) for one in seen.tasks] == ["Relire"] and seen.now == NOW
    assert seen.task is not None
    assert [(one.name, one.refusal.rule if one.refusal else "") for one in seen.task.chances] == [
        ("Rachel", ""), ("Anna", "separation_of_duties")]
    assert [(one.at.date().isoformat(), one.text.fr.replace(NBSP, " ")) for one in seen.coming] == [
        ("2026-08-01", "« Trop tard », sur « Relire », puis « Caduc »")]
    assert seen.case is not None
    trail = seen.case.trails["note"]
    assert trail.here["Review"] == 1 and set(trail.passed) == {"Start", "Write", "Long"} and trail.taken == {"a", "b", "yes"}
    player.do(Act("wait", name=NEXT))
    seen = player.show().seen
    assert seen.cases[0].state == "completed" and seen.now == datetime(2026, 8, 1, 8, tzinfo=UTC)
    assert [one.text.fr.replace(NBSP, " ") for one in seen.told] == [
        "Anna ouvre un dossier : « Note ».", "Anna termine « Rédiger ».", "Le temps passe jusqu’à la prochaine échéance."]
    with house.engine.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(instance)) == 0


def test_acts_lead_the_same_way_after_a_restart(house: House) -> None:
    player = at_review(house)
    before = player.show().seen
    house.studio = Studio(house.engine, house.stage, cast={"anna": {"name": "Anna", "groups": ["sales", "reviewer"]},
                                                         "rachel": {"name": "Rachel", "groups": ["reviewer"]}})
    player.trials = house.studio.trials
    after = player.show().seen
    assert [one.spot for one in after.waiting] == [one.spot for one in before.waiting] and after.now == before.now
    assert [one.text for one in after.told] == [one.text for one in before.told]


def test_an_act_is_taken_back_and_a_branch_leaves_the_first_as_it_is(house: House) -> None:
    player = at_review(house)
    branch = house.studio.trials.branch(player.id, 1, house.odile)
    assert [one.name.fr for one in house.studio.trials.show(branch.id, house.odile).seen.tasks] == ["Rédiger"]
    assert [one.name.fr for one in player.show().seen.tasks] == ["Relire"]
    player.trials.back(player.id, 1, player.show().kept.revision, house.odile)
    assert [one.name.fr for one in player.show().seen.tasks] == ["Rédiger"]
    player.complete("Write", "anna", pages=2)
    assert player.show().seen.cases[0].state == "completed"


def test_what_is_refused_changes_nothing_and_can_be_kept_as_a_step(house: House) -> None:
    player = at_review(house)
    with pytest.raises(NotAllowed) as refused:
        player.complete("Review", "anna")
    assert refused.value.rule == "separation_of_duties"
    assert [one.name.fr for one in player.show().seen.tasks] == ["Relire"]
    player.do(Act("refused", element="Review", by="anna", name="separation_of_duties"))
    with pytest.raises(NotRefused):
        player.do(Act("refused", element="Review", by="rachel", name="separation_of_duties"))
    assert len(player.show().kept.acts) == 3, "an act that did not come true is not kept"
    assert [one.name.fr for one in player.show().seen.tasks] == ["Relire"]


def test_a_trial_becomes_a_scenario_that_holds_with_its_refusals_and_failures(house: House) -> None:
    draft = house.draft(changed("P3M", "P2M") | {"scenarios/lapsed.yaml": None})
    player = Player(house, draft.id)
    player.do(START)
    player.complete("Write", "anna", pages=11)
    player.do(Act("refused", element="Review", by="anna", name="separation_of_duties"))
    player.do(Act("wait", name="P1M"))
    player.do(Act("wait", name=NEXT))
    says = Text("Sans relecture, la note est caduque.", "A note nobody reviews lapses.")
    draft = house.studio.record(draft.id, player.id, "two_months", says, draft.revision, house.odile)
    story = yaml.safe_load(house.studio.files(draft.id, house.odile)["scenarios/two_months.yaml"])
    assert story["says"] == {"fr": says.fr, "en": says.en} and story["ends"] == "Lapsed"
    assert {"claim": "Review", "by": "anna", "refused": "separation_of_duties"} in story["steps"]
    assert [step["until"] for step in story["steps"] if "until" in step] == ["2026-07-01T10:00", "2026-08-01T10:00"]
    gate = house.studio.prove(draft.id, house.odile)
    assert gate.condition("scenarios").state == gate.condition("coverage").state == "met", gate.missing.en


def test_an_element_that_fails_on_purpose_is_settled_by_hand_and_recorded(house: House) -> None:
    draft = house.draft(changed("P3M", "P2M"))
    player = Player(house, draft.id)
    player.do(START)
    player.do(Act("fail", element="Write"))
    assert [one.name.fr for one in player.show().seen.still] == ["Rédiger"]
    player.complete("Write", "", pages=2)
    assert player.show().seen.cases[0].state == "completed"
    story = yaml.safe_load(house.studio.trials.written(player.id, Text.of("It fails and goes on."), house.odile))
    assert {"fail": "Write"} in story["steps"] and {"complete": "Write", "with": {"pages": 2}} in story["steps"]
    draft = house.studio.record(draft.id, player.id, "failed", Text.of("It fails and goes on."), draft.revision, house.odile)
    assert house.studio.prove(draft.id, house.odile).condition("scenarios").state == "met"


def test_a_scenario_is_played_up_to_a_step_and_gone_on_from_there(house: House) -> None:
    trials, draft = house.studio.trials, house.draft(changed("P3M", "P2M"))
    begun = trials.begin(draft.id, house.odile, story="note/reviewed", steps=1)
    seen = trials.show(begun.id, house.odile).seen
    assert seen.now.isoformat() == "2026-01-31T08:00:00+00:00" and [one.name.fr for one in seen.tasks] == ["Relire"]
    assert seen.told[0].text.en == "The scenario is played up to its step 1: A long note is reviewed by another person."
    trials.complete(begun.id, Spot(0, "Review", 0), "rachel", {}, 1, house.odile)
    story = yaml.safe_load(trials.written(begun.id, Text.of("Gone on."), house.odile))
    assert story["ends"] == "Done" and story["start"]["with"] == {"limit": 10}
    with pytest.raises(NoSuchTrial):
        trials.begin(draft.id, house.odile, story="note/none")


def test_a_save_of_the_draft_is_told_and_the_trial_played_again_on_it_as_far_as_it_leads(house: House) -> None:
    draft = house.draft(changed("P3M", "P2M"))
    player = Player(house, draft.id)
    player.do(START)
    player.complete("Write", "anna", pages=11)
    player.complete("Review", "rachel")
    house.studio.save(draft.id, changed("pages &gt; 10", "pages &gt; 20"), draft.revision, house.remi)
    assert player.show().is_behind and player.show().seen.cases[0].outcome == Text("Fini", "")
    player.trials.renew(player.id, player.show().kept.revision, house.odile)
    shown = player.show()
    assert not shown.is_behind and shown.parted == 2 and shown.why is not None and "Review" in shown.why.en
    assert len(shown.seen.told) == 2, "what cannot be done again is not shown as done"
    player.trials.back(player.id, 1, shown.kept.revision, house.odile)
    assert player.show().parted is None


def test_a_trial_is_one_persons_and_nobody_acts_on_what_they_have_not_seen(house: House) -> None:
    player = Player(house, house.version.id)
    with pytest.raises(NoSuchTrial):
        house.studio.trials.show(player.id, house.remi)
    with pytest.raises(NotAllowed):
        house.studio.trials.begin(house.version.id, house.anna)
    player.trials.act(player.id, START, 1, house.odile)
    with pytest.raises(TrialMoved):
        player.trials.act(player.id, START, 1, house.odile)
    other = Player(house, house.version.id)
    assert other.show().seen.case is None, "each has its own"


def test_a_draft_with_errors_is_not_tried_but_told(house: House) -> None:
    draft = house.draft(changed('targetRef="Done"', 'targetRef="Nowhere"'))
    with pytest.raises(NotDeployable):
        house.studio.trials.begin(draft.id, house.odile)


def test_time_is_let_pass_within_reason(house: House) -> None:
    player = at_review(house)
    for length in ("P50Y", "-P1D"):
        with pytest.raises(TooFar):
            player.do(Act("wait", name=length))
    assert player.show().seen.now == NOW


def test_each_person_keeps_twenty_trials_and_old_ones_go(house: House) -> None:
    trials = house.studio.trials
    first = trials.begin(house.version.id, house.odile)
    for _ in range(rows.MOST_KEPT):
        house.clock.advance(timedelta(minutes=1))
        trials.begin(house.version.id, house.odile)
    assert len(trials.of(house.version.id, house.odile)) == rows.MOST_KEPT
    with pytest.raises(NoSuchTrial):
        trials.show(first.id, house.odile)
    house.clock.advance(rows.KEPT_FOR + timedelta(days=1))
    trials.begin(house.version.id, house.remi)
    with house.engine.store.read() as connection:
        assert connection.scalar(select(func.count()).select_from(trial)) == 1


def test_people_in_values_are_kept_by_their_logins() -> None:
    values = {"auditor": "id-of-anna", "team": [{"who": "id-of-anna"}], "on": datetime(2026, 1, 1, tzinfo=UTC).date()}
    kept = packed(values, {"id-of-anna": "anna"})
    assert kept["auditor"] == {"$person": "anna"}
    assert unpacked(kept, {"anna": "another"}) == {**values, "auditor": "another", "team": [{"who": "another"}]}


def test_an_act_is_kept_as_what_is_not_usual_of_it() -> None:
    act = acts.Act("outside", name="mail", up=False, place=1)
    assert act.to_json() == {"kind": "outside", "name": "mail", "up": False, "place": 1} and Act.of(act.to_json()) == act
