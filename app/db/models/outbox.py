"""What goes out: drafts, approvals, and what became of each message."""

from datetime import datetime

from sqlalchemy import Text, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.core.vocabulary import OutgoingKind, OutgoingState
from app.db.models.columns import words


class Outgoing(SQLModel, table=True):
    """One message to one address, with the exact bytes that are sent.

    `transition` names the change that caused it, so that one change tells a customer once.
    `marker` can be found again at the receiver when an answer was lost.
    `fence` grows with every attempt; a sender that lost its lease cannot write the outcome.
    """

    __tablename__ = "outgoing"
    __table_args__ = (UniqueConstraint("kind", "bug_id", "customer_id", "transition"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: OutgoingKind = Field(sa_type=words(OutgoingKind))
    state: OutgoingState = Field(
        default=OutgoingState.draft, sa_type=words(OutgoingState), index=True
    )
    source_id: int = Field(foreign_key="source.id")
    bug_id: int = Field(foreign_key="bug.id", index=True)
    customer_id: int | None = Field(default=None, foreign_key="customer.id", index=True)
    ticket_id: int | None = Field(default=None, foreign_key="ticket.id", index=True)
    transition: str
    target: str
    body: str = Field(sa_type=Text)
    public: bool
    marker: str = Field(unique=True)
    made_at: datetime
    made_by: str
    approved_at: datetime | None = None
    approved_by: str | None = None
    second_approval_by: str | None = None
    not_before: datetime | None = None
    attempts: int = 0
    fence: int = 0
    locked_until: datetime | None = None
    sent_at: datetime | None = None
    result: str = ""
