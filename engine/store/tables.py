"""The tables of the engine (SQLAlchemy Core).

Owns: names, types and indices of every engine table. Registers of the body add theirs to the same `metadata`
(`handlers.registers.tables`). Migrations are in `migrations/`.
Promises: moments are UTC; days are civil days of the body's zone; every list a page shows has an index for its first page.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    true,
)

metadata = MetaData(naming_convention={
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s",
})


class Moment(TypeDecorator[datetime]):
    """A moment, aware and in UTC on the way in and out, on SQLite too. A naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


ID = String(32)  #: 32 hex digits, not guessable; a token's row carries the token's id
KEY = String(200)
#: Compared byte by byte on every database, so that the words that begin with some letters lie together.
WORD = String(40).with_variant(String(40, collation="C"), "postgresql")

# --- definitions ---------------------------------------------------------------------------------

content = Table(
    "content", metadata,
    Column("hash", String(64), primary_key=True),          #: SHA-256 of the bytes
    Column("bytes", LargeBinary, nullable=False),
)

definition = Table(
    "definition", metadata,
    Column("id", ID, primary_key=True),
    Column("key", KEY, nullable=False),                     #: folder under processes/, "certification"
    Column("version", Integer, nullable=False),             #: 1, 2, 3 … within the key
    Column("hash", String(64), nullable=False),             #: of all its files, by path
    Column("name", JSON, nullable=False),                   #: {"fr", "en"}
    Column("state", String(20), nullable=False),            #: DefinitionState
    Column("published_at", Moment, nullable=False),
    Column("published_by", ID),
    Column("calls", JSON),                                  #: {process called: definition id}, as it was when this was published
    UniqueConstraint("key", "version"),
)

definition_file = Table(
    "definition_file", metadata,
    Column("definition_id", ID, ForeignKey("definition.id"), primary_key=True),
    Column("path", String(300), primary_key=True),          #: inside the folder, "certification.bpmn"
    Column("hash", String(64), ForeignKey("content.hash"), nullable=False),
)

publication = Table(
    "publication", metadata,                                # how a version came to be: one row a version, never changed but to retire it
    Column("definition_id", ID, ForeignKey("definition.id"), primary_key=True),
    Column("way", String(20), nullable=False),              #: "studio" through the gate, "operator" from the machine's command line
    Column("based_on", ID),                                 #: the version the draft was opened from
    Column("draft_id", ID),
    Column("approval_id", ID),
    Column("evidence", JSON, nullable=False),               #: the conditions of the gate as they stood, see engine.change.gate
    Column("retired_at", Moment),
    Column("retired_by", ID),
    Column("retired_reason", Text),
)

# --- drafts ---------------------------------------------------------------------------------------

