"""The tables of the body's registers (SQLAlchemy Core), in the engine's `metadata`.

Owns: names, types and indices of everything the body keeps beyond its cases: whom it certifies, who audits, what was found, what was
issued. One row is one fact; a certificate keeps a copy of what it says, so that a later change of address does not rewrite it.
Leaves: entering and reading to the modules beside this one; migrations to `migrations/`.
Promises: `instance_id` names the case a row comes from and is no foreign key, because a handler of the first step runs before the
engine has written that case's row. Days are civil days of the body's zone; moments are UTC.
Rule: ISO/IEC 17065:2012, 7.8 (directory of certified products) and 7.12 (records).
"""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from engine.store.tables import ID, Moment, metadata

EMAIL = String(320)
NAME = String(200)

# --- whom the body certifies ---------------------------------------------------------------------

organisation = Table(
    "organisation", metadata,
    Column("id", ID, primary_key=True),
    Column("identity", String(300), nullable=False, unique=True),  #: what makes it the same: SIREN; abroad, country and name too
    Column("name", NAME, nullable=False),                   #: legal name
    Column("trading_name", NAME),
    Column("legal_status", NAME, nullable=False, default=""),
    Column("siren", String(9), nullable=False),             #: its own, or its representative's when the head office is abroad
    Column("siret", String(14)),                            #: of the head office
    Column("nda", String(20)),                              #: declaration of activity, 11 characters
    Column("nda_status", String(20), nullable=False, default="valid"),  #: "valid" or "pending"
    Column("nda_filed_on", Date),                           #: day of filing, while it is pending
    Column("address", String(300), nullable=False, default=""),
    Column("postcode", String(20), nullable=False, default=""),
    Column("city", NAME, nullable=False, default=""),
    Column("country", String(2), nullable=False, default="FR"),  #: ISO 3166-1, of the head office
    Column("website", String(300)),
    Column("search", String(600), nullable=False, default=""),  #: names, city and numbers without accents or capitals
    Column("created_at", Moment, nullable=False),
    Column("updated_at", Moment, nullable=False),
    Index(None, "siren"),
    Index(None, "name", "id"),
    Index(None, "nda"),
)

site = Table(
    "site", metadata,
    Column("organisation_id", ID, ForeignKey("organisation.id"), primary_key=True),
    Column("position", Integer, primary_key=True),          #: 1, 2, 3 … in the order of the application
    Column("name", NAME, nullable=False),
    Column("siret", String(14)),
    Column("address", String(300), nullable=False, default=""),
    Column("postcode", String(20), nullable=False, default=""),
    Column("city", NAME, nullable=False, default=""),
)

contact = Table(
    "contact", metadata,                                    # one person a role; the last application told us
    Column("organisation_id", ID, ForeignKey("organisation.id"), primary_key=True),
    Column("role", String(20), primary_key=True),           #: "manager", "contact" or "representative"
    Column("name", NAME, nullable=False),
    Column("email", EMAIL, nullable=False, default=""),
    Column("phone", String(40)),
    Column("language", String(5), nullable=False, default="fr"),
    Column("siren", String(9)),                             #: of a representative
    Column("address", String(300)),
    Column("postcode", String(20)),
    Column("city", NAME),
    Column("appointed_on", Date),                           #: of a representative
    Index(None, "email"),
)

application = Table(
    "application", metadata,                                # one row a case that asks for certification
    Column("instance_id", ID, primary_key=True),
    Column("number", String(20), nullable=False, unique=True),  #: "2026-0412"
    Column("organisation_id", ID, ForeignKey("organisation.id"), nullable=False),
    Column("categories", JSON, nullable=False),             #: ["OF", "CFA"]
    Column("received_on", Date, nullable=False),
    Index(None, "organisation_id", "received_on"),
)

# --- who audits ----------------------------------------------------------------------------------

auditor = Table(
    "auditor", metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("city", NAME, nullable=False, default=""),       #: where they start from
    Column("active", Boolean, nullable=False, default=True),
)

auditor_category = Table(
    "auditor_category", metadata,                           # what an auditor is qualified for
    Column("person_id", ID, ForeignKey("auditor.person_id"), primary_key=True),
    Column("category", String(10), primary_key=True),       #: "OF", "BC", "VAE", "CFA"
    Column("qualified_on", Date, nullable=False),
    Column("until", Date),                                  #: last day of the qualification; none: no end
    Column("basis", String(300), nullable=False, default=""),  #: what it rests on: diploma, experience, observed audit
)

