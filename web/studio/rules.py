"""Deadline rules of a draft as a form: what a rule is called, what it counts from, its versions with citation and validity.

Owns: `/studio/drafts/…/rules/…`, from the form to one entry of `deadlines.yaml`; the day a worked example counts from.
Leaves: what a rule must say to `engine.work.rules`; its sum to `sums`; where it is used to `uses`; saving to `engine.change.studio`.
Promises: a rule that would not be read is not saved, and what was typed stays in the form; the example counts what is typed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, NotFound
from engine.work.rules import FILE, Rule, Rules
from web.catalogue import locale, say
from web.host import host, signed_in
from web.notes import note
from web.studio import contents, reading, uses, yaml_files
from web.studio.blueprint import bp
from web.studio.contents import Contents
from web.studio.reading import DraftAt, studio
from web.studio.sums import WorkedExample, worked
from web.studio.uses import Use

ROOT, NEW = "rules", "new"
TEXTS = ("title", "anchor")
DAY_KINDS = ("reminders", "escalations")


@dataclass(frozen=True)
class RulePage:
    """The form of one rule.

    Attributes:
        typed: every field by name. version: number of the version shown. faults: why it was not saved.
        example: the rule as typed, counted from a day; None while it cannot be read. uses: the steps and letters that name it.
    """

    at: DraftAt
    inside: Contents
    path: str
    rule: Rule | None
    key: str
    version: int
    typed: Mapping[str, str]
    example: WorkedExample | None
    counted_from: date
    uses: tuple[Use, ...]
    faults: tuple[str, ...] = field(default=())


@bp.get("/drafts/<draft_id>/rules/<rule_id>")
def rule(draft_id: str, rule_id: str) -> str:
    """The form of a rule; `new` begins one."""
    at = reading.draft(draft_id)
    entries = yaml_files.read(at.package.files.get(FILE), ROOT)
    if rule_id != NEW and rule_id not in entries:
        raise NotFound(rule=rule_id)
    entry = entries.get(rule_id) or {}
    versions = entry.get("versions") or [{}]
    asked = request.args.get("version", "")
    number = int(asked) if asked.isdigit() and 1 <= int(asked) <= len(versions) else len(versions)
    return render_template("studio/rule.html", page=_page(at, rule_id, number, _typed(entry, versions[number - 1])))


@bp.post("/drafts/<draft_id>/rules/<rule_id>")
def save_rule(draft_id: str, rule_id: str) -> Answer:
    """Keep a rule."""
    at, form = reading.draft(draft_id), request.form.to_dict()
    data = at.package.files.get(FILE)
    entries = yaml_files.read(data, ROOT)
    key = form.get("key", "").strip() if rule_id == NEW else rule_id
    number = int(form.get("version", "1")) if form.get("version", "1").isdigit() else 1
    if form.get("do") == "count":
        return make_response(render_template("studio/rule.html", page=_page(at, rule_id, number, form)))
    faults = _misnamed(key, rule_id, entries, yaml_files.is_readable(data, ROOT))
    written = b""
    if not faults:
        entries[key] = _entry(entries.get(key) or {}, form, number)
        written = yaml_files.write(data, ROOT, entries)
        faults = [f"{one.message(locale())} {one.remedy(locale())}" for one in Rules.read(written).problems if one.element == key]
    if not faults:
        try:
            studio().save(draft_id, {FILE: written}, int(form.get("revision") or 0), signed_in())
        except Conflict as error:
            # who is told of a colleague's save has seen it: the next save counts from there
            faults, form["revision"] = [error.sentence(locale())], ""
    if faults:
        page = _page(reading.draft(draft_id), rule_id, number, form, tuple(faults))
        return make_response(render_template("studio/rule.html", page=page), 422)
    note(say("Rule saved."))
    return redirect(url_for("studio.rule", draft_id=draft_id, rule_id=key), 303)


def _page(at: DraftAt, rule_id: str, number: int, typed: Mapping[str, str], faults: tuple[str, ...] = ()) -> RulePage:
    found = dict(at.package.rules).get(rule_id)
    day = _day(typed.get("counted_from", ""))
    anchor = day if isinstance(day, date) else host().wording.today()
    uses_of = uses.of_rule(at.package, at.draft.id, rule_id) if found is not None else ()
    example = _example(at, rule_id, number, typed, anchor)
    key = "" if rule_id == NEW else rule_id
    return RulePage(at, contents.of(at.package), FILE, found, key, number, typed, example, anchor, uses_of, faults)


def _example(at: DraftAt, rule_id: str, number: int, typed: Mapping[str, str], anchor: date) -> WorkedExample | None:
    """The rule as it stands in the form, counted from a day; None while what is typed cannot be read."""
    data = at.package.files.get(FILE)
    entries = yaml_files.read(data, ROOT)
    written = yaml_files.write(data, ROOT, {"example": _entry(entries.get(rule_id) or {}, typed, number)})
    rule = dict(Rules.read(written)).get("example")
    return worked(rule, anchor) if rule is not None else None


def _misnamed(key: str, rule_id: str, entries: Mapping[str, Any], readable: bool) -> list[str]:
    if not readable:
        return [say("The file of the rules cannot be read as it is; mend it first.")]
    if not key or not key.replace(".", "_").replace("_", "a").isalnum() or not key.isascii() or key != key.lower():
        return [say("The name of a rule has small letters, digits, dots and underscores.")]
    if rule_id == NEW and key in entries:
        return [say("There is a rule of this name already.")]
    return []


def _typed(entry: Mapping[str, Any], version: Mapping[str, Any]) -> dict[str, str]:
    """A rule as the fields of the form show it."""
    typed = {f"{name}_{language}": _in(entry.get(name), language) for name in TEXTS for language in ("fr", "en")}
    typed |= {f"{name}_{language}": _in(version.get(name), language) for name in ("source", "consequence") for language in ("fr", "en")}
    valid = version.get("valid") or {}
    typed |= {"from": str(valid.get("from") or ""), "to": str(valid.get("to") or ""), "length": str(version.get("length") or ""),
              "basis": str(version.get("basis") or "body"), "roll": str(version.get("roll") or "none"),
              "extension": str((version.get("extension") or {}).get("max") or ""),
              "to_validate": "yes" if version.get("to_validate") else "", "pause": "yes" if version.get("pause") else ""}
    typed |= {name: "\n".join(_offset_line(one) for one in version.get(name) or []) for name in DAY_KINDS}
    return typed | {"warns": _offset_line(version["warns"]) if version.get("warns") else ""}


def _entry(entry: Mapping[str, Any], form: Mapping[str, str], number: int) -> dict[str, Any]:
    """The entry of the file, from the fields: this version changed, or a new one after it."""
    versions = [dict(one) for one in entry.get("versions") or [{}]]
    version = _version(form, versions[min(number, len(versions)) - 1])
    if form.get("new_version") == "yes":
        begins = _day(form.get("new_from", ""))
        last = dict(versions[-1])
        if isinstance(begins, date):
            last["valid"] = {**(last.get("valid") or {}), "to": begins - timedelta(days=1)}
        versions = [*versions[:-1], last, {**version, "valid": {"from": begins}}]
    else:
        versions[min(number, len(versions)) - 1] = version
    return {**{name: _both(form, name) for name in TEXTS}, "versions": versions}


def _version(form: Mapping[str, str], before: Mapping[str, Any]) -> dict[str, Any]:
    valid = {name: _day(form.get(name, "")) for name in ("from", "to") if form.get(name, "").strip()}
    found: dict[str, Any] = {"valid": valid, "length": form.get("length", "").strip(), "basis": form.get("basis", ""),
                             "source": _both(form, "source")}
    if form.get("to_validate"):
        found["to_validate"] = True
    if form.get("roll", "none") != "none":
        found["roll"] = form["roll"]
    if form.get("extension", "").strip():
        found["extension"] = {"max": form["extension"].strip()}
    if form.get("pause"):
        found["pause"] = True
    for name in DAY_KINDS:
        lines = [_offset(line) for line in form.get(name, "").splitlines() if line.strip()]
        if lines:
            found[name] = lines
    if form.get("warns", "").strip():
        found["warns"] = _offset(form["warns"])
    if form.get("consequence_fr", "").strip() or form.get("consequence_en", "").strip():
        found["consequence"] = _both(form, "consequence")
    return {**{key: value for key, value in before.items() if key in found}, **found}


def _both(form: Mapping[str, str], name: str) -> dict[str, str]:
    """A text in both languages, on one line each; no-break spaces stay what they are."""
    return {language: re.sub(r"[ \t\r\n]+", " ", form[f"{name}_{language}"]).strip(" ") for language in ("fr", "en")
            if form.get(f"{name}_{language}", "").strip()}


def _in(value: Any, language: str) -> str:
    return str(value.get(language) or "") if isinstance(value, dict) else str(value or "")


def _day(text: str) -> date | str | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        return text


#: How a line begins, in both languages.
SIDES = {"after": "after", "before": "before", "après": "after", "avant": "before"}


def _offset(line: str) -> dict[str, str]:
    """One line, "après P1M" or "avant P15D", as the file writes it; what cannot be read stays for the reader to name."""
    side, _, length = line.strip().partition(" ")
    return {SIDES.get(side.casefold(), side): length.strip()}


def _offset_line(value: Any) -> str:
    told = {"after": say("after"), "before": say("before")}
    return next((f"{told.get(str(side), side)} {length}" for side, length in value.items()), "") if isinstance(value, dict) else str(value)
