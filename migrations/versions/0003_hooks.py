"""How many signing secrets of a source are good now, and since when the newest one is."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import UTCDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    number = sa.Column("hook_secrets", sa.Integer(), nullable=False, server_default="0")
    op.add_column("source", number)
    op.add_column("source", sa.Column("hook_secret_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("source", schema=None) as batch_op:
        batch_op.drop_column("hook_secret_at")
        batch_op.drop_column("hook_secrets")
