"""What decisions give, and how they explain themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine import dmn, feel
from engine.errors import NotFound
from tests.engine.dmn.drawing import decision, definitions, literal, table

RISK = table(["age", "income"], ['risk: "HIGH", "LOW"'], ['< 25 | - | "HIGH" // young', '>= 18 | > 1000 | "LOW" // earns'], "{policy}")


def _evaluate(inside: str, inputs: dict[str, Any]) -> dmn.Result:
    return dmn.read(definitions(decision("d", inside))).evaluate("d", inputs)


@pytest.mark.parametrize(("policy", "value"), [
    ("UNIQUE", None), ("ANY", None), ("FIRST", "HIGH"), ("PRIORITY", "HIGH"), ("RULE ORDER", ["HIGH", "LOW"]),
    ("OUTPUT ORDER", ["HIGH", "LOW"]), ("COLLECT", ["HIGH", "LOW"]), ("F", "HIGH"),
])
def test_a_hit_policy_decides_between_rules_that_match(policy: str, value: Any) -> None:
    assert _evaluate(RISK.replace("{policy}", policy), {"age": 20, "income": 2000}).value == value


def test_priority_and_output_order_follow_the_allowed_values_not_the_rows() -> None:
    rows = ['- | "LOW"', '- | "HIGH"', '- | "MEDIUM"']
    for policy, value in (("PRIORITY", "HIGH"), ("OUTPUT ORDER", ["HIGH", "MEDIUM", "LOW"])):
        assert _evaluate(table(["x"], ['risk: "HIGH", "MEDIUM", "LOW"'], rows, policy), {"x": 1}).value == value


@pytest.mark.parametrize(("aggregation", "value"), [("SUM", 60), ("MIN", 10), ("MAX", 30), ("COUNT", 3)])
def test_a_collect_table_sums_up(aggregation: str, value: int) -> None:
    rows = ["< 50 | 10", "< 60 | 20", "< 70 | 30", "> 100 | 99"]
    assert _evaluate(table(["x"], ["points"], rows, "COLLECT", f'aggregation="{aggregation}"'), {"x": 5}).value == value


def test_several_outputs_make_a_context() -> None:
    result = _evaluate(table(["x"], ["gravity", "months"], ['"major" | "major" | 3', '"minor" | "minor" | 6']), {"x": "minor"})
    assert result.value == {"gravity": "minor", "months": 6}


def test_without_a_match_the_default_speaks_else_null() -> None:
    plain = table(["x"], ["y"], ["1 | 10"])
    assert _evaluate(plain, {"x": 2}).value is None
    with_default = plain.replace('<output name="y">', '<output name="y"><defaultOutputEntry><text>0</text></defaultOutputEntry>')
    assert _evaluate(with_default, {"x": 2}).value == 0


def test_a_result_tells_the_rules_that_matched_with_their_values() -> None:
    result = _evaluate(RISK.replace("{policy}", "COLLECT"), {"age": 20, "income": 500})
    assert result.matched == (dmn.Match("d", 1, "r1", "young", {"age": 20, "income": 500}, {"risk": "HIGH"}),)


def test_two_rules_of_a_unique_table_are_a_fault_that_names_them() -> None:
    result = _evaluate(RISK.replace("{policy}", "UNIQUE"), {"age": 20, "income": 2000})
    assert result.value is None
    assert [str(fault) for fault in result.faults] == ["Rules 1, 2: several rules match where the table allows one."]


def test_any_accepts_rules_that_agree() -> None:
    result = _evaluate(table(["x"], ["y"], ["> 1 | true", "> 2 | true"], "ANY"), {"x": 3})
    assert result.value is True
    assert not result.faults


def test_a_decision_uses_the_decisions_it_requires_and_each_is_made_once() -> None:
    count = iter(range(10, 20))
    file = definitions(
        decision("base", literal("counted()")),
        decision("left", literal("base + 1"), "#base"),
        decision("right", literal("base + 2"), "#base"),
        decision("whole", literal("left * right"), "#left", "#right"),
    )
    result = dmn.read(file).evaluate("whole", {}, {"counted": lambda: next(count)})
    assert result.value == 132
    assert next(count) == 11


def test_a_business_knowledge_model_is_called_by_place_and_by_name() -> None:
    model = ('<businessKnowledgeModel id="fee" name="fee"><encapsulatedLogic><formalParameter name="days" typeRef="number"/>'
             '<formalParameter name="rate" typeRef="number"/>' + literal("days * rate") + "</encapsulatedLogic></businessKnowledgeModel>")
    need = '<knowledgeRequirement><requiredKnowledge href="#fee"/></knowledgeRequirement>'
    invocation = ("<invocation>" + literal("fee") + '<binding><parameter name="rate"/>' + literal("900") + "</binding>"
                  '<binding><parameter name="days"/>' + literal("2") + "</binding></invocation>")
    file = definitions(model, decision("a", need + literal("fee(2, 900)")), decision("b", need + invocation),
                       decision("c", need + literal('fee("two", 900)')))
    decisions = dmn.read(file)
    assert [decisions.evaluate(one, {}).value for one in "abc"] == [1800, 1800, None]


def test_boxed_expressions_of_every_kind_run() -> None:
    def box(tag: str, **parts: str) -> str:
        inside = "".join(f"<{name}>{literal(text)}</{name}>" for name, text in parts.items())
        head = f'{tag} iteratorVariable="x"' if tag in ("for", "some", "every") else tag
        return f"<{head}>{inside}</{tag}>"

    entry = '<contextEntry><variable name="{}"/>{}</contextEntry>'
    kinds = {
        "<list>" + literal("1") + literal("a") + "</list>": [1, 5],
        '<relation><column name="p"/><column name="q"/><row>' + literal("1") + literal("2") + "</row></relation>": [{"p": 1, "q": 2}],
        "<context>" + entry.format("p", literal("a")) + entry.format("q", literal("p + 1")) + "</context>": {"p": 5, "q": 6},
        "<context>" + entry.format("p", literal("a")) + f"<contextEntry>{literal('p * 2')}</contextEntry></context>": 10,
        box("conditional", **{"if": "a > 3", "then": '"yes"', "else": '"no"'}): "yes",
        box("filter", **{"in": "[1, a, 9]", "match": "item > 4"}): [5, 9],
        box("for", **{"in": "[1, 2]", "return": "x * a"}): [5, 10],
        box("some", **{"in": "[1, 2]", "satisfies": "x > 1"}): True,
        box("every", **{"in": "[1, 2]", "satisfies": "x > 1"}): False,
    }
    for inside, value in kinds.items():
        assert _evaluate(inside, {"a": 5}).value == value


def test_item_definitions_fit_inputs_and_results() -> None:
    item = '<itemDefinition name="tCount"><typeRef>number</typeRef><allowedValues><text>[0..32]</text></allowedValues></itemDefinition>'
    data = '<inputData id="n" name="n"><variable name="n" typeRef="tCount"/></inputData>'
    need = '<informationRequirement><requiredInput href="#n"/></informationRequirement>'
    decisions = dmn.read(definitions(item, data, decision("d", need + literal("n"))))
    assert decisions.inputs("d") == ("n",)
    assert [decisions.evaluate("d", {"n": value}).value for value in (7, [7], 99, "seven")] == [7, 7, None, None]
    assert [len(decisions.evaluate("d", {"n": value}).faults) for value in (7, [7], 99, "seven", None)] == [0, 0, 1, 1, 0]
    assert [str(one) for one in decisions.evaluate("d", {"n": 99}).faults] == ["'n' does not suit its type: 99."]


def test_constraints_add_up_along_types_and_a_collection_has_its_own() -> None:
    items = ('<itemDefinition name="tCount"><typeRef>number</typeRef><allowedValues><text>[0..32]</text></allowedValues></itemDefinition>'
             '<itemDefinition name="tSmall"><typeRef>tCount</typeRef><allowedValues><text>[-5..10]</text></allowedValues></itemDefinition>'
             '<itemDefinition name="tFew" isCollection="true"><typeRef>tSmall</typeRef>'
             "<typeConstraint><text>count(?) &lt; 3</text></typeConstraint></itemDefinition>")
    data = "".join(f'<inputData id="{name}" name="{name}"><variable name="{name}" typeRef="{type}"/></inputData>'
                   for name, type in (("n", "tSmall"), ("l", "tFew")))
    need = "".join(f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in "nl")
    decisions = dmn.read(definitions(items, data, decision("d", need + literal("[n, l]"))))
    assert [decisions.evaluate("d", {"n": value}).value[0] for value in (5, -1, 11)] == [5, None, None]
    assert [decisions.evaluate("d", {"l": value}).value[1] for value in ([1, 2], 3, [1, 2, 3], [11])] == [[1, 2], [3], None, None]


def test_expressions_speak_of_a_decision_by_its_variable() -> None:
    base = decision("base", literal("20")).replace('name="base"><variable name="base"/>', 'name="Tarif de base"><variable name="rate"/>')
    decisions = dmn.read(definitions(base, decision("d", literal("rate + 1"), "#base")))
    assert decisions.evaluate("d", {}).value == 21
    assert decisions.evaluate("Tarif de base", {}).value == 20
    assert decisions.check() == []
    bare = base.replace('<variable name="rate"/>', "")
    assert dmn.read(definitions(bare, decision("d", literal("base + Tarif de base"), "#base"))).evaluate("d", {}).value == 40


def test_functions_of_the_host_reach_into_tables() -> None:
    inside = table(["today()"], ["late"], ['> date("2026-01-31") | true', "- | false"], "FIRST")
    decisions = dmn.read(definitions(decision("d", inside)))
    assert decisions.evaluate("d", {}, {"today": lambda: date(2026, 2, 1)}).value is True


def test_an_unknown_decision_is_not_found() -> None:
    with pytest.raises(NotFound):
        dmn.read(definitions(decision("d", literal("1")))).evaluate("other", {})


def test_a_decision_that_would_run_long_is_stopped() -> None:
    inside = table(["count(for i in 1..100000000 return i)"], ["y"], ["- | 1"])
    with pytest.raises(feel.EvaluationError):
        _evaluate(inside, {})


def test_an_imported_file_lends_its_types_and_decisions() -> None:
    lent = dmn.read(definitions(decision("base", literal("21"))).replace(b"urn:test", b"urn:lent"), "lent.dmn")
    need = '<import name="lent" namespace="urn:lent" importType="x"/>'
    file = definitions(need, decision("d", literal("lent.base * 2"), "urn:lent#base"))
    assert dmn.read(file, "d.dmn", [lent]).evaluate("d", {}).value == 42
