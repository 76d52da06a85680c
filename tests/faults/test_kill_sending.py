"""A sender killed at any step, with answers lost on the way, tells each customer exactly once."""

import json
import random
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import Session, select

from app.actions.sending import LEASE
from app.core.outgoing import UNDO
from app.db.models import Outgoing
from app.db.queries import telling
from tests.actions.helpdesk import SPOILS, HelpDesk, approved, fixed, shipped
from tests.sizes import NIGHTLY, size

ROOT = Path(__file__).parents[2]
RUNS = size(8, 1_000)
SPOILED = ["", "cut"] if NIGHTLY else [""]
PATIENCE = 30
KILLED = -1


@pytest.fixture
def desk():
    with HelpDesk().open() as made:
        yield made


@pytest.fixture(scope="session")
def process():
    """The process that has the sender loaded: to load it takes longer than most runs."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.sending"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as started:
        yield started
        started.stdin.close()


@pytest.fixture
def sender(process, database_url, engine, desk):
    made, case = Sender(process, database_url, desk), Case(engine, desk)
    case.approve()
    made.run(warm=True)
    assert case.told() == [1]
    return made


class Sender:
    """The sender as a process of its own, told before each run when to die."""

    def __init__(self, process, url, desk):
        self.process, self.desk = process, desk
        self.given = {"database": url, "host": desk.host}
        self.defect = None

    def run(self, *, kill=0, warm=False):
        """One run; returns its steps, or that it was killed."""
        at = self.desk.clock.now.isoformat()
        asked = self.given | {"kill": kill, "at": at, "defect": self.defect, "warm": warm}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        said = int(self.process.stdout.readline())
        assert said >= KILLED, "the run ended with a defect of ours"
        return said


class Case:
    """A bug that is released, with the messages to its customers."""

    def __init__(self, engine, desk, customers=1):
        self.engine, self.desk = engine, desk
        with Session(engine, expire_on_commit=False) as db:
            source = desk.source(db, "told")
            bug, _ = fixed(db, desk, source, customers)
            self.bug = bug.id
        shipped(engine, self.bug, at=desk.clock.now)

    def letters(self):
        with Session(self.engine, expire_on_commit=False) as db:
            return db.exec(select(Outgoing).where(Outgoing.bug_id == self.bug)).all()

    def approve(self):
        approved(self.engine, [each.id for each in self.letters()], at=self.desk.clock.now)
        self.desk.clock.move(UNDO)

    def told(self):
        """How often each customer was told."""
        return [len(self.desk.comments(each.target, each.marker)) for each in self.letters()]

    def check(self):
        """Nobody was told twice, and the ledger has an entry for each customer."""
        with Session(self.engine) as db:
            entries = telling.entries(db, self.bug)
        told = self.told()
        assert len(entries) == len(told)
        assert max(told) <= 1, "told twice"
        sent = [each.state == "sent" for each in self.letters()]
        assert all(there for there, said in zip(told, sent, strict=True) if said), "said, not done"

    def settle(self, sender):
        """Run on until everybody is told; each run may look after what the last one left."""
        for _ in range(PATIENCE):
            self.desk.clock.move(LEASE)
            sender.run()
            self.check()
            if all(each.state == "sent" for each in self.letters()):
                break
        assert self.told() == [1] * len(self.told()), "never told"


def enumerated(engine, desk, sender, spoil):
    """Kill at the first step, at the second, … until a run lives to its end."""
    landed = 0
    for kill in range(1, 100):
        case = Case(engine, desk)
        case.approve()
        desk.door.plan.extend([spoil] if spoil else [])
        killed = sender.run(kill=kill) == KILLED
        case.check()
        case.settle(sender)
        desk.door.plan.clear()
        landed += killed
        if not killed:
            break
    return landed


@pytest.mark.parametrize("spoil", SPOILED)
def test_killed_at_each_step_in_turn_it_tells_everybody_once(engine, desk, sender, spoil):
    assert enumerated(engine, desk, sender, spoil) >= 12
    assert not spoil or desk.door.done[spoil] >= 5


def test_killed_and_spoiled_by_chance_it_tells_everybody_once(engine, desk, sender):
    dice, landed = random.Random(11), Counter()
    for _ in range(RUNS):
        case = Case(engine, desk, customers=2)
        sender.run()
        assert case.told() == [0, 0], "too early"
        case.approve()
        for _ in range(dice.randint(1, 3)):
            desk.door.plan.extend(dice.choice(["", *SPOILS]) for _ in range(3))
            kill = dice.choice([0, *(dice.randint(1, 24) for _ in range(3))])
            landed["killed"] += sender.run(kill=kill) == KILLED
            case.check()
            desk.clock.move(timedelta(minutes=dice.randint(0, 12)))
        desk.door.plan.clear()
        case.settle(sender)
    spoiled = sum(desk.door.done[each] for each in SPOILS)
    print(
        f"{RUNS} runs: {landed['killed']} kills, {spoiled} spoiled answers, told twice 0, early 0"
    )
    assert landed["killed"] >= 0.3 * RUNS
    assert spoiled >= RUNS


@pytest.mark.parametrize("defect", ["no marker check", "resend on timeout", "send before commit"])
def test_the_tests_above_find_planted_defects(engine, desk, sender, defect):
    sender.defect = defect
    with pytest.raises(AssertionError, match="told twice"):
        enumerated(engine, desk, sender, "" if defect == "send before commit" else "cut")
