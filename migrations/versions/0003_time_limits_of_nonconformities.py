"""The time limit that goes with what became of a non-conformity.

Revision: 0003, after 0002.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("nonconformity", sa.Column("due_on", sa.Date(), nullable=True))
