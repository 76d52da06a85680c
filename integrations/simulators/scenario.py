"""Builds a world: SYNTHETIC customers and tickets around the real SeaMonkey bugs, from one seed."""

from datetime import datetime, timedelta
from random import Random

from integrations.simulators.arrivals import arrival, hours, whole
from integrations.simulators.chance import some, stream
from integrations.simulators.customers import make_crowd
from integrations.simulators.letters import Desk
from integrations.simulators.life import Letter, live
from integrations.simulators.model import Bug, Planned
from integrations.simulators.sprint import LENGTH, Course, plan_courses
from integrations.simulators.tracker import is_internal, load_bugs
from integrations.simulators.world import World

QUESTION_SHARE = 0.26
TWO_BUGS_SHARE = 0.068
ZIPF = 0.63
LONGEST_WAIT_DAYS = 1000


def choose_hits(chance: Random, bugs: list[Bug], tickets: int) -> list[Bug]:
    """The bugs customers notice, most hurtful first; sites are held back so that areas mix."""
    wanted = max(1, round(135 * (tickets / 1800) ** 0.5))
    usable = [bug for bug in bugs if not is_internal(bug.title)]
    keys = {bug.id: chance.random() ** (4 if bug.area == "browser" else 1) for bug in usable}
    usable.sort(key=lambda bug: (-keys[bug.id], bug.id))
    waiting = [bug for bug in usable if bug.open]
    ended = [bug for bug in usable if bug.reason == "completed" and bug.closed_at]
    ended.sort(key=lambda bug: bug.closed_at or bug.created_at, reverse=True)
    hits = waiting[: max(1, round(wanted * 0.94))]
    for bug in ended[: wanted - len(hits)]:
        hits.insert(chance.randint(min(10, len(hits)), len(hits)), bug)
    return hits


def shares(count: int, total: int) -> list[int]:
    """How many of `total` tickets each of `count` bugs gets: heavy-tailed, at least one each."""
    weights = [1 / (rank + 1) ** ZIPF for rank in range(count)]
    scale = max(0, total - count) / max(sum(weights), 1)
    counts = [1 + int(weight * scale) for weight in weights]
    for rank in range(max(0, total - sum(counts))):
        counts[rank % count] += 1
    return counts


def _window(chance: Random, bug: Bug, start: datetime) -> tuple[datetime, datetime]:
    if bug.closed_at is not None:
        return bug.created_at, bug.closed_at + timedelta(days=30)
    waited = timedelta(days=20 * (LONGEST_WAIT_DAYS / 20) ** chance.betavariate(3, 1.3))
    return max(bug.created_at, start - waited), start + LENGTH


def _bug_letters(
    chance: Random, hits: list[Bug], courses: dict[int, Course], start: datetime, total: int
) -> list[Letter]:
    letters: list[Letter] = []
    for bug, count in zip(hits, shares(len(hits), total), strict=True):
        first, last = _window(chance, bug, start)
        mended = courses.get(bug.id, Course(bug.id)).mended_at(start + LENGTH)
        for _ in range(count):
            at = arrival(chance, first, last)
            if mended and at > mended and some(chance, 0.85):
                at = arrival(chance, first, mended)
            second = (chance.choice(hits),) if some(chance, TWO_BUGS_SHARE) else ()
            letters.append(Letter(at, (bug, *(other for other in second if other is not bug))))
    return letters


def _questions(chance: Random, start: datetime, count: int) -> list[Letter]:
    first, last = start - timedelta(days=75), start + LENGTH - timedelta(days=1)
    return [Letter(arrival(chance, first, last), ()) for _ in range(count)]


def build_world(
    seed: int, *, start: datetime, tickets: int = 1800, bugs: int | None = None
) -> World:
    """A company on the first morning of its sprint: everything planned before `start` has happened.

    The same arguments give the same world, byte for byte.
    """
    start = whole(start)
    world = World(seed, start)
    known = load_bugs(seed, before=start, count=bugs)
    crowd = make_crowd(seed, start=start, tickets=tickets)
    world.settle(crowd, known)
    chance = stream(seed, "tickets")
    hits = choose_hits(chance, known, tickets)
    courses = plan_courses(chance, hits, start)
    about = round(tickets * (1 - QUESTION_SHARE)) if hits else 0
    letters = _bug_letters(chance, hits, courses, start, about)[:tickets]
    letters += _questions(chance, start, tickets - len(letters))
    letters.sort(key=lambda letter: letter.at)
    desk = Desk(world.store, crowd, [bug.title for bug in known], known, chance)
    plan = _bug_plan(courses, known, hits, chance, start)
    for number, letter in enumerate(letters, 1):
        desk.register(number, letter)
        course = courses.get(letter.bugs[0].id) if letter.bugs else None
        moments = live(chance, letter, course, start)
        plan += [(at, f"ticket.{kind}", number, text) for at, kind, text in moments]
    plan += _removals(stream(seed, "removals"), letters, start)
    world.schedule(
        Planned(whole(at), order, kind, subject, text)
        for order, (at, kind, subject, text) in enumerate(plan)
    )
    world.advance(start)
    return world


Plan = list[tuple[datetime, str, int, str]]


def _bug_plan(
    courses: dict[int, Course], known: list[Bug], hits: list[Bug], chance: Random, start: datetime
) -> Plan:
    plan: Plan = []
    for course in courses.values():
        for at, kind, text in (
            (course.assigned_at, "issue.assigned", course.engineer or ""),
            (course.closed_at, "issue.closed", course.reason),
            (course.reopened_at, "issue.reopened", ""),
            (course.closed_again_at, "issue.closed", "completed"),
        ):
            if at is not None and at < start + LENGTH:
                plan.append((at, kind, course.bug, text))
    hit = {bug.id for bug in hits}
    others = [bug.id for bug in known if bug.id not in hit]
    ways = ["moved", "moved", "hidden", "deleted", "deleted"]
    for number, way in zip(chance.sample(others, min(len(others), len(ways))), ways, strict=False):
        plan.append((start + hours(chance, 12, 200), "issue.gone", number, way))
    return plan


def _removals(chance: Random, letters: list[Letter], start: datetime) -> Plan:
    """A few tickets are deleted; two of them are scrubbed as well."""
    count = max(1, len(letters) // 200)
    plan: Plan = []
    numbers = chance.sample(range(1, len(letters) + 1), min(len(letters), count + 2))
    for place, number in enumerate(numbers):
        at = max(letters[number - 1].at, start - timedelta(days=60)) + hours(chance, 20, 600)
        if at < start + LENGTH:
            plan.append((at, "ticket.deleted", number, "scrubbed" if place < 2 else ""))
    return plan
