"""Ingest: 100,000 tickets over HTTP into SQLite, linked and scored, beside a minimal pipeline."""

import shutil
import tempfile
from pathlib import Path

from app.db.engine import open_engine
from app.db.schema import upgrade
from benchmarks.figures import Figure, at_most, ratio
from benchmarks.ingest_runs import prepare
from benchmarks.processes import run, serving

GOAL = 0.5
PEAK_MIB = 150


def measure(*, quick: bool) -> list[Figure]:
    """Read the same pages by both ways in turns."""
    pages, turns = (20, 2) if quick else (100, 5)
    rates: dict[str, list[float]] = {"product": [], "floor": []}
    peak = 0.0
    with (
        tempfile.TemporaryDirectory() as folder,
        serving("benchmarks.zendesk_pages", str(pages)) as port,
    ):
        empty = _prepared(Path(folder))
        for turn in range(turns * 2):
            way = ("floor", "product")[turn % 2]
            file = Path(folder) / f"{turn}.db"
            shutil.copy(empty, file)
            told = run("benchmarks.ingest_runs", way, str(port), str(file))
            rates[way].append(pages * 1000 / told["seconds"])
            peak = max(peak, told["peak_mib"]) if way == "product" else peak
            for left in Path(folder).glob(f"{turn}.db*"):
                left.unlink()
    what = f"Ingest of {pages * 1000:,} tickets, linked and scored"
    beside = "of the process that reads, the highest of all runs"
    return [
        ratio(what, rates["product"], rates["floor"], GOAL, "tickets/s"),
        at_most("Ingest, peak memory", peak, PEAK_MIB, "MiB", beside),
    ]


def _prepared(folder: Path) -> Path:
    file = folder / "empty.db"
    engine = open_engine(f"sqlite:///{file}")
    upgrade(engine)
    engine.dispose()
    prepare(str(file))
    return file
