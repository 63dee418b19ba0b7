"""Applications that are still being filled in, links mailed for them, errands outside any case, and what each contact may do.

Revision: 0011, after 0010.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.store.tables import Moment

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
ID, KEY = sa.String(32), sa.String(200)


def upgrade() -> None:
    for right in ("may_answer", "may_invite"):
        op.add_column("party", sa.Column(right, sa.Boolean(), nullable=False, server_default=sa.true()))
    _links()
    _intakes()
    _errands()


def _links() -> None:
    op.create_table(
        "mailed_link",
        sa.Column("token_hash", sa.String(64), nullable=False), sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("about", ID, nullable=False), sa.Column("email", sa.String(320), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False), sa.Column("created_at", Moment(), nullable=False),
        sa.Column("expires_at", Moment(), nullable=False), sa.Column("used_at", Moment()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_mailed_link"))
    op.create_index("ix_mailed_link_expires_at", "mailed_link", ["expires_at"])
    op.create_index("ix_mailed_link_purpose_about", "mailed_link", ["purpose", "about"])


def _intakes() -> None:
    op.create_table(
        "intake",
        sa.Column("id", ID, nullable=False), sa.Column("message", KEY, nullable=False), sa.Column("email", sa.String(320), nullable=False),
        sa.Column("locale", sa.String(5), nullable=False), sa.Column("answers", sa.LargeBinary(), nullable=False),
        sa.Column("seen", sa.JSON(), nullable=False), sa.Column("state", sa.String(20), nullable=False), sa.Column("instance_id", ID),
        sa.Column("created_at", Moment(), nullable=False), sa.Column("saved_at", Moment(), nullable=False),
        sa.Column("erase_at", Moment(), nullable=False), sa.PrimaryKeyConstraint("id", name="pk_intake"))
    op.create_index("ix_intake_email", "intake", ["email"])
    op.create_index("ix_intake_erase_at", "intake", ["erase_at"])
    op.create_table(
        "intake_file",
        sa.Column("id", ID, nullable=False), sa.Column("intake_id", ID, nullable=False), sa.Column("slot", KEY, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False), sa.Column("name", sa.String(300), nullable=False),
        sa.Column("media_type", sa.String(100), nullable=False), sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("created_at", Moment(), nullable=False),
        sa.ForeignKeyConstraint(["intake_id"], ["intake.id"], name="fk_intake_file_intake_id_intake"),
        sa.ForeignKeyConstraint(["hash"], ["content.hash"], name="fk_intake_file_hash_content"),
        sa.PrimaryKeyConstraint("id", name="pk_intake_file"))
    op.create_index("ix_intake_file_intake_id", "intake_file", ["intake_id"])


def _errands() -> None:
    op.create_table(
        "errand",
        sa.Column("id", ID, nullable=False), sa.Column("about", ID, nullable=False), sa.Column("handler", KEY, nullable=False),
        sa.Column("process", KEY, nullable=False), sa.Column("inputs", sa.LargeBinary()), sa.Column("state", sa.String(20), nullable=False),
        sa.Column("run_at", Moment(), nullable=False), sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("max_tries", sa.Integer(), nullable=False), sa.Column("lease_until", Moment()), sa.Column("lease_owner", KEY),
        sa.Column("last_error", sa.Text()), sa.Column("created_at", Moment(), nullable=False), sa.Column("closed_at", Moment()),
        sa.PrimaryKeyConstraint("id", name="pk_errand"))
    op.create_index("ix_errand_about", "errand", ["about"])
    op.create_index("ix_errand_state_run_at", "errand", ["state", "run_at"])
