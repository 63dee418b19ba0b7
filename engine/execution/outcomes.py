"""What a handler asks to be kept beside its results: files, people of the outside, the name of the case.

Owns: taking `Complete` apart. Used by local handlers inside their step and by the command that takes an external handler's outcome.
Leaves: the results themselves to the kernel, which maps them into variables.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection

from engine.execution.case import Case
from engine.execution.surroundings import Surroundings
from engine.handler import Complete
from engine.people.accounts import Accounts
from engine.people.parties import Rights
from engine.work import documents


def keep(connection: Connection, around: Surroundings, case: Case, outcome: Complete, by_id: str | None) -> dict[str, Any]:
    """Keep what comes with an outcome in the transaction of the step, and tell its results, ids of new files included."""
    results = dict(outcome.results)
    ids = documents.keep(connection, case.id, outcome.documents, case.at, by_id)
    if ids:
        results["document_ids"] = ids
        results |= {document.result: new_id for new_id, document in zip(ids, outcome.documents, strict=True) if document.result}
        for new_id, document in zip(ids, outcome.documents, strict=True):
            case.tell("document_kept", by_id=by_id, document=new_id, kind=document.kind, name=document.name)
    for party in outcome.parties:
        who = Accounts(connection).join_party(case.id, party.email, party.name, role=party.role, locale=party.locale, now=case.at,
                                             rights=Rights(party.may_answer, party.may_invite))
        case.tell("party_joined", by_id=by_id, person=who.id, role=party.role)
    if outcome.title is not None:
        case.changed["title"] = outcome.title[:300]
    if outcome.business_key is not None:
        case.changed["business_key"] = case.business_key = outcome.business_key
    return results
