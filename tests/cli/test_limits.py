"""A vendor's limit holds across processes."""

import signal
import time

from tests.cli.desk import separately, stats, zendesk

LIMIT = 3  # fewer than one sync asks for, so that neither can be done within the minute


def test_two_syncs_at_once_stay_within_the_limit_of_one(command, monkeypatch):
    with zendesk(monkeypatch, tickets=1800, incremental_per_minute=LIMIT) as (url, add):
        words = [word.replace("minute=1000", f"minute={LIMIT}") for word in add]
        command.done(*words)
        running = [separately("sync"), separately("sync")]
        _await(lambda: _incremental(url) >= LIMIT)
        time.sleep(2)  # time enough for one more request, if anybody dared
        states = [process.poll() for process in running]
        for process in running:
            process.send_signal(signal.SIGKILL)
            process.communicate()
        asked, refused = _incremental(url), stats(url)["too_many_total"]
    assert states == [None, None]
    assert asked == LIMIT
    assert refused == 0


def _incremental(url):
    requests = stats(url)["requests"]
    return sum(count for what, count in requests.items() if "/incremental/" in what)


def _await(true):
    until = time.monotonic() + 40
    while not true() and time.monotonic() < until:
        time.sleep(0.1)
