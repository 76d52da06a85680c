"""The engineers' two weeks: which bugs are taken, mended, reopened or closed otherwise."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.simulators.arrivals import hours, in_office, mostly_in_office
from integrations.simulators.chance import some
from integrations.simulators.model import Bug

LENGTH = timedelta(days=14)
FIXED_SHARE = 0.56
LOGINS = """
ana-r bruno-k chidi-o dana-w elio-f farah-n gus-t hana-m ivan-p jo-l kim-s lars-b
mei-c noor-a otto-v pia-d rafa-g sana-y timo-h ula-z vera-j wim-q xenia-i yusuf-e
"""
ENGINEERS = tuple(LOGINS.split())


@dataclass(slots=True)
class Course:
    """What becomes of one bug in the sprint; times are None where nothing happens."""

    bug: int
    engineer: str | None = None
    assigned_at: datetime | None = None
    closed_at: datetime | None = None
    reason: str = ""
    reopened_at: datetime | None = None
    closed_again_at: datetime | None = None

    def mended_at(self, before: datetime) -> datetime | None:
        """When it was mended for good, as far as customers could notice before an instant."""
        if self.reason != "completed":
            return None
        last = self.closed_again_at if self.reopened_at else self.closed_at
        return last if last and last < before else None


def plan_courses(chance: Random, hits: list[Bug], start: datetime) -> dict[int, Course]:
    """The most-hit open bugs get mended, a few per day; some others end in other ways."""
    open_hits = [bug for bug in hits if bug.open]
    wanted = max(1, round(FIXED_SHARE * len(open_hits)))
    taken = [bug for rank, bug in enumerate(open_hits) if rank < 6 or not some(chance, 0.08)][
        :wanted
    ]
    courses = {bug.id: _mended(chance, bug, start) for bug in taken}
    _reopen_some(chance, list(courses.values())[6:], start)
    rest = [bug for bug in open_hits if bug.id not in courses]
    ends = ["not_planned"] * 5 + ["duplicate"] * 4
    for bug, reason in zip(chance.sample(rest, min(len(rest), len(ends))), ends, strict=False):
        target = f" {taken[0].id}" if reason == "duplicate" else ""
        courses[bug.id] = Course(bug.id, reason=reason + target, closed_at=_moment(chance, start))
    for bug in chance.sample(rest, min(len(rest), 6)):
        course = courses.setdefault(bug.id, Course(bug.id))
        course.engineer, course.assigned_at = chance.choice(ENGINEERS), _moment(chance, start)
        if course.closed_at and course.assigned_at >= course.closed_at:
            course.engineer = course.assigned_at = None
    return courses


def _moment(chance: Random, start: datetime) -> datetime:
    at = mostly_in_office(chance, start + hours(chance, 10, 276))
    return min(at, start + LENGTH - timedelta(hours=6))


def _mended(chance: Random, bug: Bug, start: datetime) -> Course:
    closed = _moment(chance, start)
    assigned = max(start + hours(chance, 0.5, 6), closed - hours(chance, 12, 72))
    if closed <= assigned:
        closed = assigned + hours(chance, 3, 8)
    return Course(bug.id, chance.choice(ENGINEERS), assigned, closed, "completed")


def _reopen_some(chance: Random, courses: list[Course], start: datetime) -> None:
    early = [one for one in courses if one.closed_at and one.closed_at < start + LENGTH * 0.7]
    for number, course in enumerate(chance.sample(early, min(len(early), 3))):
        assert course.closed_at is not None
        course.reopened_at = in_office(course.closed_at + hours(chance, 20, 44))
        if number == 0:
            course.closed_again_at = course.reopened_at + hours(chance, 20, 30)
