"""What stands in a process folder, as people read it: diagrams, forms, decision tables, rules, letters, stories.

Owns: the shapes of a version or draft that the pages show, and reading them from a `Package`.
Leaves: the words of a step to `engine.bpmn.words`, those of a rule and a letter to their own rooms.
Promises: what cannot be read is left out and stands among the problems; nothing here raises for what a process owner wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from engine.bpmn import words
from engine.bpmn.words import Line
from engine.definitions.package import Package
from engine.dmn import NotReadable, xml
from engine.forms.components import Component
from engine.forms.form import Form
from engine.letters import LetterTemplate
from engine.work.rules import Offset, Rule
from web.catalogue import locale, say
from web.drawing import Marks
from web.studio import pictures
from web.studio.pictures import Drawn

FORM, SCENARIO = ".form.json", "scenarios/"


@dataclass(frozen=True)
class Diagram:
    """One file of drawings: its processes by name, each drawn, and all of it as an outline."""

    path: str
    name: str
    lines: tuple[Line, ...]
    drawn: tuple[Drawn, ...]


@dataclass(frozen=True)
class Question:
    """One line of a form. `kind` in words; `choices` and `rule` in the reader's language; `level` 1 stands inside a group or list."""

    label: str
    kind: str
    required: bool
    choices: tuple[str, ...]
    rule: str
    level: int


@dataclass(frozen=True)
class FormShown:
    """A form: the tasks that use it, and its questions in order."""

    key: str
    path: str
    used_by: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Table:
    """A decision table: columns and rows as they are written. `logic`: the text of a decision that is no table."""

    id: str
    name: str
    path: str
    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    logic: str = ""


@dataclass(frozen=True)
class Story:
    """A scenario: its file and what it says."""

    path: str
    says: str


@dataclass(frozen=True)
class Contents:
    """Everything that is in a version or a draft."""

    diagrams: tuple[Diagram, ...]
    forms: tuple[FormShown, ...]
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...]
    letters: tuple[LetterTemplate, ...]
    stories: tuple[Story, ...]


def of(package: Package) -> Contents:
    """Read a folder for people."""
    return Contents(tuple(diagrams(package)), tuple(forms(package)), tuple(tables(package)), tuple(package.rules.values()),
                    tuple(package.letters.values()), tuple(stories(package)))


def diagrams(package: Package) -> Iterator[Diagram]:
    """The drawings, the main process first. A file that draws nothing that can be read is there without an outline."""
    main = package.main.file if package.main is not None else ""
    for path in sorted((path for path in package.files if path.endswith(".bpmn")), key=lambda path: (path != main, path)):
        inside = [process for process in package.model.processes.values() if process.file == path]
        lines = tuple(line for process in inside for line in words.lines(package.model, process.id, locale()))
        drawn = tuple(pictures.of(package, process, Marks(), "", f"plan-{process.id}") for process in inside)
        yield Diagram(path, inside[0].name(locale()) or path if inside else path, lines, drawn)


def forms(package: Package) -> Iterator[FormShown]:
    """The forms in the order of the alphabet."""
    for key, form in package.forms.items():
        yield FormShown(key, key + FORM, users(package, key), tuple(_questions(form)))


def users(package: Package, form: str) -> tuple[str, ...]:
    """Names of the tasks and starts that use a form."""
    tasks = [element.name(locale()) or element.id for element in package.elements() if element.ext.form == form]
    starts = [process.name(locale()) or process.id for process in package.processes if process.start_form == form]
    return (*[say("Start of “%(name)s”", name=name) for name in starts], *tasks)


def _questions(form: Form) -> Iterator[Question]:
    def told(components: Iterable[Component], level: int) -> Iterator[Question]:
        for one in components:
            if one.type in ("spacer", "separator", "text", "html"):
                continue
            label = one.label(locale()) or ".".join(one.path) or one.id
            choices = tuple(choice.label(locale()) for choice in one.options)
            yield Question(label, kind_of(one), one.required, choices, one.rule(locale()), level)
            yield from told(one.children, level + 1)
    return told(form.components, 0)


def kind_of(component: Component) -> str:
    """What a component asks for, in words."""
    if component.type == "datetime":
        return {"time": say("time of day"), "datetime": say("day and time")}.get(component.subtype, say("day"))
    return {
        "textfield": say("short text"), "textarea": say("long text"), "number": say("number"), "checkbox": say("yes or no"),
        "checklist": say("several choices"), "taglist": say("several choices"), "radio": say("one choice"), "select": say("one choice"),
        "group": say("group"), "dynamiclist": say("list of lines"),
    }.get(component.type, component.type)


def tables(package: Package) -> Iterator[Table]:
    """The decisions of every file, in the order they are written."""
    for path in sorted(path for path in package.files if path.endswith(".dmn")):
        try:
            root = xml.parse(package.files[path], path)
        except NotReadable:
            continue
        for decision in xml.children(root, "decision"):
            yield _table(decision, path)


def _table(decision: xml.Node, path: str) -> Table:
    key, name = str(decision.get("id") or ""), str(decision.get("name") or decision.get("id") or "")
    table = xml.child(decision, "decisionTable")
    if table is None:
        logic = xml.expression_in(decision)
        return Table(key, name, path, "", (), (), (), xml.text(logic))
    inputs = tuple(str(one.get("label") or "") or xml.text(xml.child(one, "inputExpression"))
                   for one in xml.children(table, "input"))
    outputs = tuple(str(one.get("label") or one.get("name") or name) for one in xml.children(table, "output"))
    rows = tuple(tuple(xml.text(cell) for cell in xml.children(rule, "inputEntry", "outputEntry"))
                 for rule in xml.children(table, "rule"))
    return Table(key, name, path, str(table.get("hitPolicy") or "UNIQUE"), inputs, outputs, rows)


def stories(package: Package) -> Iterator[Story]:
    """The scenarios of a folder."""
    for path in sorted(package.files):
        if path.startswith(SCENARIO) and path.count("/") == 1 and path.endswith(".yaml"):
            yield Story(path, says_of(package.files[path]) or path.removeprefix(SCENARIO))


def says_of(data: bytes) -> str:
    """What a scenario says of itself; "" when it cannot be read."""
    try:
        tree = yaml.safe_load(data)
    except (yaml.YAMLError, UnicodeDecodeError):
        return ""
    return str(tree.get("says") or "") if isinstance(tree, dict) else ""


def policy_name(policy: str) -> str:
    """How the rows of a table count, in words."""
    return {
        "UNIQUE": say("exactly one row may hold"), "ANY": say("rows that hold give the same"),
        "FIRST": say("the first row that holds counts"),
        "PRIORITY": say("the row of highest priority counts"), "COLLECT": say("all rows that hold count"),
        "RULE ORDER": say("all rows that hold, in their order"), "OUTPUT ORDER": say("all rows that hold, by priority"),
    }.get(policy.upper(), policy)


def offset_words(rule: Rule) -> dict[int, list[str]]:
    """The reminders and escalations of each version of a rule, in words, by version number."""
    return {version.number: [offset(one) for one in (*version.reminders, *version.escalations)] for version in rule.versions}


def offset(told: Offset) -> str:
    """A day told from one of the two ends of a time limit, in words."""
    length = told.period.text(locale())
    return say("%(length)s after", length=length) if told.side == "after" else say("%(length)s before the end", length=length)
