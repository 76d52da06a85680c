"""One run at a time, and a vendor's limit, over every process."""

import sqlite3
from datetime import timedelta
from threading import Barrier, Lock, Thread

import pytest
from sqlmodel import Session

from app.actions import leases
from app.actions.limits import SharedLimiter
from app.db.engine import open_engine
from app.db.models import JobLease, RateWindow
from tests.make import DAWN

BEAT, LENGTH = timedelta(minutes=10), timedelta(minutes=5)


def take(db, who, at, name="sync"):
    return leases.take(db, name, holder=who, at=at, length=LENGTH, every=BEAT)


def test_of_two_holders_one_gets_the_lease(db):
    assert take(db, "a", DAWN) == 1
    assert take(db, "b", DAWN) is None
    assert take(db, "b", DAWN, name="rank") == 1


def test_a_job_runs_once_in_a_beat_even_when_it_is_done(db):
    fence = take(db, "a", DAWN)
    assert leases.end(db, "sync", fence, at=DAWN + timedelta(seconds=2), result="3 records")
    assert take(db, "b", DAWN + timedelta(seconds=3)) is None
    assert take(db, "b", DAWN + BEAT) == 2
    assert db.get(JobLease, "sync").last_result == "3 records"


def test_a_lease_whose_holder_died_is_taken_over_and_the_dead_one_changes_nothing(db):
    first = take(db, "a", DAWN)
    assert take(db, "b", DAWN + timedelta(minutes=4)) is None
    later = DAWN + timedelta(minutes=6)
    second = take(db, "b", later)
    assert second == first + 1
    with pytest.raises(leases.LeaseLost):
        leases.hold(db, "sync", first, until=later + BEAT)
    assert not leases.end(db, "sync", first, at=later, result="too late")
    leases.hold(db, "sync", second, until=later + BEAT)
    assert take(db, "c", later + timedelta(minutes=9)) is None


def test_of_many_takers_at_once_exactly_one_wins(database_url):
    gate, won, lock = Barrier(6), [], Lock()
    engines = [open_engine(database_url) for _ in range(2)]

    def race(number):
        with Session(engines[number % 2]) as own:
            gate.wait()
            fence = take(own, str(number), DAWN)
        with lock:
            won.append(fence)

    threads = [Thread(target=race, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for engine in engines:
        engine.dispose()
    assert sorted(won, key=str) == [1, None, None, None, None, None]


class Time:
    """A clock that only sleeping moves, shared by threads."""

    def __init__(self):
        self.now, self.lock = 1_000.0, Lock()

    def __call__(self):
        with self.lock:
            return self.now

    def sleep(self, seconds):
        assert seconds > 0
        with self.lock:
            self.now += seconds


def test_no_sixty_seconds_see_more_than_the_limit_over_threads_and_processes(database_url):
    time, passed, lock = Time(), [], Lock()
    engines = [open_engine(database_url) for _ in range(2)]

    def ask(number):
        told = []
        limiter = SharedLimiter(
            engines[number % 2], clock=lambda: told.append(time()) or told[-1], sleep=time.sleep
        )
        for _ in range(5):
            limiter.wait("vendor", 4)
            with lock:
                passed.append(told[-1])

    threads = [Thread(target=ask, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with Session(engines[0]) as own:
        assert own.get(RateWindow, "vendor").version == 20
    for engine in engines:
        engine.dispose()
    passed.sort()
    assert len(passed) == 20
    assert all(later - one >= 60 for one, later in zip(passed, passed[4:], strict=False))


def test_one_asker_gets_its_slots_and_then_waits_its_minute(engine):
    time, passed = Time(), []
    limiter = SharedLimiter(engine, clock=time, sleep=time.sleep)
    for _ in range(9):
        limiter.wait("vendor", 4)
        passed.append(time())
    for slot in range(len(passed) - 4):
        assert passed[slot + 4] - passed[slot] >= 60
    assert passed[:4] == [1_000.0] * 4
    limiter.wait("another", 4)
    assert time() == passed[-1]


def test_a_database_that_is_locked_for_a_while_only_delays_a_slot(empty_sqlite, tmp_path):
    file = tmp_path / "test.db"
    file.write_bytes(empty_sqlite.read_bytes())
    held = sqlite3.connect(file, isolation_level=None)
    engine, slept = open_engine(f"sqlite:///{file}"), []

    def let_go(seconds):
        slept.append(seconds)
        held.rollback()

    held.execute("BEGIN IMMEDIATE")
    SharedLimiter(engine, sleep=let_go).wait("vendor", 4)
    engine.dispose()
    held.close()
    assert len(slept) == 1
