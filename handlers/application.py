"""An application on its arrival: entered in the registers, and read for what it lacks.

Owns: `application.register`, `application.check_completeness`.
Leaves: fields and their form to the start form; identity to `handlers.admissibility`.
Promises: a case keeps its number, however often it is registered.
Rule: arrêté of 6 June 2019, art. 1; ISO/IEC 17065:2012, 7.2.
"""

from __future__ import annotations

from typing import Any

from engine.handler import Complete, Outcome, Parameter, Party, Registry, Task
from engine.texts import Text
from handlers.inputs import APPLICATION, CASE_NUMBER, CLIENT_EMAIL, CLIENT_LOCALE, CLIENT_NAME, ORGANISATION_ID
from handlers.qualiopi.categories import ordered
from handlers.qualiopi.completeness import missing
from handlers.registers import Registers
from handlers.variables import text

registry = Registry()


@registry.local("application.register", title=Text("Enregistrer la demande", "Register the application"), inputs=(APPLICATION,),
                outputs=(CASE_NUMBER, ORGANISATION_ID, CLIENT_NAME, CLIENT_EMAIL, CLIENT_LOCALE))
def register(task: Task, registers: Registers) -> Outcome:
    """Enter the applicant and give the case its number, title and parties.

    Args:
        task: variable `application`. registers: the body's tables, inside the engine's transaction.
    """
    application = task["application"]
    organisation = registers.organisations.enter(application)
    categories = ordered(application["categories"])
    entered = registers.applications.enter(task.instance_id, organisation.id, categories, task.today)
    contact = application.get("contact") or application["manager"]
    return Complete(
        case_number=entered.number, organisation_id=organisation.id, client_name=organisation.name, client_email=text(contact["email"]),
        client_locale=_locale(contact), title=f"{organisation.name} ({', '.join(categories)})", business_key=entered.number,
        parties=_parties(application))


@registry.local("application.check_completeness", inputs=(APPLICATION,),
                title=Text("Vérifier que la demande est complète", "Check that the application is complete"),
                outputs=(Parameter("complete", "boolean", Text("La demande est-elle complète ?", "Is the application complete?")),
                         Parameter("missing", "list", Text("Ce qui manque", "What is missing"))))
def check_completeness(task: Task) -> Outcome:
    """List what the application lacks, all at once, each item in both languages with its source.

    Args:
        task: variable `application`.
    """
    lacking = missing(task["application"], task.today)
    return Complete(complete=not lacking, missing=[item.to_json() for item in lacking])


def _parties(application: dict[str, Any]) -> tuple[Party, ...]:
    """The contact, the representative, and others they name; one address is one person, named once with the role that binds most."""
    named = {"client": application.get("contact") or application["manager"], "representative": application.get("representative") or {}}
    parties = {text(person.get("email")).casefold(): Party(text(person["email"]), text(person.get("name")), role, _locale(person))
               for role, person in reversed(named.items()) if text(person.get("email"))}
    others = (Party(text(one["email"]), text(one.get("name")), "guest", _locale(application.get("contact") or {}),
                    one.get("may_answer") is True, may_invite=False)
              for one in application.get("contacts") or () if text(one.get("email")))
    named_once = tuple(reversed(parties.values()))
    return (*named_once, *{one.email.casefold(): one for one in others if one.email.casefold() not in parties}.values())


def _locale(person: dict[str, Any]) -> str:
    return "en" if text(person.get("language")) == "en" else "fr"
