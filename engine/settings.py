"""The settings of one installation, from the environment (prefix `JALON_`) and an optional settings file of the same names.

Owns: what may be set and what it is when nobody sets it.
Leaves: who reads them to `jalon.py`; nothing below it reads the environment.
Promises: a wrong or missing setting is told by its name with what to set; a secret is never shown.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from engine.errors import Invalid

SHORTEST_SECRET = 32
MAKE_SECRET = 'make one with: python -c "import secrets; print(secrets.token_urlsafe(48))"'
PREFIX = "JALON_"


class SettingsInvalid(Invalid):
    """These settings are not right: {faults}"""

    fr = "Ces réglages ne conviennent pas : {faults}"

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__(faults="; ".join(faults))


class Body(BaseModel):
    """The certification body, as its documents and letters name it. Set `JALON_BODY__NAME` and so on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = "Organisme certificateur"
    address: str = ""                                       #: street, on one line
    postcode: str = ""
    city: str = ""
    country: str = "France"
    siren: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    accreditation_number: str = ""                          #: Cofrac, "5-0000"
    accreditation_scope: str = ""                           #: where its scope is published
    signatory: str = ""                                     #: who signs decisions
    signatory_title: str = ""
    alsace_moselle: bool = False                            #: count its two more public holidays


class Mail(BaseModel):
    """The mail server. Set `JALON_MAIL__HOST` and so on; without a host nothing is sent and letters stay in the mailbox of the demo."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = ""
    port: int = Field(default=587, ge=1, le=65535)
    user: str = ""
    password: SecretStr = SecretStr("")
    sender: str = Field(default="", alias="from")           #: JALON_MAIL__FROM
    starttls: bool = True
    timeout_seconds: float = Field(default=30, gt=0)


class Links(BaseModel):
    """How long mailed links live and applications are kept. Set `JALON_LINKS__LOGIN_MINUTES` and so on."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    login_minutes: int = Field(default=30, ge=5, le=24 * 60)         #: a new link to log in; it works once
    invitation_days: int = Field(default=14, ge=1, le=90)            #: an invitation to a case; it works once
    application_days: int = Field(default=30, ge=1, le=365)          #: the link to an application that is not sent yet
    application_kept_days: int = Field(default=30, ge=1, le=365)     #: after its last change it is erased, files too
    shortest_seconds: float = Field(default=2, ge=0, le=60)          #: who sends the first public form faster is asked once more


class Settings(BaseSettings):
    """All settings. Nested ones take two underscores: `JALON_MAIL__HOST`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_nested_delimiter="__", extra="ignore", frozen=True)

    data_dir: Path = Path("data")                           #: the SQLite file and what else is kept on disk
    database_url: str = ""                                  #: empty: SQLite in the data folder
    secret_key: SecretStr = SecretStr("")                   #: signs cookies and links; needed to serve
    zone: str = "Europe/Paris"                              #: where the body's civil days are
    base_url: str = "http://127.0.0.1:8000"                 #: how people reach the pages, for links in mail and QR codes
    body: Body = Body()
    mail: Mail = Mail()
    links: Links = Links()
    proxies: int = Field(default=0, ge=0, le=5)             #: proxies before the pages that name the visitor’s address

    @field_validator("zone")
    @classmethod
    def _known_zone(cls, zone: str) -> str:
        if zone not in available_timezones():
            raise ValueError("is no time zone; set a name such as Europe/Paris")
        return zone

    @field_validator("base_url")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if not url.startswith(("http://", "https://")):
            raise ValueError("must start with http:// or https://")
        return url.rstrip("/")

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str) -> str:
        if url and not url.startswith(("sqlite:", "postgresql:", "postgresql+psycopg:")):
            raise ValueError("must start with sqlite: or postgresql:")
        return url

    @classmethod
    def load(cls, env_file: Path | None = None, **overrides: Any) -> Settings:
        """Read the settings: overrides before the environment before the file.

        Raises: SettingsInvalid, naming each wrong setting and what it must be.
        """
        try:
            return cls(_env_file=env_file, **overrides)  # type: ignore[call-arg]
        except ValidationError as error:
            raise SettingsInvalid([_fault(one["loc"], one["msg"]) for one in error.errors(include_input=False)]) from None

    @property
    def database(self) -> str:
        """The address of the database: as set, else an SQLite file in the data folder."""
        return self.database_url or f"sqlite:///{self.data_dir / 'jalon.sqlite3'}"

    def secret(self) -> str:
        """The key that signs cookies and links. Raises: SettingsInvalid, when it is not set or too short."""
        secret = self.secret_key.get_secret_value()
        if len(secret) < SHORTEST_SECRET:
            what = "is not set" if not secret else f"has fewer than {SHORTEST_SECRET} characters"
            raise SettingsInvalid([f"{PREFIX}SECRET_KEY {what}; {MAKE_SECRET}"])
        return secret


def _fault(location: tuple[int | str, ...], message: str) -> str:
    return f"{PREFIX}{'__'.join(str(part) for part in location).upper()} {message.removeprefix('Value error, ')}"
