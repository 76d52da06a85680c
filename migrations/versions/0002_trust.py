"""Sealed notes, webhooks, outgoing messages, repeated requests, erasures, settings."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from app.core.chain import SAID, digest, seal

revision = "0002"
down_revision = "0001"

TEXT, LONG, TIME, NUMBER = AutoString(), sa.Text(), UTCDateTime(), sa.Integer()
WORD = sa.String(length=24)
JSON = sa.JSON().with_variant(JSONB(astext_type=sa.Text()), "postgresql")
EMPTY, NO = {"server_default": ""}, {"server_default": sa.false()}
named = op.f

KEPT = "Notes are kept as they were written."
ON_SQLITE = (
    f"""CREATE TRIGGER activity_kept BEFORE UPDATE ON activity
    WHEN NOT NEW.erased OR NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at
      OR NEW.digest IS NOT OLD.digest OR NEW.seal IS NOT OLD.seal
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",
    f"""CREATE TRIGGER activity_stays BEFORE DELETE ON activity
    WHEN OLD.id > coalesce((SELECT max(pruned_through) FROM audit_anchor), 0)
    BEGIN SELECT RAISE(ABORT, '{KEPT}'); END""",  # noqa: S608 - our own words
)
ON_POSTGRESQL = (
    f"""CREATE FUNCTION keep_activity() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' THEN
        IF OLD.id <= coalesce((SELECT max(pruned_through) FROM audit_anchor), 0) THEN
          RETURN OLD;
        END IF;
      ELSIF NEW.erased AND NEW.id = OLD.id AND NEW.at = OLD.at
        AND NEW.digest = OLD.digest AND NEW.seal = OLD.seal THEN
        RETURN NEW;
      END IF;
      RAISE EXCEPTION '{KEPT}';
    END $$""",  # noqa: S608 - our own words
    """CREATE TRIGGER activity_kept BEFORE UPDATE OR DELETE ON activity
    FOR EACH ROW EXECUTE FUNCTION keep_activity()""",
)


def upgrade() -> None:
    _tables()
    _columns()
    _seal_what_is_there()
    for statement in ON_SQLITE if _sqlite() else ON_POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    if _sqlite():
        op.execute("DROP TRIGGER activity_kept")
        op.execute("DROP TRIGGER activity_stays")
    else:
        op.execute("DROP TRIGGER activity_kept ON activity")
        op.execute("DROP FUNCTION keep_activity()")
    for table, names in NEW_COLUMNS.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            if table == "user":
                batch_op.drop_constraint(named("uq_user_oidc_subject"), type_="unique")
            for name in names:
                batch_op.drop_column(name)
    for table in ("outgoing", "reread", "hook_delivery", "setting", "erasure"):
        op.drop_table(table)
    op.drop_table("idempotency_key")
    op.drop_table("audit_anchor")


NEW_COLUMNS = {
    "activity": ("salt", "digest", "seal", "erased"),
    "user": ("oidc_subject",),
    "sign_in": ("via",),
    "api_token": ("made_by", "revoked_at"),
    "source": ("changed_at", "hook_at", "hook_verdict", "hook_good_at", "live"),
}


def _columns() -> None:
    for name in ("salt", "digest", "seal"):
        op.add_column("activity", sa.Column(name, TEXT, nullable=False, **EMPTY))
    op.add_column("activity", sa.Column("erased", sa.Boolean(), nullable=False, **NO))
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("oidc_subject", TEXT, nullable=True))
        batch_op.create_unique_constraint(named("uq_user_oidc_subject"), ["oidc_subject"])
    op.add_column("sign_in", sa.Column("via", TEXT, nullable=False, server_default="password"))
    op.add_column("api_token", sa.Column("made_by", TEXT, nullable=False, **EMPTY))
    op.add_column("api_token", sa.Column("revoked_at", TIME, nullable=True))
    for name in ("changed_at", "hook_at", "hook_good_at"):
        op.add_column("source", sa.Column(name, TIME, nullable=True))
    op.add_column("source", sa.Column("hook_verdict", TEXT, nullable=False, **EMPTY))
    op.add_column("source", sa.Column("live", JSON, nullable=False, server_default="[]"))


