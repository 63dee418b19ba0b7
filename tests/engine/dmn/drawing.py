"""Decision files for tests, out of a few words."""

from __future__ import annotations

from html import escape

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"


def definitions(*elements: str, namespace: str = NAMESPACE) -> bytes:
    """A file of some elements."""
    return f'<definitions xmlns="{namespace}" id="d" name="d" namespace="urn:test">{"".join(elements)}</definitions>'.encode()


def decision(key: str, inside: str, *needs: str) -> str:
    """A decision with its logic, requiring others by id (`#id`)."""
    requirements = "".join(f'<informationRequirement><requiredDecision href="{one}"/></informationRequirement>' for one in needs)
    return f'<decision id="{key}" name="{key}"><variable name="{key}"/>{requirements}{inside}</decision>'


def literal(text: str) -> str:
    return f"<literalExpression><text>{escape(text)}</text></literalExpression>"


def table(inputs: list[str], outputs: list[str], rules: list[str], policy: str = "UNIQUE", extra: str = "",
          types: list[str] | None = None) -> str:
    """A table; a rule is its cells parted by `|`, a note behind `//`. An output may name its allowed values: `risk: "HIGH", "LOW"`."""
    columns = "".join(f'<input id="i{n}" label="{text}"><inputExpression{_type(types, n)}><text>{escape(text)}</text>'
                      '</inputExpression></input>' for n, text in enumerate(inputs))
    results = "".join(_output(one) for one in outputs)
    rows = "".join(_rule(rule, number, len(inputs)) for number, rule in enumerate(rules, 1))
    return f'<decisionTable id="table" hitPolicy="{policy}" {extra}>{columns}{results}{rows}</decisionTable>'


def _type(types: list[str] | None, n: int) -> str:
    return f' typeRef="{types[n]}"' if types else ""


def _output(text: str) -> str:
    name, _, values = text.partition(":")
    allowed = f"<outputValues><text>{escape(values.strip())}</text></outputValues>" if values else ""
    return f'<output name="{name}">{allowed}</output>'


def _rule(rule: str, number: int, inputs: int) -> str:
    row, _, note = rule.partition("//")
    cells = [cell.strip() for cell in row.split("|")]
    entries = "".join(f'<{"inputEntry" if n < inputs else "outputEntry"} id="r{number}c{n}"><text>{escape(cell)}</text>'
                      f'</{"inputEntry" if n < inputs else "outputEntry"}>' for n, cell in enumerate(cells))
    annotation = f"<annotationEntry><text>{note.strip()}</text></annotationEntry>" if note else ""
    return f'<rule id="r{number}">{entries}{annotation}</rule>'
