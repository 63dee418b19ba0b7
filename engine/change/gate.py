"""The gate: what must hold before a draft is published, each condition with its evidence.

Owns: `Condition`, `Gate`, and judging a draft by what is known of its exact content.
Leaves: finding it out to `proofs` and `replay`; approvals to `approvals`; publishing to `publishing`.
Promises: a gate is of one content hash; a condition nobody has looked into yet does not hold; the sentence of a closed gate names
everything that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.change.approvals import Approval
from engine.change.proofs import Proofs
from engine.change.replay import Replayed
from engine.definitions import Package
from engine.definitions.checks import stops
from engine.errors import Conflict
from engine.problems import Problem
from engine.states import ApprovalState
from engine.texts import NO_TEXT, Text
from engine.words import list_text

State = Literal["met", "unmet", "waiting"]


class GateClosed(Conflict):
    """This draft cannot be published yet: {missing}."""

    fr = "Ce brouillon ne peut pas encore être publié : {missing}."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing behind a condition: where, and what. `element` is "" for a file as a whole."""

    file: str
    element: str
    text: Text
    remedy: Text = NO_TEXT


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition.

    Attributes:
        id: "base", "checks", "scenarios", "coverage", "replay" or "approval".
        state: `waiting` when it has not been looked into, or waits for somebody. evidence: what was found, in a sentence.
        lacks: what to do, as a clause after a colon; nothing when it is met.
    """

    id: str
    state: State
    title: Text
    evidence: Text
    lacks: Text = NO_TEXT
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "state": self.state, "evidence": self.evidence.to_json()}


@dataclass(frozen=True, slots=True)
class Gate:
    """All conditions of one content. `hash` is that of the draft they were judged for."""

    hash: str
    conditions: tuple[Condition, ...]

    @property
    def is_open(self) -> bool:
        return all(one.state == "met" for one in self.conditions)

    @property
    def is_ready_for_approval(self) -> bool:
        """Everything but the second person."""
        return all(one.state == "met" for one in self.conditions if one.id != "approval")

    @property
    def missing(self) -> Text:
        """What is still to do, as one clause."""
        return _joined(one.lacks for one in self.conditions if one.state != "met")

    def condition(self, name: str) -> Condition:
        return next(one for one in self.conditions if one.id == name)

    def evidence(self) -> list[Mapping[str, Any]]:
        """What is kept with a version that was published through it."""
        return [one.to_json() for one in self.conditions]


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a draft when its gate is judged. `replayed`: None when no case was replayed on this content yet."""

    hash: str
    package: Package
    problems: Sequence[Problem]
    is_new: bool                                            #: it differs from the newest published version
    is_current: bool                                        #: it was opened from that version, or has caught up with it
    proofs: Proofs
    replayed: Replayed | None
    approval: Approval | None
    names: Mapping[str, str]                                #: names of people by id


def judge(known: Known) -> Gate:
    """Judge a draft by what is known of it."""
    return Gate(known.hash, (_base(known), _checks(known), _scenarios(known), _coverage(known), _replay(known), _approval(known)))


def _base(known: Known) -> Condition:
    if not known.is_new:
        return Condition("base", "unmet", _BASE, _NOTHING_NEW, _CHANGE_SOMETHING)
    if not known.is_current:
        return Condition("base", "unmet", _BASE, _BEHIND, _CATCH_UP)
    return Condition("base", "met", _BASE, _CURRENT)


def _checks(known: Known) -> Condition:
    wrong = stops(known.problems)
    findings = tuple(Finding(one.file, one.element, one.message, one.remedy) for one in known.problems)
    advice = len(known.problems) - len(wrong)
    if wrong:
        return Condition("checks", "unmet", _CHECKS, _PROBLEMS.format(count=len(wrong), advice=advice), _MEND.format(count=len(wrong)),
                         findings)
    return Condition("checks", "met", _CHECKS, _NO_PROBLEM.format(advice=advice), findings=findings)


def _scenarios(known: Known) -> Condition:
    proofs, count = known.proofs, len(known.proofs.told) + len(known.proofs.waiting)
    if count == 0:
        return Condition("scenarios", "unmet", _SCENARIOS, _NO_SCENARIO, _RECORD_ONE)
    if proofs.failed:
        findings = tuple(Finding(f"{one.story.folder}/{one.story.path}", "", _FAILED.format(
            says=one.says, step=one.step, problem=one.problem)) for one in proofs.failed)
        return Condition("scenarios", "unmet", _SCENARIOS, _SOME_FAIL.format(count=len(proofs.failed), all=count),
                         _MEND_SCENARIOS.format(count=len(proofs.failed)), findings)
    if proofs.waiting:
        return Condition("scenarios", "waiting", _SCENARIOS, _TO_PLAY.format(count=len(proofs.waiting), all=count), _PLAY_THEM)
    return Condition("scenarios", "met", _SCENARIOS, _ALL_HOLD.format(count=count))


