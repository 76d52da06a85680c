"""An outbox to draw, with a message in each state, and one without."""

from app.core.ledger import Standing
from app.core.vocabulary import OutgoingKind, OutgoingState
from app.views.outbox import STATE_WORDS, Batch, Entry, Letter, Outbox, Switch, Told
from tests.web import given

BODY = "Hello,\n\nit is fixed: <b>really</b>.\n\nStill broken? Answer.\n\nReference BSP-ABCDEFGH"


def letter(number, state, **more):
    facts = {
        "id": number, "kind": OutgoingKind.told, "state": state,
        "state_word": STATE_WORDS[state], "source": "support", "bug_id": number % 2 + 1,
        "customer_id": 1, "customer": given.LONG[:60], "ticket": "41",
        "ticket_url": "https://desk.example/41", "body": BODY, "public": True, "marker": "BSP-A",
        "made_at": given.NOW, "made_by": "Ana", "approved_at": given.NOW, "approved_by": "Sam",
        "second_approval_by": "Adi", "not_before": given.NOW, "sent_at": given.NOW, "attempts": 1,
        "result": "It is a long story.", "held": "It waits.", "decidable": True,
    }  # fmt: skip
    return Letter(**(facts | more))


def outbox(**more):
    letters = [letter(n, state) for n, state in enumerate(OutgoingState, start=1)]
    bare = {"ticket": None, "ticket_url": None, "customer": None, "body": "", "held": None}
    letters.append(letter(99, OutgoingState.draft, public=False, **bare))
    batches = [
        Batch(
            bug_id=bug, key=f"acme/app#{bug}", title=given.TITLES[bug],
            letters=[each for each in letters if each.bug_id == bug],
        )
        for bug in (1, 2)
    ]  # fmt: skip
    facts = {
        "show": "open", "shows": ["open", "done", "all"],
        "counts": {"open": 5, "done": 1_200, "all": 1_205}, "items": letters, "next": "99",
        "batches": batches, "words": "Hello #{number}", "at": given.NOW,
        "switches": [
            Switch(source=name, live=dict.fromkeys(OutgoingKind, live))
            for name, live in (("support", True), ("other", False))
        ],
    }  # fmt: skip
    return Outbox(**(facts | more))


def nothing():
    counts = dict.fromkeys(("open", "done", "all"), 0)
    return outbox(items=[], batches=[], next=None, counts=counts, switches=[])


def told():
    standings = dict.fromkeys(Standing, 0) | {Standing.told: 12, Standing.draft: 48}
    entries = [Entry(customer=given.LONG, standing=Standing.told, word="told")]
    return Told(customers=60, told=12, standings=standings, entries=entries, more=59)
