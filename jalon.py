"""Jalon: composition root and command line. The one file that imports every room.

Owns: how the parts of an installation are put together (`open_house`, `make_rehearsal`), and the commands people type.
Leaves: everything else to the rooms.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import yaml

from engine import VERSION, dmn, feel, values
from engine.change.leaps import Leaps
from engine.change.rehearsal import Rehearsal
from engine.change.studio import Studio
from engine.clock import Clock, PushedClock, SystemClock
from engine.definitions import folders, read_folder
from engine.definitions.checks import stops, unknown_kinds, unreadable
from engine.errors import JalonError
from engine.forms.faults import FormInvalid
from engine.people.groups import Group, read_groups
from engine.problems import NotDeployable, Problem
from engine.queries import Queries
from engine.service import Engine
from engine.settings import Settings
from engine.store import schema
from engine.store.database import Store
from engine.texts import Text
from engine.worker import Worker
from handlers import binding, catalogue, demo_body, rehearsed_body
from handlers.demo_house import DemoHouse, everybody
from handlers.validators import VALIDATORS

if TYPE_CHECKING:
    from web.demo import Demo

HOME = Path(__file__).resolve().parent
PROCESSES = HOME / "processes"
#: where data folders lie: beside `./jalon`; of an installed wheel, where it is started
DATA = Path(os.environ.get("JALON_HOME") or Path.cwd())
GROUPS = PROCESSES / "groups.yaml"
BAD_INPUT = 2


# --- composition ---------------------------------------------------------------------------------

@dataclass(frozen=True)
class House:
    """One installation, put together."""

    settings: Settings
    clock: Clock
    store: Store
    engine: Engine
    queries: Queries
    groups: dict[str, Group]


def open_house(settings: Settings, clock: Clock | None = None, *, directories: Path | None = None) -> House:
    """Put an installation together over its database, whose tables are brought up to date first.

    Args:
        directories: file of the stand-ins for the company directory and the public list (the demo's).
    """
    clock, store = clock or SystemClock(), open_store(settings)
    ports = binding.live(store, clock, settings, directories=directories)
    engine = Engine(store, catalogue.registry(), ports, clock, settings, validators=VALIDATORS)
    return House(settings, clock, store, engine, Queries(store, engine.library, clock, settings), read_groups(GROUPS.read_bytes()))


def open_store(settings: Settings) -> Store:
    """Open the database of the settings, its tables brought up to date."""
    if settings.database.startswith("sqlite:///"):
        Path(settings.database.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    store = Store(settings.database)
    schema.upgrade(store)
    return store


def make_rehearsal(at: datetime, *, save_and_restore: bool = False) -> Rehearsal:
    """Make an engine in memory in virtual time with the real handlers: for scenarios, the studio, tests and embedding programs.

    Args:
        at: the moment it begins. save_and_restore: read each case back from its row at every command.
    """
    outside, settings = binding.Outside(), Settings(_env_file=None)  # type: ignore[call-arg]
    return Rehearsal(at, registry=catalogue.registry(), ports=lambda store, clock: binding.rehearsal(store, clock, settings, outside),
                     settings=settings, validators=VALIDATORS, save_and_restore=save_and_restore, enrol=demo_body.enrol,
                     outside={"mail": outside.mail, "directory": outside.directory, "public_list": outside.public_list},
                     sent=lambda: [sent.mail.template for sent in outside.mail.sent], letters=outside.letters)


def open_studio(house: House) -> Studio:
    """Open the studio of an installation: its scenarios are played with the people of `processes/cast.yaml`, in memory."""
    cast = yaml.safe_load((PROCESSES / "cast.yaml").read_text(encoding="utf-8"))["people"]
    return Studio(house.engine, make_rehearsal, cast=cast, furnish=rehearsed_body.furnish, house=VERSION)


# --- command line --------------------------------------------------------------------------------

def _told(command: Callable[..., Any]) -> Callable[..., Any]:
    """Tell an error of the house in the reader's language, with exit code 2."""
    @wraps(command)
    def run(*arguments: Any, **options: Any) -> Any:
        try:
            return command(*arguments, **options)
        except FormInvalid as error:
            _tell_faults(error)
        except NotDeployable as error:
            click.echo(f"jalon: {error.sentence(_locale())}", err=True)
            _tell_problems(error.problems)
        except JalonError as error:
            click.echo(f"jalon: {error.sentence(_locale())}", err=True)
        raise SystemExit(BAD_INPUT)
    return run


def _locale() -> str:
    """The reader's language: French unless the terminal asks for English."""
    for name in ("JALON_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        language = os.environ.get(name, "")
        if language and not language.startswith(("C", "POSIX")):
            return "fr" if language.startswith("fr") else "en"
    return "fr"


def _say(fr: str, en: str) -> str:
    return Text(fr, en)(_locale())


def _tell_faults(error: FormInvalid) -> None:
    locale = _locale()
    click.echo(f"jalon: {error.sentence(locale)}", err=True)
    for path, faults in error.errors.items():
        for fault in faults:
            rule = f" [{fault.rule(locale)}]" if fault.rule(locale) else ""
            click.echo(f"  {path}: {fault.message(locale)}{rule}", err=True)


def _tell_problems(problems: list[Problem]) -> None:
    locale = _locale()
    for one in problems:
        click.echo(f"  {one.level}: {one.file}#{one.element} {one.code}: {one.message(locale)} {one.remedy(locale)}", err=True)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(VERSION, prog_name="jalon")
def main() -> None:
    """Jalon runs a certification body's certification work."""
    logging.basicConfig(level=os.environ.get("JALON_LOG", "WARNING").upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")


@main.command()
@click.option("--port", default=8000, show_default=True, help="port on the loopback address")
@click.option("--data", "data_dir", type=click.Path(path_type=Path), default=DATA / ".data" / "demo", help="data folder")
@click.option("--fresh", is_flag=True, help="throw the demo's data away and make it anew")
@click.option("--only-make", is_flag=True, help="make the data and stop")
@_told
def demo(port: int, data_dir: Path, fresh: bool, only_make: bool) -> None:
    """Open a living system with people and cases at every stage."""
    demo_house = DemoHouse(data_dir, PROCESSES)
    if fresh:
        demo_house.clear()
    settings = demo_house.settings(port)
    if not demo_house.is_made:
        _make_demo(demo_house, settings)
    if not only_make:
        clock = demo_house.clock()
        house = open_house(settings, clock, directories=demo_house.directories)
        _tell_demo(house, port)
        _serve(house, "127.0.0.1", port, threads=8, demo_parts=_demo_parts(demo_house, house, clock))


@main.command()
@click.option("--port", default=8000, show_default=True, help="port to listen on")
@click.option("--host", default="127.0.0.1", show_default=True, help="address to listen on")
@click.option("--threads", default=16, show_default=True, help="threads that answer requests")
@_told
def serve(port: int, host: str, threads: int) -> None:
    """Serve an installation: pages, jobs and timers in one process.

    docs/operate.md says how to set one up.
    """
    settings = _settings()
    settings.secret()
    house = open_house(settings)
    _deploy_what_ships(house.engine)
    click.echo(f"Jalon: {settings.base_url} (listening on {host}:{port})")
    _serve(house, host, port, threads)


@main.command()
@click.option("--threads", default=4, show_default=True, help="jobs at the same time")
@_told
def worker(threads: int) -> None:
    """Run jobs and timers only.

    Beside page processes on the same PostgreSQL database.
    """
    house = open_house(_settings())
    with Worker(house.engine, threads=threads):
        click.echo("Jalon worker: running; stop with Ctrl C")
        _until_interrupted()


@main.command("test", context_settings={"ignore_unknown_options": True})
@click.option("--quick", is_flag=True, help="the everyday part: no browser, no PostgreSQL, no packaging")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(quick: bool, arguments: tuple[str, ...]) -> None:
    """Run the tests; ARGUMENTS as for pytest."""
    if not (HOME / "tests").is_dir():
        raise click.ClickException("the tests are in the source, not in the installed package")
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "JALON_TEST_QUICK": "1" if quick else ""}
    command = [sys.executable, "-m", "pytest", *(arguments or ("-n", "3", "--dist", "loadgroup"))]
    raise SystemExit(subprocess.run(command, cwd=HOME, env=environment, check=False).returncode)


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--save-and-restore", is_flag=True, help="read the case back from its row at every step")
@_told
def scenarios(paths: tuple[Path, ...], save_and_restore: bool) -> None:
    """Run the stories beside the diagrams in virtual time.

    Its last line: N passed, M failed.
    """
    from engine.change.performances import run_all
    from engine.change.scenarios import find

    failed = run_all(find(PROCESSES, paths), lambda at: make_rehearsal(at, save_and_restore=save_and_restore), PROCESSES, click.echo)
    raise SystemExit(1 if failed else 0)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--process", default="certification", show_default=True, help="process to start")
@click.option("--demo", "in_demo", is_flag=True, help="start it in the demo's data instead of the installation's")
@_told
def apply(file: Path, process: str, in_demo: bool) -> None:
    """Start a case from a JSON file, or say every mistake in it.

    With a mistake nothing is stored, and the exit code is 2.
    """
    data = _read_json(file)
    demo_house = DemoHouse(DATA / ".data" / "demo", PROCESSES)
    house = open_house(demo_house.settings(8000), demo_house.clock(), directories=demo_house.directories) if in_demo else open_house(
        _settings())
    _deploy_what_ships(house.engine)
    instance_id = house.engine.start_instance(process, data)
    house.engine.settle()
    number = house.queries.case_number(instance_id)
    click.echo(_say(f"Dossier {number} ouvert.", f"Case {number} opened."))


@main.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="problems as JSON")
@_told
def check(files: tuple[Path, ...], as_json: bool) -> None:
    """Judge diagrams, tables and forms.

    Exit code 0: deployable; 1: only a draft; 2: unreadable.
    """
    given, engine = _read_files(files), make_rehearsal(datetime.now(UTC)).engine
    judged = engine.library.check_all({**folders(PROCESSES), **given}, engine.around.registry)
    found = [problem for key in given for problem in (*unknown_kinds(given[key], alone=len(given) == 1), *judged[key])]
    if as_json:
        click.echo(json.dumps([problem.to_json() for problem in found], ensure_ascii=False, indent=2))
    else:
        _tell_problems(found)
        click.echo(f"{len(found)} problem(s)", err=True)
    raise SystemExit(2 if unreadable(found) else 1 if stops(found) else 0)


@main.command("run")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--process", default="", help="id of the process to start; the only one when not given")
@click.option("--with", "variables", default="{}", help="variables as JSON")
@click.option("--steps", type=click.Path(path_type=Path), help="what is done then, as JSON or YAML (docs/rehearsal.md)")
@click.option("--at", default="", help="the moment it begins, 2026-01-05T09:00; now when not given")
@_told
def run_(files: tuple[Path, ...], process: str, variables: str, steps: Path | None, at: str) -> None:
    """Walk through a diagram in virtual time and print its trace.

    A JSON list of [element, what happened, moment]. With a mistake one sentence says which, and the exit code is 2.
    """
    from engine.change import walk

    given = {name: data for one in files for name, data in walk.read_path(one).items()}
    values, doing = walk.read_variables(variables), walk.read_steps(walk.read_file(steps)) if steps else []
    walked = walk.walk(make_rehearsal(walk.read_moment(at) or datetime.now(UTC)), given, process, values, doing)
    click.echo(json.dumps(walked.trace, ensure_ascii=False, indent=1))


@main.command("feel")
@click.argument("expression")
@click.option("--with", "context", default="{}", help="variables as JSON")
@click.option("--test", "tested", default=None, help="a value as JSON, on which EXPRESSION is tried as the cell of a table")
@_told
def feel_(expression: str, context: str, tested: str | None) -> None:
    """Evaluate a FEEL expression and print its value.

    The value is JSON, its numbers exact. With --test it is the unary tests of a cell: whether the value passes. With a mistake one
    sentence says which, and the exit code is 2.
    """
    names = _context(context)
    try:
        value = feel.evaluate(expression, names, _time()) if tested is None else feel.unary_test(
            expression, values.read_json(tested), names, _time())
    except feel.FeelError as error:
        click.echo(f"jalon: {_say(error.fr, error.en)}", err=True)
        raise SystemExit(BAD_INPUT) from error
    click.echo(values.write_json(value))


@main.command("dmn")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("decision")
@click.option("--with", "context", default="{}", help="inputs as JSON")
@_told
def dmn_(file: Path, decision: str, context: str) -> None:
    """Evaluate a decision of a DMN file, and say why.

    The answer is JSON: value, rules that matched, faults, explanation; a decision service too. Files it imports are looked for beside
    it. With a mistake one sentence says which, and the exit code is 2.
    """
    beside = {one.name: one.read_bytes() for one in sorted(file.parent.glob("*.dmn"))}
    decisions = dmn.read_all({**beside, file.name: file.read_bytes()})[file.name]
    if isinstance(decisions, dmn.NotReadable):
        raise decisions
    try:
        result = decisions.evaluate(decision, _context(context), _time())
    except feel.FeelError as error:
        click.echo(f"jalon: {_say(error.fr, error.en)}", err=True)
        raise SystemExit(BAD_INPUT) from error
    matched = [{name: getattr(one, name) for name in ("decision", "rule", "rule_id", "annotation", "inputs", "outputs")}
               for one in result.matched]
    told = [one(_locale()) for one in result.explanation.sentences()] if result.explanation else []
    click.echo(values.write_json({"value": result.value, "matched": matched, "faults": [one(_locale()) for one in result.faults],
                                  "explanation": told}))


@main.group()
def processes() -> None:
    """Bring processes in and out of the database."""


@processes.command("deploy")
@_told
def deploy() -> None:
    """Publish the processes that ship with Jalon, as new versions where they changed."""
    for key, version in _deploy_what_ships(open_house(_settings()).engine, again=True):
        click.echo(f"{key} {version}")


@processes.command("export")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_told
def export(folder: Path) -> None:
    """Write the newest published version of each process into a folder."""
    house = open_house(_settings())
    for key in house.engine.export_processes(folder):
        click.echo(f"{folder / key}")


@main.command()
@click.argument("case")
@click.option("--out", type=click.Path(path_type=Path), help="write the export of the case to a file")
@_told
def verify(case: str, out: Path | None) -> None:
    """Check that the record of a case is intact. CASE: a case number, or the file of an export."""
    from engine import history

    if Path(case).is_file():
        export = json.loads(Path(case).read_text(encoding="utf-8"))
    else:
        house = open_house(_settings())
        with house.store.read() as connection:
            export = history.export_case(connection, house.queries.case_id(case), now=house.clock.now())
    if out:
        out.write_text(json.dumps(export, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
    result = history.verify(export)
    click.echo(result.sentence(_locale()))
    raise SystemExit(0 if result.intact else 1)


@main.command("person")
@click.argument("login")
@click.option("--name", required=True, help="name people read")
@click.option("--group", "groups", multiple=True, help="group of processes/groups.yaml; several times for several")
@click.option("--email", default="", help="where letters for staff go")
@click.option("--locale", default="fr", type=click.Choice(["fr", "en"]), help="language of the pages")
@click.password_option(help="asked for when not given")
@_told
def person(login: str, name: str, groups: tuple[str, ...], email: str, locale: str, password: str) -> None:
    """Create a person who can log in."""
    house = open_house(_settings())
    unknown = set(groups) - set(house.groups)
    if unknown:
        raise click.BadParameter(f"unknown group(s) {', '.join(sorted(unknown))}; there are {', '.join(house.groups)}")
    house.engine.add_person(login, name, None, groups=groups, email=email, locale=locale, password=password)
    click.echo(f"{login} · {name} · {', '.join(groups) or '–'}")


# --- what commands share -------------------------------------------------------------------------

def _settings() -> Settings:
    """The installation's settings: the environment before `jalon.env`; the data folder has a place of its own unless it is set."""
    file = DATA / "jalon.env"
    named = file.exists() and "JALON_DATA_DIR" in file.read_text(encoding="utf-8")
    return Settings.load(file if file.exists() else None,
                         **({} if named or "JALON_DATA_DIR" in os.environ else {"data_dir": DATA / ".data" / "body"}))


def _context(text: str) -> dict[str, Any]:
    """Variables as JSON. Raises: values.NotJson."""
    found = values.read_json(text)
    if not isinstance(found, dict):
        raise values.NotJson(why=_say("un objet { … } est attendu", "an object { … } is expected"))
    return found


def _time() -> dict[str, Any]:
    """The time of an expression that no case runs: now, in UTC."""
    return {"now": SystemClock().now, "today": lambda: SystemClock().now().date()}


def _read_json(file: Path) -> Any:
    try:
        return json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, UnicodeDecodeError) as error:
        message = _say("n’est pas du JSON lisible", "is not readable JSON")
        click.echo(f"jalon: {file.name} {message}: {error}", err=True)
        raise SystemExit(BAD_INPUT) from error


def _read_files(paths: tuple[Path, ...]) -> dict[str, dict[str, bytes]]:
    """Process folders by name; loose files are a folder of their own."""
    found = {path.name: read_folder(path) for path in paths if path.is_dir()}
    files = [path for path in paths if path.is_file()]
    alike = Counter(path.name for path in files)            # two of one name stay two
    loose = {path.name if alike[path.name] == 1 else path.as_posix(): path.read_bytes() for path in files}
    return {**found, "": loose} if loose else found


def _deploy_what_ships(engine: Engine, *, again: bool = False) -> list[tuple[str, int]]:
    """Publish the shipped processes that have no version yet; with `again`, those that changed too."""
    shipped = folders(PROCESSES)
    if not again and all(engine.library.has(key) for key in shipped):
        return []
    return [(one.key, one.version) for one in engine.deploy_all(shipped, None)]


def _serve(house: House, host: str, port: int, threads: int, *, demo_parts: Demo | None = None) -> None:
    import waitress

    from web import create_app

    app = create_app(house.engine, house.queries, house.store, house.settings, house.clock, groups=house.groups, demo_parts=demo_parts,
                     studio_parts=open_studio(house))
    with Worker(house.engine):
        # browsers keep connections open: waitress's own limit of 100 is a dozen people
        waitress.serve(app, host=host, port=port, threads=threads, ident="jalon", connection_limit=1000, asyncore_use_poll=True)


def _until_interrupted() -> None:
    import threading

    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        click.echo("")


# --- the demo ------------------------------------------------------------------------------------

def _make_demo(demo_house: DemoHouse, settings: Settings) -> None:
    click.echo(_say("· la démonstration se fabrique : dix mois d’un organisme certificateur, en temps virtuel",
                    "· making the demo: ten months of a certification body, in virtual time"))
    count = demo_house.make(settings, lambda day: click.echo(f"  {day:%d/%m/%Y}"))
    click.echo(_say(f"· {count} dossiers", f"· {count} cases"))


def _demo_parts(demo_house: DemoHouse, house: House, clock: PushedClock) -> Demo:
    """What the pages of the demo have beyond those of an installation."""
    from web.demo import Demo

    restart = (lambda: demo_house.restart(house.store, house.engine, clock)) if demo_house.can_restart else None
    return Demo(lambda: everybody(house.store), Leaps(house.engine, clock), restart)


def _tell_demo(house: House, port: int) -> None:
    click.echo(f"\nJalon: http://127.0.0.1:{port}\n")
    for one in everybody(house.store):
        if one.is_staff:
            groups = ", ".join(house.groups[group].name(_locale()) for group in house.groups if group in one.groups)
            click.echo(f"  {one.login:<10} {one.name:<20} {groups}")
    click.echo(_say("\nUn clic suffit pour devenir l’un d’eux. Arrêter : Ctrl C.", "\nOne click makes you one of them. Stop: Ctrl C."))


if __name__ == "__main__":
    main(prog_name="jalon")