def _tables() -> None:
    op.create_table(
        "audit_anchor",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("pruned_through", NUMBER, nullable=False),
        sa.Column("seal", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("id", name=named("pk_audit_anchor")),
    )
    op.create_table(
        "idempotency_key",
        sa.Column("who", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("status", NUMBER, nullable=True),
        sa.Column("media_type", TEXT, nullable=False),
        sa.Column("body", LONG, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("who", "key", name=named("pk_idempotency_key")),
    )
    op.create_index(named("ix_idempotency_key_at"), "idempotency_key", ["at"])
    op.create_table(
        "erasure",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=named("pk_erasure")),
    )
    op.create_index(named("ix_erasure_subject"), "erasure", ["subject"])
    op.create_table(
        "setting",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", JSON, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name=named("pk_setting")),
    )
    _source_tables()
    _outgoing()


def _source_tables() -> None:
    for table, columns in (
        ("hook_delivery", (("delivery_id", TEXT), ("at", TIME))),
        ("reread", (("external_id", TEXT), ("asked_at", TIME), ("tries", NUMBER))),
    ):
        op.create_table(
            table,
            sa.Column("source_id", NUMBER, nullable=False),
            *(sa.Column(name, kind, nullable=False) for name, kind in columns),
            sa.ForeignKeyConstraint(
                ["source_id"], ["source.id"], name=named(f"fk_{table}_source_id")
            ),
            sa.PrimaryKeyConstraint("source_id", columns[0][0], name=named(f"pk_{table}")),
        )
    op.create_index(named("ix_hook_delivery_at"), "hook_delivery", ["at"])


def _outgoing() -> None:
    op.create_table(
        "outgoing",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.Column("customer_id", NUMBER, nullable=True),
        sa.Column("ticket_id", NUMBER, nullable=True),
        *(sa.Column(name, TEXT, nullable=False) for name in ("transition", "target")),
        sa.Column("body", LONG, nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("marker", TEXT, nullable=False),
        sa.Column("made_at", TIME, nullable=False),
        sa.Column("made_by", TEXT, nullable=False),
        sa.Column("approved_at", TIME, nullable=True),
        sa.Column("approved_by", TEXT, nullable=True),
        sa.Column("second_approval_by", TEXT, nullable=True),
        sa.Column("not_before", TIME, nullable=True),
        *(sa.Column(name, NUMBER, nullable=False) for name in ("attempts", "fence")),
        *(sa.Column(name, TIME, nullable=True) for name in ("locked_until", "sent_at")),
        sa.Column("result", TEXT, nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{of}_id"], [f"{of}.id"], name=named(f"fk_outgoing_{of}_id"))
            for of in ("source", "bug", "customer", "ticket")
        ),
        sa.PrimaryKeyConstraint("id", name=named("pk_outgoing")),
        sa.UniqueConstraint("marker", name=named("uq_outgoing_marker")),
        sa.UniqueConstraint(
            "kind",
            "bug_id",
            "customer_id",
            "transition",
            name=named("uq_outgoing_kind_bug_id_customer_id_transition"),
        ),
    )
    for column in ("state", "bug_id", "customer_id", "ticket_id"):
        op.create_index(named(f"ix_outgoing_{column}"), "outgoing", [column])


def _seal_what_is_there() -> None:
    note = sa.table(
        "activity",
        *(sa.column(name, NUMBER) for name in ("id", *SAID) if name.endswith("id")),
        *(sa.column(name, TEXT) for name in ("actor", "verb", "detail", "salt", "digest", "seal")),
        sa.column("at", TIME),
        sa.column("bugs", JSON),
    )
    connection, head = op.get_bind(), ""
    for row in connection.execute(sa.select(note).order_by(note.c.id)).mappings().all():
        salt = secrets.token_hex(8)
        stands = digest(row, salt)
        head = seal(head, stands)
        connection.execute(
            sa.update(note)
            .where(note.c.id == row["id"])
            .values(salt=salt, digest=stands, seal=head)
        )


def _sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
