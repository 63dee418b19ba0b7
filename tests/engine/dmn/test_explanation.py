"""A decision says why it gave what it gave."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from engine import dmn, feel
from engine.dmn.explanation import say
from engine.values import decode, encode
from tests.engine.dmn.drawing import decision, definitions, literal, table


def _input(name: str) -> str:
    return f'<inputData id="{name}" name="{name}"><variable name="{name}"/></inputData>'


def _plain(text: str) -> str:
    """A text with spaces for its no-break spaces, which one does not see here."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def _french(explanation: dmn.Step) -> list[str]:
    return [_plain(one.fr) for one in explanation.sentences()]


def _needs(*names: str) -> str:
    return "".join(f'<informationRequirement><requiredInput href="#{name}"/></informationRequirement>' for name in names)


DURATION = definitions(
    _input("sites"), _input("kind"),
    decision("base", _needs("kind") + table(["kind"], ["days"], ['"initial" | 2 // first audit', '"surveillance" | 1'])),
    decision("extra", _needs("sites") + literal("(sites - 1) * 0.5")),
    decision("total", literal("base + extra"), "#base", "#extra"),
)


def test_a_result_tells_every_decision_and_input_on_the_way() -> None:
    result = dmn.read(DURATION).evaluate("total", {"sites": 4, "kind": "initial"})
    assert result.value == Decimal("3.5") and result.explanation is not None
    assert [str(one) for one in result.explanation.sentences()] == [
        "kind = “initial”.", "base: rule 1 applies (kind = “initial”) → 2. first audit", "sites = 4.",
        "extra = 1.5 ((sites - 1) * 0.5; sites = 4).", "total = 3.5 (base + extra; base = 2, extra = 1.5)."]
    assert _french(result.explanation)[1] == "base : la règle 1 s’applique (kind = « initial ») → 2. first audit"
    assert _french(result.explanation)[3] == "extra = 1,5 ((sites - 1) * 0.5 ; sites = 4)."


def test_no_rule_is_told_with_what_was_looked_at() -> None:
    explanation = dmn.read(DURATION).evaluate("base", {"kind": "other"}).explanation
    assert explanation is not None
    assert _french(explanation)[-1] == "base : aucune règle ne s’applique (kind = « other ») → rien."


def test_several_rules_are_told_before_what_they_make_together() -> None:
    rows = ["> 1 | 10", "> 2 | 20"]
    summed = definitions(decision("d", table(["x"], ["y"], rows, "COLLECT", 'aggregation="SUM"')))
    explanation = dmn.read(summed).evaluate("d", {"x": 3}).explanation
    assert explanation is not None
    assert [str(one) for one in explanation.sentences()] == [
        "d: rule 1 applies (x = 3) → 10.", "d: rule 2 applies (x = 3) → 20.", "d = 30."]


def test_the_rules_of_a_model_are_told_where_it_is_called() -> None:
    model = ('<businessKnowledgeModel id="m" name="Fee"><variable name="fee"/><encapsulatedLogic><formalParameter name="n"/>'
             + table(["n"], ["y"], ["> 1 | 900"]) + "</encapsulatedLogic></businessKnowledgeModel>")
    need = '<knowledgeRequirement><requiredKnowledge href="#m"/></knowledgeRequirement>'
    explanation = dmn.read(definitions(model, decision("d", need + literal("fee(2)")))).evaluate("d", {}).explanation
    assert explanation is not None
    assert [str(one) for one in explanation.sentences()] == ["Fee: rule 1 applies (n = 2) → 900.", "d = 900 (fee(2))."]


def test_a_decision_used_by_many_is_told_once_however_deep_they_cross() -> None:
    layers = [decision("d0", literal("1"))]
    layers += [decision(f"{side}{n}", literal(f"d{n - 1}"), f"#d{n - 1}") for n in range(1, 25) for side in ("l", "r")]
    layers += [decision(f"d{n}", literal(f"l{n} + r{n}"), f"#l{n}", f"#r{n}") for n in range(1, 25)]
    result = dmn.read(definitions(*layers)).evaluate("d24", {})
    assert result.value == 2**24 and result.explanation is not None
    assert len(result.explanation.steps()) == 1 + 24 * 3
    assert len(encode(result.explanation.facts())) < 40_000


def test_the_facts_of_an_explanation_can_be_kept() -> None:
    explanation = dmn.read(DURATION).evaluate("total", {"sites": 4, "kind": "initial"}).explanation
    assert explanation is not None
    kept = decode(encode(explanation.facts()))
    assert kept == explanation.facts()
    assert kept["needs"][0]["matched"] == [{"decision": "base", "rule": 1, "rule_id": "r1", "annotation": "first audit",
                                            "inputs": {"kind": "initial"}, "outputs": {"days": 2}}]


def test_a_service_explains_the_decisions_inside_it() -> None:
    service = ('<decisionService id="s" name="Service"><variable name="s"/><outputDecision href="#base"/><inputData href="#kind"/>'
               "</decisionService>")
    file = DURATION.replace(b"</definitions>", service.encode() + b"</definitions>")
    explanation = dmn.read(file).evaluate("s", {"kind": "surveillance"}).explanation
    assert explanation is not None
    assert [str(one) for one in explanation.sentences()] == [
        "kind = “surveillance”.", "base: rule 2 applies (kind = “surveillance”) → 1.", "Service = 1 (base = 1)."]


def test_values_are_said_in_words_and_stay_short() -> None:
    said: list[tuple[Any, str, str]] = [
        (True, "oui", "yes"), (None, "rien", "nothing"), (date(2026, 1, 31), "31 janvier 2026", "31 January 2026"),
        (Decimal("12345.5"), "12 345,5", "12,345.5"),
        ([1, 2, 3, 4, 5, 6, 7], "[1, 2, 3, 4, 5, et 2 de plus]", "[1, 2, 3, 4, 5, and 2 more]"),
        ({"a": 1}, "{a = 1}", "{a = 1}"), (feel.Months(14), "P1Y2M", "P1Y2M"),
    ]
    for value, fr, en in said:
        assert (_plain(say(value, "fr")), _plain(say(value, "en"))) == (fr, en)
    assert len(say("x" * 1000, "en")) < 170
