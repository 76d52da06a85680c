"""A vendor's rate limit, kept in the database so that it holds across processes."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from app.db.engine import is_busy, repeatable
from app.db.queries import sources

WINDOW_SECONDS = 60.0
BUSY_SECONDS = 0.2


@dataclass
class SharedLimiter:
    """Lets at most `per_minute` requests of a bucket pass in any 60 seconds."""

    engine: Engine
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep

    def wait(self, bucket: str, per_minute: int) -> None:
        """Take a slot, sleeping until one is free."""
        while pause := self._try_when_free(bucket, per_minute):
            self.sleep(pause)

    def _try_when_free(self, bucket: str, per_minute: int) -> float:
        try:
            return self._try(bucket, per_minute)
        except OperationalError as error:
            if not is_busy(error):
                raise
            return BUSY_SECONDS

    def _try(self, bucket: str, per_minute: int) -> float:
        """Take a slot and return 0, or return the seconds until one may be free."""
        # A slot that a power cut forgets is older than its window once the machine is up again.
        with Session(repeatable(self.engine)) as db:
            window = sources.rate_window(db, bucket)
            now = self.clock()
            used = [at for at in window.used if now - WINDOW_SECONDS < at <= now]
            if len(used) >= per_minute:
                return max(0.05, used[-per_minute] + WINDOW_SECONDS - now)
            taken = sources.use_rate(db, window, [*used, now])
            db.commit()
            return 0.0 if taken else 0.01
