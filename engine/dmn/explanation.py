"""Why a decision gave what it gave.

Owns: `Step`, one decision or input with what it came from; an explanation in sentences for people.
Leaves: which rules matched to `tables`; where it is kept and shown to the host.
Promises: every value on the way is in it, each decision told once however many others use it; a sentence stays short.
Rule: none of DMN's; the record of a case is evidence (architecture.md, 3.9).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from engine import feel
from engine.dmn.logic import Match
from engine.texts import LOCALES, Text
from engine.words import NBSP, say_day, say_list, say_number

Kind = Literal["input", "decision", "service"]
MOST_ITEMS = 5
MOST_CHARACTERS = 160
_WORDS: dict[str, dict[Any, str]] = {
    "fr": {True: "oui", False: "non", "nothing": "rien", "more": "et {} de plus", "colon": f"{NBSP}: "},
    "en": {True: "yes", False: "no", "nothing": "nothing", "more": "and {} more", "colon": ": "},
}


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A decision or an input, decided.

    Attributes:
        key: its id. name: as it is drawn. kind: `input`, `decision` or `service`.
        value: what it gave. text: its FEEL, when it is one expression.
        is_table: a decision table decided. looked_at: the values of the table's input columns, by their text.
        matched: the rules that matched in it, and in the models it called. needs: what it required, in order.
    """

    key: str
    name: str
    kind: Kind
    value: Any
    text: str = ""
    is_table: bool = False
    looked_at: Mapping[str, Any] | None = None
    matched: tuple[Match, ...] = ()
    needs: tuple[Step, ...] = ()

    def steps(self) -> tuple[Step, ...]:
        """Everything on the way to this and this itself, each once, in the order it was needed."""
        found: dict[int, Step] = {}
        waiting = [(self, False)]
        while waiting:
            step, ready = waiting.pop()
            if ready:
                found.setdefault(id(step), step)
            elif id(step) not in found:
                waiting.append((step, True))
                waiting.extend((one, False) for one in reversed(step.needs))
        return tuple(found.values())

    def sentences(self) -> tuple[Text, ...]:
        """Tell the whole way in sentences, inputs first, this last."""
        return tuple(sentence for step in self.steps() for sentence in step.told())

    def told(self) -> Iterator[Text]:
        """Tell this step alone: one sentence, or one for each rule that matched."""
        if self.matched:
            yield from map(self._rule, self.matched)
        if self.kind == "input":
            yield _both(lambda words, locale: f"{self.name} = {say(self.value, locale)}.")
        elif self.is_table and not self.matched:
            yield _both(lambda words, locale: f"{self.name}{words['colon']}{_NO_RULE[locale]}{_among(self.looked_at or {}, locale)}"
                                              f" → {say(self.value, locale)}.")
        elif not self.is_table or len(self.matched) > 1:
            yield _both(lambda words, locale: f"{self.name} = {say(self.value, locale)}{self._whence(locale)}.")

    def _rule(self, match: Match) -> Text:
        def sentence(words: Mapping[Any, str], locale: str) -> str:
            outputs = say_list([say(value, locale) for value in match.outputs.values()], locale)
            note = f" {match.annotation}" if match.annotation else ""
            which = _RULE[locale].format(match.rule)
            return f"{match.name or self.name}{words['colon']}{which}{_among(match.inputs, locale)} → {outputs}.{note}"
        return _both(sentence)

    def _whence(self, locale: str) -> str:
        """The expression and what it was given, in brackets."""
        given = _pairs({one.name: one.value for one in self.needs}, locale)
        parts = [part for part in (_short(" ".join(self.text.split())), given) if part]
        return f" ({f'{NBSP}; '.join(parts) if locale == 'fr' else '; '.join(parts)})" if parts else ""

    def facts(self) -> dict[str, Any]:
        """The explanation as FEEL values, nested as it was needed; a step that was told before is only named, with its value."""
        return _facts(self, set())


_NO_RULE = {"fr": "aucune règle ne s’applique", "en": "no rule applies"}
_RULE = {"fr": "la règle {} s’applique", "en": "rule {} applies"}


def _facts(step: Step, told: set[int]) -> dict[str, Any]:
    found: dict[str, Any] = {"id": step.key, "name": step.name, "kind": step.kind, "value": _data(step.value)}
    if id(step) in told:
        return found
    told.add(id(step))
    rules = [{"decision": one.decision, "rule": one.rule, "rule_id": one.rule_id, "annotation": one.annotation, "inputs": _data(one.inputs),
              "outputs": _data(one.outputs)} for one in step.matched]
    parts = {"text": step.text, "matched": rules, "needs": [_facts(one, told) for one in step.needs]}
    return {**found, **{name: part for name, part in parts.items() if part}}


def _data(value: Any) -> Any:
    """A value without functions, which cannot be kept."""
    if isinstance(value, Mapping):
        return {str(key): _data(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_data(one) for one in value]
    return repr(value) if isinstance(value, feel.Function) else value


# --- values in words ------------------------------------------------------------------------------------------------------------------


def say(value: Any, locale: str) -> str:
    """Say a value inside a sentence: numbers and days as the language writes them, texts in its quotation marks."""
    words = _WORDS[locale]
    if value is None or isinstance(value, bool):
        return words["nothing" if value is None else value]
    if isinstance(value, str):
        return f"«{NBSP}{_short(value)}{NBSP}»" if locale == "fr" else f"“{_short(value)}”"
    if isinstance(value, (int, Decimal)):
        return say_number(value, locale, grouped=not -10_000 < value < 10_000)
    if isinstance(value, date) and not isinstance(value, datetime):
        return say_day(value, locale)
    if isinstance(value, list):
        return f"[{_some([say(one, locale) for one in value[:MOST_ITEMS]], len(value), words)}]"
    if isinstance(value, Mapping):
        return f"{{{_pairs(value, locale)}}}"
    return str(feel.evaluate("string(v)", {"v": value}))


def _among(values: Mapping[str, Any], locale: str) -> str:
    told = _pairs(values, locale)
    return f" ({told})" if told else ""


def _pairs(values: Mapping[str, Any], locale: str) -> str:
    told = [f"{name} = {say(value, locale)}" for name, value in list(values.items())[:MOST_ITEMS]]
    return _some(told, len(values), _WORDS[locale])


def _some(told: Iterable[str], count: int, words: Mapping[Any, str]) -> str:
    shown = list(told)
    return ", ".join([*shown, words["more"].format(count - len(shown))] if count > len(shown) else shown)


def _short(text: str) -> str:
    return text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS] + "…"


def _both(sentence: Any) -> Text:
    fr, en = (sentence(_WORDS[locale], locale) for locale in LOCALES)
    return Text(fr, en)
