"""What a version called on the day it was published: for calls that stay with it.

Revision: 0008, after 0007.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("definition", sa.Column("calls", sa.JSON(), nullable=True))
