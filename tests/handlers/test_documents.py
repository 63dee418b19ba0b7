"""Papers: what they say, that they are PDF/A, and that typesetting ends."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import segno
from pypdf import PdfReader

from engine.handler import Complete, NewDocument, Task
from engine.settings import Body, Settings
from handlers.adapters.draft import DraftTypesetter
from handlers.adapters.typesetting import TypstTypesetter
from handlers.documents import PAPERS, UnknownPaper, produce
from handlers.papers import certificate as certificate_paper
from handlers.papers.letterhead import postal
from handlers.ports import Colleague, TypesettingFailed


@dataclass
class OneColleague:
    """A staff of one."""

    def of_group(self, group: str) -> tuple[Colleague, ...]:
        return ()

    def person(self, person_id: str) -> Colleague | None:
        return Colleague("anna", "Anna Kowalska", "anna@body.example", "fr") if person_id == "anna" else None


@pytest.fixture(scope="module")
def typesetter() -> Iterator[TypstTypesetter]:
    made = TypstTypesetter()
    yield made
    made.close()


@pytest.fixture
def case(application: dict[str, Any]) -> dict[str, Any]:
    """The variables of a case that went all the way."""
    nonconformity = {"number": 1, "indicator": 12, "title_fr": "Engagement", "title_en": "Engagement", "gravity": "minor",
                     "counted_as": "major", "fact": "Relevé du 12 mars :\ndeux abandons sans suite.", "requirement": "Suivre."}
    return {
        "application": application, "case_number": "2026-0412", "client_name": "Lisière Formation", "client_locale": "fr",
        "quote": {"number": "D2026-0412", "days": Decimal("2.5"), "day_rate_eur": 1050, "audit_eur": Decimal("2625.00"),
                  "file_fee_eur": 180, "total_eur": Decimal("2805.00"), "to_validate": True, "lines": [
                      {"label_fr": "Audit initial", "label_en": "Initial audit", "amount_eur": Decimal("2625.00")},
                      {"label_fr": "Frais de dossier", "label_en": "File fee", "amount_eur": 180}]},
        "planning": {"auditor_id": "anna", "audit_on": "2026-04-07", "days": Decimal("2.5"), "place": "Marseille"},
        "audit": {"closed_on": date(2026, 4, 9), "summary": "Conforme.\n\nDeux écarts.", "opinion": "favourable_after_remediation"},
        "indicators": [1, 2, 12], "counts": {"minor": 5, "major": 0, "counted_major": 1}, "nonconformities": [nonconformity],
        "decision": {"outcome": "refused", "reason": "Les preuves ne couvrent pas tous les sites."}, "decision_on": "2026-05-04",
        "certificate": {"id": "x", "number": "Q2026-0031", "starts_on": date(2026, 5, 4), "ends_on": date(2029, 5, 3),
                        "categories": ["OF", "CFA"], "verify_url": "https://certification.example/verify/Q2026-0031"},
    }


@pytest.fixture
def paper(task: Callable[..., Task], settings: Settings, typesetter: TypstTypesetter) -> Callable[..., tuple[NewDocument, str]]:
    """Produce a paper; gives the document and its text with plain spaces."""
    def make(template: str, case: dict[str, Any]) -> tuple[NewDocument, str]:
        outcome = produce(task(template=template, result_name="made_id", **case), typesetter, settings, OneColleague())
        assert isinstance(outcome, Complete)
        [document] = outcome.documents
        pages = PdfReader(io.BytesIO(document.content)).pages
        return document, " ".join(" ".join(page.extract_text() for page in pages).split())
    return make


def test_the_certificate_says_what_the_law_wants_and_keeps_for_ten_years(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    document, words = paper("certificate", case)
    assert (document.name, document.kind, document.result, document.public_to_parties) \
        == ("Certificat Q2026-0031.pdf", "certificate", "made_id", True)
    for said in ("Q2026-0031", "Lisière Formation", "523 456 788", "93132041513", "L. 6316-1", "4 mai 2026", "3 mai 2029",
                 "La certification qualité a été délivrée au titre de la ou des catégories d’actions suivantes : "
                 "actions de formation ; actions de formation par apprentissage",
                 "Annexe au certificat", "11 rue d’Alger, 83000 Toulon", "https://certification.example/verify/Q2026-0031", "Diane Lefort"):
        assert said in words, said
    xmp = PdfReader(io.BytesIO(document.content)).xmp_metadata
    assert xmp is not None and "<pdfaid:part>3" in xmp.stream.get_data().decode()


def test_the_code_on_the_certificate_leads_to_its_verification(case: dict[str, Any]) -> None:
    drawn = certificate_paper.images(case)["qr"].decode()
    expected = io.BytesIO()
    code = segno.make(case["certificate"]["verify_url"], error="m", micro=False)
    code.save(expected, kind="svg", border=0, dark="#123563", xmldecl=False)
    assert drawn == expected.getvalue().decode() and "<path" in drawn


def test_a_refusal_gives_its_reasons_and_how_to_appeal_in_the_language_of_the_client(
        paper: Callable[..., Any], case: dict[str, Any]) -> None:
    _, french = paper("decision_letter", case)
    assert "Votre certification est refusée" in french and "Les preuves ne couvrent pas tous les sites." in french and "appel" in french
    document, english = paper("decision_letter", case | {"client_locale": "en", "decision": {"outcome": "refused", "by_law": True}})
    assert document.name == "Decision 2026-0412.pdf"
    assert "Your certification is refused" in english and "The law then leaves no choice" in english and "4 May 2026" in english


def test_a_refusal_by_law_names_the_nonconformity_and_its_last_day(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    lapsed = {"number": 2, "indicator": 21, "title_fr": "Compétences des intervenants", "title_en": "Competence of contributors",
              "counted_as": "major", "last_on": date(2026, 4, 30)}
    def said(locale: str, **facts: Any) -> str:
        _, words = paper("decision_letter", case | {"client_locale": locale, "decision": {
            "outcome": "refused", "by_law": True, "reason": None, "lapsed": [lapsed | facts]}})
        return str(words)
    english = said("en")
    assert "Non-conformity no. 2 (indicator 21, Competence of contributors)" in english and "was not lifted by 30 April 2026" in english
    french = said("fr", counted_as="minor")
    assert "remis au plus tard le 30 avril 2026 pour la non-conformité mineure n° 2" in french and "21, Compétences des interve" in french


def test_a_grant_says_that_open_minors_will_be_checked(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    case["nonconformities"][0]["counted_as"] = "minor"
    _, words = paper("decision_letter", case | {"decision": {"outcome": "granted"}})
    assert "Votre certification est accordée" in words and "vérifiées au prochain audit" in words and "Recours" not in words


def test_a_quote_with_sample_prices_says_so(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    document, words = paper("quote", case)
    assert document.name == "Devis D2026-0412.pdf"
    assert "à valider" in words and "2 805,00 €" in words and "2,5 jours" in words and "Bon pour accord" in words
    case["quote"]["to_validate"] = False
    _, english = paper("quote", case | {"client_locale": "en"})
    assert "€2,805.00" in english and "to be validated" not in english


def test_the_report_names_the_auditor_and_each_finding_with_how_it_counts(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    _, words = paper("audit_report", case)
    for said in ("Anna Kowalska", "7 avril 2026", "5 mineures. 1 mineure", "1 mineure compte comme majeure", "comptée comme majeure",
                 "deux abandons sans suite.", "favorable après levée"):
        assert said in words, said


def test_what_people_type_is_never_read_as_typst(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    case["audit"]["summary"] = '#panic("boo") $x$ *gras* \\ <b> #import "x"'
    _, words = paper("audit_report", case)
    assert '#panic("boo") $x$ *gras* \\ <b> #import "x"' in words


def test_the_same_data_on_the_same_day_give_the_same_bytes(paper: Callable[..., Any], case: dict[str, Any]) -> None:
    assert paper("certificate", case)[0].content == paper("certificate", case)[0].content


def test_every_paper_is_set_from_bare_settings_and_a_foreign_applicant(
        task: Callable[..., Task], typesetter: TypstTypesetter, case: dict[str, Any], sample: Callable[[str], Any]) -> None:
    case |= {"application": sample("foreign-organisation"), "client_locale": "en"}
    case["certificate"]["categories"] = ["OF"]
    assert postal(case["application"]["organisation"])[-1] == "Allemagne" and postal({"country": "DE"}, "en") == ["Germany"]
    for template in PAPERS:
        outcome = produce(task(template=template, **case), typesetter, Settings(body=Body()), OneColleague())
        assert isinstance(outcome, Complete) and outcome.documents[0].content.startswith(b"%PDF-")
        draft = produce(task(template=template, **case), DraftTypesetter(), Settings(body=Body()), OneColleague())
        assert isinstance(draft, Complete) and b"draft" in draft.documents[0].content


def test_an_unknown_paper_is_refused_by_name(task: Callable[..., Task], settings: Settings) -> None:
    with pytest.raises(UnknownPaper, match="invoice"):
        produce(task(template="invoice"), DraftTypesetter(), settings, OneColleague())


def test_typesetting_that_never_ends_is_stopped_and_the_next_paper_is_set(tmp_path: Path) -> None:
    (tmp_path / "endless.typ").write_text("#for a in range(9000) { for b in range(9000) { for c in range(9000) {} } }")
    (tmp_path / "thief.typ").write_text('#read("/etc/passwd")')
    (tmp_path / "plain.typ").write_text('#set document(title: "T")\n#set text(lang: "fr")\nBonjour')
    typesetter, made_on = TypstTypesetter(limit_seconds=1, templates=tmp_path), {"made_on": "2026-03-16"}
    assert typesetter.pdf("plain", made_on, {}).startswith(b"%PDF-")
    with pytest.raises(TypesettingFailed, match="no answer"):
        typesetter.pdf("endless", made_on, {})
    assert typesetter.pdf("plain", made_on, {}).startswith(b"%PDF-")
    with pytest.raises(TypesettingFailed, match="thief"):
        typesetter.pdf("thief", made_on, {})
    typesetter.close()
