"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = "0001"
down_revision = None

TEXT, TIME, NUMBER = AutoString(), UTCDateTime(), sa.Integer()
WORD = sa.String(length=24)  # an enum's value: which ones there are is the code's matter
JSON = sa.JSON().with_variant(JSONB(astext_type=sa.Text()), "postgresql")

named = op.f  # keeps a name from being composed a second time


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("scopes", JSON, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.Column("last_used_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=named("pk_api_token")),
        sa.UniqueConstraint("name", name=named("uq_api_token_name")),
        sa.UniqueConstraint("token_hash", name=named("uq_api_token_token_hash")),
    )
    op.create_table(
        "job_lease",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("fence", NUMBER, nullable=False),
        sa.Column("locked_until", TIME, nullable=False),
        sa.Column("last_started", TIME, nullable=False),
        sa.Column("last_finished", TIME, nullable=True),
        sa.Column("last_result", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=named("pk_job_lease")),
    )
    op.create_table(
        "ranking_policy",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("params", JSON, nullable=False),
        sa.Column("saved_by", TEXT, nullable=False),
        sa.Column("saved_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=named("pk_ranking_policy")),
    )
    op.create_table(
        "rate_window",
        sa.Column("bucket", TEXT, nullable=False),
        sa.Column("used", JSON, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=named("pk_rate_window")),
    )
    op.create_table(
        "sign_in_failure",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=named("pk_sign_in_failure")),
    )
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.create_index(named("ix_sign_in_failure_subject"), ["subject"], unique=False)

    op.create_table(
        "source",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("secrets", sa.Text(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("tried_at", TIME, nullable=True),
        sa.Column("good_at", TIME, nullable=True),
        sa.PrimaryKeyConstraint("id", name=named("pk_source")),
        sa.UniqueConstraint("name", name=named("uq_source_name")),
    )
    op.create_table(
        "team",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("capacity_days", sa.Float(), nullable=True),
        sa.Column("focus_factor", sa.Float(), nullable=False),
        sa.Column("wip_limit", NUMBER, nullable=True),
        sa.CheckConstraint(
            "focus_factor > 0 AND focus_factor <= 1", name=named("ck_team_focus_factor")
        ),
        sa.PrimaryKeyConstraint("id", name=named("pk_team")),
        sa.UniqueConstraint("key", name=named("uq_team_key")),
        sa.UniqueConstraint("name", name=named("uq_team_name")),
    )
    op.create_table(
        "area",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("team_id", NUMBER, nullable=True),
        sa.Column("matches", JSON, nullable=False),
        sa.Column("adjacent", JSON, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=named("fk_area_team_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_area")),
        sa.UniqueConstraint("key", name=named("uq_area_key")),
    )
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.create_index(named("ix_area_team_id"), ["team_id"], unique=False)

    op.create_table(
        "customer",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("tier", TEXT, nullable=True),
        sa.Column("arr_cents", sa.BigInteger(), nullable=True),
        sa.Column("renewal_on", sa.Date(), nullable=True),
        sa.Column("domains", JSON, nullable=False),
        sa.Column("deleted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=named("fk_customer_source_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_customer")),
        sa.UniqueConstraint(
            "source_id", "external_id", name=named("uq_customer_source_id_external_id")
        ),
    )
    op.create_table(
        "dead_letter",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("stream", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=True),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column("payload_hash", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=named("fk_dead_letter_source_id")
        ),
        sa.PrimaryKeyConstraint("id", name=named("pk_dead_letter")),
        sa.UniqueConstraint(
            "source_id",
            "stream",
            "payload_hash",
            name=named("uq_dead_letter_source_id_stream_payload_hash"),
        ),
    )
    op.create_table(
        "member",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("team_id", NUMBER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("email", TEXT, nullable=True),
        sa.Column("discipline", WORD, nullable=False),
        sa.Column("days", sa.Float(), nullable=False),
        sa.Column("leave_days", sa.Float(), nullable=False),
        sa.Column("lead", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=named("fk_member_team_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_member")),
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(named("ix_member_email"), ["email"], unique=False)
        batch_op.create_index(named("ix_member_team_id"), ["team_id"], unique=False)

    op.create_table(
        "ranking_snapshot",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("as_of", TIME, nullable=False),
        sa.Column("policy_id", NUMBER, nullable=False),
        sa.Column("taken_at", TIME, nullable=False),
        sa.Column("data_hash", TEXT, nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["ranking_policy.id"], name=named("fk_ranking_snapshot_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=named("pk_ranking_snapshot")),
    )
    op.create_table(
        "ranking_state",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("as_of", TIME, nullable=False),
        sa.Column("policy_id", NUMBER, nullable=False),
        sa.Column("version", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["ranking_policy.id"], name=named("fk_ranking_state_policy_id")
        ),
        sa.PrimaryKeyConstraint("id", name=named("pk_ranking_state")),
    )
    op.create_table(
        "rating",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("system", TEXT, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("ticket_external_id", TEXT, nullable=False),
        sa.Column("score", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=named("fk_rating_source_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_rating")),
        sa.UniqueConstraint(
            "source_id",
            "system",
            "external_id",
            name=named("uq_rating_source_id_system_external_id"),
        ),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(
            named("ix_rating_ticket_external_id"), ["ticket_external_id"], unique=False
        )

    op.create_table(
        "stream",
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("position", sa.Text(), nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("note", TEXT, nullable=False),
        sa.Column("read_at", TIME, nullable=True),
        sa.Column("kept", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=named("fk_stream_source_id")),
        sa.PrimaryKeyConstraint("source_id", "name", name=named("pk_stream")),
    )
    op.create_table(
        "user",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("email", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", WORD, nullable=False),
        sa.Column("password_hash", TEXT, nullable=True),
        sa.Column("team_id", NUMBER, nullable=True),
        sa.Column("organiser", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=named("fk_user_team_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_user")),
        sa.UniqueConstraint("email", name=named("uq_user_email")),
    )
    op.create_table(
        "bug",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("key", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("status_raw", TEXT, nullable=False),
        sa.Column("status_category", WORD, nullable=False),
        sa.Column("resolution", WORD, nullable=True),
        sa.Column("priority_raw", TEXT, nullable=True),
        sa.Column("severity", WORD, nullable=True),
        sa.Column("labels", JSON, nullable=False),
        sa.Column("components", JSON, nullable=False),
        sa.Column("assignees", JSON, nullable=False),
        sa.Column("reporter", TEXT, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("closed_at", TIME, nullable=True),
        sa.Column("visibility", WORD, nullable=False),
        sa.Column("duplicate_of_id", NUMBER, nullable=True),
        sa.Column("area_id", NUMBER, nullable=True),
        sa.CheckConstraint(
            "duplicate_of_id IS NULL OR duplicate_of_id <> id", name=named("ck_bug_not_of_itself")
        ),
        sa.ForeignKeyConstraint(["area_id"], ["area.id"], name=named("fk_bug_area_id")),
        sa.ForeignKeyConstraint(
            ["duplicate_of_id"], ["bug.id"], name=named("fk_bug_duplicate_of_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=named("fk_bug_source_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_bug")),
        sa.UniqueConstraint("source_id", "external_id", name=named("uq_bug_source_id_external_id")),
    )
    with op.batch_alter_table("bug", schema=None) as batch_op:
        batch_op.create_index(named("ix_bug_area_id"), ["area_id"], unique=False)
        batch_op.create_index(named("ix_bug_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index(named("ix_bug_status_category"), ["status_category"], unique=False)

    op.create_table(
        "sign_in",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("token_hash", TEXT, nullable=False),
        sa.Column("user_id", NUMBER, nullable=False),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("seen_at", TIME, nullable=False),
        sa.Column("expires_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=named("fk_sign_in_user_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_sign_in")),
        sa.UniqueConstraint("token_hash", name=named("uq_sign_in_token_hash")),
    )
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.create_index(named("ix_sign_in_user_id"), ["user_id"], unique=False)

    op.create_table(
        "sprint",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("slug", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("phase", WORD, nullable=False),
        sa.Column("choice_share", sa.Float(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("snapshot_id", NUMBER, nullable=True),
        sa.Column("committed_at", TIME, nullable=True),
        sa.Column("closed_at", TIME, nullable=True),
        sa.CheckConstraint(
            "choice_share >= 0 AND choice_share <= 0.7", name=named("ck_sprint_choice_share")
        ),
        sa.CheckConstraint("ends_on >= starts_on", name=named("ck_sprint_dates")),
        sa.ForeignKeyConstraint(
            ["snapshot_id"], ["ranking_snapshot.id"], name=named("fk_sprint_snapshot_id")
        ),
        sa.PrimaryKeyConstraint("id", name=named("pk_sprint")),
        sa.UniqueConstraint("slug", name=named("uq_sprint_slug")),
    )
    op.create_table(
        "ticket",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("source_id", NUMBER, nullable=False),
        sa.Column("external_id", TEXT, nullable=False),
        sa.Column("url", TEXT, nullable=True),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("priority", TEXT, nullable=True),
        sa.Column("type", TEXT, nullable=True),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("own_tags", JSON, server_default="[]", nullable=False),
        sa.Column("customer_id", NUMBER, nullable=True),
        sa.Column("problem_external_id", TEXT, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.Column("updated_at", TIME, nullable=False),
        sa.Column("solved_at", TIME, nullable=True),
        sa.Column("reopens", NUMBER, nullable=False),
        sa.Column("csat", TEXT, nullable=True),
        sa.Column("csat_system", TEXT, nullable=True),
        sa.Column("stamp", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=named("fk_ticket_customer_id")
        ),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=named("fk_ticket_source_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_ticket")),
        sa.UniqueConstraint(
            "source_id", "external_id", name=named("uq_ticket_source_id_external_id")
        ),
    )
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.create_index("ix_ticket_created", ["created_at", "id"], unique=False)
        batch_op.create_index(named("ix_ticket_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(
            "ix_ticket_problem", ["source_id", "problem_external_id"], unique=False
        )
        batch_op.create_index(named("ix_ticket_solved_at"), ["solved_at"], unique=False)
        batch_op.create_index(named("ix_ticket_status"), ["status"], unique=False)

    op.create_table(
        "activity",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("actor", TEXT, nullable=False),
        sa.Column("verb", TEXT, nullable=False),
        sa.Column("sprint_id", NUMBER, nullable=True),
        sa.Column("bug_id", NUMBER, nullable=True),
        sa.Column("ticket_id", NUMBER, nullable=True),
        sa.Column("team_id", NUMBER, nullable=True),
        sa.Column("source_id", NUMBER, nullable=True),
        sa.Column("detail", TEXT, nullable=False),
        sa.Column("bugs", JSON, nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_activity_bug_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=named("fk_activity_source_id")),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprint.id"], name=named("fk_activity_sprint_id")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=named("fk_activity_team_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=named("fk_activity_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_activity")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(named("ix_activity_bug_id"), ["bug_id"], unique=False)

    op.create_table(
        "bug_name",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_bug_name_bug_id")),
        sa.PrimaryKeyConstraint("name", "bug_id", name=named("pk_bug_name")),
    )
    with op.batch_alter_table("bug_name", schema=None) as batch_op:
        batch_op.create_index(named("ix_bug_name_bug_id"), ["bug_id"], unique=False)

    op.create_table(
        "bug_score",
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("customers", NUMBER, nullable=False),
        sa.Column("tickets", NUMBER, nullable=False),
        sa.Column("recent_tickets", NUMBER, nullable=False),
        sa.Column("first_report", TIME, nullable=True),
        sa.Column("last_report", TIME, nullable=True),
        sa.Column("arr_cents", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_bug_score_bug_id")),
        sa.PrimaryKeyConstraint("bug_id", name=named("pk_bug_score")),
    )
    with op.batch_alter_table("bug_score", schema=None) as batch_op:
        batch_op.create_index(named("ix_bug_score_score"), ["score"], unique=False)

    op.create_table(
        "link",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("origin", WORD, nullable=False),
        sa.Column("importance", NUMBER, nullable=False),
        sa.Column("decided_by", TEXT, nullable=True),
        sa.Column("made_at", TIME, nullable=False),
        sa.CheckConstraint("importance BETWEEN 1 AND 3", name=named("ck_link_importance")),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_link_bug_id")),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=named("fk_link_ticket_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_link")),
        sa.UniqueConstraint("ticket_id", "bug_id", name=named("uq_link_ticket_id_bug_id")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(named("ix_link_bug_id"), ["bug_id"], unique=False)

    op.create_table(
        "mention",
        sa.Column("ticket_id", NUMBER, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("origin", WORD, nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name=named("fk_mention_ticket_id")),
        sa.PrimaryKeyConstraint("ticket_id", "name", "origin", name=named("pk_mention")),
    )
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.create_index(named("ix_mention_name"), ["name"], unique=False)

    op.create_table(
        "merge",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.Column("into_id", NUMBER, nullable=True),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_merge_bug_id")),
        sa.ForeignKeyConstraint(["into_id"], ["bug.id"], name=named("fk_merge_into_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_merge")),
        sa.UniqueConstraint("bug_id", name=named("uq_merge_bug_id")),
    )
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.create_index(named("ix_merge_into_id"), ["into_id"], unique=False)

    op.create_table(
        "plan_mark",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sprint_id", NUMBER, nullable=False),
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.Column("pinned_team_id", NUMBER, nullable=True),
        sa.Column("declined", sa.Boolean(), nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.Column("by", TEXT, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_plan_mark_bug_id")),
        sa.ForeignKeyConstraint(
            ["pinned_team_id"], ["team.id"], name=named("fk_plan_mark_pinned_team_id")
        ),
        sa.ForeignKeyConstraint(["sprint_id"], ["sprint.id"], name=named("fk_plan_mark_sprint_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_plan_mark")),
        sa.UniqueConstraint("sprint_id", "bug_id", name=named("uq_plan_mark_sprint_id_bug_id")),
    )
    with op.batch_alter_table("plan_mark", schema=None) as batch_op:
        batch_op.create_index(named("ix_plan_mark_bug_id"), ["bug_id"], unique=False)

    op.create_table(
        "sprint_item",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("sprint_id", NUMBER, nullable=False),
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.Column("team_id", NUMBER, nullable=True),
        sa.Column("lane", WORD, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("frozen_rank", NUMBER, nullable=True),
        sa.Column("frozen_score", sa.Float(), nullable=True),
        sa.Column("frozen_first_report", TIME, nullable=True),
        sa.Column("reasons", JSON, nullable=False),
        sa.Column("effort", WORD, nullable=True),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("claimed_by", TEXT, nullable=True),
        sa.Column("claimed_at", TIME, nullable=True),
        sa.Column("resolved_at", TIME, nullable=True),
        sa.Column("version", NUMBER, nullable=False),
        sa.CheckConstraint(
            "state <> 'claimed' OR claimed_by IS NOT NULL", name=named("ck_sprint_item_claimed_by")
        ),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_sprint_item_bug_id")),
        sa.ForeignKeyConstraint(
            ["sprint_id"], ["sprint.id"], name=named("fk_sprint_item_sprint_id")
        ),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=named("fk_sprint_item_team_id")),
        sa.PrimaryKeyConstraint("id", name=named("pk_sprint_item")),
        sa.UniqueConstraint("sprint_id", "bug_id", name=named("uq_sprint_item_sprint_id_bug_id")),
    )
    with op.batch_alter_table("sprint_item", schema=None) as batch_op:
        batch_op.create_index(named("ix_sprint_item_bug_id"), ["bug_id"], unique=False)
        batch_op.create_index(
            "ix_sprint_item_order", ["sprint_id", "frozen_rank", "id"], unique=False
        )
        batch_op.create_index(named("ix_sprint_item_team_id"), ["team_id"], unique=False)

    op.create_table(
        "stale_score",
        sa.Column("bug_id", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["bug_id"], ["bug.id"], name=named("fk_stale_score_bug_id")),
        sa.PrimaryKeyConstraint("bug_id", name=named("pk_stale_score")),
    )


def downgrade() -> None:
    op.drop_table("stale_score")
    with op.batch_alter_table("sprint_item", schema=None) as batch_op:
        batch_op.drop_index(named("ix_sprint_item_team_id"))
        batch_op.drop_index("ix_sprint_item_order")
        batch_op.drop_index(named("ix_sprint_item_bug_id"))

    op.drop_table("sprint_item")
    with op.batch_alter_table("plan_mark", schema=None) as batch_op:
        batch_op.drop_index(named("ix_plan_mark_bug_id"))

    op.drop_table("plan_mark")
    with op.batch_alter_table("merge", schema=None) as batch_op:
        batch_op.drop_index(named("ix_merge_into_id"))

    op.drop_table("merge")
    with op.batch_alter_table("mention", schema=None) as batch_op:
        batch_op.drop_index(named("ix_mention_name"))

    op.drop_table("mention")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index(named("ix_link_bug_id"))

    op.drop_table("link")
    with op.batch_alter_table("bug_score", schema=None) as batch_op:
        batch_op.drop_index(named("ix_bug_score_score"))

    op.drop_table("bug_score")
    with op.batch_alter_table("bug_name", schema=None) as batch_op:
        batch_op.drop_index(named("ix_bug_name_bug_id"))

    op.drop_table("bug_name")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index(named("ix_activity_bug_id"))

    op.drop_table("activity")
    with op.batch_alter_table("ticket", schema=None) as batch_op:
        batch_op.drop_index(named("ix_ticket_status"))
        batch_op.drop_index(named("ix_ticket_solved_at"))
        batch_op.drop_index("ix_ticket_problem")
        batch_op.drop_index(named("ix_ticket_customer_id"))
        batch_op.drop_index("ix_ticket_created")

    op.drop_table("ticket")
    op.drop_table("sprint")
    with op.batch_alter_table("sign_in", schema=None) as batch_op:
        batch_op.drop_index(named("ix_sign_in_user_id"))

    op.drop_table("sign_in")
    with op.batch_alter_table("bug", schema=None) as batch_op:
        batch_op.drop_index(named("ix_bug_status_category"))
        batch_op.drop_index(named("ix_bug_duplicate_of_id"))
        batch_op.drop_index(named("ix_bug_area_id"))

    op.drop_table("bug")
    op.drop_table("user")
    op.drop_table("stream")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(named("ix_rating_ticket_external_id"))

    op.drop_table("rating")
    op.drop_table("ranking_state")
    op.drop_table("ranking_snapshot")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(named("ix_member_team_id"))
        batch_op.drop_index(named("ix_member_email"))

    op.drop_table("member")
    op.drop_table("dead_letter")
    op.drop_table("customer")
    with op.batch_alter_table("area", schema=None) as batch_op:
        batch_op.drop_index(named("ix_area_team_id"))

    op.drop_table("area")
    op.drop_table("team")
    op.drop_table("source")
    with op.batch_alter_table("sign_in_failure", schema=None) as batch_op:
        batch_op.drop_index(named("ix_sign_in_failure_subject"))

    op.drop_table("sign_in_failure")
    op.drop_table("rate_window")
    op.drop_table("ranking_policy")
    op.drop_table("job_lease")
    op.drop_table("api_token")
