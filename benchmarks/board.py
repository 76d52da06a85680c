"""The board page, signed in, warm and unchanged, beside as many constant bytes."""

import re
from statistics import median

from benchmarks.figures import Figure, at_most, ratio
from benchmarks.load import Load, load, request
from benchmarks.processes import serving
from benchmarks.world import SLUG, world

WARM, UNCHANGED, SPREAD = 0.35, 0.8, 4.0


def measure(*, quick: bool) -> list[Figure]:
    """Ask for the page and for the bytes in turns."""
    turns, seconds = (2, 1.0) if quick else (5, 2.0)
    with world() as (address, token), serving("benchmarks.serving", address) as port:
        page = {"Cookie": f"bugsprint={token}", "Accept_Encoding": "gzip"}
        warm = request("GET", f"/s/{SLUG}/board", **page)
        first = load(port, [warm] * 20, connections=1)
        tag = re.findall(r"(?mi)^etag: (.*)$", first["head"])[0].strip()
        asked = {
            "floor": request("GET", f"/floor/constant?size={first['size']}", **page),
            "warm": warm,
            "unchanged": request("GET", f"/s/{SLUG}/board", If_None_Match=tag, **page),
        }
        found = _in_turns(port, asked, turns, seconds)
        alone = [load(port, [warm], seconds=seconds, connections=1) for _ in range(turns)]
    rates = {name: [each["rate"] for each in some] for name, some in found.items()}
    size = f"{first['size'] / 1024:.0f} KiB as sent"
    return [
        ratio(f"Board page, warm ({size})", rates["warm"], rates["floor"], WARM, "pages/s"),
        ratio("Board page, unchanged", rates["unchanged"], rates["floor"], UNCHANGED, "pages/s"),
        _spread(alone),
    ]


def _in_turns(
    port: int, asked: dict[str, str], turns: int, seconds: float
) -> dict[str, list[Load]]:
    good = {"floor": {"200"}, "warm": {"200"}, "unchanged": {"304"}}
    found: dict[str, list[Load]] = {name: [] for name in asked}
    for _ in range(turns):
        for name, what in asked.items():
            told = load(port, [what], seconds=seconds)
            if set(told["statuses"]) != good[name]:
                raise SystemExit(f"{name}: unexpected answers {told['statuses']}.")
            found[name].append(told)
    return found


def _spread(alone: list[Load]) -> Figure:
    p50 = median(each["p50_ms"] for each in alone)
    p99 = median(each["p99_ms"] for each in alone)
    beside = f"at one connection: p50 {p50:.2f} ms, p99 {p99:.2f} ms"
    return at_most("Board page, p99 beside p50", p99 / p50, SPREAD, "times", beside)
