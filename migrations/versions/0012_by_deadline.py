"""Indices by which the agenda finds the tasks and timers of a deadline.

Revision: 0012, after 0011.
"""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_user_task_deadline_id"), "user_task", ["deadline_id"], unique=False)
    op.create_index(op.f("ix_timer_deadline_id"), "timer", ["deadline_id"], unique=False)
