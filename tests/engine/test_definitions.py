"""Process folders as versions: by content, checked together, bound when a case starts."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from engine.definitions import Around, Library, Package, check, folders, read_folder, versions, write_folder
from engine.definitions.deployment import deploy, files_of, retire
from engine.definitions.files import FolderNotReadable, belongs
from engine.definitions.library import CallsInCircle, NothingPublished, WhichProcess
from engine.errors import NotFound
from engine.handler import Complete, Registry
from engine.problems import NotDeployable
from engine.store.database import Store
from engine.store.tables import content
from engine.texts import Text
from tests.engine.rows import NOW

HEAD = ('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:jalon="urn:jalon:bpmn:1" targetNamespace="t" id="d">'
        '<message id="m1" name="application.received"/><signal id="s1" name="year.over"/>')
RULES = b"rules: {plan: {title: Plan, anchor: day, versions: [{length: P30D, basis: body, source: PR-07}]}}"
LETTERS = "letters: {hello: {subject: {fr: 'Bonjour {{ name }}', en: 'Hello {{ name }}'}, body: {fr: Merci, en: Thanks}}}"
FORM = '{"type": "default", "components": [{"type": "textfield", "id": "f", "key": "name", "label": "Nom"}]}'


def _process(key: str, inside: str, start: str = "", name: str = "") -> str:
    return (f'<process id="{key}" name="{name or key}" isExecutable="true">'
            f'<startEvent id="Start_{key}" name="Début">{start}<outgoing>a</outgoing></startEvent>'
            f'{inside}<endEvent id="End_{key}" name="Fin"><incoming>b</incoming></endEvent>'
            f'<sequenceFlow id="a" sourceRef="Start_{key}" targetRef="Step"/>'
            f'<sequenceFlow id="b" sourceRef="Step" targetRef="End_{key}"/></process>')


def _task(name: str = "Faire", groups: str = "auditor") -> str:
    return (f'<userTask id="Step" name="{name}" jalon:groups="{groups}" jalon:form="step">'
            '<incoming>a</incoming><outgoing>b</outgoing></userTask>')


def _call(called: str) -> str:
    return f'<callActivity id="Step" name="Appeler" calledElement="{called}"><incoming>a</incoming><outgoing>b</outgoing></callActivity>'


def _folder(*processes: str, **files: str) -> dict[str, bytes]:
    named = {name.replace("__", "."): text.encode() for name, text in files.items()}
    return {"a.bpmn": (HEAD + "".join(processes) + "</definitions>").encode(), "step.form.json": FORM.encode(), **named}


CALLED = _folder(_process("remediation", _task("Remédier"), name="Remédiation"))
CALLING = _folder(_process("certification", _call("remediation"), '<messageEventDefinition messageRef="m1"/>')) | {
    "deadlines.yaml": RULES, "letters.yaml": LETTERS.encode()}


@pytest.fixture
def library() -> Iterator[Library]:
    store = Store.memory()
    yield Library(store, groups=frozenset({"auditor"}), validators=frozenset())
    store.close()


def _publish(library: Library, **every: dict[str, bytes]) -> list[str]:
    with library.store.begin() as work:
        return [one.id for one in library.publish_all(work.connection, every, Registry(), by=None, now=NOW)]


def test_the_same_content_is_the_same_version_and_kept_once(library: Library) -> None:
    first, = _publish(library, remediation=CALLED)
    assert _publish(library, remediation=dict(reversed(CALLED.items()))) == [first]
    second, = _publish(library, remediation=_folder(_process("remediation", _task("Corriger"))))
    assert second != first
    with library.store.read() as connection:
        assert [one.version for one in versions(connection, "remediation")] == [2, 1]
        assert connection.execute(select(func.count()).select_from(content)).scalar() == 3     # two diagrams, one form
        assert files_of(connection, first) == ("remediation", CALLED)


def test_folders_that_call_each_other_are_checked_together(library: Library) -> None:
    with pytest.raises(NotDeployable):
        _publish(library, certification=CALLING)
    with library.store.read() as connection:
        assert versions(connection, "certification") == []
    assert len(_publish(library, certification=CALLING, remediation=CALLED)) == 2


def test_a_case_keeps_the_versions_it_was_bound_to(library: Library) -> None:
    _, called = _publish(library, certification=CALLING, remediation=CALLED)
    before = library.newest("certification")
    newer, = _publish(library, remediation=_folder(_process("remediation", _task("Corriger"))))
    assert before.bindings == {"": "certification", "remediation": called}
    assert library.newest("certification").bindings["remediation"] == newer
    kept = library.bundle(before.id, dict(before.bindings))
    assert kept is before
    assert (kept.element_name("remediation", "Step").fr, kept.definition_of("remediation")) == ("Remédier", called)
    assert library.newest("certification").element_name("remediation", "Step").fr == "Corriger"
    assert kept.program.element("remediation", "Step").name.fr == "Remédier"


def test_a_bundle_finds_forms_letters_rules_and_decisions(library: Library) -> None:
    _publish(library, certification=CALLING, remediation=CALLED)
    bundle = library.newest("certification")
    assert bundle.form("remediation", "step").validate({"name": "Yann"}) == {"name": "Yann"}
    assert bundle.letter("certification", "hello", "en", {"name": "Yann"}).subject == "Hello Yann"
    rule, home = bundle.rule("plan")
    assert (rule.at(date(2027, 1, 1)).length.days, home) == (30, bundle.id)
    for missing in (lambda: bundle.form("certification", "x"), lambda: bundle.decide("certification", "x", {}), lambda: bundle.rule("x"),
                    lambda: bundle.letter("remediation", "hello", "fr", {})):
        with pytest.raises(NotFound):
            missing()


def test_a_message_or_signal_finds_what_it_starts(library: Library) -> None:
    signal = _folder(_process("yearly", _task(), '<signalEventDefinition signalRef="s1"/>'))
    _publish(library, certification=CALLING, remediation=CALLED, yearly=signal)
    found = library.message_start("application.received")
    assert found is not None
    assert (found[0].process.id, found[1]) == ("certification", "Start_certification")
    assert library.message_start("nothing") is None
    assert [(bundle.process.id, element) for bundle, element in library.signal_starts("year.over")] == [("yearly", "Start_yearly")]


def test_a_process_of_a_folder_with_several_is_started_by_its_own_name(library: Library) -> None:
    _publish(library, pair=_folder(_process("one", _task()), _process("two", _task()).replace('"a"', '"a2"').replace('"b"', '"b2"')
                                   .replace("Step", "Step2").replace(">a<", ">a2<").replace(">b<", ">b2<")))
    assert library.newest("two").process.id == "two"
    assert library.bundle(library.newest("two").id, library.newest("two").bindings).process.id == "two"
    with pytest.raises(WhichProcess):
        library.newest("pair")


def test_a_retired_version_starts_no_case(library: Library) -> None:
    only, = _publish(library, remediation=CALLED)
    with library.store.begin() as work:
        retire(work.connection, only, NOW)
    with pytest.raises(NothingPublished):
        library.newest("remediation")
    assert library.bundle(only, {}).process.id == "remediation"


def test_folders_that_call_each_other_in_a_circle_do_not_start(library: Library) -> None:
    with library.store.begin() as work:
        for key, called in (("one", "two"), ("two", "one")):
            deploy(work.connection, key, _folder(_process(key, _call(called))), by=None, now=NOW + timedelta(days=1))
    with pytest.raises(CallsInCircle, match="one → two → one"):
        library.newest("one")


def _codes(files: dict[str, bytes], around: Around | None = None) -> set[tuple[str, str]]:
    beside = around or Around(Registry(), frozenset(), frozenset({"auditor"}))
    return {(problem.element, problem.code) for problem in check(Package.read("x", files), beside) if problem.level != "warning"}


def test_what_is_wrong_in_any_file_is_found() -> None:
    right = _folder(_process("x", _task()))
    assert _codes(right) == set()
    assert ("f", "form.unknown_validator") in _codes(right | {"step.form.json": FORM.replace(
        '"label"', '"properties": {"validator": "siren"}, "label"').encode()})
    assert ("plan", "deadlines.not_a_length") in _codes(right | {"deadlines.yaml": RULES.replace(b"P30D", b"soon")})
    assert ("hello", "letters.not_feel") in _codes(right | {"letters.yaml": LETTERS.replace("{{ name }}", "{{ 1 + }}").encode()})
    assert ("", "dmn.not_readable") in _codes(right | {"t.dmn": b"<x"})
    assert any(code.startswith("texts.") for _, code in _codes(right | {"texts.en.yaml": b"forms: 3"}))
    assert any(element == "Step" for element, _ in _codes(_folder(_process("x", _task(groups="nobody")))))
    assert any(element == "Step" for element, _ in _codes({"a.bpmn": right["a.bpmn"]}))       # its form is missing


def test_a_letter_that_a_step_names_must_be_written() -> None:
    registry = Registry()
    registry.external("client.notify", title=Text("x", "x"))(lambda task: Complete())
    step = ('<serviceTask id="Step" name="Prévenir" jalon:handler="client.notify">'
            '<extensionElements><jalon:input name="letter" value="&quot;{}&quot;"/></extensionElements>'
            '<incoming>a</incoming><outgoing>b</outgoing></serviceTask>')
    around = Around(registry, frozenset(), frozenset())
    letters = {"letters.yaml": LETTERS.encode()}
    assert _codes(_folder(_process("x", step.format("hello"))) | letters, around) == set()
    assert _codes(_folder(_process("x", step.format("adieu"))) | letters, around) == {("Step", "letters.unknown")}


def _reads(name: str, start: str = "", form: str = "") -> dict[str, bytes]:
    """A folder whose task reads a variable."""
    process = _process("x", _task().replace('jalon:form="step"', f'jalon:form="step" jalon:subject="{name}"'), start)
    files = _folder(process.replace('isExecutable="true"', f'isExecutable="true" jalon:startForm="{form}"') if form else process)
    return files | {"apply.form.json": FORM.replace('"name"', '"applicant"').encode()}


def test_a_variable_that_nothing_sets_is_found_once_the_start_is_known() -> None:
    unknown = {("Step", "expression.unknown_variable")}
    assert _codes(_reads("applicant", form="apply")) == _codes(_reads("name", form="apply")) == set()
    assert _codes(_reads("aplicant", form="apply")) == unknown
    assert _codes(_reads("anything")) == set()                 # a start without form brings whatever it is given
    call = _call("x").replace("<incoming>", '<extensionElements><jalon:input name="nc" value="1"/></extensionElements><incoming>', 1)
    caller = Package.read("caller", _folder(_process("caller", call)))
    around = Around(Registry(), frozenset(), frozenset({"auditor"}), (caller,))
    assert (_codes(_reads("nc"), around), _codes(_reads("nx"), around)) == (set(), unknown)


def test_a_folder_is_read_and_written_back_without_what_is_not_deployed(tmp_path: Path) -> None:
    files = CALLING | {"scenarios/fixtures/a.json": b"{}"}
    write_folder(files, tmp_path / "certification")
    (tmp_path / "certification" / ".hidden").write_text("x")
    (tmp_path / "certification" / "notes.txt").write_text("x")
    assert folders(tmp_path) == {"certification": files}
    write_folder(CALLED, tmp_path / "certification")
    assert read_folder(tmp_path / "certification") == CALLED
    assert (tmp_path / "certification" / "notes.txt").exists()
    for path in ("../x.bpmn", "/x.bpmn", "a/b.bpmn", ".x.bpmn", "scenarios/../x.bpmn"):
        assert not belongs(path)
    with pytest.raises(FolderNotReadable):
        write_folder({"../x.bpmn": b""}, tmp_path / "certification")
    with pytest.raises(FolderNotReadable):
        read_folder(tmp_path)


def test_what_ships_can_be_read() -> None:
    for key, files in folders(Path(__file__).parents[2] / "processes").items():
        package = Package.read(key, files)
        assert package.problems == ()
        assert package.main is not None
