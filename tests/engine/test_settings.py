"""Settings are read from the environment, and a wrong one says what to set."""

from pathlib import Path

import pytest

from engine.settings import Settings, SettingsInvalid


def test_without_anything_set_the_database_is_a_file_in_the_data_folder() -> None:
    assert Settings.load(data_dir=Path("/somewhere")).database == "sqlite:////somewhere/jalon.sqlite3"


def test_nested_settings_take_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_MAIL__FROM", "bureau@corvane.example")
    monkeypatch.setenv("JALON_BODY__NAME", "Corvane Certification")
    settings = Settings.load()
    assert (settings.mail.sender, settings.body.name) == ("bureau@corvane.example", "Corvane Certification")


def test_every_wrong_setting_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JALON_MAIL__PORT", "many")
    monkeypatch.setenv("JALON_ZONE", "Mars/Olympus")
    monkeypatch.setenv("JALON_DATABASE_URL", "mysql://somewhere")
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load()
    assert {fault.split()[0] for fault in caught.value.faults} == {"JALON_MAIL__PORT", "JALON_ZONE", "JALON_DATABASE_URL"}
    assert "Europe/Paris" in caught.value.sentence("fr")


def test_without_a_secret_key_the_pages_do_not_start_and_the_key_is_never_shown() -> None:
    with pytest.raises(SettingsInvalid, match="JALON_SECRET_KEY"):
        Settings.load(secret_key="").secret()
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load(secret_key="hush").secret()
    assert "hush" not in str(caught.value)
    assert "hush" not in repr(Settings.load(secret_key="hush"))
