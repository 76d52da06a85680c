"""Rank anew, save a policy, freeze a list."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from sqlmodel import Session

from app.actions import scores
from app.core.errors import Conflict, Invalid
from app.core.ranking import BOUNDS, Policy, data_hash, rank, revised, snapshot_bytes
from app.core.sentences import counted
from app.db.models import RankingPolicy, RankingSnapshot
from app.db.queries import activity, rankings, stakes

STALE_AT_ONCE, ALL = 2_000, 1_000_000


def rerank(db: Session, *, actor: str, at: datetime) -> int:
    """Compute every score for today; return how many bugs have one."""
    count = scores.rescore_all(db, at=at)
    rankings.take_stale(db, limit=ALL)
    activity.note(db, at=at, actor=actor, verb="ranked", detail=counted(count, "bug"))
    db.commit()
    return count


def rescore_stale(db: Session, *, at: datetime) -> list[int]:
    """Rescore bugs that a sync touched, some at a time; return those whose figures changed."""
    touched: list[int] = []
    state = rankings.ranking_state(db)
    whole = state is None or state.policy_id != scores.policy_now(db, at)[0]
    while some := rankings.take_stale(db, ALL if whole else STALE_AT_ONCE):
        touched += _rescored(db, some, whole=whole, at=at)
        db.commit()
    db.rollback()
    return touched


def _rescored(db: Session, some: list[int], *, whole: bool, at: datetime) -> list[int]:
    if not whole:
        return scores.rescore(db, some, at=at)
    # The first ranking, or revenue became known: then every bug weighs otherwise than before.
    scores.rescore_all(db, at=at)
    return some


def save_policy(db: Session, policy: Policy, *, actor: str, at: datetime, changes: str = "") -> int:
    """Save a new version of the ranking's parameters and rank by it; return its number."""
    stored = RankingPolicy(params=asdict(policy), saved_by=actor, saved_at=at)
    db.add(stored)
    db.flush()
    assert stored.id is not None
    scores.rescore_all(db, at=at)
    detail = f"version {stored.id}{f': {changes}' if changes else ''}"
    activity.note(db, at=at, actor=actor, verb="policy_saved", detail=detail)
    db.commit()
    return stored.id


def change_policy(
    db: Session, wish: Mapping[str, float], *, seen: int | None, actor: str, at: datetime
) -> int:
    """Save the policy with other weights as a new version; return its number.

    `seen`: the version that was looked at; somebody else's newer one is not overwritten.
    """
    version, policy = scores.policy_now(db, at)
    if seen is not None and seen != version:
        raise Conflict(
            f"The ranking policy is at version {version} by now, not at {seen}: "
            "nothing was saved; look at it and save again."
        )
    made = revised(policy, wish, rankings.known_arr(db))
    changes = [
        f"{name} {getattr(policy, name):g} → {getattr(made, name):g}"
        for name in BOUNDS
        if getattr(policy, name) != getattr(made, name)
    ]
    if not changes:
        raise Invalid("These are the weights that count already: change one before saving.")
    return save_policy(db, made, actor=actor, at=at, changes=", ".join(changes))


def freeze(db: Session, *, at: datetime) -> RankingSnapshot:
    """Write down the list of open bugs as it is; a step of committing a sprint, not committed."""
    policy_id, policy = scores.policy_now(db, at)
    state = rankings.ranking_state(db)
    if state is None or (state.as_of, state.policy_id) != (scores.start_of_day(at), policy_id):
        scores.rescore_all(db, at=at)
        state = rankings.ranking_state(db)
    assert state is not None
    needs = stakes.bug_needs(db, as_of=state.as_of)
    open_ids = {row[0] for row in rankings.scored_bugs(db)}
    ranked = rank([bug for bug in needs if bug.bug_id in open_ids], policy, state.as_of)
    body = snapshot_bytes(ranked, policy, state.as_of)
    frozen = RankingSnapshot(
        as_of=state.as_of,
        policy_id=policy_id,
        taken_at=at,
        data_hash=data_hash(body),
        body=body.decode(),
    )
    db.add(frozen)
    db.flush()
    return frozen
