"""Commands on the people of the outside who belong to a case: inviting one, saying what each may do, letting one go.

Owns: who may change whom, and that somebody is always left who can answer.
Leaves: rows to `engine.people.parties`, links to `engine.people.mailed_links`, letters to `errands`.
Promises: nobody belongs to a case before they followed the link mailed to them; each change stands in the history of the case, names and
addresses where they can be erased; a representative stays who the application named.
Rule: docs/applicants.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from engine.errors import Conflict, Invalid, NotAllowed, NotFound
from engine.people.accounts import Accounts
from engine.people.links import LinkNotValid
from engine.people.mailed_links import MailedLink, MailedLinks, address
from engine.people.parties import Parties, Rights
from engine.people.person import Person
from engine.service.errands import ErrandCommands
from engine.states import LinkPurpose
from engine.store.unit_of_work import InstanceNotFound, UnitOfWork
from engine.texts import Text

MOST_PEOPLE = 30
LONGEST_NAME = 200
REPRESENTATIVE, GUEST = "representative", "guest"


class NobodyLeft(Conflict):
    """Somebody must be left who may answer and invite. Give these rights to another person first."""

    fr = "Il doit rester une personne qui peut répondre et inviter. Donnez d’abord ces droits à une autre."


class RepresentativeStays(Conflict):
    """The representative in France is named in the application and stays."""

    fr = "Le représentant en France est nommé dans la demande ; il reste."


class AlreadyThere(Conflict):
    """This person already belongs to the case."""

    fr = "Cette personne fait déjà partie du dossier."


class TooManyPeople(Conflict):
    """A case takes {most} people at most, those invited included."""

    fr = "Un dossier accepte {most} personnes au plus, invitations comprises."


class NoName(Invalid):
    """Give the person’s name."""

    fr = "Indiquez le nom de la personne."


class NotOfTheCase(NotFound):
    """This person does not belong to the case."""

    fr = "Cette personne ne fait pas partie du dossier."


@dataclass(frozen=True, slots=True)
class Joined:
    """Who followed an invitation: the token of their session, and the case."""

    session: str
    instance_id: str


class PartyCommands(ErrandCommands):
    """People of the outside and their cases."""

    def invite_party(self, instance_id: str, email: str, name: str, rights: Rights, by: Person, *, letter: str, locale: str) -> None:
        """Mail somebody a link to join a case; an invitation to the same address before this one counts no longer.

        Args:
            letter: of the case's process, with the link. locale: of the letter.
        Raises: InstanceNotFound for a stranger; NotAllowed (`party`), without the right to invite; AlreadyThere; TooManyPeople; NoName.
        """
        if not 0 < len(name.strip()) <= LONGEST_NAME:
            raise NoName()
        now, days = self._now(), self.around.settings.links.invitation_days
        with self._command() as work:
            row = work.lock_instance(instance_id)
            parties = self._inviting(work, instance_id, by)
            if any(one.email.casefold() == email.strip().casefold() for one in parties.of_case(instance_id)):
                raise AlreadyThere()
            links = MailedLinks(work.connection)
            links.take_back(LinkPurpose.INVITATION, instance_id, email=email)
            waiting = links.open_about(LinkPurpose.INVITATION, instance_id, now=now)
            if len(parties.of_case(instance_id)) + len(waiting) >= MOST_PEOPLE:
                raise TooManyPeople(most=MOST_PEOPLE)
            data = {"name": name.strip(), "locale": locale, "may_answer": rights.may_answer, "may_invite": rights.may_invite, "by": by.id}
            token = links.make(LinkPurpose.INVITATION, email, now=now, until=now + timedelta(days=days), about=instance_id, data=data)
            inputs = {"name": name.strip(), "by_name": by.name, "case_title": row.title, "link_days": days, "secrets": [token],
                      "invitation_url": address(self.around.settings, LinkPurpose.INVITATION, token)}
            self._mail(work, self._bundle(row).process.id, letter, email.strip(), locale, inputs)
            self._note(work, row, "party_invited", by, personal={"email": email.strip(), "name": name.strip()})

    def invitation(self, token: str) -> tuple[MailedLink, str]:
        """What an invitation says, and the title of its case. A read. Raises: LinkNotValid."""
        with self.store.read() as connection:
            link = MailedLinks(connection).read(LinkPurpose.INVITATION, token, now=self._now())
            return link, Parties(connection).title_of(link.about)

    def accept_invitation(self, token: str) -> Joined:
        """Join a case by the link that was mailed, and open a session. Raises: LinkNotValid, also when the address is a colleague's."""
        now = self._now()
        with self._command() as work:
            link = MailedLinks(work.connection).use(LinkPurpose.INVITATION, token, now=now)
            row = work.lock_instance(link.about)
            accounts = Accounts(work.connection)
            locale = str(link.data.get("locale", "fr"))
            known = {one.id for one in Parties(work.connection).of_case(link.about)}
            rights = Rights(bool(link.data["may_answer"]), bool(link.data["may_invite"]))
            who = accounts.join_party(link.about, link.email, str(link.data["name"]), role=GUEST, locale=locale, now=now, rights=rights)
            if who.is_staff:
                raise LinkNotValid("link")
            if who.id not in known:
                self._note(work, row, "party_joined", who, person=who.id, role=GUEST)
            return Joined(accounts.open_session(who.id, now=now), link.about)

    def take_back_invitation(self, instance_id: str, key: str, by: Person) -> None:
        """Make an invitation count no longer. Raises: InstanceNotFound; NotAllowed (`party`)."""
        with self._command() as work:
            row = work.lock_instance(instance_id)
            self._inviting(work, instance_id, by)
            MailedLinks(work.connection).take_back(LinkPurpose.INVITATION, instance_id, key=key)
            self._note(work, row, "party_uninvited", by)

    def set_party_rights(self, instance_id: str, person_id: str, rights: Rights, by: Person) -> None:
        """Say what somebody of a case may do. Raises: InstanceNotFound; NotAllowed (`party`); NotOfTheCase; NobodyLeft."""
        with self._command() as work:
            row = work.lock_instance(instance_id)
            parties = self._inviting(work, instance_id, by)
            self._of_case(parties, instance_id, person_id)
            parties.set_rights(instance_id, person_id, rights)
            self._check_somebody_left(parties, instance_id)
            self._note(work, row, "party_rights_changed", by, person=person_id, may_answer=rights.may_answer, may_invite=rights.may_invite)

    def remove_party(self, instance_id: str, person_id: str, by: Person) -> None:
        """Let somebody go from a case: they see nothing of it from now on. Everybody may leave of themselves.

        Raises: InstanceNotFound; NotAllowed (`party`); NotOfTheCase; NobodyLeft; RepresentativeStays.
        """
        with self._command() as work:
            row = work.lock_instance(instance_id)
            parties = Parties(work.connection) if person_id == by.id else self._inviting(work, instance_id, by)
            if person_id == by.id:
                self._access(work).check_may_see_case(instance_id, by, InstanceNotFound)
            if REPRESENTATIVE in self._of_case(parties, instance_id, person_id):
                raise RepresentativeStays()
            parties.remove(instance_id, person_id)
            self._check_somebody_left(parties, instance_id)
            self._note(work, row, "party_removed", by, person=person_id)

    def _inviting(self, work: UnitOfWork, instance_id: str, by: Person) -> Parties:
        """The people of a case, for one of them who may invite. Raises: InstanceNotFound for a stranger; NotAllowed (`party`)."""
        self._access(work).check_may_see_case(instance_id, by, InstanceNotFound)
        parties = Parties(work.connection)
        found = parties.of_case(instance_id)
        if not any(one.id == by.id and one.rights.may_invite for one in found):
            raise NotAllowed("party", _MAY_NOT_INVITE, tuple(dict.fromkeys(one.name for one in found if one.rights.may_invite)))
        return parties

    @staticmethod
    def _of_case(parties: Parties, instance_id: str, person_id: str) -> frozenset[str]:
        roles = frozenset(one.role for one in parties.of_case(instance_id) if one.id == person_id)
        if not roles:
            raise NotOfTheCase(person_id=person_id)
        return roles

    @staticmethod
    def _check_somebody_left(parties: Parties, instance_id: str) -> None:
        if not any(one.rights.may_answer and one.rights.may_invite for one in parties.of_case(instance_id)):
            raise NobodyLeft()


_MAY_NOT_INVITE = Text("Vous pouvez lire ce dossier, mais pas changer qui y a accès.",
                       "You may read this case, but not change who has access to it.")
