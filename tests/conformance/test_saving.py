"""The reference models saved in the studio: nothing of them is lost, whoever writes them.

The suite lies beside the project; the library of the editors stands in `node_modules` once the front end has been built there. Without
them these tests are skipped, loudly.
Rule: issue 4, section 4: saving keeps the drawing and foreign extensions.
"""

from __future__ import annotations

import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree  # type: ignore[import-untyped]

from engine.bpmn import reader
from engine.bpmn.keeping import kept
from tests.conformance.test_bpmn_files import _suite

HOME = Path(__file__).resolve().parents[2]
LIBRARY = HOME / "node_modules" / "bpmn-moddle" / "dist" / "index.js"
ROUND = """import {{ BpmnModdle }} from '{library}'; import fs from 'fs';
for (const name of process.argv.slice(1)) {{
  const read = await new BpmnModdle().fromXML(fs.readFileSync(name, 'utf8').replace(/^\\ufeff/, ''));
  const written = await new BpmnModdle().toXML(read.rootElement, {{ format: true }});
  fs.writeFileSync('{out}/' + name.split('/').pop(), written.xml);
}}"""


def canonical(content: bytes) -> bytes:
    """The file in its canonical form, comments included."""
    return bytes(etree.tostring(etree.fromstring(content), method="c14n2", with_comments=True))


def shape(content: bytes) -> Counter[str]:
    """Everything in a file: elements, attributes, comments, name spaces."""
    found: Counter[str] = Counter()
    for node in etree.fromstring(content).iter():
        if not isinstance(node.tag, str):
            found[f"comment {node.text}"] += 1
            continue
        found[node.tag] += 1
        found.update(f"{node.tag} {name}={value}" for name, value in node.attrib.items())
        found.update(f"xmlns:{prefix}={space}" for prefix, space in node.nsmap.items())
    return found


def test_reading_a_reference_model_changes_nothing_of_it() -> None:
    for path in sorted(_suite("miwg").glob("*.bpmn")):
        content = path.read_bytes()
        before = canonical(content)
        reader.read({path.name: content})
        assert canonical(content) == before and kept(content, content) == content


def test_a_comment_a_word_and_a_default_put_into_a_reference_model_outlive_an_editor_that_knows_none_of_them() -> None:
    """What the library of the editors leaves out, left out by hand: it needs nothing but the suite."""
    for path in sorted(_suite("miwg").glob("*.bpmn")):
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(remove_blank_text=True))
        edited = etree.fromstring(etree.tostring(root))
        for node in list(root.iter("{*}task", "{*}userTask", "{*}startEvent")):
            node.addprevious(etree.Comment(f"before {node.get('id')}"))
            node.set("isForCompensation", "false") if node.tag.endswith("ask") else node.set("isInterrupting", "true")
        for node in edited.iter("{*}task", "{*}userTask", "{*}startEvent"):
            node.attrib.pop("isForCompensation", None)
            node.attrib.pop("isInterrupting", None)
        before = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
        assert kept(before, etree.tostring(edited)) == before, path.name


def test_the_editors_library_loses_nothing_of_the_reference_models(tmp_path: Path) -> None:
    models = sorted(_suite("miwg").glob("*.bpmn"))
    node = shutil.which("node")
    if node is None or not LIBRARY.is_file():
        pytest.skip(f"NOT CHECKED: {'node' if node is None else 'the library of the editors'} is not there; build the front end")
    script = ROUND.format(library=LIBRARY.as_posix(), out=tmp_path.as_posix())
    subprocess.run([node, "--input-type=module", "-e", script, *map(str, models)], check=True, timeout=120)
    same = []
    for path in models:
        before, written = path.read_bytes(), (tmp_path / path.name).read_bytes()
        found = kept(before, written)
        assert not shape(before) - shape(found), (path.name, list((shape(before) - shape(found)).items())[:5])
        same.append(found == before)
    print(f"miwg: {sum(same)} of {len(same)} reference models opened and saved by the editor are the same byte for byte")
    assert len(same) == 21 and all(same)
