"""A score is opened under the policy that made it."""

from dataclasses import asdict

from app.core.ranking import Policy
from app.db.models import BugScore, RankingPolicy
from app.views.why import Eyes, why
from tests import make


def test_a_policy_that_ranked_nothing_yet_explains_nothing(db):
    bug = make.bug(db)
    for _ in range(3):
        make.ticket(db, on=bug)
    make.ranked(db)
    before = why(db, bug.id, eyes=Eyes(money=True, tickets=True, text=True))
    newer = RankingPolicy(params=asdict(Policy(gamma=0.25)), saved_by="Ana", saved_at=make.DAWN)
    db.add(newer)
    db.commit()
    after = why(db, bug.id, eyes=Eyes(money=True, tickets=True, text=True))
    assert after == before
    assert after.score == db.get(BugScore, bug.id).score
    assert newer.id != after.policy_version
