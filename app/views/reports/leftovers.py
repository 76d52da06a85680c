"""What of a sprint's scope is not fixed, and why, in a sentence that names who said so."""

from collections.abc import Mapping

from app.core.vocabulary import RESOLVED, ItemState
from app.db.models import SprintItem
from app.views.reports.impact_facts import Facts
from app.views.reports.impact_sheet import Leftover
from app.views.rows import STATE_WORDS

Said = tuple[str, str]
"""Who said it, and what."""
WHY = {
    ItemState.open: "Nobody has claimed it yet.",
    ItemState.reopened: "It was fixed and then taken up again.",
    ItemState.handed_back: "It was handed back.",
    ItemState.declined: "It was declined.",
    ItemState.duplicate: "It was merged into another bug.",
    ItemState.wontfix: "Its tracker closed it without a fix.",
}
VERBS = {ItemState.declined: "declined it", ItemState.handed_back: "handed it back"}


def leftovers(facts: Facts, said: Mapping[int, Said]) -> list[Leftover]:
    """List the bugs that are not fixed, in the order of the list; `said`: who refused each."""
    return [
        Leftover(
            bug_id=item.bug_id,
            key=bug.key,
            title=bug.title,
            state_word=STATE_WORDS[item.state],
            team=team,
            customers=score.customers if score else 0,
            why=why(item, said.get(item.bug_id)),
        )
        for item, bug, score, team, *_ in facts.rows
        if item.state not in RESOLVED
    ]


def why(item: SprintItem, said: Said | None) -> str:
    """Say why a bug is not fixed; a reason of the plan tells only why it came in."""
    if item.state == ItemState.claimed and item.claimed_at is not None:
        day = item.claimed_at
        return f"{item.claimed_by} has been on it since {day.day} {day:%b %Y}."
    if item.state in VERBS and said and said[1]:
        return f"{said[0]} {VERBS[item.state]}: {said[1].rstrip('.')}."
    return WHY.get(item.state, "")
