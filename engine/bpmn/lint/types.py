"""Types in the expressions of a diagram: what is compared, added or asked goes together.

Owns: which variable has which type, as far as forms, handlers, decisions and the diagram itself say it alike; rules about clashes.
Leaves: the types inside an expression to `engine.bpmn.inference`; names nobody sets to `expressions`.
Promises: silent wherever a type is not known for sure; what is told gives null or fails whenever it runs.
Rule: docs/diagrams.md, section 1; DMN 1.5, 10.3.2.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Collection, Iterator, Mapping, MutableMapping
from typing import cast

from engine import feel
from engine.bpmn.inference import CONTEXT, DATE, LIST, MOMENT, NUMBER, common, infer
from engine.bpmn.lint.expressions import GIVEN, Place, places
from engine.bpmn.lint.rules import Look, rule
from engine.bpmn.model import Element
from engine.feel.types import Type, simple
from engine.problems import Problem
from engine.texts import Text

#: How often types that come from other types are looked for again.
_ROUNDS = 3
_WORDS: dict[str, Text] = {
    "number": Text("un nombre", "a number"), "string": Text("un texte", "a text"), "boolean": Text("un oui ou non", "a yes or no"),
    "date": Text("un jour", "a day"), "time": Text("une heure", "a time"), "date and time": Text("un moment", "a moment"),
    "days and time duration": Text("une durée en jours et heures", "a duration of days and hours"),
    "years and months duration": Text("une durée en années et mois", "a duration of years and months"),
    "list": Text("une liste", "a list"), "context": Text("un contexte", "a context"), "range": Text("un intervalle", "a range"),
    "function": Text("une fonction", "a function"),
}


@rule
def types_go_together(look: Look) -> Iterator[Problem]:
    """What an operator or function is given goes together: a number is not compared with a text, nor a day added to a day."""
    names = types_of_variables(look)
    for place in places(look):
        expression = None if place.foreign else place.compiled()
        for clash in infer(expression.tree, _seen(names, place))[1] if expression else ():
            yield place.finding(look, "expression.types_clash",
                                Text("« {element} », {what} : « {text} ». Au caractère {at}, « {sign} » reçoit {kinds} : rien n’en sort.",
                                     "“{element}”, {what}: “{text}”. At character {at}, “{sign}” is given {kinds}: that gives nothing."),
                                Text("Comparez ou calculez avec des valeurs du même type ; string(…), number(…) et date(…) convertissent.",
                                     "Compare and reckon with values of one type; string(…), number(…) and date(…) convert."),
                                at=clash.position + 1, sign=clash.what, kinds=_told(clash.kinds))


@rule
def places_take_that_kind(look: Look) -> Iterator[Problem]:
    """An expression gives what its place can take: a condition true or false, a number of runs a number, a collection a list."""
    names = types_of_variables(look)
    for place in places(look) if look.model.processes else ():
        expression = place.compiled() if place.wants and not place.foreign else None
        found = infer(expression.tree, _seen(names, place))[0] if expression else None
        if found is not None and found.kind in _WORDS and found.kind not in place.wants:
            yield place.finding(look, "expression.wrong_kind",
                                Text("« {element} », {what} : « {text} » donne {kind} ; il y faut {wanted}.",
                                     "“{element}”, {what}: “{text}” gives {kind}; it takes {wanted}."),
                                Text("Récrivez l’expression pour qu’elle donne {wanted}.",
                                     "Rewrite the expression so that it gives {wanted}."),
                                kind=_WORDS[found.kind], wanted=_either(sorted(place.wants)))


@rule
def handlers_are_given_what_they_take(look: Look) -> Iterator[Problem]:
    """An input mapping gives a handler the type that it declares."""
    names = types_of_variables(look)
    for element in look.elements("serviceTask", "sendTask"):
        taken = look.known.taken.get(element.ext.handler, {})
        for line in element.ext.inputs:
            wanted, found = taken.get(line.name), _type_of(line.expression, names)
            if wanted is not None and found is not None and not _goes_for(found, wanted):
                yield look.finding(element, "mapping.wrong_kind",
                                   Text("« {element} », entrée « {name} » : « {text} » donne {kind} ; {handler} prend {wanted}.",
                                        "“{element}”, input “{name}”: “{text}” gives {kind}; {handler} takes {wanted}."),
                                   Text("Donnez une valeur de ce type.", "Give a value of that type."),
                                   name=line.name, text=line.expression, kind=_WORDS.get(found.kind, found.kind),
                                   wanted=_WORDS.get(wanted.kind, wanted.kind),
                                   handler=element.ext.handler)


def types_of_variables(look: Look) -> Mapping[str, Type | None]:
    """Tell the type of each variable that everything that sets it agrees on; None for one whose type is not known.

    What a start brings from outside is not judged: it has no type.
    """
    if look.types is None:
        look.types = {**_agreed(look), **dict.fromkeys(GIVEN, simple(NUMBER))}
    return look.types


def _agreed(look: Look) -> Mapping[str, Type | None]:
    names: dict[str, Type | None] = {}
    for _ in range(_ROUNDS):
        setters: dict[str, list[Type | None]] = {name: [one] for name, one in look.known.types.items()}
        for process in look.model.processes.values():
            for element in process.elements.values():
                for name, found in _set_by(look, element, names):
                    setters.setdefault(name, []).append(found)
        fresh = {name: common(types) for name, types in setters.items()}
        if fresh == names:
            break
        names = fresh
    return names


def _set_by(look: Look, element: Element, names: Mapping[str, Type | None]) -> Iterator[tuple[str, Type | None]]:
    """Walk what an element sets: name and type."""
    ext, loop = element.ext, element.loop
    inner = _without(names, [line.name for line in ext.inputs])
    for line in ext.inputs:
        yield line.name, _type_of(line.expression, names)
    for line in ext.outputs:
        yield line.name, None if element.kind == "callActivity" else _type_of(line.expression, inner)
    if ext.result:
        yield ext.result, _result(look, element, inner)
    elif element.script and not ext.outputs:
        found = _type_of(element.script, inner)
        for name in _entries(element.script):
            yield name, (found.fields or {}).get(name) if found is not None else None
    if loop is not None:
        whole = _type_of(loop.collection, names)
        yield from ((name, found) for name, found in ((loop.item, whole.item if whole is not None and whole.kind == LIST else None),
                                                      (loop.collect, Type(LIST))) if name)


def _result(look: Look, element: Element, names: Mapping[str, Type | None]) -> Type | None:
    if element.kind == "businessRuleTask":
        return look.known.decided.get(element.ext.decision)
    if element.kind == "scriptTask":
        return _type_of(element.script, names)
    return simple(CONTEXT) if element.kind == "userTask" else None


def _type_of(text: str, names: Mapping[str, Type | None]) -> Type | None:
    try:
        return infer(feel.compile(text).tree, names)[0] if text else None
    except feel.FeelError:
        return None


def _entries(script: str) -> tuple[str, ...]:
    try:
        root = feel.compile(script).tree
    except feel.FeelError:
        return ()
    return tuple(name for name, _ in root.entries) if isinstance(root, feel.tree.ContextNode) else ()


def _seen(names: Mapping[str, Type | None], place: Place) -> Mapping[str, Type | None]:
    """The types seen from a place: inputs of an element are its own, and names given there alone are tokens."""
    own = {line.name for line in place.where.ext.inputs} if isinstance(place.where, Element) else set()
    return _without(names, own | place.given)


def _without(names: Mapping[str, Type | None], hidden: Collection[str]) -> Mapping[str, Type | None]:
    """The same types but for some names; a view, for there may be thousands."""
    return ChainMap(dict.fromkeys(hidden), cast(MutableMapping[str, Type | None], names)) if hidden else names


def _goes_for(found: Type, wanted: Type) -> bool:
    return "Any" in (found.kind, wanted.kind) or found.kind == wanted.kind or {found.kind, wanted.kind} == {DATE, MOMENT} \
        or LIST in (found.kind, wanted.kind)


def _told(kinds: tuple[str, ...]) -> Text:
    words = [_WORDS.get(kind, Text(kind, kind)) for kind in kinds] or [Text("rien", "nothing")]
    return Text(" et ".join(word.fr for word in words), " and ".join(word.en for word in words))


def _either(kinds: list[str]) -> Text:
    words = [_WORDS[kind] for kind in kinds]
    return Text(" ou ".join(word.fr for word in words), " or ".join(word.en for word in words))
