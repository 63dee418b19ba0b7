"""What every page shares: languages, security, logging in, errors."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from flask.testing import FlaskClient

from engine.clock import VirtualClock
from engine.people.links import EntryLinks
from engine.store.database import Store
from tests.web.conftest import MORNING, make_person
from web.assets import Assets, NotBuilt
from web.catalogue import Catalogue

WEB = Path("web")
KEYWORDS = {"_": None, "say": None, "gettext": None, "ngettext": (1, 2)}


def page_texts() -> set[str]:
    """Every text of templates and views, by its English."""
    method = [("**.py", "python"), ("templates/**.html", "jinja2.ext:babel_extract")]
    found = extract_from_dir(str(WEB), method, options_map={}, keywords=KEYWORDS)
    return {text if isinstance(text, str) else text[0] for _, _, text, _, _ in found}


def test_every_page_text_has_its_french() -> None:
    catalogue = Catalogue.read()
    assert sorted(page_texts() - set(catalogue._french)) == []


def test_no_french_is_kept_for_a_text_that_is_gone() -> None:
    assert sorted(set(Catalogue.read()._french) - page_texts()) == []


def test_templates_hold_no_words_outside_of_the_catalogue() -> None:
    """What is left of a template without tags, expressions, keys and comments has no words, names of norms aside."""
    known = {"Jalon", "Français", "English", "SIREN", "SIRET", "FEEL", "readonly", "required", "f", "Ctrl", "K"}
    stray = {}
    for path in (WEB / "templates").rglob("*.html"):
        bare = re.sub(r"<kbd>.*?</kbd>", " ", path.read_text())
        bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<style.*?</style>|<[^>]*>|&[a-z]+;", " ", bare, flags=re.S)
        bare = re.sub(r'[\w-]+="[^"]*"', " ", bare)
        found = {word for word in re.findall(r"[A-Za-zÀ-ÖØ-öø-ÿ]+", bare)} - known
        if found:
            stray[str(path)] = found
    assert stray == {}


def test_the_french_of_pages_keeps_french_typography() -> None:
    """A no-break space before double signs and inside guillemets; a curved apostrophe."""
    for english, french in Catalogue.read()._french.items():
        for text in [french] if isinstance(french, str) else french:
            bare = re.sub(r"%\(\w+\)[sd]", "x", text)
            assert not re.search(r"[^\u00a0\u202f\s] ?[;!?»]|« |\w:(?=\s|$)|\w :|'", bare), english


def test_a_page_is_told_in_the_language_that_is_asked(client: FlaskClient) -> None:
    assert '<html lang="fr"' in client.get("/verify").text
    english = client.get("/verify?lang=en")
    assert '<html lang="en"' in english.text and "Verify a Qualiopi certificate" in english.text
    assert '<html lang="en"' in client.get("/verify").text, "the choice is kept"


def test_the_appearance_is_kept_and_never_leads_to_another_site(client: FlaskClient) -> None:
    answer = client.post("/preferences", data={"theme": "dark", "next": "//elsewhere.example/"})
    assert answer.status_code == 303 and answer.location == "/", answer.location
    assert 'data-theme="dark"' in client.get("/verify").text


@pytest.mark.parametrize("headers", [
    {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://elsewhere.example"}, {}])
def test_a_form_sent_from_another_site_does_nothing(app: Flask, headers: dict[str, str]) -> None:
    answer = app.test_client().post("/preferences", data={"theme": "dark"}, headers=headers)
    assert answer.status_code == 403 and "Set-Cookie" not in answer.headers


def test_an_older_browser_that_only_names_its_origin_may_send_a_form(app: Flask) -> None:
    assert app.test_client().post("/preferences", data={"theme": "dark"}, headers={"Origin": "http://localhost"}).status_code == 303


def test_no_page_runs_what_is_not_a_file_of_the_site(client: FlaskClient) -> None:
    answer = client.get("/login")
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|<style", answer.text)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_built_file_is_kept_for_a_year_and_a_page_is_not(client: FlaskClient) -> None:
    with client.get(Assets().entry("app").script) as built:
        assert "max-age=31536000, immutable" in built.headers["Cache-Control"]
    assert client.get("/verify").headers["Cache-Control"] == "private, no-cache"


def test_without_the_build_the_error_says_how_to_make_it(tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"build\.py"):
        Assets(tmp_path).check()


def test_a_page_that_is_not_there_says_so_in_the_look_of_the_house(client: FlaskClient) -> None:
    answer = client.get("/nowhere")
    assert answer.status_code == 404 and "Il n’y a pas de page à cette adresse." in answer.text


def test_logging_in_opens_a_session_and_logging_out_ends_it(client: FlaskClient, store: Store) -> None:
    make_person(store, "anna", "auditor", password="correct horse battery")
    answer = client.post("/login", data={"login": " Anna ", "password": "correct horse battery"})
    cookie = answer.headers["Set-Cookie"]
    assert answer.status_code == 303 and "HttpOnly" in cookie and "SameSite=Lax" in cookie
    assert "Anna Martin" in client.get("/verify").text
    client.post("/logout")
    assert "Anna Martin" not in client.get("/verify").text


def test_a_wrong_password_says_no_and_does_not_say_which(client: FlaskClient, store: Store) -> None:
    make_person(store, "anna", "auditor", password="correct horse battery")
    wrong = client.post("/login", data={"login": "anna", "password": "wrong"})
    nobody = client.post("/login", data={"login": "nobody", "password": "wrong"})
    assert wrong.status_code == nobody.status_code == 403
    assert "Cet identifiant ou ce mot de passe ne convient pas." in wrong.text
    assert wrong.text.replace("anna", "") == nobody.text.replace("nobody", "")


def test_failing_often_makes_one_wait(client: FlaskClient, store: Store, clock: VirtualClock) -> None:
    make_person(store, "anna", "auditor", password="correct horse battery")
    tries = client.application.extensions["jalon.tries"]
    for _ in range(tries.MOST):
        tries.failed("anna", clock.now())
    right = {"login": "anna", "password": "correct horse battery"}
    assert "Trop d’essais" in client.post("/login", data=right).text
    clock.advance(timedelta(minutes=6))
    assert client.post("/login", data=right).status_code == 303


def test_a_mailed_link_lets_in_by_a_button_until_its_last_moment(client: FlaskClient, store: Store, clock: VirtualClock) -> None:
    make_person(store, "yann@lisiere.example", "applicant")
    link = EntryLinks("a secret of the tests, long enough").make("Yann@Lisiere.example", MORNING + timedelta(days=30))
    assert "Set-Cookie" not in client.get(f"/enter/{link}").headers, "looking at a link opens nothing"
    assert "jalon_session" in client.post(f"/enter/{link}").headers["Set-Cookie"]
    client.post("/logout")
    assert client.get(f"/enter/{link[:-2]}xx").status_code == 403
    clock.advance(timedelta(days=31))
    assert client.get(f"/enter/{link}").status_code == 403


def test_a_mailed_link_never_lets_in_somebody_of_the_house(client: FlaskClient, store: Store) -> None:
    make_person(store, "anna@corvane.example", "auditor")
    link = EntryLinks("a secret of the tests, long enough").make("anna@corvane.example", MORNING + timedelta(days=30), "c1")
    answer = client.post(f"/enter/{link}")
    assert answer.location == "/cases/c1" and "jalon_session" not in answer.headers.get("Set-Cookie", "")


def test_the_demo_is_not_there_when_this_is_no_demo(client: FlaskClient, store: Store) -> None:
    person = make_person(store, "anna", "auditor")
    assert client.post("/demo/become", data={"person": person.id}).status_code == 404


def test_a_watcher_is_told_that_all_is_well(client: FlaskClient) -> None:
    assert client.get("/health").json == {"status": "ok", "now": MORNING.isoformat()}
