"""The catalogue: every handler is described, documented and has its ports."""

from __future__ import annotations

import inspect
import re

import pytest

from engine.clock import VirtualClock
from engine.handler import Registry
from engine.settings import Settings
from engine.store.database import Store
from engine.texts import Text
from handlers import binding, ports
from handlers.adapters.mailbox import Mailbox
from handlers.adapters.smtp import SmtpMailer
from handlers.catalogue import registry
from handlers.validators import VALIDATORS
from tests.handlers.conftest import ROOT


def test_the_catalogue_is_what_the_process_page_lists() -> None:
    page = (ROOT / "docs/certification.md").read_text(encoding="utf-8").split("## 4. Handlers")[1]
    listed = {name: kind for name, kind in re.findall(r"^\| `([a-z_.]+)` \| (local|external) \|", page, re.MULTILINE)}
    assert {handler.name: handler.kind for handler in registry()} == listed


def test_every_handler_says_in_two_languages_what_it_does_takes_and_gives() -> None:
    for handler in registry():
        texts = [handler.title, *(parameter.label for parameter in (*handler.inputs, *handler.outputs))]
        assert all(text.fr and text.en for text in texts), handler.name
        assert handler.call.__doc__, handler.name


def test_handlers_name_no_port_but_those_that_are_documented() -> None:
    documented = set(re.findall(r"`(\w+)`", (ports.__doc__ or "").split("by that name:")[1].split("Leaves:")[0]))
    named = {name for handler in registry() for name in list(inspect.signature(handler.call).parameters)[1:]}
    assert named == documented


def test_every_port_is_bound_in_a_living_installation_and_in_a_rehearsal(memory_store: Store, clock: VirtualClock) -> None:
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    bound = (binding.live(memory_store, clock, settings), binding.rehearsal(memory_store, clock, settings, binding.Outside()))
    for one in bound:
        one.check(registry())
    assert isinstance(bound[0].external["mailer"], Mailbox) and bound[0].external["directory"] is None
    by_mail = Settings(_env_file=None, mail={"host": "mail.example", "from": "a@b.example"})  # type: ignore[call-arg,arg-type]
    assert isinstance(binding.live(memory_store, clock, by_mail).external["mailer"], SmtpMailer)


def test_two_handlers_of_one_name_are_refused() -> None:
    one, other = Registry(), Registry()
    for each in (one, other):
        each.local("x.do", title=Text("x", "x"))(lambda task: None)  # type: ignore[arg-type,return-value]
    with pytest.raises(ValueError, match=r"x\.do"):
        one.include(other)


@pytest.mark.parametrize(("name", "right", "wrong"), [
    ("siren", "523 456 788", "523456789"), ("siret", "523 456 788 00018", "52345678800019"), ("nda", "11 75 39666 75", "1175"),
    ("postcode", "75004", "7500"), ("country", "FR", "France")])
def test_a_validator_tells_the_fault_and_its_rule(name: str, right: str, wrong: str) -> None:
    check = VALIDATORS[name]
    assert check(right) is None and check("") is None and check(None) is None
    for fault in (check(wrong), check(523456788)):
        assert fault is not None and fault.code == f"validator.{name}" and fault.message.fr and fault.rule.fr
