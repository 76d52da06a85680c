"""What a reading of a source brought, or would bring."""

from dataclasses import dataclass, field
from datetime import datetime

from app.core.vocabulary import SourceState
from integrations.contract import IssueRecord, Page, TicketRecord
from integrations.errors import SourceError


class Stopped(SourceError):
    """Somebody ended a run by hand."""


@dataclass
class Outcome:
    """What one run brought: records kept and refused, and what went wrong, in sentences."""

    kept: int = 0
    rejected: int = 0
    degraded: list[str] = field(default_factory=list)
    failed: str | None = None
    stopped: bool = False
    changed: list[int] = field(default_factory=list)
    newest: datetime | None = None
    met: set[str] = field(default_factory=set)

    @property
    def state(self) -> SourceState:
        """Say in one word how the run went."""
        if self.failed and not self.stopped:
            return SourceState.failing
        return SourceState.degraded if self.degraded or self.failed else SourceState.ok


@dataclass
class DryRun:
    """What a run would bring, by stream, and which streams are closed to us, in sentences."""

    counts: dict[str, int] = field(default_factory=dict)
    closed: list[str] = field(default_factory=list)


def newest(page: Page) -> datetime | None:
    kinds = (TicketRecord, IssueRecord)
    return max((r.updated_at for r in page.records if isinstance(r, kinds)), default=None)
