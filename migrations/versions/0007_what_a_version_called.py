"""What a version called on the day it was published: for calls that stay with it.

Revision: 0007, after 0006.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("definition", sa.Column("calls", sa.JSON(), nullable=True))
