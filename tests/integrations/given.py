"""Given surroundings: a clock, a sleep that only notes, a limiter that only counts."""

from datetime import UTC, datetime

from integrations.contract import Surroundings

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


class Slots:
    def __init__(self):
        self.taken = []

    def wait(self, bucket, per_minute):
        self.taken.append((bucket, per_minute))


class Given:
    """Surroundings whose pauses (`slept`) and slots (`slots.taken`) can be read afterwards."""

    def __init__(self, *private_hosts, now=NOON):
        self.slept: list[float] = []
        self.slots = Slots()
        self.time = now
        self.around = Surroundings(
            limiter=self.slots,
            now=lambda: self.time,
            sleep=self.slept.append,
            private_hosts=frozenset(private_hosts),
        )
