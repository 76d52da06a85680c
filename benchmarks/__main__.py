"""Measure everything, each figure beside its floor of the same run: `python -m benchmarks`."""

import argparse
import sys
import time
from importlib import import_module

MEASURED = ("ingest", "rerank", "board", "claims")


def main() -> int:
    """Measure, print, and return 1 when a goal is missed by more than noise."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--only", choices=MEASURED, help="measure one thing")
    parser.add_argument("--quick", action="store_true", help="smaller and less sure")
    asked = parser.parse_args()
    failed = 0
    for name in [asked.only] if asked.only else MEASURED:
        begin = time.perf_counter()
        for figure in import_module(f"benchmarks.{name}").measure(quick=asked.quick):
            print(figure, flush=True)
            failed += figure.failed
        print(f"    ({name} took {time.perf_counter() - begin:.0f} s)", flush=True)
    print(f"{failed} missed by more than noise." if failed else "Every goal is met, within noise.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
