"""The checks a machine makes of an applicant's identity, before a person studies admissibility.

Owns: `identity.check`.
Leaves: each rule to `handlers.qualiopi.admissibility`; the judgement to the study.
Promises: a service of the outside that is missing or silent makes a warning, never a block and never a failed job.
Rule: arrêté of 6 June 2019, art. 1; ISO/IEC 17065:2012, 7.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from engine.handler import Complete, Outcome, Parameter, Registry, Task
from engine.texts import Text
from handlers.inputs import APPLICATION
from handlers.ports import Directory, Listed, PublicList, Unreachable
from handlers.qualiopi import admissibility as rules
from handlers.qualiopi.checks import Check
from handlers.qualiopi.numbers import bare
from handlers.variables import text

registry = Registry()
COMPANIES = Text("L’annuaire des entreprises", "The company directory")
PROVIDERS = Text("La liste publique des organismes de formation", "The public list of training organisations")
Answer = TypeVar("Answer")


@registry.external("identity.check", title=Text("Vérifier l’identité du demandeur", "Check the applicant’s identity"),
                   inputs=(APPLICATION,),
                   outputs=(Parameter("identity", "context", Text("Les vérifications et leur résultat", "The checks and their results")),))
def check_identity(task: Task, directory: Directory | None, public_list: PublicList | None) -> Outcome:
    """Check SIREN, SIRETs, declaration, sworn statement, first actions, scope and representative; ask both directories.

    Args:
        task: variable `application`. directory, public_list: None when this installation has none.
    """
    application = task["application"]
    checks = [
        rules.check_siren(application), rules.check_sirets(application), rules.check_nda(application, task.today),
        rules.check_sworn(application, task.today), rules.check_first_actions(application, task.today), rules.check_scope(application),
    ]
    representative = rules.check_representative(application)
    if representative is not None:
        checks.append(representative)
    siren, nda = rules.siren_to_check(application), bare(text(application["organisation"].get("nda")))
    checks.append(_asked("company", COMPANIES, partial(directory.company, siren) if directory else None,
                         lambda answer: rules.check_company(answer, application)))
    if nda:
        checks.append(ask_public_list(partial(public_list.provider, nda) if public_list else None, application))
    return Complete(identity={"blocked": any(check.result == "block" for check in checks), "foreign": rules.is_foreign(application),
                              "checks": [check.to_json() for check in checks]})


def ask_public_list(ask: Callable[[], Listed | None] | None, application: Mapping[str, Any]) -> Check:
    """Ask the public list of training organisations whose number the application gives.

    Args:
        ask: looks the number up; None when this installation has no such list.
    """
    return _asked("public_list", PROVIDERS, ask, lambda answer: rules.check_listed(answer, application))


def _asked(name: str, service: Text, ask: Callable[[], Answer | None] | None, judge: Callable[[Answer | None], Check]) -> Check:
    if ask is None:
        return rules.unanswered(name, service, service.fr)
    try:
        answer = ask()
    except Unreachable:
        return rules.unanswered(name, service, service.fr)
    return judge(answer)
