"""What taking an action back needs, beside its note; and everybody's own notes, quickly found."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0009"
down_revision = "0008"

JSON = sa.JSON(none_as_null=True).with_variant(
    JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)


def upgrade() -> None:
    op.add_column("activity", sa.Column("undo", JSON, nullable=True))
    op.create_index(op.f("ix_activity_actor"), "activity", ["actor", "id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_activity_actor"), table_name="activity")
    # Not by a copy of the table, which would lose its checks; both databases read this alike.
    op.execute("ALTER TABLE activity DROP COLUMN undo")
