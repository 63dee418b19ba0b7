"""Room for the longest opinion of an auditor, “favourable after remediation”.

Revision: 0005, after 0004.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("audit") as batch:
        batch.alter_column("opinion", type_=sa.String(40), existing_type=sa.String(20), existing_nullable=True)
