"""`doctor`: what is wrong, and how to mend it."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import typer
from sqlalchemy.exc import DBAPIError

from app.actions import keys
from app.actions.limits import SharedLimiter
from app.actions.vault import Vault
from app.cli.opening import Desk, now, open_desk
from app.cli.saying import plural, say, sentence
from app.core.errors import AppError
from app.core.vocabulary import SourceState
from app.db import health, schema
from app.db.models import Source
from app.db.queries import sources
from app.views.hooks import hook_line
from app.views.sources import clock_words
from integrations.contract import Surroundings
from integrations.errors import SourceError
from integrations.oidc.provider import Provider

Finding = tuple[str, str]
LITTLE_DISK, NO_DISK = 1 << 30, 100 << 20


def add_to(program: typer.Typer) -> None:
    """Add this command."""
    program.command()(doctor)


def doctor() -> None:
    """Check everything; each line is ok, warn or bad, and says how to mend it."""
    worst = "ok"
    for state, line in _findings():
        say(f"{state:<4}  {line}")
        worst = "bad" if state == "bad" else worst
    raise typer.Exit(1 if worst == "bad" else 0)


def _findings() -> Iterator[Finding]:
    try:
        with open_desk(ready=False) as desk:
            yield "ok", "settings — every BUGSPRINT_ name is known and usable"
            yield from _about(desk)
    except AppError as error:
        yield "bad", f"settings — {error}"


def _about(desk: Desk) -> Iterator[Finding]:
    reached = _tried("database", f"reachable ({desk.engine.dialect.name})", desk, health.reach)
    yield reached
    yield _secret_key(desk)
    yield _private_hosts(desk)
    yield from _provider(desk)
    if reached[0] == "ok":
        yield from _about_database(desk)


def _about_database(desk: Desk) -> Iterator[Finding]:
    empty = schema.current(desk.engine) is None
    current = _tried("schema", "the newest one", desk, lambda e: schema.refuse_old(e))
    if empty or (current[0] == "bad" and desk.engine.dialect.name == "sqlite"):
        current = (
            "warn",
            "schema — empty or old; `bugsprint migrate` or the next start brings it up",
        )
    yield current
    yield _tried("writing", "possible", desk, health.write)
    yield _disk(desk)
    for state, line in health.replication(desk.engine):
        yield state, f"replication — {line}"
    if current[0] == "ok":
        yield from _old_keys(desk)
        yield from _sources(desk)


def _tried(what: str, good: str, desk: Desk, act: Callable[..., object]) -> Finding:
    try:
        act(desk.engine)
    except (AppError, DBAPIError, OSError) as error:
        return "bad", f"{what} — {sentence(error)}"
    return "ok", f"{what} — {good}"


def _secret_key(desk: Desk) -> Finding:
    if desk.settings.secret_key:
        return "ok", "secret key — set"
    return "warn", (
        "secret key — not set; sources with secrets cannot be added or read: set "
        "BUGSPRINT_SECRET_KEY to at least 16 random characters"
    )


def _private_hosts(desk: Desk) -> Finding:
    hosts = sorted(desk.settings.allowed_private_hosts)
    wrong = [host for host in hosts if not host.rpartition(":")[2].isdecimal() or ":" not in host]
    if wrong:
        return "bad", (
            f"private hosts — “{wrong[0]}” must be host:port in BUGSPRINT_ALLOWED_PRIVATE_HOSTS"
        )
    return "ok", f"private hosts — {', '.join(hosts) or 'none allowed'}"


def _provider(desk: Desk) -> Iterator[Finding]:
    client = desk.settings.oidc_client
    if client is None:
        return
    around = Surroundings(
        limiter=SharedLimiter(desk.engine),
        now=now,
        sleep=time.sleep,
        private_hosts=desk.settings.allowed_private_hosts,
    )
    try:
        Provider(client, around).check()
    except SourceError as error:
        said = str(error).rstrip(".")
        yield (
            "bad",
            f"identity provider — {said}; nobody can sign in there until BUGSPRINT_OIDC_ISSUER "
            "names one that answers",
        )
    else:
        yield "ok", f"identity provider — answers, and calls itself {client.issuer}"


def _disk(desk: Desk) -> Finding:
    file = desk.engine.url.database or "."
    folder = Path(file).absolute().parent if desk.engine.dialect.name == "sqlite" else Path()
    free = shutil.disk_usage(folder).free
    told = f"disk — {free / (1 << 30):.1f} GiB free"
    if free < LITTLE_DISK:
        return ("bad" if free < NO_DISK else "warn"), f"{told} in {folder}: make room"
    return "ok", told


def _old_keys(desk: Desk) -> Iterator[Finding]:
    with desk.reading() as db:
        found = keys.standing(db, desk.vault)
    if found.old:
        yield (
            "warn",
            (
                f"old keys — {plural(found.old, 'secret')} sealed with an older key; "
                "`bugsprint rekey` seals them anew"
            ),
        )
    elif desk.settings.old_secret_keys:
        yield "warn", "old keys — nothing needs BUGSPRINT_OLD_SECRET_KEYS any more; take it out"


def _sources(desk: Desk) -> Iterator[Finding]:
    with desk.reading() as db:
        found = [source for source in sources.sources(db) if "~" not in source.name]
        if not found:
            yield "warn", "sources — none yet; add one with `bugsprint source add`"
        for source in found:
            yield _source(source, desk.vault)


def _source(source: Source, vault: Vault) -> Finding:
    what = f"source {source.name} —"
    try:
        vault.open(source.secrets)
    except (AppError, SourceError) as error:
        return "bad", f"{what} {error}"
    if source.paused:
        return "warn", f"{what} paused; `bugsprint source resume {source.name}` reads it again"
    if source.state == SourceState.never:
        return "warn", f"{what} never read; run `bugsprint sync {source.name}`"
    if source.state == SourceState.failing:
        return "bad", f"{what} {source.note}"
    if source.state == SourceState.degraded:
        return "warn", f"{what} {source.note}"
    hook = hook_line(source, None)
    late = clock_words(source) or (hook.alarm if hook else "")
    if late:
        return "warn", f"{what} {late}"
    return "ok", f"{what} read to its end at {source.good_at:%Y-%m-%d %H:%M} UTC"
