"""What a fix takes, what a bug waits for, and who was given it at the commit."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0004"
down_revision = "0003"

TEXT = AutoString()
JSON = sa.JSON().with_variant(JSONB(astext_type=sa.Text()), "postgresql")
named = op.f
MARKS = ("blocked_by", "missing", "bundle")


def upgrade() -> None:
    op.create_table(
        "estimate",
        sa.Column("bug_id", sa.Integer(), nullable=False),
        sa.Column("effort", sa.String(length=24), nullable=True),
        sa.Column("needs", JSON, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_estimate_bug_id")),
        sa.PrimaryKeyConstraint("bug_id", name=named("pk_estimate")),
    )
    for name in MARKS:
        op.add_column("plan_mark", sa.Column(name, TEXT, nullable=False, server_default=""))
    op.add_column("sprint_item", sa.Column("frozen_team_id", sa.Integer(), nullable=True))
    # Who was given a bug before is not known any more; its team of today comes nearest.
    op.execute("UPDATE sprint_item SET frozen_team_id = team_id WHERE frozen_rank IS NOT NULL")


def downgrade() -> None:
    # Not by copies of the tables, which would lose their checks; both databases read this alike.
    op.execute("ALTER TABLE sprint_item DROP COLUMN frozen_team_id")
    for name in MARKS:
        op.execute(f"ALTER TABLE plan_mark DROP COLUMN {name}")
    op.drop_table("estimate")
