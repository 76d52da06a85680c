"""One ticket's life: from the letter to the last word, as a list of planned moments."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.simulators.arrivals import hours, in_office, mostly_in_office
from integrations.simulators.chance import some
from integrations.simulators.model import Bug
from integrations.simulators.phrases import bank, pick
from integrations.simulators.sprint import LENGTH, Course

Moment = tuple[datetime, str, str]
CLOSES_AFTER = timedelta(days=20)


@dataclass(frozen=True, slots=True)
class Letter:
    """A ticket to be: when it arrives and the bugs it is about (none: a question)."""

    at: datetime
    bugs: tuple[Bug, ...]


def live(chance: Random, letter: Letter, course: Course | None, start: datetime) -> list[Moment]:
    """All moments of one ticket in order; those after the sprint's end are left to nobody."""
    first_answer = mostly_in_office(chance, letter.at + hours(chance, 0.3, 14))
    moments = [(letter.at, "created", ""), (first_answer, "triaged", "")]
    done = _done_at(chance, letter, course, start)
    if done is not None:
        done = max(done, first_answer + hours(chance, 0.2, 3))
        mended = bool(letter.bugs) and course is not None and course.reason == "completed"
        moments += _ending(chance, done, mended=mended)
        moments += _after_reopening(chance, done, course, letter.at)
    if some(chance, 0.3):
        moments.append((moments[-1][0] + hours(chance, 5, 400), "touched", ""))
    end = start + LENGTH
    return sorted((one for one in moments if one[0] < end), key=lambda one: one[0])


def _ending(chance: Random, done: datetime, *, mended: bool) -> list[Moment]:
    text = pick(chance, "solutions" if mended else "closings")
    moments = [(done, "solved", text)]
    if some(chance, 0.03):
        again = done + hours(chance, 10, 70)
        moments.append((again, "reopened", pick(chance, "reopenings")))
        if some(chance, 0.6):
            moments.append((in_office(again + hours(chance, 5, 40)), "solved", text))
    if some(chance, 0.16):
        moments.append((done + hours(chance, 0.5, 40), "rated", _score(chance, mended=mended)))
    moments.append((moments[-1][0] + CLOSES_AFTER, "closed", ""))
    return moments


def _score(chance: Random, *, mended: bool) -> str:
    return "good" if some(chance, 0.86 if mended else 0.7) else "bad"


def _after_reopening(
    chance: Random, done: datetime, course: Course | None, arrived: datetime
) -> list[Moment]:
    back = course.reopened_at if course else None
    if course is None or back is None or not done < back or arrived > back or some(chance, 0.6):
        return []
    moments = [(back + hours(chance, 0.2, 20), "reopened", pick(chance, "reopenings"))]
    if course.closed_again_at:
        again = in_office(course.closed_again_at + hours(chance, 2, 40))
        moments.append((again, "solved", pick(chance, "solutions")))
    return moments


def _done_at(
    chance: Random, letter: Letter, course: Course | None, start: datetime
) -> datetime | None:
    if not letter.bugs:
        return _question_done(chance, letter.at, start)
    bug = letter.bugs[0]
    if bug.closed_at is not None:
        return in_office(max(letter.at, bug.closed_at) + hours(chance, 3, 240))
    if course is not None and course.closed_at is not None:
        return _mended_done(chance, letter.at, course, start)
    return _waiting_done(chance, letter.at, start)


def _mended_done(
    chance: Random, arrived: datetime, course: Course, start: datetime
) -> datetime | None:
    assert course.closed_at is not None
    if arrived < start - timedelta(days=30) and some(chance, 0.03):
        return in_office(arrived + hours(chance, 10, 400))
    if course.reason != "completed":
        return _waiting_done(chance, arrived, start)
    if some(chance, 0.02):
        return None
    if arrived > course.closed_at:
        return in_office(arrived + hours(chance, 3, 30))
    return mostly_in_office(chance, course.closed_at + hours(chance, 2, 48))


def _waiting_done(chance: Random, arrived: datetime, start: datetime) -> datetime | None:
    """Solved without a fix: a way around it before the sprint, or a plain answer in it."""
    if arrived < start - timedelta(days=40) and some(chance, 0.08):
        return in_office(arrived + hours(chance, 20, 500))
    if some(chance, 0.42):
        return in_office(max(arrived, start) + hours(chance, 5, 270))
    return None


def _question_done(chance: Random, arrived: datetime, start: datetime) -> datetime | None:
    if arrived < start - timedelta(days=6) and some(chance, 0.1):
        return in_office(arrived + hours(chance, 2, 100))
    if some(chance, 0.06):
        return None
    return in_office(max(arrived, start) + hours(chance, 2, 210))


def answer(chance: Random) -> str:
    """What an agent first writes back."""
    return str(chance.choice(bank()["answers"]))
