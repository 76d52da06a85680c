"""Tables.  They hold facts and constraints, and do not think."""

from app.db.models.log import Activity, AuditAnchor, Erasure, IdempotencyKey, Setting
from app.db.models.outbox import Outgoing
from app.db.models.people import ApiToken, Area, Member, SignIn, SignInFailure, Team, User
from app.db.models.sources import (
    DeadLetter,
    HookDelivery,
    JobLease,
    RateWindow,
    Reread,
    Source,
    SourceRun,
    Stream,
)
from app.db.models.sprints import (
    Estimate,
    PlanMark,
    RankingPolicy,
    RankingSnapshot,
    RankingState,
    Sprint,
    SprintItem,
)
from app.db.models.views import SavedView
from app.db.models.work import (
    Bug,
    BugName,
    BugScore,
    Customer,
    Link,
    Mention,
    Merge,
    Rating,
    StaleScore,
    Ticket,
)

__all__ = [
    "Activity",
    "ApiToken",
    "Area",
    "AuditAnchor",
    "Bug",
    "BugName",
    "BugScore",
    "Customer",
    "DeadLetter",
    "Erasure",
    "Estimate",
    "HookDelivery",
    "IdempotencyKey",
    "JobLease",
    "Link",
    "Member",
    "Mention",
    "Merge",
    "Outgoing",
    "PlanMark",
    "RankingPolicy",
    "RankingSnapshot",
    "RankingState",
    "RateWindow",
    "Rating",
    "Reread",
    "SavedView",
    "Setting",
    "SignIn",
    "SignInFailure",
    "Source",
    "SourceRun",
    "Sprint",
    "SprintItem",
    "StaleScore",
    "Stream",
    "Team",
    "Ticket",
    "User",
]
