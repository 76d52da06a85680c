"""Instances to plan, and an independent judge of what a plan claims."""

from hypothesis import strategies as st

from app.core.planning import Candidate, Crew, Decline, Instance, Why
from app.core.vocabulary import Effort, Lane

DAYS = {Effort.S: 0.5, Effort.M: 1.0, None: 1.0, Effort.L: 2.0, Effort.XL: 4.0}
TOLERANCE = 1e-6
ONE_CREW = (Crew(1, 10),)
teams = st.integers(1, 3)


def bug(bug_id, score=10.0, *, owner=1, effort=Effort.M, **more):
    more.setdefault("rank", bug_id)
    return Candidate(bug_id, score, owner_team=owner, effort=effort, **more)


def instance(*bugs, crews=ONE_CREW, **more):
    more.setdefault("choice_share", 0.0)
    more.setdefault("high_profile_per_team", 0)
    return Instance(bugs, crews, **more)


@st.composite
def instances(draw, plain=False, most=10):
    count = draw(st.integers(0, most))
    scores = sorted(draw(st.lists(st.floats(0, 50), min_size=count, max_size=count)), reverse=True)
    return Instance(
        candidates=tuple(
            draw(candidates(bug_id, score, plain)) for bug_id, score in enumerate(scores, start=1)
        ),
        crews=tuple(Crew(team, draw(st.floats(0, 9))) for team in (1, 2, 3)),
        choice_share=draw(st.sampled_from([0, 0.3, 0.7])),
        high_profile_per_team=draw(st.integers(0, 2)),
    )


@st.composite
def candidates(draw, bug_id, score, plain):
    marks = {} if plain else draw(st.fixed_dictionaries({}, optional=MARKS))
    return Candidate(
        bug_id,
        score,
        rank=bug_id,
        owner_team=draw(teams) if plain else draw(st.none() | st.integers(1, 4)),
        adjacent_teams=tuple(draw(st.lists(teams, max_size=2))),
        effort=draw(st.sampled_from([None, *Effort])),
        oldest_need_days=draw(st.sampled_from([0.0, 179.0, 180.0, 700.0])),
        **marks,
    )


MARKS = {
    "missing": st.sampled_from([(), ("steps to reproduce",)]),
    "pinned_team": teams,
    "declined": st.just(Decline("Ana", "it is rewritten anyway")),
    "blocked_by": st.just("the new billing service"),
}


class Judge:
    """Recomputes from the instance what must hold of the plan."""

    def __init__(self, instance, plan):
        self.instance, self.plan = instance, plan
        self.bugs = {each.bug_id: each for each in instance.candidates}
        self.placed = {each.bug_id: each for each in plan.assignments}
        self.why = {each.bug_id: each.reason.why for each in plan.rejections}
        self.top = instance.high_profile_per_team * len(instance.crews)

    def effort(self, bug_id, team):
        bug = self.bugs[bug_id]
        return DAYS[bug.effort] * (1 if team == bug.owner_team else 1.5)

    def lane(self, bug_id, team):
        bug = self.bugs[bug_id]
        if bug.rank <= self.top:
            return Lane.high_profile
        own = team == bug.owner_team and bug.oldest_need_days >= 180
        return Lane.own_lingering if own else Lane.choice

    def permitted(self, bug_id):
        bug = self.bugs[bug_id]
        near = [t for t in bug.adjacent_teams if self.effort(bug_id, t) <= 2]
        return {t for t in (bug.owner_team, *near) if t in {c.team_id for c in self.instance.crews}}

    def plannable(self, team):
        crew = next(c for c in self.instance.crews if c.team_id == team)
        return crew.capacity_days * (1 - self.instance.choice_share)

    def held(self, team):
        return {each.bug_id for each in self.plan.assignments if each.team_id == team}

    def is_fixed(self, bug_id):
        return self.placed[bug_id].reasons[0].why in {Why.kept, Why.pinned}

    def spent(self, team, held=None):
        return sum(self.effort(b, team) for b in (self.held(team) if held is None else held))

    def covered(self, team, held):
        """Days of the two lane minima that are filled."""
        shares = {Lane.high_profile: 0.35, Lane.own_lingering: 0.25}
        return [
            min(
                sum(self.effort(b, team) for b in held if self.lane(b, team) is lane),
                int(self.plannable(team) * share * 4 + 1 - TOLERANCE) / 4,
            )
            for lane, share in shares.items()
        ]

    def fits(self, team, held):
        return self.spent(team, held) <= self.plannable(team) + TOLERANCE

    def complaints(self):
        left = [b for b, why in self.why.items() if why in {Why.no_capacity, Why.lower_value}]
        for bug_id in left:
            for team in self.permitted(bug_id):
                held = self.held(team)
                if self.fits(team, held | {bug_id}):
                    yield bug_id, team, None
                for out in held:
                    if self.could_replace(bug_id, out, team):
                        yield bug_id, team, out

    def could_replace(self, bug_id, out, team):
        if self.is_fixed(out) or self.bugs[out].score >= self.bugs[bug_id].score - TOLERANCE:
            return False
        held = self.held(team)
        swapped = held - {out} | {bug_id}
        kept = zip(self.covered(team, swapped), self.covered(team, held), strict=True)
        return self.fits(team, swapped) and all(new >= old for new, old in kept)
