"""What is said about a decision file before it runs."""

from __future__ import annotations

import pytest

from engine import dmn
from tests.engine.dmn.drawing import NAMESPACE, decision, definitions, literal, table


def _told(inside: str) -> list[tuple[str, str, str]]:
    found = dmn.read(definitions(decision("d", inside)), "d.dmn").check()
    return [(one.element, one.code, str(one.message)) for one in found]


def test_a_table_without_gap_or_overlap_has_no_problem() -> None:
    assert _told(table(["major", "minor"], ["y"], ["0 | < 5 | 1", "0 | >= 5 | 2", "> 0 | - | 3", "< 0 | - | 4"])) == []


def test_a_gap_is_told_with_an_example() -> None:
    found = _told(table(["age", "student"], ["y"], ["< 18 | - | 1", "[18..65] | true | 2", "> 65 | - | 3"]))
    assert found == [("table", "dmn.gap", "No rule matches: age = 18; student = false.")]


def test_days_leave_nothing_between_neighbours_and_numbers_do_unless_they_are_counted() -> None:
    assert _told(table(["n"], ["y"], ["<= 17 | 1", ">= 18 | 2"])) == [("table", "dmn.gap", "No rule matches: n = 17.5.")]
    assert _told(table(["count(l)"], ["y"], ["<= 17 | 1", ">= 18 | 2"])) == []
    days = ['<= date("2026-01-31") | 1', '>= date("2026-02-01") | 2']
    assert _told(table(["day"], ["y"], days)) == []
    assert _told(table(["n"], ["y"], ["< 17 | 1", "> 17 | 2"])) == [("table", "dmn.gap", "No rule matches: n = 17.")]


def test_an_overlap_of_a_unique_table_is_told_with_its_rules() -> None:
    found = dmn.read(definitions(decision("d", table(["n"], ["y"], ["< 10 | 1", "> 5 | 2"])))).check()
    assert [(one.element, one.code, one.level, str(one.message)) for one in found] == [
        ("r2", "dmn.overlap", "error", "Rules 1 and 2 both match: n = 7."),
    ]
    assert _told(table(["n"], ["y"], ["< 10 | 1", "> 5 | 2"], "FIRST")) == []


def test_texts_have_a_gap_unless_the_column_allows_no_other() -> None:
    rows = ['"A" | 1', 'not("A") | 2']
    assert _told(table(["c"], ["y"], rows)) == []
    assert _told(table(["c"], ["y"], ['"A" | 1', '"B" | 2'])) == [("table", "dmn.gap", "No rule matches: c: another value.")]
    closed = table(["c"], ["y"], ['"A" | 1', '"B" | 2']).replace("</input>", '<inputValues><text>"A", "B"</text></inputValues></input>')
    assert _told(closed) == []


def test_a_default_closes_gaps_and_collecting_has_none() -> None:
    rows = ["1 | 10"]
    assert _told(table(["n"], ["y"], rows, "COLLECT")) == []
    default = '<output name="y"><defaultOutputEntry><text>0</text></defaultOutputEntry>'
    with_default = table(["n"], ["y"], rows).replace('<output name="y">', default)
    assert _told(with_default) == []


def test_columns_that_are_more_than_literals_are_left_alone() -> None:
    assert _told(table(["n"], ["y"], ["> limit | 1"])) == []


def test_a_large_table_is_checked_in_bounded_work() -> None:
    rows = [" | ".join(f"[{n * 3 + c}..{n * 5 + c + 9}]" for c in range(8)) + " | 1" for n in range(60)]
    found = _told(table([f"x{n}" for n in range(8)], ["y"], rows))
    assert len(found) <= 10


@pytest.mark.parametrize(("inside", "element", "code"), [
    (literal("1 +"), "d", "dmn.unreadable"),
    (table(["x"], ["y"], ["> > 1 | 1"]), "r1c0", "dmn.unreadable"),
    (table(["x"], ["y"], ["1 | (1"]), "r1c1", "dmn.unreadable"),
    (table(["x"], ["y"], ["1"]), "r1", "dmn.cell_count"),
    (table(["x"], ["y"], ["1 | 1"], "LUCKY"), "table", "dmn.hit_policy"),
    (table([""], ["y"], ["- | 1"]), "i0", "dmn.no_input_expression"),
    (table(["x"], ["y"], ["1 | 1", "not(1) | 2"], types=["tLost"]), "i0", "dmn.type_unknown"),
    (literal("1").replace("<literalExpression>", '<literalExpression id="l" expressionLanguage="javascript">'), "l", "dmn.not_feel"),
    (literal('function(x) external {java: {class: "a"}}').replace("<literalExpression>", '<literalExpression id="l">'), "l",
     "dmn.foreign_function"),
    ('<functionDefinition id="f" kind="Java">' + literal("1") + "</functionDefinition>", "f", "dmn.foreign_function"),
])
def test_what_cannot_be_read_is_named_at_its_element(inside: str, element: str, code: str) -> None:
    assert (element, code) in [(one, what) for one, what, _ in _told(inside)]


