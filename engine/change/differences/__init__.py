"""Everything that is different between two versions of a process folder, in words.

Owns: `Differences`: diagrams, decision tables by rule, forms by field, deadline rules by value, letters and stories by line.
Leaves: diagrams to `engine.bpmn.diff`; which two versions are compared to `studio`; the marks in the picture to the pages.
Promises: a file whose bytes differ is never left out: when nothing people read or cases run on is different, that is what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.bpmn import diff
from engine.bpmn.diff import Change, Mark
from engine.change.differences import deadlines, forms, letters, tables
from engine.definitions.package import TEXTS, Package
from engine.texts import Text


@dataclass(frozen=True, slots=True)
class FileDifference:
    """One file that is different. `kind`: "diagram", "table", "form", "deadlines", "letters", "scenario", "texts" or "other"."""

    path: str
    kind: str
    mark: Mark
    changes: tuple[Change, ...]

    @property
    def words(self) -> tuple[Text, ...]:
        """What people read, in order."""
        return tuple(change.text for change in self.changes if not change.quiet)


@dataclass(frozen=True, slots=True)
class Differences:
    """What is different, file by file: diagrams first, then what stands beside them."""

    files: tuple[FileDifference, ...]

    @property
    def words(self) -> tuple[Text, ...]:
        return tuple(text for file in self.files for text in file.words)

    def marks(self, path: str) -> dict[str, Mark]:
        """How each element of a diagram is marked in the picture; what is added or removed wins over what is changed in it."""
        found: dict[str, Mark] = {}
        for change in (change for file in self.files if file.path == path for change in file.changes):
            if change.element and found.get(change.element) in (None, "changed"):
                found[change.element] = change.mark
        return found


def compare(before: Package, after: Package) -> Differences:
    """Tell what is different between two versions of a folder. Never raises for what is in them."""
    paths = [path for path in {**after.files, **before.files} if before.files.get(path) != after.files.get(path)]
    drawn = diff.compare(before.model, after.model)
    homes = {key: process.file for model in (before.model, after.model) for key, process in model.processes.items()}
    told = [_file(path, before, after, [change for change in drawn if homes.get(change.process) == path])
            for path in sorted(paths, key=_order)]
    # An English name stands in another file than its element: the diagram tells it even when its own bytes are the same.
    others = sorted({homes[change.process] for change in drawn} - set(paths))
    named = [FileDifference(path, "diagram", "changed", tuple(change for change in drawn if homes[change.process] == path))
             for path in others]
    return Differences((*named, *told))


# --- one file -------------------------------------------------------------------------------------

_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("diagram", lambda path: path.endswith(".bpmn")), ("form", lambda path: path.endswith(".form.json")),
    ("table", lambda path: path.endswith(".dmn")), ("deadlines", lambda path: path == "deadlines.yaml"),
    ("letters", lambda path: path == "letters.yaml"), ("texts", lambda path: path == TEXTS),
    ("scenario", lambda path: path.startswith("scenarios/") and path.count("/") == 1 and path.endswith(".yaml")),
    ("other", lambda path: True),
)


def kind_of(path: str) -> str:
    """What a file of a folder is."""
    return next(kind for kind, fits in _KINDS if fits(path))


def _order(path: str) -> tuple[int, str]:
    return [kind for kind, _ in _KINDS].index(kind_of(path)), path


def _file(path: str, before: Package, after: Package, drawn: list[Change]) -> FileDifference:
    kind = kind_of(path)
    mark: Mark = "added" if path not in before.files else "removed" if path not in after.files else "changed"
    if kind == "diagram":
        changes = drawn
    elif mark != "changed" and kind in ("form", "table", "scenario", "other", "texts"):
        changes = [Change(mark, "", "", path, _WHOLE[mark].format(name=_file_name(path, kind, after if mark == "added" else before)))]
    else:
        changes = list(_READERS[kind](path, before, after))
    return FileDifference(path, kind, mark, tuple(changes) or (Change(mark, "layout", "", "", _LAYOUT[kind], quiet=kind == "diagram"),))


def _file_name(path: str, kind: str, package: Package) -> Text:
    if kind == "scenario":
        told = letters.says(package.files[path])
        return told if told.fr else Text.of(path)
    return Text.of(path)


def _other(path: str, _before: Package, _after: Package) -> Iterator[Change]:
    yield Change("changed", "content", "", path, _CONTENT.format(name=path))


_READERS: Mapping[str, Callable[[str, Package, Package], Iterator[Change]]] = {
    "form": forms.form, "table": tables.table, "deadlines": deadlines.deadlines, "letters": letters.letters, "scenario": letters.scenario,
    "texts": lambda *_: iter(()), "other": _other,
}
_LAYOUT = {
    "diagram": Text("Seule la disposition du dessin change.", "Only the layout of the drawing changes."),
    "texts": Text("Seuls des textes anglais changent.", "Only English texts change."),
    **dict.fromkeys(("form", "table", "deadlines", "letters", "scenario", "other"),
                    Text("Seule l’écriture du fichier change, rien de ce qu’il dit.",
                         "Only the way the file is written changes, nothing it says.")),
}
_WHOLE = {"added": Text("Nouveau : « {name} ».", "New: “{name}”."), "removed": Text("« {name} » est retiré.", "“{name}” is removed."),
          "changed": Text("« {name} » change.", "“{name}” changes.")}
_CONTENT = Text("Le contenu de {name} change.", "The content of {name} changes.")
