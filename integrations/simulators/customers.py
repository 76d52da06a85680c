"""Who writes: fictional organisations with contracts, their people, strangers, and our agents."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from integrations.simulators.chance import some, stream
from integrations.simulators.model import Organization, Person
from integrations.simulators.phrases import bank

FIRST_ORGANIZATION = 36_000_000_000_000
FIRST_AGENT = 37_000_000_000_000
FIRST_PERSON = 38_000_000_000_000
FREE_MAIL = ("gmail.com", "yahoo.com", "outlook.com", "web.de", "gmx.net", "hotmail.com")
PLACES, TRADES = bank()["names"]["places"], bank()["names"]["trades"]
TIERS = {"enterprise": (120_000, 900_000), "business": (18_000, 110_000), "starter": (900, 9_000)}


@dataclass(frozen=True, slots=True)
class Crowd:
    """Everybody who may appear in a ticket; `strangers` belong to no organisation."""

    organizations: list[Organization]
    people: list[Person]
    strangers: list[Person]
    agents: list[Person]


def person_name(chance: Random) -> str:
    """A made-up first and last name."""
    names = bank()["names"]
    return f"{chance.choice(names['first_names'])} {chance.choice(names['last_names'])}"


def _organization(chance: Random, number: int, start: datetime) -> Organization:
    place, trade = PLACES[number % len(PLACES)], TRADES[(number * 7 + number // 40) % len(TRADES)]
    turn = number // (len(PLACES) * len(TRADES))
    name = f"{place} {trade}{f' {turn + 1}' if turn else ''}"
    plan = chance.choices([*TIERS], (15, 40, 45))[0]
    slug = name.lower().replace(" ", "-")
    age = timedelta(days=chance.randint(200, 2400))
    known = not some(chance, 0.08)
    domains = (f"{slug}.example",) + ((f"{slug}.test",) if some(chance, 0.15) else ())
    return Organization(
        id=FIRST_ORGANIZATION + number * 37,
        name=name,
        domains=domains,
        plan=plan if known else None,
        arr=chance.randint(*TIERS[plan]) if known and not some(chance, 0.04) else None,
        renewal=(start + timedelta(days=chance.randint(5, 360))).date() if known else None,
        created_at=start - age,
        updated_at=start - age * chance.random() * 0.9,
    )


def _agents(chance: Random, start: datetime) -> list[Person]:
    since = start - timedelta(days=1500)
    return [
        Person(
            id=FIRST_AGENT + number * 11,
            name=person_name(chance),
            email=f"agent{number}@support.example",
            role="admin" if number == 0 else "agent",
            organization=None,
            created_at=since + timedelta(days=number * 60),
            active=number != 5,
        )
        for number in range(14)
    ]


def _person(chance: Random, number: int, at: Organization | None, start: datetime) -> Person:
    name = person_name(chance)
    return Person(
        id=FIRST_PERSON + number * 13,
        name=name,
        email=_address(chance, number, name, at),
        role="end-user",
        organization=at.id if at else None,
        created_at=start - timedelta(days=chance.randint(30, 1400), seconds=number),
        active=not some(chance, 0.06),
        listed=not some(chance, 0.02),
    )


def _address(chance: Random, number: int, name: str, at: Organization | None) -> str | None:
    if some(chance, 0.05):
        return None
    local = f"{name.lower().replace(' ', '_')}_{number}"
    if at is not None:
        return f"{local}@{chance.choice(at.domains)}"
    if some(chance, 0.5):
        return f"synthetic_{local}@{chance.choice(FREE_MAIL)}"
    return f"{local}@{chance.choice(PLACES).lower()}-{chance.choice(TRADES).lower()}-shop.example"


def make_crowd(seed: int, *, start: datetime, tickets: int) -> Crowd:
    """About 140 organisations for 1,800 tickets, growing with the root of the tickets."""
    chance = stream(seed, "customers")
    count = max(12, round(140 * (tickets / 1800) ** 0.6))
    organizations = [_organization(chance, number, start) for number in range(count)]
    people = [
        _person(chance, number, organizations[int(count * chance.random() ** 1.7)], start)
        for number in range(max(20, tickets * 2 // 3))
    ]
    strangers = [
        _person(chance, len(people) + number, None, start) for number in range(max(6, tickets // 8))
    ]
    return Crowd(organizations, people, strangers, _agents(chance, start))
