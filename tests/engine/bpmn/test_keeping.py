"""What an editor leaves out of a file is kept when it writes the file; what a person changes is changed.

Rule: issue 4, section 2; BPMN 2.0.2, 15.3.
"""

from __future__ import annotations

import pytest

from engine.bpmn.keeping import kept

HEAD = ('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"{} '
        'id="D" targetNamespace="t"{}>')
OLD = ("<?xml version='1.0' encoding='ISO-8859-1'?>\n<!-- drawn by hand -->\n" + HEAD.format(
    ' xmlns:other="urn:other" xmlns:unused="urn:unused"', ' expressionLanguage="http://www.w3.org/1999/XPath"') + """
  <!-- the process -->
  <process id="p" isExecutable="true" processType="None"><extensionElements><other:thing kind="a" other:kind="a"/></extensionElements>
    <!-- where it begins --><startEvent id="s" isInterrupting="true"/><?tool keep this?>
    <serviceTask id="t" name="Prüfen&#13;&#10;gut" startQuantity="1"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="t">
    <conditionExpression xsi:type="tFormalExpression">a</conditionExpression></sequenceFlow>
  </process><operation id="o" name="o"><outMessageRef>other:elsewhere</outMessageRef></operation>
</definitions>
<!-- the end -->""").encode("latin-1")
#: The same as an editor writes it: comments, defaults, unused name spaces and references elsewhere are gone, numbers and ends of lines too.
NEW = ('<?xml version="1.0" encoding="UTF-8"?>' + HEAD.format(
    ' xmlns:other="urn:other" xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"', "") + """
<process id="p" isExecutable="true"><extensionElements>
<other:thing kind="a"/></extensionElements><startEvent id="s"/><serviceTask id="t" name="Prüfen &#10;gut"/>
<sequenceFlow id="f" sourceRef="s" targetRef="t">
<conditionExpression xsi:type="bpmn:tFormalExpression">a</conditionExpression></sequenceFlow>
</process><operation id="o" name="o"/></definitions>""").encode()


def test_a_file_saved_without_a_change_is_the_same_byte_for_byte() -> None:
    assert kept(OLD, NEW) == OLD and kept(OLD, OLD) == OLD


def test_what_was_left_out_is_back_beside_what_was_changed() -> None:
    changed = NEW.replace(b'name="Pr\xc3\xbcfen &#10;gut"', b'name="Entscheiden"').replace(
        b"</process>", b'<endEvent id="e"/></process>')
    found = kept(OLD, changed).decode()
    for back in ("<!-- drawn by hand -->", "<!-- the process -->", "<!-- where it begins --><startEvent", "<?tool keep this?>",
                 "<!-- the end -->", 'xmlns:unused="urn:unused"', 'startQuantity="1"', 'other:kind="a"',
                 "<outMessageRef>other:elsewhere</outMessageRef>"):
        assert back in found, back
    assert 'name="Entscheiden"' in found and '<endEvent id="e"/>' in found and "gut" not in found


@pytest.mark.parametrize(("written", "changed"), [
    (b'startQuantity="1"', b'startQuantity="2"'), (b'isInterrupting="true"', b'isInterrupting="false"'), (b'kind="a"', b'kind="b"'),
])
def test_what_a_person_changes_stays_changed(written: bytes, changed: bytes) -> None:
    after = OLD.decode("latin-1").replace("ISO-8859-1", "UTF-8").encode().replace(written, changed, 1)
    assert changed in kept(OLD, after)


def test_what_is_deleted_takes_its_comments_with_it() -> None:
    after = NEW.replace(b'<process id="p" isExecutable="true">', b'<process id="q" isExecutable="true">')
    found = kept(OLD, after)
    assert b"where it begins" not in found and b"<!-- the process -->" in found


def test_a_prefix_that_has_come_to_mean_something_else_keeps_its_new_meaning() -> None:
    after = NEW.replace(b'xmlns:other="urn:other"', b'xmlns:other="urn:other" xmlns:unused="urn:new"').replace(b'name="o"', b'name="n"')
    assert b'xmlns:unused="urn:new"' in kept(OLD, after)


@pytest.mark.parametrize(("before", "after"), [(b"<a", NEW), (OLD, b"<a"), (b"", NEW), (OLD, b""), (b"<!DOCTYPE a><a/>", NEW)])
def test_what_cannot_be_read_is_left_as_it_was_written(before: bytes, after: bytes) -> None:
    assert kept(before, after) == after
