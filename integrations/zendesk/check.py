"""Tries the connection: who we are, what we may do, how much is left, how far clocks differ."""

from collections.abc import Iterator

from integrations.answers import clock_skew, clock_warning
from integrations.contract import Identity
from integrations.errors import Misconfigured
from integrations.http import Answer
from integrations.zendesk.named import unknown_fields
from integrations.zendesk.rows import Me, MeAnswer, SamplesPage, TokenAnswer
from integrations.zendesk.session import Session


def identity(session: Session) -> Identity:
    """Ask for all that a connection test shows."""
    answer = session.get("/api/v2/users/me")
    found: MeAnswer = answer.json(MeAnswer)
    me = found.user
    if me is None or me.id is None:
        raise Misconfigured("Zendesk takes us for an anonymous visitor: check the credentials.")
    skew = clock_skew(answer, session.around.now())
    return Identity(
        who=f"{me.name or 'Unnamed'} ({me.role or 'no role'}, {me.id})",
        scopes=_scopes(session),
        quota=_quota(answer),
        clock_skew_seconds=skew,
        samples=_samples(session),
        warnings=(*_warnings(session, me, skew), *unknown_fields(session)),
    )


def _scopes(session: Session) -> tuple[str, ...]:
    if session.options.legacy:
        return ()
    answer = session.get("/api/v2/oauth/tokens/current", expect=(200, 403, 404))
    if answer.status != 200:
        return ()
    found: TokenAnswer = answer.json(TokenAnswer)
    if found.token is None:
        return ()
    return tuple(found.token.scopes or (found.token.scope or "").split())


def _samples(session: Session) -> tuple[str, ...]:
    asked: dict[str, str | int] = {"page[size]": 3, "sort": "-updated_at"}
    answer = session.get("/api/v2/tickets", asked, expect=(200, 400, 403))
    if answer.status != 200:
        return ()
    page: SamplesPage = answer.json(SamplesPage)
    return tuple(row.subject or "(no subject)" for row in (page.tickets or ())[:3])


def _quota(answer: Answer) -> str | None:
    pairs = (
        ("x-rate-limit-remaining", "x-rate-limit"),
        ("ratelimit-remaining", "ratelimit-limit"),
        ("rate-limit-remaining", "rate-limit"),
    )
    for left, whole in pairs:
        if left in answer.headers and whole in answer.headers:
            return f"{answer.headers[left]} of {answer.headers[whole]} requests a minute left"
    return None


def _warnings(session: Session, me: Me, skew: float | None) -> Iterator[str]:
    if session.options.legacy:
        yield (
            "API tokens are legacy and stop working on 2027-04-30: "
            "create an OAuth client and give client_id and client_secret instead."
        )
    if me.role != "admin":
        yield (
            f"The export, ratings and Jira links need an admin, but {me.name or 'this user'} "
            f"is {me.role or 'without a role'}."
        )
    late = clock_warning(skew, "Zendesk")
    if late:
        yield late
