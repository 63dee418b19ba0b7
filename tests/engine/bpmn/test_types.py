"""Types of variables: told alike by everything that sets them, or not told.

Rule: docs/diagrams.md, section 1; no finding where a type is not known for sure.
"""

from __future__ import annotations

import pytest

from engine.bpmn import lint
from engine.bpmn.lint import Known
from engine.definitions.checks import Around
from engine.definitions.package import Package
from engine.feel.types import Type
from engine.handler import Complete, Parameter, Registry
from engine.texts import Text
from tests.engine.bpmn.drawing import END, START, chain, diagram, flow, read

TYPED = Known(types={"amount": Type("number"), "name": Type("string"), "day": Type("date"), "rows": Type("list"), "either": None},
              decided={"duration": Type("number")})


def told(body: str, known: Known = TYPED) -> list[tuple[str, str]]:
    return [(problem.element, problem.code) for problem in lint.check(read(body), known)
            if problem.code in ("expression.types_clash", "expression.wrong_kind", "mapping.wrong_kind")]


def asked(condition: str, before: str = '<task id="x"/>') -> str:
    """Draw a decision by one condition, behind an activity."""
    return (chain(START, before, '<exclusiveGateway id="g" default="g_other"/>') + flow("g", "yes", condition, "asked")
            + flow("g", "other", key="g_other") + '<endEvent id="yes"/><endEvent id="other"/>')


def script(text: str, attributes: str = "") -> str:
    return f'<scriptTask id="x" {attributes}><script>{text}</script></scriptTask>'


@pytest.mark.parametrize(("condition", "code"), [
    ('amount = "CFA"', "expression.types_clash"), ("amount", "expression.wrong_kind"), ("day + day > day", "expression.types_clash"),
    ("name > 3", "expression.types_clash"), ("if name then true else false", "expression.types_clash"), ('"yes"', "expression.wrong_kind"),
    ("rows", "expression.wrong_kind"), ("loopCounter = name", "expression.types_clash"),
])
def test_a_condition_that_cannot_hold_is_named_at_its_flow(condition: str, code: str) -> None:
    assert told(asked(condition)) == [("asked", code)]


@pytest.mark.parametrize("condition", [
    "amount > 3", "either = 3", "either + 1 = name", "unknown", "amount = null", "name in (\"a\", \"b\")", "day > today()", "rows[1]",
    "count(rows) > amount", "unknown.part > 3", "some row in rows satisfies row.n > 3", "not(unknown)", "number(name) > 3",
    "day = unknown", "is defined(amount)", "get value(unknown, \"a\") = 3",
])
def test_what_may_hold_is_left_alone(condition: str) -> None:
    assert told(asked(condition)) == []


def test_what_the_diagram_sets_has_the_type_it_gives() -> None:
    assert told(asked('total = "x"', script("amount * 2", 'jalon:result="total"'))) == [("asked", "expression.types_clash")]
    assert told(asked('total = "x"', script("{total: amount * 2}"))) == [("asked", "expression.types_clash")]
    assert told(asked('d = "x"', '<businessRuleTask id="x" jalon:decision="duration" jalon:result="d"/>')) == [
        ("asked", "expression.types_clash")]
    assert told(asked('total = "x"', script("total + 1", 'jalon:result="total"'))) == []


def test_a_name_that_is_set_in_two_ways_has_no_type() -> None:
    assert told(asked("amount", script('"much"', 'jalon:result="amount"'))) == []


def test_inputs_of_an_activity_are_its_own() -> None:
    mapped = ('<extensionElements><jalon:input name="amount" value="name"/><jalon:output name="y" value="amount + name"/>'
              "</extensionElements>")
    assert told(chain(START, f'<serviceTask id="x" jalon:handler="h">{mapped}</serviceTask>', END)) == []


def test_places_other_than_conditions_take_what_they_are_for() -> None:
    def multi(inside: str, attributes: str = "") -> str:
        return chain(START, f'<task id="x"><multiInstanceLoopCharacteristics {attributes}>{inside}'
                            "</multiInstanceLoopCharacteristics></task>", END)

    assert told(multi("<loopCardinality>name</loopCardinality>")) == [("x", "expression.wrong_kind")]
    assert told(multi("", 'jalon:collection="amount"')) == [("x", "expression.wrong_kind")]
    assert told(multi("<completionCondition>amount</completionCondition>", 'jalon:collection="rows"')) == [("x", "expression.wrong_kind")]
    for text, found in (("amount", [("x", "expression.wrong_kind")]), ("day", []), ("duration(name)", []), ("name", [])):
        event = f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"
        assert told(chain(START, f'<intermediateCatchEvent id="x">{event}</intermediateCatchEvent>', END)) == found


def test_forms_and_handlers_say_the_types_of_their_variables() -> None:
    """The whole way of a folder: a number field compared with a text, a handler given a text for a number."""
    registry = Registry()
    registry.local("quote.make", title=Text("Faire", "Make"), inputs=(Parameter("days", "number", Text("Jours", "Days")),),
                   outputs=(Parameter("price", "number", Text("Prix", "Price")),))(lambda task: Complete())
    form = b"""{"components": [{"type": "number", "key": "amount", "id": "a"}, {"type": "textfield", "key": "who.name", "id": "b"},
                {"type": "select", "key": "kind", "id": "c", "values": [{"value": "CFA", "label": "x"}, {"value": "OF", "label": "y"}]},
                {"type": "datetime", "subtype": "date", "key": "day", "id": "d"}, {"type": "checkbox", "key": "ok", "id": "e"}]}"""
    service = ('<serviceTask id="h" jalon:handler="quote.make"><extensionElements><jalon:input name="days" value="kind"/>'
               "</extensionElements></serviceTask>")
    body = chain('<startEvent id="start"/>', '<userTask id="x" jalon:groups="g" jalon:form="f"/>', service,
                 '<exclusiveGateway id="g" default="g_other"/>')
    body += '<endEvent id="yes"/><endEvent id="other"/>' + flow("g", "other", key="g_other")
    conditions = {'amount = "x"': True, "price > kind": True, "day > amount": True, "ok and kind": True, "ok and amount > price": False,
                  'who.name = "x" and kind = "CFA"': False}
    for condition, clashes in conditions.items():
        files = {"a.bpmn": diagram(body + flow("g", "yes", condition, "asked")), "f.form.json": form}
        package = Package.read("a", files)
        found = {(problem.element, problem.code) for problem in lint.check(package.reading, Around(registry).known(package))}
        assert ("h", "mapping.wrong_kind") in found
        assert (("asked", "expression.types_clash") in found) is clashes, condition
