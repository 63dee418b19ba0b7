"""Who has completed which activity of a case, on the case's own row.

Revision: 0004, after 0003.
"""

from __future__ import annotations

import json
from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("instance", sa.Column("performers", sa.JSON(), nullable=False, server_default="{}"))
    connection = op.get_bind()
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    done = sa.text("SELECT DISTINCT instance_id, element_id, closed_by FROM user_task WHERE state = 'completed' AND closed_by IS NOT NULL")
    for row in connection.execute(done):
        found[row.instance_id][row.element_id].append(row.closed_by)
    rows = [{"id": instance_id, "performers": json.dumps(performers)} for instance_id, performers in found.items()]
    if rows:
        column = "CAST(:performers AS JSON)" if connection.dialect.name == "postgresql" else ":performers"
        connection.execute(sa.text(f"UPDATE instance SET performers = {column} WHERE id = :id"), rows)
