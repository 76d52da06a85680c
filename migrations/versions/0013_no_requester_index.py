"""Whose ticket it is, is asked only when somebody is exported or erased: an index costs more."""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.drop_index(op.f("ix_ticket_requester"), table_name="ticket")


def downgrade() -> None:
    op.create_index(op.f("ix_ticket_requester"), "ticket", ["requester"])
