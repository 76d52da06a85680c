"""Whatever order deliveries come in, and whoever sends them, only what is true is noted."""

import logging

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from app.config import Settings
from app.main import Running, create_app
from tests.web.direct import BASE
from tests.web.hook_histories import Bench, histories
from tests.web.hooking import KEY
from tests.web.serving import served

OUTCOMES = {
    "accepted",
    "repeated",
    "unreadable",
    "forged",
    "stale or signed with a secret let go",
    "turned",
    "read",
}


@pytest.fixture
def app(database_url, clock):
    made = create_app(
        Settings(database_url=database_url, base_url=BASE, secret_key=KEY),
        Running(jobs=False, clock=clock),
    )
    yield made
    made.state.engine.dispose()


def test_no_history_of_deliveries_notes_anything_that_is_not_true(app, engine, clock, hook_runs):
    limits = settings(
        max_examples=hook_runs,
        stateful_step_count=10,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    logging.getLogger("bugsprint.jobs").setLevel(logging.CRITICAL)
    with served(app) as (url, _, _):
        bench = Bench(url, engine, clock)
        run_state_machine_as_test(histories(bench), settings=limits)
        bench.client.close()
    print(f"{hook_runs} histories: {dict(bench.seen)}")
    # The faults landed, and often.
    assert set(bench.seen) == OUTCOMES, bench.seen
    assert min(bench.seen.values()) >= hook_runs // 10, bench.seen
