"""Whose ticket it is, under a pseudonym, so that one person can be found and forgotten."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("ticket", sa.Column("requester", AutoString(), nullable=True))
    op.create_index(op.f("ix_ticket_requester"), "ticket", ["requester"])


def downgrade() -> None:
    op.drop_index(op.f("ix_ticket_requester"), table_name="ticket")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_column("requester")