def _coverage(known: Known) -> Condition:
    if known.proofs.waiting or stops(known.problems):
        return Condition("coverage", "waiting", _COVERAGE, _NOT_KNOWN, _PLAY_THEM)
    missing = known.proofs.missing(known.package.processes)
    total = sum(len(process.flows) + sum(any(event.kind == "timer" for event in element.events) for element in process.elements.values())
                for process in known.package.processes)
    taken = total - len(missing)
    if missing:
        findings = tuple(Finding(one.file, one.element, one.text) for one in missing)
        return Condition("coverage", "unmet", _COVERAGE, _PARTLY.format(taken=taken, total=total),
                         _RECORD_MISSING.format(count=len(missing)), findings)
    return Condition("coverage", "met", _COVERAGE, _WHOLLY.format(total=total))


def _replay(known: Known) -> Condition:
    if known.replayed is None:
        return Condition("replay", "waiting", _REPLAY, _NOT_REPLAYED, _REPLAY_THEM)
    findings = tuple(Finding("", one.element, text) for one in known.replayed.cases for text in one.told)
    return Condition("replay", "met", _REPLAY, known.replayed.summary, findings=findings)


def _approval(known: Known) -> Condition:
    asked = known.approval
    if asked is None:
        return Condition("approval", "waiting", _APPROVAL, _NOT_ASKED, _ASK)
    who = known.names.get(asked.decided_by or asked.asked_by, "")
    if asked.state == ApprovalState.APPROVED:
        return Condition("approval", "met", _APPROVAL, _APPROVED.format(who=who))
    if asked.state == ApprovalState.REFUSED:
        return Condition("approval", "unmet", _APPROVAL, _REFUSED.format(who=who, why=asked.comment), _ANSWER_REFUSAL)
    return Condition("approval", "waiting", _APPROVAL, _ASKED.format(who=who), _WAIT)


def _joined(parts: Iterable[Text]) -> Text:
    every = list(dict.fromkeys(part for part in parts if part.fr))
    return Text(list_text([part.fr for part in every]).fr, list_text([part("en") for part in every]).en)


_BASE = Text("Ce qui change", "What changes")
_NOTHING_NEW = Text("Rien ne change depuis la version publiée.", "Nothing changes since the published version.")
_CHANGE_SOMETHING = Text("il faut un changement", "there must be a change")
_BEHIND = Text("Une version plus récente a été publiée depuis l’ouverture du brouillon.",
               "A newer version has been published since the draft was opened.")
_CATCH_UP = Text("il faut reprendre la version publiée entre-temps", "the version published meanwhile must be taken in")
_CURRENT = Text("Le brouillon part de la version publiée.", "The draft starts from the published version.")
_CHECKS = Text("Contrôles", "Checks")
_PROBLEMS = Text("{count} à corriger, {advice} remarque(s)", "{count} to mend, {advice} remark(s)")
_MEND = Text("{count} problème(s) à corriger", "{count} problem(s) to mend")
_NO_PROBLEM = Text("aucune erreur, {advice} remarque(s)", "no error, {advice} remark(s)")
_SCENARIOS = Text("Scénarios", "Scenarios")
_NO_SCENARIO = Text("aucun scénario", "no scenario")
_RECORD_ONE = Text("il faut au moins un scénario", "there must be at least one scenario")
_FAILED = Text("« {says} » ne tient pas, à {step} : {problem}", "“{says}” does not hold, at {step}: {problem}")
_SOME_FAIL = Text("{count} sur {all} ne tiennent pas", "{count} of {all} do not hold")
_MEND_SCENARIOS = Text("{count} scénario(s) ne tiennent pas", "{count} scenario(s) do not hold")
_TO_PLAY = Text("{count} sur {all} à jouer sur ce contenu", "{count} of {all} to play on this content")
_PLAY_THEM = Text("les scénarios sont à jouer", "the scenarios are to be played")
_ALL_HOLD = Text("{count} sur {count} réussis, en temps simulé", "{count} of {count} passed, in virtual time")
_COVERAGE = Text("Couverture", "Coverage")
_NOT_KNOWN = Text("connue quand tous les scénarios ont été joués", "known once every scenario was played")
_PARTLY = Text("{taken} branches et minuteurs sur {total}", "{taken} branches and timers of {total}")
_RECORD_MISSING = Text("{count} branche(s) ou minuteur(s) sans scénario", "{count} branch(es) or timer(s) without a scenario")
_WHOLLY = Text("toutes les branches et tous les minuteurs, {total}", "all branches and timers, {total}")
_REPLAY = Text("Rejeu de dossiers terminés", "Replay of finished cases")
_NOT_REPLAYED = Text("pas encore rejoués sur ce contenu", "not replayed on this content yet")
_REPLAY_THEM = Text("des dossiers terminés sont à rejouer", "finished cases are to be replayed")
_APPROVAL = Text("Accord d’une deuxième personne", "Approval by a second person")
_NOT_ASKED = Text("pas encore demandé pour ce contenu", "not asked for this content yet")
_ASK = Text("l’accord d’une deuxième personne est à demander", "the approval of a second person is to be asked for")
_APPROVED = Text("{who} a approuvé ce contenu", "{who} has approved this content")
_REFUSED = Text("{who} a refusé : {why}", "{who} has refused: {why}")
_ANSWER_REFUSAL = Text("un refus est à lever", "a refusal is to be answered")
_ASKED = Text("demandé par {who}", "asked for by {who}")
_WAIT = Text("l’accord d’une deuxième personne manque", "the approval of a second person is missing")
