"""Writers of one process wait in line; nobody overtakes, nobody is forgotten."""

import shutil
import time
from threading import Thread

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app.db import engine as doors
from app.db.engine import is_busy, open_engine, read_only


@pytest.fixture
def engine(empty_sqlite, tmp_path):
    made = open_engine(f"sqlite:///{shutil.copy(empty_sqlite, tmp_path / 'turns.db')}")
    ready = [made.connect() for _ in range(7)]
    for connection in ready:
        connection.close()
    yield made
    made.dispose()


def run(*works):
    threads = [Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
        time.sleep(0.05)
    for thread in threads:
        thread.join(timeout=10)
        assert not thread.is_alive()


def test_writers_come_on_in_the_order_in_which_they_asked(engine):
    order = []

    def writer(number):
        def work():
            with engine.begin():
                order.append(number)
                time.sleep(0.2)

        return work

    run(*[writer(number) for number in range(6)])
    assert order == list(range(6))


def test_a_reader_waits_for_no_turn(engine):
    with engine.begin(), read_only(engine).connect() as reader:
        begin = time.perf_counter()
        reader.execute(text("SELECT count(*) FROM bug")).scalar_one()
        assert time.perf_counter() - begin < 0.5


def test_who_waits_too_long_hears_that_it_is_busy_and_the_line_goes_on(engine, monkeypatch):
    monkeypatch.setattr(doors, "LONGEST_TURN_SECONDS", 0.1)
    with engine.begin(), pytest.raises(OperationalError) as refused, engine.begin():
        pass
    assert is_busy(refused.value)
    with engine.begin() as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1


def test_a_failed_writer_gives_its_turn_back(engine):
    for _ in range(3):
        with pytest.raises(RuntimeError), engine.begin():
            raise RuntimeError
    begin = time.perf_counter()
    with engine.begin():
        assert time.perf_counter() - begin < 0.5


def test_a_connection_that_is_thrown_away_gives_its_turn_back(engine):
    with engine.connect() as connection:
        connection.execute(text("SELECT 1"))
        connection.invalidate()
    begin = time.perf_counter()
    with engine.begin():
        assert time.perf_counter() - begin < 0.5
