"""Forms drawn by process owners: read, filled in, checked, laid out."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.forms import FieldError, Form, FormInvalid
from engine.texts import Text

TODAY = {"today": lambda: date(2026, 11, 20)}
SCHEMA: dict[str, Any] = {"type": "default", "components": [
    {"type": "text", "id": "Text_why", "text": "Bonjour {{ client_name }}"},
    {"type": "group", "id": "Group_organisation", "label": "L’organisme", "components": [
        {"type": "textfield", "id": "f1", "key": "organisation.name", "label": "Dénomination",
         "validate": {"required": True, "maxLength": 20}},
        {"type": "textfield", "id": "f2", "key": "organisation.siren", "label": "SIREN",
         "properties": {"validator": "siren", "rule": "arrêté du 6 juin 2019, art. 1"}},
        {"type": "textfield", "id": "f3", "key": "organisation.email", "label": "Courriel", "validate": {"validationType": "email"}}]},
    {"type": "number", "id": "f4", "key": "days", "label": "Jours", "validate": {"min": 0.5, "max": 30}, "increment": "0.5",
     "properties": {"check": "value = null or modulo(value, 0.5) = 0", "message_fr": "Par demi-journées.", "message_en": "By half-days."}},
    {"type": "number", "id": "f5", "key": "year", "label": "Année", "decimalDigits": 0},
    {"type": "datetime", "id": "f6", "key": "signed_on", "subtype": "date", "dateLabel": "Signé le",
     "properties": {"check": "value = null or value <= today()", "message_fr": "Dans l’avenir.", "message_en": "In the future."}},
    {"type": "checkbox", "id": "f7", "key": "foreign", "label": "À l’étranger"},
    {"type": "group", "id": "g2", "label": "Représentant", "conditional": {"hide": "=foreign != true"}, "components": [
        {"type": "textfield", "id": "f8", "key": "representative.name", "label": "Nom", "validate": {"required": True}}]},
    {"type": "checklist", "id": "f9", "key": "categories", "label": "Catégories", "values": [
        {"value": "OF", "label": "Formation"}, {"value": "BC", "label": "Bilan"}]},
    {"type": "select", "id": "f10", "key": "auditor_id", "label": "Auditeur", "valuesKey": "auditors"},
    {"type": "dynamiclist", "id": "l1", "path": "sites", "label": "Sites", "defaultRepetitions": 1,
     "properties": {"check": "count(value) >= 1", "message_fr": "Au moins un site."}, "components": [
        {"type": "textfield", "id": "f11", "key": "city", "label": "Ville", "validate": {"required": True}},
        {"type": "number", "id": "f12", "key": "people", "label": "Personnes",
         "properties": {"check": "value <= days", "message_fr": "Trop."}}]},
]}
TEXTS = {"organisation.name": {"label": "Name"}, "categories": {"label": "Categories", "values": {"OF": "Training"}},
         "sites.city": {"label": "Town"}, "Text_why": {"text": "Hello {{ client_name }}"}}
RIGHT: dict[str, Any] = {"organisation": {"name": "Lisière"}, "sites": [{"city": "Marseille"}]}


def _siren(value: str) -> FieldError | None:
    return None if value == "732829320" else FieldError("", Text("Mauvais SIREN", "Wrong SIREN"))


def _form(schema: dict[str, Any] = SCHEMA) -> Form:
    return Form.read("application", json.dumps(schema).encode(), TEXTS)


FORM = _form()


def _faults(data: dict[str, Any], context: dict[str, Any] | None = None) -> dict[str, list[str]]:
    with pytest.raises(FormInvalid) as caught:
        FORM.validate(data, context or {}, validators={"siren": _siren}, functions=TODAY)
    return {path: [fault.code for fault in faults] for path, faults in caught.value.errors.items()}


def test_a_post_becomes_nested_typed_data() -> None:
    parsed = FORM.parse({"organisation.name": " Lisière ", "days": "1 234,5", "year": "2026", "signed_on": "31/01/2026", "foreign": "on",
                         "categories": ["OF", "BC"], "sites.10.city": "Lyon", "sites.2.city": "Paris", "sites.3.city": " ", "csrf": "x"})
    assert (parsed["organisation"]["name"], parsed["days"], parsed["year"]) == ("Lisière", Decimal("1234.5"), 2026)
    assert (parsed["signed_on"], parsed["foreign"], parsed["categories"]) == (date(2026, 1, 31), True, ["OF", "BC"])
    assert [site["city"] for site in parsed["sites"]] == ["Paris", "Lyon"]
    assert "csrf" not in parsed


def test_right_data_come_back_clean() -> None:
    clean = FORM.validate(RIGHT | {"days": 1.5, "signed_on": "2026-01-31"}, functions=TODAY)
    assert clean["organisation"] == {"name": "Lisière", "siren": None, "email": None}
    assert (clean["days"], clean["signed_on"], clean["foreign"], clean["categories"]) == (Decimal("1.5"), date(2026, 1, 31), False, [])
    assert clean["sites"] == [{"city": "Marseille", "people": None}]
    assert "representative" not in clean


def test_every_fault_is_named_at_once_by_its_field() -> None:
    assert _faults({
        "organisation": {"name": "x" * 21, "siren": "1", "email": "nobody", "colour": "red"}, "days": "a few",
        "year": 2026.5, "signed_on": "2026-12-24", "foreign": True, "categories": ["OF", "XX"], "auditor_id": "paul",
        "sites": [{"people": 3}, "Paris"], "more": 1,
    }) == {
        "organisation.name": ["max_length"], "organisation.siren": ["validator.siren"], "organisation.email": ["email"],
        "organisation.colour": ["unknown"], "days": ["number"], "year": ["decimals"], "signed_on": ["check"],
        "representative.name": ["required"], "categories": ["choice"], "auditor_id": ["choice"], "sites.0.city": ["required"],
        "sites.0.people": ["check"], "sites.1": ["unknown"], "more": ["unknown"],
    }


def test_a_fault_carries_its_message_in_both_languages_and_the_rule_it_breaks() -> None:
    with pytest.raises(FormInvalid) as caught:
        FORM.validate(RIGHT | {"organisation": {"name": "L", "siren": "1"}}, validators={"siren": _siren})
    fault = caught.value.errors["organisation.siren"][0]
    assert (fault.message.en, fault.rule.fr) == ("Wrong SIREN", "arrêté du 6 juin 2019, art. 1")
    assert caught.value.sentence == Text("Le formulaire a 1 erreur.", "The form has 1 fault.")


def test_a_hidden_field_is_neither_asked_nor_kept() -> None:
    clean = FORM.validate(RIGHT | {"foreign": False, "representative": {"name": "Yann"}})
    assert "representative" not in clean


def test_options_come_from_a_variable_and_keep_its_type() -> None:
    context = {"auditors": [{"value": 7, "label": "Anna"}, "paul"]}
    assert FORM.validate(RIGHT | {"auditor_id": "7"}, context)["auditor_id"] == 7
    assert _faults(RIGHT | {"auditor_id": "8"}, context) == {"auditor_id": ["choice"]}


def test_an_empty_list_breaks_the_check_of_the_list() -> None:
    assert _faults({"organisation": {"name": "L"}}) == {"sites": ["check"]}


@pytest.mark.parametrize("days", [0.25, 31, True, [1], float("inf"), "1e99999", "٣x"])
def test_numbers_outside_or_of_another_kind_are_refused(days: Any) -> None:
    assert "days" in _faults(RIGHT | {"days": days})


def test_a_page_shows_what_was_typed_with_its_faults() -> None:
    with pytest.raises(FormInvalid) as caught:
        FORM.validate(data := FORM.parse({"organisation.name": "L", "days": "a few", "sites.0.people": "2"}))
    views = {view.path: view for view in FORM.fields({"client_name": "Yann"}, data, errors=caught.value.errors)}
    assert (views["days"].text, [fault.code for fault in views["days"].errors]) == ("a few", ["number"])
    assert (views["days"].step, views["days"].minimum, views["year"].step) == ("0.5", "0.5", "1")
    row = views["sites"].rows[0]
    assert [(field.path, field.text, len(field.errors)) for field in row] == [("sites.0.city", "", 1), ("sites.0.people", "2", 1)]
    assert [field.path for field in views["sites"].blank] == ["sites.__n__.city", "sites.__n__.people"]


def test_a_fresh_page_shows_variables_labels_in_both_languages_and_no_hidden_group() -> None:
    views = FORM.fields({"client_name": "Yann", "organisation": {"name": "Lisière"}, "categories": ["BC"]})
    assert views[0].label == Text("Bonjour Yann", "Hello Yann")
    assert [view.type for view in views].count("group") == 1
    name = views[1].children[0]
    assert (name.text, name.label, name.required) == ("Lisière", Text("Dénomination", "Name"), True)
    categories = next(view for view in views if view.path == "categories")
    told = [(option.value, option.label.en, option.chosen) for option in categories.options]
    assert told == [("OF", "Training", False), ("BC", "Bilan", True)]
    sites = next(view for view in views if view.path == "sites")
    assert [field.label.en for field in sites.rows[0]] == ["Town", "Personnes"]


def test_filling_in_a_page_and_sending_it_gives_the_data_it_showed() -> None:
    data = FORM.validate(RIGHT | {"foreign": True, "representative": {"name": "Yann"}, "days": 2.5, "categories": ["OF"]})
    post: dict[str, str | list[str]] = {}
    waiting = list(FORM.fields({}, data))
    while waiting:
        view = waiting.pop()
        waiting += [*view.children, *(field for row in view.rows for field in row)]
        chosen = [option.value for option in view.options if option.chosen]
        if view.path and view.type != "dynamiclist" and (view.text or chosen) and view.value is not False:
            post[view.path] = chosen or view.text
    assert FORM.validate(FORM.parse(post)) == data


@pytest.mark.parametrize(("component", "code"), [
    ({"type": "rating", "id": "x", "key": "x"}, "form.unknown_type"), ({"type": "textfield", "id": "x"}, "form.no_key"),
    ({"type": "textfield", "id": "x", "key": "a b"}, "form.no_key"), ({"type": "radio", "id": "x", "key": "x"}, "form.no_options"),
    ({"type": "textfield", "id": "x", "key": "days"}, "form.key_twice"),
    ({"type": "textfield", "id": "x", "key": "x", "properties": {"check": "value >"}}, "form.not_feel"),
    ({"type": "text", "id": "x", "text": "{{ 1 + }}"}, "form.not_feel"),
    ({"type": "textfield", "id": "x", "key": "x", "validate": {"pattern": "("}}, "form.not_a_pattern"),
    ({"type": "number", "id": "x", "key": "x", "validate": {"min": "few"}}, "form.not_a_number"),
])
def test_what_cannot_be_read_is_named_by_component(component: dict[str, Any], code: str) -> None:
    form = _form({"components": [*SCHEMA["components"], component]})
    assert [(problem.element, problem.code) for problem in form.problems] == [("x", code)]
    assert form.validate(RIGHT)


@pytest.mark.parametrize("data", [b"", b"[]", b'{"components": {}}'])
def test_a_file_that_is_no_form_is_one_problem(data: bytes) -> None:
    assert len(Form.read("x", data).problems) == 1


def test_a_form_tells_which_registered_checks_it_calls() -> None:
    assert FORM.validators == {"siren"}
    assert FORM.problems == ()
