"""What a person likes to see, and how far a run that somebody started from a page is."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0011"
down_revision = "0010"

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.add_column("user", sa.Column("preferences", JSON, nullable=False, server_default="{}"))
    op.create_table(
        "source_run",
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column("state", sa.String(length=24), nullable=False),
        sa.Column("said", AutoString(), nullable=False),
        sa.Column("counts", JSON, nullable=False),
        sa.Column("found", JSON, nullable=False),
        sa.Column("stop", sa.Boolean(), nullable=False),
        sa.Column("started_at", UTCDateTime(), nullable=False),
        sa.Column("told_at", UTCDateTime(), nullable=False),
        sa.Column("ended_at", UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_source_run_source_id_source")
        ),
        sa.PrimaryKeyConstraint("source_id", "kind", name=op.f("pk_source_run")),
    )


def downgrade() -> None:
    op.drop_table("source_run")
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("preferences")
