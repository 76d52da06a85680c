"""The support desk: turns a letter into a ticket row and decides how the bug is written down."""

from random import Random

from integrations.simulators.chance import some
from integrations.simulators.customers import Crowd
from integrations.simulators.life import Letter, answer
from integrations.simulators.model import Bug, Person, Ticket
from integrations.simulators.phrases import Voice, letter, rare_words, voice
from integrations.simulators.store import Store, Triage

REFERENCED_SHARE = 0.8
PROBLEM_SHARE = 0.4
PRIORITIES = ("low", "normal", "high", "urgent", None)
CHANNELS = ("email", "web", "api", "chat", "voice")


class Desk:
    """Registers tickets in order of arrival."""

    def __init__(
        self, store: Store, crowd: Crowd, titles: list[str], bugs: list[Bug], chance: Random
    ) -> None:
        self._store, self._crowd, self._chance = store, crowd, chance
        rare = rare_words(titles)
        self._banned = {bug.id: rare[place] for place, bug in enumerate(bugs)}
        self._voices: dict[int, Voice] = {}
        self._problems: dict[int, int | None] = {}

    def register(self, number: int, about: Letter) -> None:
        """Make the ticket row of a letter; it comes to life when its planned moment does."""
        chance, store = self._chance, self._store
        subject, body = letter(chance, self._voice(about.bugs))
        writer = self._writer()
        area = about.bugs[0].area if about.bugs and not some(chance, 0.2) else None
        store.unborn[number] = Ticket(
            id=number,
            subject=subject,
            body=self._with_mention(body, about.bugs),
            requester=writer.id,
            organization=self._organization(writer),
            created_at=about.at,
            updated_at=about.at,
            generated=0,
            priority=chance.choices(PRIORITIES, (12, 26, 17, 6, 39))[0],
            type=self._type(about.bugs),
            area=area,
            bug_field=None,
            channel=chance.choices(CHANNELS, (60, 25, 5, 6, 4))[0],
            tags=[
                "synthetic",
                "product_trouble" if about.bugs else "question",
                *([f"area_{area}"] if area else []),
            ],
        )
        store.truth[number] = tuple(bug.id for bug in about.bugs)
        store.triages[number] = self._triage(number, about)

    def _voice(self, bugs: tuple[Bug, ...]) -> Voice:
        key = bugs[0].id if bugs else 0
        if key not in self._voices:
            area = bugs[0].area if bugs else "other"
            self._voices[key] = voice(self._chance, area, self._banned.get(key, set()))
        return self._voices[key]

    def _writer(self) -> Person:
        crowd = self._crowd.strangers if some(self._chance, 0.12) else self._crowd.people
        place = int(len(crowd) * self._chance.random() ** 1.3)
        return crowd[place]

    def _organization(self, writer: Person) -> int | None:
        """Mostly the writer's own; now and then none at all or another one."""
        if some(self._chance, 0.03):
            return None
        if writer.organization is not None and some(self._chance, 0.01):
            return self._chance.choice(self._crowd.organizations).id
        return writer.organization

    def _type(self, bugs: tuple[Bug, ...]) -> str | None:
        if not bugs:
            return "question" if some(self._chance, 0.6) else None
        return self._chance.choices(("incident", "task", None), (62, 3, 35))[0]

    def _with_mention(self, body: str, bugs: tuple[Bug, ...]) -> str:
        """Some customers name a number: now and then the bug's own, now and then any other."""
        if bugs and some(self._chance, 0.06):
            return f"{body} Somebody on the phone spoke of bug {bugs[0].id}."
        if some(self._chance, 0.02):
            return f"{body} My case number was {self._chance.randint(10_000, 99_999)}."
        return body

    def _triage(self, number: int, about: Letter) -> Triage:
        triage = Triage(answer=answer(self._chance))
        if not about.bugs or not some(self._chance, REFERENCED_SHARE):
            return triage
        if not self._by_problem(number, about.bugs[0], triage):
            self._by_reference(about.bugs[0], triage)
        if len(about.bugs) > 1:
            triage.tags.append(f"bug-{about.bugs[1].id}")
        return triage

    def _by_problem(self, number: int, bug: Bug, triage: Triage) -> bool:
        """Some bugs have a problem ticket, the first one; others hang themselves under it."""
        if bug.id not in self._problems:
            chosen = some(self._chance, PROBLEM_SHARE)
            self._problems[bug.id] = number if chosen else None
            if chosen:
                self._store.unborn[number].type = "problem"
                triage.bug_field = str(bug.id)
            return chosen
        problem = self._problems[bug.id]
        if problem is None or not some(self._chance, 0.45):
            return False
        self._store.unborn[number].type = "incident"
        triage.problem = problem
        return True

    def _by_reference(self, bug: Bug, triage: Triage) -> None:
        way = self._chance.choices(("field", "tag", "note"), (42, 35, 23))[0]
        if way == "field":
            triage.bug_field = str(bug.id)
        elif way == "tag":
            triage.tags.append(f"bug-{bug.id}")
        else:
            triage.note_on_bug = bug.id
