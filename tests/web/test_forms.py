"""Forms drawn by process owners, as pages show them and take them back."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from flask import Flask, g, render_template_string

from engine.forms import FieldError, Form, FormInvalid
from engine.texts import Text
from web import forms
from web.host import host

SHIPPED = sorted(Path("processes").glob("*/*.form.json"))
DRAW = "{% with filled = filled %}{% include 'forms/_form.html' %}{% endwith %}"


def read(path: Path) -> Form:
    texts = yaml.safe_load((path.parent / "texts.en.yaml").read_text()).get("forms", {})
    key = path.name.removesuffix(".form.json")
    return Form.read(key, path.read_bytes(), texts.get(key))


def application() -> Form:
    return read(Path("processes/certification/application.form.json"))


def draw(app: Flask, form: Form, data: dict[str, object] | None = None, invalid: FormInvalid | None = None, locale: str = "fr") -> str:
    with app.test_request_context():
        g.locale, g.person = locale, None
        return render_template_string(DRAW, filled=forms.fill(form, {}, data, host().wording, invalid))


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
@pytest.mark.parametrize("locale", ["fr", "en"])
def test_a_shipped_form_draws_with_a_label_for_every_field(app: Flask, path: Path, locale: str) -> None:
    html = draw(app, read(path), locale=locale)
    labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    inputs = re.findall(r'<(?:input|select|textarea) id="([^"]+)"', html)
    assert set(inputs) <= labelled
    ids = re.findall(r' id="([^"]+)"', html)
    assert len(ids) == len(set(ids))


def test_what_was_typed_is_shown_again_right_or_wrong(app: Flask) -> None:
    form = application()
    data = form.parse({"organisation.name": "Lisière <Formation>", "turnover_eur": "beaucoup", "categories": ["OF", "CFA"]})
    html = draw(app, form, data)
    assert 'value="Lisière &lt;Formation&gt;"' in html and 'value="beaucoup"' in html
    assert len(re.findall(r'name="categories" value="(?:OF|CFA)" checked', html)) == 2


def test_each_fault_is_at_its_field_with_its_rule_and_in_the_summary(app: Flask) -> None:
    form = application()
    with pytest.raises(FormInvalid) as caught:
        form.validate({"organisation": {"nda": "12"}, "sites": [{"name": "Siège"}]}, {}, functions={})
    html = draw(app, form, {"organisation": {"nda": "12"}, "sites": [{"name": "Siège"}]}, caught.value)
    shown = re.findall(r'href="#(f-[^"]+)"', html)
    assert "f-organisation-name" in shown and "f-sites-0-city" in shown
    for anchor in shown:
        assert f'id="{anchor}"' in html and f'id="{anchor}-e"' in html
    assert "Sites, n° 1" in html and "Règle" in html
    assert 'aria-invalid="true"' in html


def test_a_fault_of_a_field_that_is_not_on_the_page_is_still_told(app: Flask) -> None:
    invalid = FormInvalid("application", {"ghost": [FieldError("unknown", Text("Inconnu.", "Unknown."))]})
    assert "Inconnu." in draw(app, application(), {}, invalid)


def test_a_list_grows_and_shrinks_by_buttons_and_keeps_what_was_typed(app: Flask) -> None:
    form = application()
    typed = {"sites.0.city": "Marseille", "sites.1.city": "Lyon", "organisation.name": "Lisière"}
    with app.test_request_context(method="POST", data={**typed, "_add": "sites"}):
        grown = forms.posted(form)
        assert forms.edits() and len(grown["sites"]) == 3
    with app.test_request_context(method="POST", data={**typed, "_remove": "sites.0"}):
        shrunk = forms.posted(form)
    assert [site["city"] for site in shrunk["sites"]] == ["Lyon"] and shrunk["organisation"]["name"] == "Lisière"
    assert draw(app, form, grown).count('name="sites.2.city"') == 1


def test_rows_nobody_has_typed_in_stay_while_the_form_is_filled_in_and_go_when_it_is_sent(app: Flask) -> None:
    form = application()
    typed = {"sites.0.city": "", "sites.1.city": "Lyon", "sites.2.city": " "}
    with app.test_request_context(method="POST", data={**typed, "_remove": "sites.2"}):
        assert [site.get("city") for site in forms.posted(form)["sites"]] == [None, "Lyon"]
    with app.test_request_context(method="POST", data=typed):
        assert [site.get("city") for site in forms.posted(form)["sites"]] == ["Lyon"]


@pytest.mark.parametrize("asked", ["sites.99", "nothing.0", "sites.x", "organisation.name.0", "", "."])
def test_a_button_that_names_no_row_changes_nothing(app: Flask, asked: str) -> None:
    form = application()
    with app.test_request_context(method="POST", data={"sites.0.city": "Lyon", "organisation.name": "Lisière", "_remove": asked}):
        data = forms.posted(form)
    assert data["sites"][0]["city"] == "Lyon" and data["organisation"]["name"] == "Lisière"


def test_a_text_component_cannot_bring_markup_of_its_own() -> None:
    html = str(forms.markdown("# Titre\n\n- **gras**\n- <img src=x onerror=y>\n\n[lien](javascript:alert) [bon](https://a.example)"))
    assert html.startswith("<h3>Titre</h3>") and "<strong>gras</strong>" in html
    assert "<img" not in html and 'href="javascript' not in html and '<a href="https://a.example">bon</a>' in html
