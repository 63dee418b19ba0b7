"""What begins a case although nobody asks: start events that wait for a time or a condition.

Revision: 0006, after 0005.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "start_watch",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("definition_id", sa.String(32), nullable=False),
        sa.Column("process_id", sa.String(200), nullable=False),
        sa.Column("element_id", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("error", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["definition_id"], ["definition.id"], name=op.f("fk_start_watch_definition_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_watch")))
    op.create_index(op.f("ix_start_watch_definition_id_state"), "start_watch", ["definition_id", "state"], unique=False)
    op.create_index(op.f("ix_start_watch_state_due_at"), "start_watch", ["state", "due_at"], unique=False)