auditor_language = Table(
    "auditor_language", metadata,
    Column("person_id", ID, ForeignKey("auditor.person_id"), primary_key=True),
    Column("language", String(5), primary_key=True),        #: ISO 639-1
)

auditor_interest = Table(
    "auditor_interest", metadata,                           # links declared by the auditor, or noted by the quality manager
    Column("id", ID, primary_key=True),
    Column("person_id", ID, ForeignKey("auditor.person_id"), nullable=False),
    Column("siren", String(9), nullable=False),             #: the other side need not be a client yet
    Column("organisation_name", NAME, nullable=False),
    Column("kind", String(20), nullable=False),             #: see `auditors.INTERESTS`
    Column("from_on", Date, nullable=False),
    Column("to_on", Date),                                  #: last day; none: it lasts
    Column("note", String(500), nullable=False, default=""),
    Index(None, "person_id"),
    Index(None, "siren"),
)

# --- what was found ------------------------------------------------------------------------------

audit = Table(
    "audit", metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, nullable=False),
    Column("kind", String(20), nullable=False),             #: "initial", "surveillance", "renewal", "extension"
    Column("organisation_id", ID, ForeignKey("organisation.id"), nullable=False),
    Column("auditor_id", ID, ForeignKey("person.id"), nullable=False),
    Column("audit_on", Date, nullable=False),               #: first day
    Column("half_days", Integer, nullable=False),           #: length, counted in half-days
    Column("place", String(300), nullable=False, default=""),
    Column("indicators", JSON, nullable=False),             #: [1, 2, 4 …] in scope
    Column("closed_on", Date),                              #: day of the closing meeting
    Column("opinion", String(40)),                          #: the auditor's, never the decision
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("instance_id", "kind"),
    Index(None, "organisation_id", "audit_on"),
    Index(None, "auditor_id", "audit_on"),
)

nonconformity = Table(
    "nonconformity", metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, nullable=False),
    Column("organisation_id", ID, ForeignKey("organisation.id")),
    Column("number", Integer, nullable=False),              #: 1, 2, 3 … within the case, in order of finding
    Column("indicator", Integer, nullable=False),           #: 1 to 32
    Column("gravity", String(10), nullable=False),          #: "minor" or "major", as found
    Column("counted_as", String(10), nullable=False),       #: "major" for the fifth open minor and each further one
    Column("fact", Text, nullable=False),
    Column("requirement", Text, nullable=False),
    Column("risk", Text),
    Column("found_on", Date, nullable=False),
    Column("state", String(20), nullable=False),            #: NonconformityState
    Column("due_on", Date),                                 #: last day of the time limit that goes with its state
    Column("settled_at", Moment),
    UniqueConstraint("instance_id", "number"),
    Index(None, "organisation_id", "state"),
    Index(None, "indicator", "found_on"),
)

# --- what was issued -----------------------------------------------------------------------------

certificate = Table(
    "certificate", metadata,                                # the directory of certified clients
    Column("id", ID, primary_key=True),
    Column("number", String(30), nullable=False, unique=True),  #: "Q2026-0031", printed and typed by the public
    Column("instance_id", ID, nullable=False, unique=True), #: the case whose decision it states
    Column("organisation_id", ID, ForeignKey("organisation.id"), nullable=False),
    Column("holder", JSON, nullable=False),                 #: {name, siren, nda, address, postcode, city, country} on the day of issue
    Column("sites", JSON, nullable=False),                  #: [{name, address, postcode, city}] on the day of issue
    Column("siren", String(9), nullable=False),
    Column("categories", JSON, nullable=False),             #: ["OF", "CFA"]
    Column("decided_on", Date, nullable=False),
    Column("starts_on", Date, nullable=False),              #: first day it is valid
    Column("ends_on", Date, nullable=False),                #: last day it is valid, included
    Column("state", String(20), nullable=False),            #: CertificateState; "valid" past `ends_on` reads as expired
    Column("state_on", Date, nullable=False),               #: day of that state
    Column("state_reason", String(500), nullable=False, default=""),
    Column("issued_at", Moment, nullable=False),
    Index(None, "siren", "ends_on"),
    Index(None, "organisation_id", "ends_on"),
    Index(None, "state", "ends_on"),
)
