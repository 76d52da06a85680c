"""Fuzz the whole API with Schemathesis against running applications: python -m tests.fuzz PROGRAM.

It asks one as an administrator's browser and one as a program with every scope, in every phase and
with every check, and says no if a check fails or if fewer cases than promised were tried.  The same
cases come in every run: dice, the order of sets and what is remembered are fixed.
"""

import json
import logging
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from tests.fuzz.world import running
from tests.sizes import size

FLOOR, EXAMPLES = size(5_000, 20_000), size(23, 215)
SHOWN = 20_000
SETTINGS = Path(__file__).with_name("schemathesis.toml")
HOOKS = Path(__file__).with_name("hooks.py")
# Each of several routes at one address names only its own methods in `Allow`.
LEFT_OUT = "allow_header_conformance"
# A stray Authorization that is no bearer token does not end a browser's sign-in.
LEFT_OUT_FOR = {"token": LEFT_OUT, "browser": f"{LEFT_OUT},ignored_auth"}


def main(program: str, examples: str = str(EXAMPLES)) -> int:
    """Ask as each of the two; returns an exit code."""
    began = time.monotonic()
    with tempfile.NamedTemporaryFile("r", prefix="bugsprint-fuzz-", suffix=".log") as said:
        # What the product says of what it refuses matters only when something is wrong.
        logging.basicConfig(filename=said.name, level=logging.WARNING)
        with ThreadPoolExecutor(2) as both:
            asked = [both.submit(fuzz, program, who, examples) for who in LEFT_OUT_FOR]
        if not all(each.result()[0] for each in asked):
            print(f"The applications said at last:\n{said.read()[-SHOWN:]}")
    answers = Counter(status for each in asked for status in each.result()[1])
    print(
        f"{answers.total()} cases in {time.monotonic() - began:.0f} s, at least {FLOOR} are "
        f"promised; {dict(sorted(answers.items()))}"
    )
    return 0 if all(each.result()[0] for each in asked) and answers.total() >= FLOOR else 1


def fuzz(program: str, who: str, examples: str) -> tuple[bool, list[int]]:
    """Fuzz an application of its own; returns whether all was well, and every answer's status."""
    with tempfile.TemporaryDirectory(prefix="bugsprint-fuzz-") as folder:
        report = Path(folder) / "report.ndjson"
        with running(Path(folder), who) as (url, headers):
            # Described once before: the program waits ten seconds for that, and no longer.
            httpx.get(f"{url}/openapi.json", timeout=120).raise_for_status()
            run = ["env", "PYTHONHASHSEED=1", f"SCHEMATHESIS_HOOKS={HOOKS}", program]
            run += [f"--config-file={SETTINGS}", "run"]
            run += [f"{url}/openapi.json"]
            run += [f"--header={name}: {value}" for name, value in headers.items()]
            run += ["--checks=all", f"--exclude-checks={LEFT_OUT_FOR[who]}", "--seed=1"]
            run += ["--phases=examples,coverage,fuzzing,stateful", f"--max-examples={examples}"]
            run += ["--suppress-health-check=all", "--request-timeout=120"]
            # A machine that stands still for a while is not what is looked for here.
            run += ["--max-response-time=100"]
            run += ["--generation-database=none"]
            run += ["--warnings=off", "--report=ndjson", f"--report-ndjson-path={report}"]
            done = subprocess.run(run, check=False, cwd=folder, capture_output=True, text=True)
        if done.returncode:
            print(f"As the {who}:\n{done.stdout}\n{done.stderr}")
        return done.returncode == 0, list(_statuses(report))


def _statuses(report: Path):
    for line in report.read_text(encoding="utf-8").splitlines():
        for event in json.loads(line).values():
            for seen in event.get("recorder", {}).get("interactions", {}).values():
                yield (seen.get("response") or {}).get("status_code", 0)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
