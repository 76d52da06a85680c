"""Claims over HTTP, with audit and event, beside routes of the same server that only update rows.

The floor is a handler like every other one here; the barest route leaves the framework's reading
of parameters out as well, and is told for comparison.
"""

from dataclasses import replace
from statistics import median

from sqlalchemy import text

from app.db.engine import open_engine
from benchmarks.figures import Figure, at_most, ratio
from benchmarks.load import Load, load, request
from benchmarks.processes import serving
from benchmarks.world import ITEMS, world

SHARE, LATE_MS = 0.4, 50.0
CROWD, CONTESTED = 64, 5
PATHS = {
    "barest": "/floor/barest/{}",
    "floor": "/floor/claim/{}",
    "product": "/api/v1/bugs/{}/claim",
}


def measure(*, quick: bool) -> list[Figure]:
    """Claim in turns by both routes, then let 64 contend for one bug at a time."""
    turns = 2 if quick else 6
    with world() as (address, token), serving("benchmarks.serving", address) as port:
        signed_in = {"Cookie": f"bugsprint={token}", "Sec_Fetch_Site": "same-origin"}
        found: dict[str, list[Load]] = {way: [] for way in PATHS}
        for way in [*PATHS] * turns:
            asked = [
                request("POST", PATHS[way].format(bug), Content_Length="0", **signed_in)
                for bug in range(1, ITEMS + 1)
            ]
            found[way].append(_all_won(load(port, asked)))
            _run(address, "UPDATE sprint_item SET state = 'open', claimed_by = NULL")
        wrong = sum(_contend(address, port, bug, signed_in) for bug in range(1, CONTESTED + 1))
    return _figures(found, wrong)


def _figures(found: dict[str, list[Load]], wrong: int) -> list[Figure]:
    rates = {name: [each["rate"] for each in some] for name, some in found.items()}
    late, usual = min((each["p99_ms"], each["p50_ms"]) for each in found["product"])
    floor = min(each["p99_ms"] for each in found["floor"])
    beside = f"p50 {usual:.0f} ms at 16 connections, the quietest turn; beside p99 {floor:.0f} ms"
    barest = median(rates["product"]) / median(rates["barest"])
    also = f"{barest:.2f} of the barest route at {median(rates['barest']):,.0f} claims/s"
    contest = f"{CROWD} contenders for each of {CONTESTED} bugs: lost, double, or “locked”"
    claims = ratio(
        "Claims with audit and event", rates["product"], rates["floor"], SHARE, "claims/s"
    )
    return [
        replace(claims, beside=f"{claims.beside}; {also}"),
        at_most("Claims, p99", late, LATE_MS, "ms", beside),
        at_most("Claims gone wrong", wrong, 0, "claims", contest),
    ]


def _all_won(told: Load) -> Load:
    if set(told["statuses"]) != {"200"}:
        raise SystemExit(f"Some claims failed: {told['statuses']}.")
    return told


def _contend(address: str, port: int, bug: int, headers: dict[str, str]) -> int:
    """Return how many answers, rows and notes are other than one winner and 63 refusals."""
    asked = request("POST", f"/api/v1/bugs/{bug}/claim", Content_Length="0", **headers)
    noted = f"SELECT id FROM activity WHERE verb = 'claimed' AND bug_id = {bug}"
    before = _run(address, noted)
    told: dict[str, int] = load(port, [asked] * CROWD, connections=CROWD)["statuses"]
    notes = _run(address, noted) - before
    strange = CROWD - told.get("200", 0) - told.get("409", 0)
    return strange + abs(told.get("200", 0) - 1) + abs(notes - 1)


def _run(address: str, statement: str) -> int:
    """Run one statement; returns how many rows it read or changed."""
    engine = open_engine(address)
    with engine.begin() as connection:
        done = connection.execute(text(statement))
        rows = len(done.all()) if done.returns_rows else int(done.rowcount)
    engine.dispose()
    return rows