def test_a_name_that_nothing_gives_is_told_once_a_decision_says_what_it_requires() -> None:
    data = '<inputData id="n" name="n"/>'
    need = '<informationRequirement><requiredInput href="#n"/></informationRequirement>'
    whole = "<context>" + "".join(f'<contextEntry><variable name="{name}"/>{literal(text)}</contextEntry>'
                                  for name, text in (("p", "n + 1"), ("q", "p + m"))) + "</context>"
    found = dmn.read(definitions(data, decision("d", need + whole), decision("e", literal("anything")))).check()
    assert [(one.element, one.code, str(one.message)) for one in found] == [("d", "dmn.variable_unknown", "'m' is not linked to anything.")]


def test_a_function_that_nobody_gives_is_told() -> None:
    decisions = dmn.read(definitions(decision("d", literal("sqaure(2) + count([1]) + workdays(today())"))))
    assert [str(one.message) for one in decisions.check(["today", "workdays"])] == ["There is no function 'sqaure'."]


def test_files_that_import_each_other_are_read_in_any_order() -> None:
    def file(own: str, *imported: str) -> bytes:
        imports = "".join(f'<import name="{one}" namespace="urn:{one}" importType="{NAMESPACE}"/>' for one in imported)
        text = " + ".join(["1", *(f"{one}.d" for one in imported)])
        need = "".join(f'<informationRequirement><requiredDecision href="urn:{one}#d"/></informationRequirement>' for one in imported)
        return definitions(imports, decision("d", need + literal(text))).replace(b"urn:test", f"urn:{own}".encode())

    found = dmn.read_all({"a.dmn": file("a", "b", "c"), "b.dmn": file("b", "c"), "c.dmn": file("c"), "x.dmn": file("x", "y"),
                          "y.dmn": file("y", "x"), "z.dmn": file("z", "gone"), "broken.dmn": b"<"})
    first = found["a.dmn"]
    assert isinstance(first, dmn.Decisions) and first.check() == [] and first.evaluate("d", {}).value == 4
    assert [path for path, one in found.items() if isinstance(one, dmn.NotReadable)] == ["x.dmn", "y.dmn", "broken.dmn"]
    last = found["z.dmn"]
    assert isinstance(last, dmn.Decisions) and "dmn.import_unknown" in [one.code for one in last.check()]


def test_a_requirement_of_nothing_is_told() -> None:
    found = dmn.read(definitions(decision("d", literal("1"), "#gone"))).check()
    assert [(one.element, one.code) for one in found] == [("d", "dmn.reference_unknown")]


@pytest.mark.parametrize("content", [
    b"", b"<a", b"<definitions/>", b'<definitions xmlns="urn:other"/>',
    b'<!DOCTYPE d [<!ENTITY x "y">]><definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/">&x;</definitions>',
    definitions("<context>" * 100 + "</context>" * 100),
    definitions(decision("a", literal("b"), "#b"), decision("b", literal("a"), "#a")),
])
def test_a_file_that_is_no_decision_file_is_refused_with_its_reason(content: bytes) -> None:
    with pytest.raises(dmn.NotReadable) as caught:
        dmn.read(content, "d.dmn")
    assert caught.value.reason.fr.endswith(".") and caught.value.reason.en.endswith(".")
    assert caught.value.sentence.fr.startswith("Ce fichier de décision est illisible : ")


@pytest.mark.parametrize("namespace", [
    "http://www.omg.org/spec/DMN/20151101/dmn.xsd", "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "https://www.omg.org/spec/DMN/20191111/MODEL/", "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "https://www.omg.org/spec/DMN/20230324/MODEL/",
])
def test_every_edition_of_dmn_is_read(namespace: str) -> None:
    assert dmn.read(definitions(decision("d", literal("1 + 1")), namespace=namespace)).evaluate("d", {}).value == 2
