"""Who may do what: every route asks for exactly one permission, and what is not given is denied."""

from enum import StrEnum

from app.core.vocabulary import Role


class Permission(StrEnum):
    """What a route may ask for; `anyone` is for signing in and for health checks."""

    anyone = "anyone"
    board_read = "board.read"
    tv_read = "tv.read"
    bug_claim = "bug.claim"
    plan_write = "plan.write"
    sprint_write = "sprint.write"
    link_write = "link.write"
    link_suggest = "link.suggest"
    pii_read = "pii.read"
    money_read = "money.read"
    ticket_read = "ticket.read"
    source_write = "source.write"
    user_write = "user.write"
    audit_read = "audit.read"
    outbox_approve = "outbox.approve"
    retention_write = "retention.write"
    erase = "erase"
    backup = "backup"
    account_write = "account.write"
    account_secure = "account.secure"
    view_pin = "view.pin"


UNFINISHED = frozenset({Permission.anyone, Permission.account_secure})
"""What somebody may do who has to change a given password, or to set up a second factor, first."""
_READER = UNFINISHED | {Permission.board_read, Permission.tv_read, Permission.account_write}

GRANTS: dict[Role, frozenset[Permission]] = {
    Role.viewer: _READER,
    Role.engineer: _READER
    | {Permission.bug_claim, Permission.ticket_read, Permission.link_suggest},
    Role.support_lead: _READER
    | {
        Permission.bug_claim,
        Permission.link_write,
        Permission.link_suggest,
        Permission.ticket_read,
        Permission.pii_read,
        Permission.money_read,
        Permission.outbox_approve,
        Permission.view_pin,
    },
    Role.exec: _READER | {Permission.money_read},
    Role.admin: frozenset(Permission),
}
"""`ticket_read`: the inbox, with redacted text unless `pii_read` is given as well.
`tv_read`: the wallboard; whoever has the link of one sees it without signing in.
`account_write`: one's own sign-ins, preferences and views, for everybody who is signed in.
`account_secure`: one's own password and second factor, for them as well.
"""

ORGANISER = frozenset(
    {
        Permission.plan_write,
        Permission.sprint_write,
        Permission.outbox_approve,
        Permission.view_pin,
    }
)
"""What the organiser of a sprint may do in addition, whatever their role, viewers excepted."""

TOKEN_SCOPES = frozenset(
    {Permission.board_read, Permission.bug_claim, Permission.link_write, Permission.ticket_read}
)
"""What a program's token may be given."""


LEAD = frozenset({Permission.plan_write})
"""What an engineer who leads a team may do in addition, for that team only."""


def granted(role: Role, *, organiser: bool = False, lead: bool = False) -> frozenset[Permission]:
    """Return everything a person may do."""
    extra = ORGANISER if organiser and role != Role.viewer else frozenset()
    return GRANTS[role] | extra | (LEAD if lead and role == Role.engineer else frozenset())
