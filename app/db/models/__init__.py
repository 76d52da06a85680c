"""Tables.  They hold facts and constraints, and do not think."""

from app.db.models.log import Activity
from app.db.models.people import ApiToken, Area, Member, SignIn, SignInFailure, Team, User
from app.db.models.sources import DeadLetter, JobLease, RateWindow, Source, Stream
from app.db.models.sprints import (
    PlanMark,
    RankingPolicy,
    RankingSnapshot,
    RankingState,
    Sprint,
    SprintItem,
)
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
    "Bug",
    "BugName",
    "BugScore",
    "Customer",
    "DeadLetter",
    "JobLease",
    "Link",
    "Member",
    "Mention",
    "Merge",
    "PlanMark",
    "RankingPolicy",
    "RankingSnapshot",
    "RankingState",
    "RateWindow",
    "Rating",
    "SignIn",
    "SignInFailure",
    "Source",
    "Sprint",
    "SprintItem",
    "StaleScore",
    "Stream",
    "Team",
    "Ticket",
    "User",
]
