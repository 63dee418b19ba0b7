"""Orders and saved views of the inbox, words things are found by, subjects in English, who keeps a draft, and keys switched off.

Revision: 0009, after 0008. Open tasks take their places in the new orders, and what there is already becomes findable.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

WORD = sa.String(40).with_variant(sa.String(40, collation="C"), "postgresql")
BATCH = 1000


def upgrade() -> None:
    _columns()
    _tables()
    connection = op.get_bind()
    _place_open_tasks(connection)
    _index_words(connection)


def _columns() -> None:
    op.add_column("user_task", sa.Column("subject_en", sa.String(300), nullable=False, server_default=""))
    op.add_column("user_task", sa.Column("draft_at", sa.DateTime(timezone=True)))
    op.add_column("user_task", sa.Column("draft_by", sa.String(32)))
    op.add_column("deadline", sa.Column("subject_en", sa.String(300), nullable=False, server_default=""))
    op.add_column("instance", sa.Column("sort_title", sa.String(300), nullable=False, server_default=""))
    op.add_column("instance", sa.Column("found_by", sa.Text(), nullable=False, server_default=""))
    op.add_column("person", sa.Column("shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.create_index("ix_user_task_element_id_state_due_at", "user_task", ["element_id", "state", "due_at"])


def _tables() -> None:
    op.create_table(
        "saved_view", sa.Column("id", sa.String(32), nullable=False), sa.Column("owner_id", sa.String(32), nullable=False),
        sa.Column("name", sa.String(80), nullable=False), sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["person.id"], name="fk_saved_view_owner_id_person"),
        sa.PrimaryKeyConstraint("id", name="pk_saved_view"))
    op.create_index("ix_saved_view_owner_id_created_at", "saved_view", ["owner_id", "created_at"])
    op.create_table(
        "word", sa.Column("kind", sa.String(20), nullable=False), sa.Column("ref", sa.String(32), nullable=False),
        sa.Column("word", WORD, nullable=False), sa.PrimaryKeyConstraint("kind", "ref", "word", name="pk_word"))
    op.create_index("ix_word_kind_word_ref", "word", ["kind", "word", "ref"])


def _place_open_tasks(connection: sa.Connection) -> None:
    op.add_column("candidate", sa.Column("opened_at", sa.DateTime(timezone=True)))
    op.add_column("candidate", sa.Column("rank", sa.Integer(), nullable=False, server_default="50"))
    op.add_column("candidate", sa.Column("title", sa.String(300), nullable=False, server_default=""))
    of_task = "FROM user_task WHERE user_task.id = candidate.task_id"
    connection.execute(sa.text(f"UPDATE candidate SET opened_at = (SELECT created_at {of_task}), rank = (SELECT 100 - priority {of_task})"))
    titles = connection.execute(sa.text("SELECT id, title FROM instance WHERE title <> ''")).all()
    _write(connection, "UPDATE instance SET sort_title = :title WHERE id = :id",
           ({"id": row.id, "title": _plain(row.title)[:300]} for row in titles))
    connection.execute(sa.text("UPDATE candidate SET title = (SELECT i.sort_title FROM instance i JOIN user_task t ON t.instance_id = i.id"
                               " WHERE t.id = candidate.task_id)"))
    with op.batch_alter_table("candidate") as batch:
        batch.alter_column("opened_at", existing_type=sa.DateTime(timezone=True), nullable=False)
    for columns in (["opened_at"], ["rank", "sort_at"], ["title", "sort_at"]):
        op.create_index(f"ix_candidate_group_id_{'_'.join(columns)}_task_id", "candidate", ["group_id", *columns, "task_id"])


def _index_words(connection: sa.Connection) -> None:
    """Cases by number, title, and the numbers of their organisation; organisations and certificates as their registers do it."""
    found = connection.execute(sa.text(
        "SELECT i.id, i.business_key, i.title, o.siren, o.siret, o.nda FROM instance i LEFT JOIN application a ON a.instance_id = i.id"
        " LEFT JOIN organisation o ON o.id = a.organisation_id")).all()
    cases = [(row.id, _words(row.business_key, row.title, row.siren, row.siret, row.nda)) for row in found]
    _keep(connection, "case", cases)
    _write(connection, "UPDATE instance SET found_by = :words WHERE id = :id",
           ({"id": ref, "words": " ".join(sorted(words))} for ref, words in cases))
    found = connection.execute(sa.text("SELECT id, search FROM organisation")).all()
    _keep(connection, "organisation", [(row.id, _words(row.search)) for row in found])
    found = connection.execute(sa.text("SELECT c.id, c.number, c.siren, o.name FROM certificate c"
                                       " JOIN organisation o ON o.id = c.organisation_id")).all()
    _keep(connection, "certificate", [(row.id, _words(row.number, row.siren, row.name)) for row in found])


def _keep(connection: sa.Connection, kind: str, things: Iterable[tuple[str, set[str]]]) -> None:
    _write(connection, "INSERT INTO word (kind, ref, word) VALUES (:kind, :ref, :word)",
           ({"kind": kind, "ref": ref, "word": one} for ref, words in things for one in sorted(words)))


def _write(connection: sa.Connection, statement: str, rows: Iterable[dict[str, object]]) -> None:
    waiting = list(rows)
    for start in range(0, len(waiting), BATCH):
        connection.execute(sa.text(statement), waiting[start:start + BATCH])


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("œ", "oe").replace("æ", "ae"))
    return " ".join("".join(one for one in letters if not unicodedata.combining(one)).split())


def _words(*texts: str | None) -> set[str]:
    found: set[str] = set()
    for piece in " ".join(_plain(text) for text in texts if text).split():
        parts = re.findall(r"[^\W_]+", piece)
        found.update(parts)
        if len(parts) > 1 and any(letter.isdigit() for letter in piece):
            found.add("".join(parts))
    return {one[:40] for one in found}