draft = Table(
    "draft", metadata,                                      # a process folder being changed
    Column("id", ID, primary_key=True),
    Column("key", KEY, nullable=False),                     #: folder it will be published as
    Column("name", String(200), nullable=False),            #: what its authors call it, "Relance par SMS"
    Column("based_on", ID, ForeignKey("definition.id")),    #: version it was opened from; none: from nothing
    Column("hash", String(64), nullable=False),             #: of all its files, by path
    Column("revision", Integer, nullable=False),            #: grows by one at every save
    Column("state", String(20), nullable=False),            #: DraftState
    Column("created_at", Moment, nullable=False),
    Column("created_by", ID, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("saved_by", ID, nullable=False),
    Column("published_as", ID, ForeignKey("definition.id")),
    Index(None, "state", "saved_at"),
    Index(None, "key", "state"),
)

draft_file = Table(
    "draft_file", metadata,
    Column("draft_id", ID, ForeignKey("draft.id"), primary_key=True),
    Column("path", String(300), primary_key=True),
    Column("hash", String(64), ForeignKey("content.hash"), nullable=False),
)

draft_save = Table(
    "draft_save", metadata,                                 # who changed what: append-only; whoever stands here may not approve
    Column("draft_id", ID, ForeignKey("draft.id"), primary_key=True),
    Column("revision", Integer, primary_key=True),          #: the revision it made
    Column("at", Moment, nullable=False),
    Column("by_id", ID, nullable=False),
    Column("hash", String(64), nullable=False),             #: of the whole draft after it
    Column("files", JSON, nullable=False),                  #: {path: hash of the content, null when it was removed}
)

approval = Table(
    "approval", metadata,                                   # a second person's word on one exact content
    Column("id", ID, primary_key=True),
    Column("draft_id", ID, ForeignKey("draft.id"), nullable=False),
    Column("hash", String(64), nullable=False),             #: of the draft when it was asked; good for nothing else
    Column("state", String(20), nullable=False),            #: ApprovalState
    Column("asked_by", ID, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("request", Text, nullable=False, default=""),    #: what the author says of the change
    Column("decided_by", ID),
    Column("decided_at", Moment),
    Column("comment", Text, nullable=False, default=""),    #: what the second person says
    Column("voided_at", Moment),                            #: when a later save took its force away
    Index(None, "draft_id", "asked_at"),
    Index(None, "state", "asked_at"),
)

proof = Table(
    "proof", metadata,                                      # what a run on one exact content has shown, so that it need not run again
    Column("digest", String(64), primary_key=True),         #: of all that the run read
    Column("kind", String(20), nullable=False),             #: "story" or "replay"
    Column("result", JSON, nullable=False),
    Column("at", Moment, nullable=False, index=True),
)

trial = Table(
    "trial", metadata,                                      # a process being tried out by one person: enough to live it again
    Column("id", ID, primary_key=True),
    Column("content_id", ID, nullable=False),               #: the draft or version
    Column("key", KEY, nullable=False),                     #: its folder
    Column("hash", String(64), nullable=False),             #: of the files it plays on
    Column("files", JSON, nullable=False),                  #: {path: hash of the content}
    Column("by_id", ID, nullable=False),                    #: whose it is
    Column("began_at", Moment, nullable=False),             #: in its own time
    Column("acts", JSON, nullable=False),                   #: what was done, in order; see engine.change.trials.acts
    Column("revision", Integer, nullable=False),            #: grows with every change of the acts
    Column("created_at", Moment, nullable=False),
    Column("touched_at", Moment, nullable=False, index=True),
    Index(None, "by_id", "content_id", "touched_at"),
)

# --- people --------------------------------------------------------------------------------------

person = Table(
    "person", metadata,
    Column("id", ID, primary_key=True),
    Column("login", KEY, nullable=False, unique=True),      #: what is typed to log in; an applicant's is the e-mail address
    Column("name", String(200), nullable=False),
    Column("email", String(320), nullable=False, default=""),
    Column("locale", String(5), nullable=False, default="fr"),
    Column("theme", String(10), nullable=False, default="system"),
    Column("shortcuts", Boolean, nullable=False, default=True, server_default=true()),  #: single keys do something (WCAG 2.1.4)
    Column("password_hash", String(200)),                   #: argon2; none for who only enters by a mailed link
    Column("active", Boolean, nullable=False, default=True),
    Column("created_at", Moment, nullable=False),
)

membership = Table(
    "membership", metadata,
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("group_id", KEY, primary_key=True),              #: key in processes/groups.yaml
    Index(None, "group_id"),
)

session = Table(
    "session", metadata,
    Column("token_hash", String(64), primary_key=True),     #: SHA-256 of the cookie
    Column("person_id", ID, ForeignKey("person.id"), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

# --- instances -----------------------------------------------------------------------------------

instance = Table(
    "instance", metadata,
    Column("id", ID, primary_key=True),
    Column("definition_id", ID, ForeignKey("definition.id"), nullable=False),
    Column("process_id", KEY, nullable=False),              #: id of the <process>
    Column("bindings", JSON, nullable=False),               #: {"": process id, folder called: definition id}, changed by late calls
    Column("business_key", KEY),                            #: the case number people use, "2026-0412"
    Column("title", String(300), nullable=False, default=""),
    Column("sort_title", String(300), nullable=False, default="", server_default=""),  #: the title without accents or capitals
    Column("found_by", Text, nullable=False, default="", server_default=""),  #: the words it is found by, see engine.store.words
    Column("state", String(20), nullable=False),            #: InstanceState
    Column("revision", Integer, nullable=False),            #: grows by one at every step
    Column("blob", LargeBinary, nullable=False),            #: kernel state, without specs
    Column("variables", LargeBinary, nullable=False),       #: scopes, encoded by engine.values
    Column("milestone", KEY),                               #: where it stands
    Column("milestones", JSON, nullable=False),             #: {milestone: ISO moment it was reached}
    Column("performers", JSON, nullable=False, default=dict, server_default="{}"),  #: {activity: [ids of people who completed it]}
    Column("outcome", KEY),                                 #: id of the end event reached last
    Column("cancel_reason", Text),
    Column("event_seq", Integer, nullable=False),           #: number of its last history event
    Column("event_hash", String(64), nullable=False),       #: hash of its last history event
    Column("started_at", Moment, nullable=False),
    Column("started_by", ID),
    Column("ended_at", Moment),
    Column("updated_at", Moment, nullable=False),
    UniqueConstraint("process_id", "business_key"),
    Index(None, "state", "updated_at"),
    Index(None, "updated_at"),
    Index(None, "started_at"),
    Index(None, "milestone", "updated_at"),
    Index(None, "definition_id", "state"),
)

party = Table(
    "party", metadata,                                      # who of the outside belongs to a case
    Column("instance_id", ID, ForeignKey("instance.id"), primary_key=True),
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("role", KEY, primary_key=True),                  #: "client", "representative"
    Column("may_answer", Boolean, nullable=False, default=True, server_default=true()),  #: complete tasks and add files
    Column("may_invite", Boolean, nullable=False, default=True, server_default=true()),  #: bring others in, and remove them
    Index(None, "person_id"),
)

mailed_link = Table(
    "mailed_link", metadata,                                # secret links mailed to people of the outside
    Column("token_hash", String(64), primary_key=True),     #: SHA-256 of the link's last part
    Column("purpose", String(20), nullable=False),          #: LinkPurpose
    Column("about", ID, nullable=False, default=""),        #: the intake or the case it leads to
    Column("email", String(320), nullable=False),           #: in lower case
    Column("data", JSON, nullable=False),                   #: of an invitation: name, rights, who invited
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("used_at", Moment),                              #: of one that works once
    Index(None, "purpose", "about"),
)

# --- what is still being filled in ---------------------------------------------------------------

intake = Table(
    "intake", metadata,                                     # a start form that somebody of the outside is filling in
    Column("id", ID, primary_key=True),
    Column("message", KEY, nullable=False),                 #: what it will be sent as, "application.received"
    Column("email", String(320), nullable=False, index=True),  #: in lower case; where its links go
    Column("locale", String(5), nullable=False),
    Column("answers", LargeBinary, nullable=False),         #: as typed so far, encoded by engine.values; nothing once it is sent
    Column("seen", JSON, nullable=False),                   #: ids of the steps that were left at least once
    Column("state", String(20), nullable=False),            #: IntakeState
    Column("instance_id", ID),                              #: the case it became
    Column("created_at", Moment, nullable=False),
    Column("saved_at", Moment, nullable=False),
    Column("erase_at", Moment, nullable=False, index=True), #: when all of it is erased
)

intake_file = Table(
    "intake_file", metadata,
    Column("id", ID, primary_key=True),
    Column("intake_id", ID, ForeignKey("intake.id"), nullable=False, index=True),
    Column("slot", KEY, nullable=False),                    #: the question it answers
    Column("hash", String(64), ForeignKey("content.hash"), nullable=False),
    Column("name", String(300), nullable=False),
    Column("media_type", String(100), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("created_at", Moment, nullable=False),
)

# --- what waits ----------------------------------------------------------------------------------

user_task = Table(
    "user_task", metadata,
    Column("id", ID, primary_key=True),                     #: the token
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("definition_id", ID, ForeignKey("definition.id"), nullable=False),  #: the drawing the element is in
    Column("process_id", KEY, nullable=False),
    Column("element_id", KEY, nullable=False),
    Column("scope", KEY, nullable=False, default=""),       #: variable scope, "" is the process's own
    Column("subject", String(300), nullable=False, default=""),  #: which one of several: "NC 3, indicateur 11"
    Column("subject_en", String(300), nullable=False, default="", server_default=""),  #: the same in English; "" when nobody wrote it
    Column("form_key", KEY),
    Column("state", String(20), nullable=False),            #: TaskState
    Column("assignee_id", ID),
    Column("claimed_at", Moment),
    Column("due_at", Moment),                               #: the moment from which it is late
    Column("follow_up_at", Moment),
    Column("priority", Integer, nullable=False, default=50),  #: 0 to 100
    Column("deadline_id", ID),                              #: where `due_at` comes from
    Column("draft", JSON),                                  #: what was typed and not sent
    Column("draft_at", Moment),                             #: when it was kept
    Column("draft_by", ID),                                 #: who typed it
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", ID),
    Index(None, "instance_id", "state"),
    Index(None, "assignee_id", "state", "due_at"),
    Index(None, "state", "due_at"),
    Index(None, "element_id", "state", "due_at"),           # the search finds open tasks by their step
    Index(None, "closed_by", "closed_at"),
    Index(None, "deadline_id"),
)

candidate = Table(
    "candidate", metadata,                                  # groups that may claim an open task; rows go when it closes
    Column("task_id", ID, ForeignKey("user_task.id"), primary_key=True),
    Column("group_id", KEY, primary_key=True),
    Column("sort_at", Moment, nullable=False),              #: due_at, or the end of time
    Column("opened_at", Moment, nullable=False),            #: created_at of the task
    Column("rank", Integer, nullable=False, default=50, server_default="50"),  #: 100 less its priority: what matters most comes first
    Column("title", String(300), nullable=False, default="", server_default=""),  #: of its case, without accents or capitals
    # one for each order of the inbox
    Index(None, "group_id", "sort_at", "task_id"),
    Index(None, "group_id", "opened_at", "task_id"),
    Index(None, "group_id", "rank", "sort_at", "task_id"),
    Index(None, "group_id", "title", "sort_at", "task_id"),
)

saved_view = Table(
    "saved_view", metadata,                                 # a question to the inbox that somebody asks again and again
    Column("id", ID, primary_key=True),                     #: in its address: who has it sees their own tasks through it
    Column("owner_id", ID, ForeignKey("person.id"), nullable=False),
    Column("name", String(80), nullable=False),
    Column("asked", JSON, nullable=False),                  #: view, order and filters, see engine.queries.asked
    Column("created_at", Moment, nullable=False),
    Index(None, "owner_id", "created_at"),
)

job = Table(
    "job", metadata,
    Column("id", ID, primary_key=True),                     #: the token
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("definition_id", ID, ForeignKey("definition.id"), nullable=False),
    Column("process_id", KEY, nullable=False),
    Column("element_id", KEY, nullable=False),
    Column("handler", KEY, nullable=False),
    Column("state", String(20), nullable=False),            #: JobState
    Column("run_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("max_tries", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("lease_owner", KEY),
    Column("last_error", Text),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index(None, "state", "run_at"),
    Index(None, "instance_id", "state"),
)

errand = Table(
    "errand", metadata,                                     # an external handler run outside any case: a letter with a link
    Column("id", ID, primary_key=True),                     #: its idempotency key
    Column("about", ID, nullable=False, default="", index=True),  #: the intake it is for, with which it is erased
    Column("handler", KEY, nullable=False),
    Column("process", KEY, nullable=False),                 #: whose letters it reads
    Column("inputs", LargeBinary),                          #: encoded by engine.values; gone once it is done
    Column("state", String(20), nullable=False),            #: JobState
    Column("run_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Column("max_tries", Integer, nullable=False),
    Column("lease_until", Moment),
    Column("lease_owner", KEY),
    Column("last_error", Text),
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index(None, "state", "run_at"),
)

timer = Table(
    "timer", metadata,
    Column("id", ID, primary_key=True),                     #: the token
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("definition_id", ID, ForeignKey("definition.id"), nullable=False),
    Column("process_id", KEY, nullable=False),
    Column("element_id", KEY, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("deadline_id", ID),
    Column("state", String(20), nullable=False),            #: TimerState
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index(None, "state", "due_at"),
    Index(None, "instance_id", "state"),
    Index(None, "deadline_id"),
)

start_watch = Table(
    "start_watch", metadata,                                # what may begin a case of a version although nobody asks: a time, a condition
    Column("id", ID, primary_key=True),
    Column("definition_id", ID, ForeignKey("definition.id"), nullable=False),
    Column("process_id", KEY, nullable=False),
    Column("element_id", KEY, nullable=False),              #: the start event
    Column("kind", String(20), nullable=False),             #: "timer" or "conditional"
    Column("due_at", Moment),                               #: of a timer, when it begins the next case
    Column("plan", JSON, nullable=False),                   #: of a timer, the moments after that; of a condition, whether it held last
    Column("state", String(20), nullable=False),            #: TimerState
    Column("error", JSON),                                  #: why the last case could not begin, {"fr", "en"}
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Index(None, "state", "due_at"),
    Index(None, "definition_id", "state"),
)

deadline = Table(
    "deadline", metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("definition_id", ID, ForeignKey("definition.id"), nullable=False),  #: whose deadlines.yaml
    Column("scope", KEY, nullable=False, default=""),
    Column("rule", KEY, nullable=False),                    #: "nc.major.correction"
    Column("subject", String(300), nullable=False, default=""),
    Column("subject_en", String(300), nullable=False, default="", server_default=""),
    Column("basis", String(10), nullable=False),            #: "law" or "body"
    Column("anchor_on", Date, nullable=False),
    Column("due_on", Date, nullable=False),                 #: the last day, included
    Column("lapses_at", Moment, nullable=False),            #: the moment that day is over in the body's zone
    Column("warns_at", Moment, nullable=False),             #: from here on it is "soon"
    Column("explanation", JSON, nullable=False),            #: steps of the sum, see engine.work.deadlines.Explanation
    Column("extensions", JSON, nullable=False),             #: [{days, reason, asked_by, granted_by, at}]
    Column("pauses", JSON, nullable=False),                 #: [{from, to, reason, by}], `to` empty while it stands
    Column("state", String(20), nullable=False),            #: DeadlineState
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    UniqueConstraint("instance_id", "scope", "rule", "anchor_on"),
    Index(None, "state", "due_on"),
)

subscription = Table(
    "subscription", metadata,
    Column("id", ID, primary_key=True),                     #: the token
    Column("kind", String(20), nullable=False),             #: "message", "signal" or "condition"
    Column("name", KEY, nullable=False),
    Column("correlation", String(64), nullable=False, default=""),  #: hash of the correlation value, "" for none
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("process_id", KEY, nullable=False),
    Column("element_id", KEY, nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "kind", "name", "correlation"),
    Index(None, "instance_id"),
)

message_buffer = Table(
    "message_buffer", metadata,
    Column("id", ID, primary_key=True),
    Column("name", KEY, nullable=False),
    Column("correlation", String(64), nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
    Column("taken_at", Moment),
    Index(None, "name", "correlation", "taken_at"),
)

incident = Table(
    "incident", metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("token", ID, nullable=False),
    Column("process_id", KEY, nullable=False),
    Column("element_id", KEY, nullable=False),
    Column("kind", String(20), nullable=False),             #: "job", "expression", "stall", "loop", "error"
    Column("message", JSON, nullable=False),                #: {"fr", "en"}
    Column("state", String(20), nullable=False),            #: IncidentState
    Column("created_at", Moment, nullable=False),
    Column("closed_at", Moment),
    Column("closed_by", ID),
    Index(None, "state", "created_at"),
    Index(None, "instance_id", "state"),
)

# --- what happened -------------------------------------------------------------------------------

event = Table(
    "event", metadata,                                      # append-only
    Column("instance_id", ID, ForeignKey("instance.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("kind", KEY, nullable=False),                    #: "task_completed"
    Column("element_id", KEY),
    Column("actor_id", ID),                                 #: none: the machine
    Column("data", JSON, nullable=False),                   #: public facts
    Column("personal", JSON),                               #: erasable values, covered by `personal_hash`
    Column("personal_salt", String(32)),
    Column("personal_hash", String(64)),
    Column("prev_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index(None, "instance_id", "kind", "element_id"),
)

outbox = Table(
    "outbox", metadata,                                     # what concerns another instance, done after the commit
    Column("id", ID, primary_key=True),
    Column("kind", KEY, nullable=False),                    #: "message", "signal"
    Column("payload", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("done_at", Moment),
    Index(None, "done_at", "created_at"),
)

document = Table(
    "document", metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("hash", String(64), ForeignKey("content.hash"), nullable=False),
    Column("name", String(300), nullable=False),            #: file name shown to people
    Column("kind", KEY, nullable=False),                    #: "quote", "certificate", "evidence" …
    Column("media_type", String(100), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("public_to_parties", Boolean, nullable=False, default=False),
    Column("created_at", Moment, nullable=False),
    Column("created_by", ID),
    Index(None, "instance_id", "created_at"),
)

comment = Table(
    "comment", metadata,
    Column("id", ID, primary_key=True),
    Column("instance_id", ID, ForeignKey("instance.id"), nullable=False),
    Column("task_id", ID),
    Column("at", Moment, nullable=False),
    Column("by_id", ID, nullable=False),
    Column("text", Text, nullable=False),
    Index(None, "instance_id", "at"),
)

word = Table(
    "word", metadata,                                       # what things are found by: one row a word of a thing
    Column("kind", String(20), primary_key=True),           #: "case", "organisation", "certificate"
    Column("ref", ID, primary_key=True),                    #: id of the thing
    Column("word", WORD, primary_key=True),                 #: without accents or capitals
    Index(None, "kind", "word", "ref"),
)

letter = Table(
    "letter", metadata,                                     # what was sent: one row a letter, the proof of sending once
    Column("key", KEY, primary_key=True),                   #: idempotency key of the job
    Column("instance_id", ID),
    Column("template", KEY, nullable=False),
    Column("recipient", String(320), nullable=False),
    Column("subject", String(500), nullable=False),
    Column("body", Text, nullable=False),
    Column("attachments", JSON, nullable=False),            #: [document id]
    Column("state", String(20), nullable=False),            #: "sent", "failed"
    Column("sent_at", Moment, nullable=False),
    Index(None, "instance_id", "sent_at"),
    Index(None, "sent_at"),
)

worker_sign = Table(
    "worker_sign", metadata,                                # signs of life of the processes that do the work
    Column("owner", KEY, primary_key=True),                 #: host, process and a random part
    Column("started_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("alarm_at", Moment),                             #: when it looks by itself next
)

calendar_feed = Table(
    "calendar_feed", metadata,                              # the agenda of one person, for a calendar that subscribes to it
    Column("person_id", ID, ForeignKey("person.id"), primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),  #: SHA-256 of the last part of its address
    Column("scope", String(10), nullable=False),            #: "mine" or "all"
    Column("created_at", Moment, nullable=False),
    Column("read_at", Moment),                              #: when a calendar last asked
)

counter = Table(
    "counter", metadata,                                    # numbers without gaps: cases, certificates
    Column("name", KEY, primary_key=True),
    Column("value", Integer, nullable=False),
)
