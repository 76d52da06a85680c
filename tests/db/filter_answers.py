"""The same answers as the database's, worked out line by line in plain Python."""

from dataclasses import dataclass
from datetime import UTC, date, timedelta
from typing import Any

from sqlmodel import Session, select

from app.core.bands import coarse
from app.core.filter_terms import Choice, Query, Sort, Text
from app.core.vocabulary import ItemState, LinkState, TicketStatus
from app.db.models import (
    Activity,
    Area,
    Bug,
    BugScore,
    Customer,
    Link,
    PlanMark,
    Source,
    Sprint,
    SprintItem,
    Team,
    Ticket,
)

DAY = timedelta(days=1)
LAST = 1_000_000_000


@dataclass
class Fact:
    """Everything that is known of one line."""

    item: SprintItem
    bug: Bug
    score: BugScore | None
    confirmed: list[Any]
    suggested: bool
    marks: list[Any]
    heard: list[Any]
    sprints: set[str]


class Answers:
    """Every line of a board with all that belongs to it, for one reader."""

    def __init__(self, db: Session, sprint_id: int, reader) -> None:
        self.reader = reader
        every: dict[Any, Any] = {model: db.exec(select(model)).all() for model in MODELS}
        self.named = {
            model: {each.id: each for each in every[model]} for model in (Team, Area, Source)
        }
        self.customers = {each.id: each for each in every[Customer]}
        bugs = {bug.id: bug for bug in every[Bug]}
        tickets = {t.id: t for t in every[Ticket] if t.status != TicketStatus.deleted}
        scores = {each.bug_id: each for each in every[BugScore]}
        slugs = {each.id: each.slug for each in every[Sprint]}

        def links(bug_id, state):
            return [
                (link, tickets[link.ticket_id])
                for link in every[Link]
                if link.ticket_id in tickets
                and link.state == state
                and (bugs[link.bug_id].duplicate_of_id or link.bug_id) == bug_id
            ]

        self.facts = [
            Fact(
                item,
                bugs[item.bug_id],
                scores.get(item.bug_id),
                links(item.bug_id, LinkState.confirmed),
                bool(links(item.bug_id, LinkState.suggested)),
                [m for m in every[PlanMark] if (m.sprint_id, m.bug_id) == (sprint_id, item.bug_id)],
                [a.at for a in every[Activity] if a.bug_id == item.bug_id],
                {slugs[i.sprint_id] for i in every[SprintItem] if i.bug_id == item.bug_id},
            )
            for item in every[SprintItem]
            if item.sprint_id == sprint_id
        ]

    def ids(self, query: Query):
        """Return the lines that a query means, in its order."""
        found = [fact for fact in self.facts if all(self.holds(t, fact) for t in query.terms)]
        sort = query.sort or Sort()
        found.sort(key=lambda fact: (_rank(fact), fact.item.id))
        found.sort(key=lambda fact: self.key(sort.field, fact), reverse=False)
        if sort.falling:
            found.sort(key=lambda fact: self.key(sort.field, fact), reverse=True)
        return [fact.item.id for fact in found]

    def holds(self, term, fact):
        if isinstance(term, Text):
            found = self._says(term.words, fact)
        elif isinstance(term, Choice):
            has = self._has(term.field, fact)
            values = [self.reader.name if v == "me" else v for v in term.values]
            found = any(not has if value == "none" else value in has for value in values)
        else:
            found = any(self._within(term, part, fact) for part in term.parts)
        return found != term.no

    def _says(self, words, fact):
        places = [fact.bug.title, fact.bug.key]
        if self.reader.text:
            places += [each for _, t in fact.confirmed for each in (t.subject, t.text)]
        return any(words.lower() in place.lower() for place in places)

    def _has(self, field, fact):
        return {
            value
            for value in getattr(self, "_has_" if field == "has" else f"_{field}")(fact)
            if value is not None
        }

    def _state(self, fact):
        return [fact.item.state]

    def _lane(self, fact):
        return [fact.item.lane]

    def _severity(self, fact):
        return [fact.bug.severity]

    def _owner(self, fact):
        return [fact.item.claimed_by]

    def _label(self, fact):
        return fact.bug.labels

    def _touchpoint(self, fact):
        return []

    def _sprint(self, fact):
        return fact.sprints

    def _team(self, fact):
        return [self.named[Team][fact.item.team_id].key] if fact.item.team_id else []

    def _area(self, fact):
        return [self.named[Area][fact.bug.area_id].key] if fact.bug.area_id else []

    def _source(self, fact):
        ids = {fact.bug.source_id, *(ticket.source_id for _, ticket in fact.confirmed)}
        return [word for i in ids for s in [self.named[Source][i]] for word in (s.name, s.kind)]

    def _whom(self, fact):
        return [self.customers[t.customer_id] for _, t in fact.confirmed if t.customer_id]

    def _customer(self, fact):
        return [who.name for who in self._whom(fact)]

    def _tier(self, fact):
        return [who.tier for who in self._whom(fact)]

    def _is(self, fact):
        since = self.reader.today - 2 * DAY
        claimed = fact.item.state == ItemState.claimed and fact.item.claimed_at < since
        mine = self.reader.team_id is not None and fact.item.team_id == self.reader.team_id
        return [
            "stale" if claimed and not any(at >= since for at in fact.heard) else None,
            "blocked" if any(mark.blocked_by for mark in fact.marks) else None,
            "mine" if mine else None,
        ]

    def _has_(self, fact):
        return ["suggestion"] if fact.suggested else []

    def _within(self, term, part, fact):
        value = self.value(term.field, fact)
        if value is None or part.low is None:
            return value is None and part.low is None
        if isinstance(part.low, date):
            value = value.astimezone(UTC).date()
        elif isinstance(part.low, timedelta):
            until = fact.item.resolved_at if term.field == "waiting" else None
            value = max(0, (((until or self.reader.today) - value) // DAY)) * DAY
        tests = {
            ":": part.low <= value <= part.high,
            ">": value > part.low,
            "<": value < part.low,
            ">=": value >= part.low,
            "<=": value <= part.low,
        }
        return tests[term.op]

    def value(self, field, fact):
        score = fact.score
        shown = coarse if self.reader.coarse else float
        values = {
            "importance": max((link.importance for link, _ in fact.confirmed), default=None),
            "rank": fact.item.frozen_rank,
            "score": shown(score.score if score else 0.0),
            "tickets": score.tickets if score else 0,
            "customers": score.customers if score else 0,
            "waiting": score.first_report if score else None,
            "age": fact.bug.created_at,
            "updated": fact.bug.updated_at,
        }
        return values[field]

    def key(self, field, fact):
        if field == "rank":
            return _rank(fact)
        if field == "score":
            return fact.score.score if fact.score else 0.0
        value = self.value(field, fact)
        if field in ("waiting", "age", "updated"):
            until = fact.item.resolved_at if field == "waiting" else None
            none = timedelta(microseconds=-1)
            return (until or self.reader.today) - value if value else none
        return value or 0


MODELS = (
    Activity, Area, Bug, BugScore, Customer, Link,
    PlanMark, Source, Sprint, SprintItem, Team, Ticket,
)  # fmt: skip


def _rank(fact):
    return fact.item.frozen_rank or LAST
