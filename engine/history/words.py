"""The events of a case in words.

Owns: every kind of event with its sentence in French and English, and whether people of the outside read it.
Leaves: names of elements, people, rules and milestones to the caller, who passes a `Naming`.
Promises: an event of an unknown kind is told by its name, never left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from engine.texts import Text
from engine.words import day_text, say_moment


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of event. Places of the text: the event's own data, and {element}, {person}, {rule} and so on by their names.

    Attributes:
        for_parties: people of the outside read it. quiet: technical; left out of what people read, kept in the export.
    """

    text: Text
    for_parties: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Naming:
    """How ids are named for people."""

    element: Callable[[str], Text] = lambda key: Text(key, key)
    person: Callable[[str], str] = lambda key: key
    rule: Callable[[str], Text] = lambda key: Text(key, key)
    milestone: Callable[[str], Text] = lambda key: Text(key, key)
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("Europe/Paris"))


def _kind(fr: str, en: str, *, for_parties: bool = False, quiet: bool = False) -> Kind:
    return Kind(Text(fr, en), for_parties, quiet)


KINDS: Mapping[str, Kind] = {
    "instance_started": _kind("Dossier ouvert", "Case opened", for_parties=True),
    "instance_ended": _kind("Dossier terminé : {element}", "Case ended: {element}", for_parties=True),
    "instance_cancelled": _kind("Dossier annulé : {reason}", "Case cancelled: {reason}", for_parties=True),
    "instance_suspended": _kind("Dossier suspendu : {reason}", "Case suspended: {reason}", for_parties=True),
    "instance_resumed": _kind("Dossier repris : {reason}", "Case resumed: {reason}", for_parties=True),
    "instance_migrated": _kind("Dossier passé à la version {version} du processus", "Case moved to version {version} of the process"),
    "milestone_reached": _kind("Étape atteinte : {milestone}", "Step reached: {milestone}", for_parties=True),
    "task_opened": _kind("Tâche ouverte : {element}", "Task opened: {element}"),
    "task_claimed": _kind("Tâche prise : {element}", "Task claimed: {element}"),
    "task_released": _kind("Tâche rendue : {element}", "Task released: {element}"),
    "task_handed_over": _kind("Tâche confiée à {to} : {element}", "Task handed over to {to}: {element}"),
    "task_taken_back": _kind("Tâche reprise à qui elle venait d’être confiée : {element}",
                             "Task taken back from whoever it had just been handed to: {element}"),
    "task_followed_up": _kind("Tâche à suivre plus tard : {element}", "Task put off: {element}"),
    "task_prioritised": _kind("Priorité {priority} : {element}", "Priority {priority}: {element}"),
    "task_completed": _kind("Fait : {element}", "Done: {element}", for_parties=True),
    "task_cancelled": _kind("Tâche sans objet : {element}", "Task dropped: {element}"),
    "comment_added": _kind("Commentaire ajouté", "Comment added"),
    "document_kept": _kind("Document classé : {name}", "Document kept: {name}"),
    "party_joined": _kind("Personne jointe au dossier : {person}", "Person joined to the case: {person}", for_parties=True),
    "party_invited": _kind("Personne invitée au dossier", "Person invited to the case", for_parties=True),
    "party_uninvited": _kind("Invitation retirée", "Invitation taken back", for_parties=True),
    "party_rights_changed": _kind("Droits changés : {person}", "Rights changed: {person}", for_parties=True),
    "party_removed": _kind("Personne retirée du dossier : {person}", "Person removed from the case: {person}", for_parties=True),
    "deadline_opened": _kind("Échéance ouverte : {rule}, le {due_on}", "Deadline opened: {rule}, on {due_on}", for_parties=True),
    "deadline_met": _kind("Échéance tenue : {rule}", "Deadline met: {rule}", for_parties=True),
    "deadline_missed": _kind("Échéance dépassée : {rule}, due le {due_on}", "Deadline missed: {rule}, due on {due_on}", for_parties=True),
    "deadline_dropped": _kind("Échéance sans objet : {rule}", "Deadline dropped: {rule}"),
    "extension_asked": _kind("Prolongation demandée, {days} jours : {rule} ({reason})", "Extension asked, {days} days: {rule} ({reason})",
                             for_parties=True),
    "extension_granted": _kind("Prolongation accordée : {rule}, du {from_on} au {due_on}",
                               "Extension granted: {rule}, from {from_on} to {due_on}", for_parties=True),
    "extension_refused": _kind("Prolongation refusée : {rule}", "Extension refused: {rule}", for_parties=True),
    "deadline_paused": _kind("Échéance mise en pause : {rule} ({reason})", "Deadline paused: {rule} ({reason})", for_parties=True),
    "deadline_resumed": _kind("Échéance reprise : {rule}, le {due_on}", "Deadline resumed: {rule}, on {due_on}", for_parties=True),
    "timer_fired": _kind("Échéance ou rappel déclenché : {element}", "Timer fired: {element}"),
    "decision_made": _kind("Décision calculée : {element}", "Decision computed: {element}"),
    "handler_done": _kind("Fait automatiquement : {element}", "Done automatically: {element}"),
    "job_done": _kind("Fait automatiquement : {element}", "Done automatically: {element}"),
    "job_failed": _kind("Échec, essai {tries} sur {most} : {element} ({message})", "Failed, try {tries} of {most}: {element} ({message})"),
    "incident_opened": _kind("Incident : {element} ({message})", "Incident: {element} ({message})"),
    "incident_retried": _kind("Incident relancé : {element}", "Incident retried: {element}"),
    "incident_resolved": _kind("Incident résolu : {element}", "Incident resolved: {element}"),
    "message_received": _kind("Message reçu : {name}", "Message received: {name}", quiet=True),
    "message_thrown": _kind("Message envoyé : {name}", "Message sent: {name}", quiet=True),
    "signal_received": _kind("Signal reçu : {name}", "Signal received: {name}", quiet=True),
    "signal_thrown": _kind("Signal envoyé : {name}", "Signal sent: {name}", quiet=True),
    "error_thrown": _kind("Erreur que rien n’attrape : {name}", "Error that nothing catches: {name}"),
    "escalation_thrown": _kind("Escalade que rien n’attrape : {name}", "Escalation that nothing catches: {name}"),
    "path": _kind("Chemin parcouru", "Path taken", quiet=True),
    "letter_sent": _kind("Lettre envoyée : {subject}", "Letter sent: {subject}", for_parties=True),
    "personal_data_erased": _kind("Données personnelles effacées ({count} événements)", "Personal data erased ({count} events)"),
}


def describe(kind: str, data: Mapping[str, Any], naming: Naming, *, element_id: str | None = None) -> Text:
    """Tell an event in both languages. A fact the event does not carry is told as "…"."""
    found = KINDS.get(kind)
    if found is None:
        return Text(kind, kind)
    facts = {name: _fact(name, data, naming, element_id) for name in _places(found.text)}
    return found.text.format(**facts)


def _places(text: Text) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text.fr) if name}


def _fact(name: str, data: Mapping[str, Any], naming: Naming, element_id: str | None) -> Any:
    value = element_id if name == "element" else data.get(name)
    if value is None or value == "":
        return _UNKNOWN
    namers: dict[str, Callable[[str], Any]] = {"element": naming.element, "person": naming.person, "to": naming.person, "rule": naming.rule,
                                               "milestone": naming.milestone}
    if name in namers:
        return namers[name](str(value))
    if isinstance(value, Mapping):
        return Text.of(value)
    if name.endswith("_on"):
        return day_text(date.fromisoformat(value))
    if name.endswith("_at"):
        moment = datetime.fromisoformat(value)
        return Text(say_moment(moment, "fr", naming.zone), say_moment(moment, "en", naming.zone))
    return value


_UNKNOWN = Text("…", "…")
